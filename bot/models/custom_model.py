"""Customization jobs, the custom models that come of them, and which of those answers: champion and challenger."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Container, Iterable, Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from bot.answers.family import Family, Hyperparameter
from bot.errors import JobRefused

SCHEMA: Literal[1] = 1
JobStatus = Literal["InProgress", "Completed", "Failed", "Stopping", "Stopped"]
EndpointStatus = Literal["Creating", "InService", "Updating", "Active", "Failed"]
Verdict = Literal["promote", "refuse", "too_few"]
Pending = Literal["", "serve", "release"]
Role = Literal["champion", "challenger", "canary", "none"]
ENDED = ("Completed", "Failed", "Stopped")
MOVED = ("better", "worse")  # the calls of a scorecard that did most
FIGURES = ("call", "champion", "challenger")  # of each of them; what else is kept are words
SERVING = ("InService", "Updating", "Active")


class Kept(BaseModel):
    """What is kept in the store, with the number of its schema."""

    model_config = ConfigDict(frozen=True)
    schema_number: Literal[1] = SCHEMA


class Order(Kept):
    """What is to be trained: the dataset (`sha256` is that of its train.jsonl) and how."""

    task: str
    family: str
    base: str
    dataset: str
    place: str
    sha256: str
    validation: bool
    hyperparameters: dict[str, str]


class Loss(Kept):
    """The loss after a step; `of` is the records that it was measured on."""

    step: int
    loss: float
    of: Literal["training", "validation"]


class Look(Kept):
    """How far a job is, as whoever runs it says; `model` is the custom model that came of it."""

    status: JobStatus
    phase: str = ""
    model: str = ""
    failure: str = ""
    losses: tuple[Loss, ...] = ()


class CustomizationJob(Kept):
    """A job; `id` is its ARN on Bedrock, and "" until it is known to have been created.

    `fault` is why it could not be looked at the last time, and what to do; it is looked at again all the same.
    """

    name: str
    order: Order
    by: str
    at: float
    id: str = ""
    look: Look = Look(status="InProgress")
    ended_at: float | None = None
    fault: str = ""

    @property
    def ended(self) -> bool:
        return self.look.status in ENDED


class Endpoint(Kept):
    """What answers with a custom model; `since` (s) is when it began to cost by the hour, None where it does not.

    It has so many model `units`, and cannot be deleted before `committed_until` (s), None where no term was agreed.
    """

    id: str
    status: EndpointStatus
    since: float | None = None
    failure: str = ""
    units: int = 1
    committed_until: float | None = None


class CustomModel(Kept):
    """A custom model; without an endpoint it answers nothing. `deleted`: it is gone where it was kept.

    `pending` is what was asked for and is not yet known to have been done. `answered_at` (s) is when the present endpoint
    gave its smoke answer, `fault` what keeps it from being served, released or promoted, in a sentence; both go with it.
    """

    id: str
    task: str
    family: str
    job: str
    dataset: str
    at: float
    endpoint: Endpoint | None = None
    retired: bool = False
    deleted: bool = False
    releases: int = 0
    pending: Pending = ""
    answered_at: float | None = None
    fault: str = ""

    @property
    def state(self) -> str:
        if self.deleted:
            return "deleted"
        if self.pending == "release":
            return "being released"
        if self.endpoint:
            return self.endpoint.status
        if self.pending and not self.fault:
            return "asked for"
        return "retired" if self.retired else "not served"

    @property
    def serves(self) -> bool:
        up = self.endpoint is not None and self.endpoint.status in SERVING
        return up and not self.deleted and self.pending != "release"

    @property
    def due(self) -> bool:
        """Whether it is on its way to another state, or to its smoke answer, and nobody has to ask for that again."""
        coming = self.endpoint is not None and self.endpoint.status == "Creating"
        return not self.fault and bool(self.pending or coming or (self.serves and self.answered_at is None))

    @property
    def trouble(self) -> str:
        """The fault, what costs meanwhile, and what to do; "" where there is none."""
        if not self.fault:
            return ""
        end = f"`wrapup models release {self.id} --yes`"
        if self.pending == "release":
            again, costs = f"{end} tries again.", "It is still there"
        elif self.endpoint and self.endpoint.status == "Failed":
            again, costs = f"{end}, then serve it again.", f"{self.endpoint.id} is there"
        else:
            again = (
                f"`wrapup models serve {self.id} --yes` tries again{f', {end} deletes it' if self.endpoint else ''}."
            )
            costs = f"{self.endpoint.id} is kept" if self.endpoint else "The model is kept"
        hourly = bool(self.endpoint and self.endpoint.since is not None)
        return f"{self.fault} {costs} and costs {'by the hour' if hourly else 'nothing by the hour'}: {again}"

    def seen(self, endpoint: Endpoint | None) -> CustomModel:
        """The model with its endpoint as it is now; what was found out about another endpoint does not count for it."""
        changed: dict[str, object] = {"endpoint": endpoint}
        if (endpoint and endpoint.id) != (self.endpoint and self.endpoint.id):
            changed |= {"answered_at": None, "fault": ""}
        if endpoint and self.pending == "serve":
            changed["pending"] = ""
        return self.model_copy(update=changed)

    def answered(self, endpoint: Endpoint | None, at: float) -> CustomModel:
        """The model after a smoke answer of that endpoint; that of another one does not count."""
        same = endpoint and self.endpoint and endpoint.id == self.endpoint.id
        return self.model_copy(update={"answered_at": at}) if same else self

    def released(self) -> CustomModel:
        """The model after its endpoint was deleted; where it was asked for again meanwhile, that is still to be done."""
        pending = "" if self.pending == "release" else self.pending
        return self.seen(None).model_copy(update={"pending": pending})


class Reign(Kept):
    """Since when a model is the champion; `answers` is the id that is asked, `reason` why against the verdict."""

    model: str
    answers: str
    family: str
    dataset: str
    by: str
    at: float
    reason: str = ""


class Champion(Kept):
    """Who answers a task: the last of the reigns, or the model that the settings name where there is none.

    `left` is the model from which it was last rolled back, until another is promoted.
    """

    reigns: tuple[Reign, ...] = ()
    left: str = ""
    at: float = Field(default=0.0, description="when it last changed: no two states are equal")

    @property
    def now(self) -> Reign | None:
        return self.reigns[-1] if self.reigns else None

    @property
    def model(self) -> str:
        return self.now.model if self.now else ""

    def followed_by(self, reign: Reign) -> Champion:
        return Champion(reigns=(*self.reigns, reign), at=reign.at)

    def rolled_back(self, at: float) -> Champion:
        return Champion(reigns=self.reigns[:-1], left=self.model, at=at)


class Judged(Kept):
    """The verdict of an evaluation on a challenger, by the ids that were asked."""

    task: str
    champion: str
    challenger: str
    verdict: Verdict
    sentence: str
    n: int
    at: float


class Entry(Kept):
    """A line of the audit: who did what, when, to what, from which dataset."""

    at: float
    who: str
    did: str
    task: str
    what: str
    dataset: str = ""
    approved_by: str = ""
    reason: str = ""


def job_name(order: Order, attempt: int) -> str:
    """The name of a job and of its model: the same order has the same, so that it is not created twice.

    At most 63 characters of those that both names take; a job cannot be deleted, so another attempt has another name.
    """
    text = json.dumps(
        order.model_dump(include={"task", "base", "dataset", "sha256", "hyperparameters"}), sort_keys=True
    )
    task = re.sub(r"[^0-9a-zA-Z]+", "-", order.task).strip("-")[:24] or "task"
    return f"wrapup-{task}-{hashlib.sha256(text.encode()).hexdigest()[:16]}{f'-{attempt}' if attempt > 1 else ''}"


def task_in(name: str) -> str:
    """The task that the name of one of our jobs tells; "" where it is none of them."""
    found = re.fullmatch(r"wrapup-(.+?)-[0-9a-f]{16}(-\d+)?", name)
    return found[1] if found else ""


def looked(job: CustomizationJob, look: Look, at: float) -> CustomizationJob:
    """The job after it was looked at: what has ended stays as it ended, and what is being stopped does not go on."""
    if job.ended:
        return job
    if job.look.status == "Stopping" and look.status == "InProgress":
        look = look.model_copy(update={"status": "Stopping"})
    ended_at = at if look.status in ENDED else None
    return job.model_copy(update={"look": look, "ended_at": ended_at, "fault": ""})


def hyperparameters(family: Family, given: Mapping[str, str]) -> dict[str, str]:
    """What a job is told, checked against the family's ranges. Raises JobRefused that lists every problem."""
    known = {each.name: each for each in family.hyperparameters}
    problems = []
    for name, value in given.items():
        if name not in known:
            there = ", ".join(map(str, known.values())) or "none that can be set"
            problems.append(f"{family.name} has no hyperparameter {name!r}; there are: {there}.")
        elif out_of_range(known[name], value):
            problems.append(f"{name}={value} is out of its range: {known[name]}.")
    if problems:
        raise JobRefused("\n".join(problems))
    return dict(given)


def out_of_range(known: Hyperparameter, value: str) -> str:
    """What is wrong with a value, for who gave it; "" where nothing is."""
    whole = known.kind == "integer"
    try:
        number = int(value) if whole else float(value)
    except ValueError:
        return f"This must be a {'whole ' * whole}number from {known.least} to {known.most}."
    fits = float(known.least) <= number <= float(known.most)
    return "" if fits else f"This must lie between {known.least} and {known.most}."


def needs_approval(
    who: str, approver: str, *, two_person: bool, usd: float | None = 0.0, limit: float | None = None
) -> str:
    """Why a second person has to approve, without a full stop; "" where nobody has to, or somebody did."""
    if approver and approver != who:
        return ""
    if two_person:
        return "A second person has to approve of this (WRAPUP_TWO_PERSON)"
    if limit is not None and (usd is None or usd > limit):
        cost = "It is not known what this costs" if usd is None else f"This costs about {usd:,.2f} USD"
        return f"{cost}, and the limit is {limit:,.2f} (WRAPUP_SPEND_LIMIT_USD)"
    return ""


def epochs(family: Family, given: Mapping[str, str]) -> int:
    """How many times a job goes through its records, at most."""
    usual = {each.name: each.default for each in family.hyperparameters}
    return int(given.get("epochCount") or usual.get("epochCount") or 1)


def role(model: CustomModel, champion: Champion, models: Iterable[CustomModel], canaries: Container[str] = ()) -> Role:
    """The champion answers, the `canaries` a share; the challenger is the newest that never has."""
    if champion.model == model.id:
        return "champion"
    if model.id in canaries:
        return "canary"
    reigned = {reign.model for reign in champion.reigns}
    rivals = [each for each in models if each.task == model.task and not (each.deleted or each.retired)]
    newest = max(rivals, key=lambda each: each.at, default=None)
    return "challenger" if newest and newest.id == model.id and model.id not in reigned else "none"
