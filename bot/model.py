"""Customization jobs, the custom models that come of them, and which of those answers: champion and challenger."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from bot.errors import JobRefused
from bot.family import Family, Hyperparameter

SCHEMA: Literal[1] = 1
JobStatus = Literal["InProgress", "Completed", "Failed", "Stopping", "Stopped"]
EndpointStatus = Literal["Creating", "InService", "Updating", "Active", "Failed"]
Verdict = Literal["promote", "refuse", "too_few"]
Role = Literal["champion", "challenger", "none"]
ENDED = ("Completed", "Failed", "Stopped")
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
    """A job; `id` is its ARN on Bedrock, and "" until it is known to have been created."""

    name: str
    order: Order
    by: str
    at: float
    id: str = ""
    look: Look = Look(status="InProgress")
    ended_at: float | None = None

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
    """A custom model; without an endpoint it answers nothing. `deleted`: it is gone where it was kept."""

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

    @property
    def state(self) -> str:
        if self.deleted:
            return "deleted"
        if self.endpoint:
            return self.endpoint.status
        return "retired" if self.retired else "not served"

    @property
    def serves(self) -> bool:
        return not self.deleted and self.endpoint is not None and self.endpoint.status in SERVING


class Reign(Kept):
    """Since when a model is the champion; `answers` is the id that is asked."""

    model: str
    answers: str
    family: str
    dataset: str
    by: str
    at: float


class Champion(Kept):
    """Who answers a task: the last of the reigns, or the model that the settings name where there is none."""

    reigns: tuple[Reign, ...] = ()
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
        return Champion(reigns=self.reigns[:-1], at=at)


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


def looked(job: CustomizationJob, look: Look, at: float) -> CustomizationJob:
    """The job after it was looked at: what has ended stays as it ended, and what is being stopped does not go on."""
    if job.ended:
        return job
    if job.look.status == "Stopping" and look.status == "InProgress":
        look = look.model_copy(update={"status": "Stopping"})
    if look == job.look:
        return job
    return job.model_copy(update={"look": look, "ended_at": at if look.status in ENDED else None})


def hyperparameters(family: Family, given: Mapping[str, str]) -> dict[str, str]:
    """What a job is told, checked against the family's ranges. Raises JobRefused that lists every problem."""
    known = {each.name: each for each in family.hyperparameters}
    problems = []
    for name, value in given.items():
        if name not in known:
            there = ", ".join(map(str, known.values())) or "none that can be set"
            problems.append(f"{family.name} has no hyperparameter {name!r}; there are: {there}.")
        elif not _in_range(known[name], value):
            problems.append(f"{name}={value} is out of its range: {known[name]}.")
    if problems:
        raise JobRefused("\n".join(problems))
    return dict(given)


def needs_approval(
    who: str, approver: str, *, two_person: bool, usd: float | None = 0.0, limit: float | None = None
) -> str:
    """Why a second person has to approve; "" where nobody has to, or somebody did."""
    if approver and approver != who:
        return ""
    if two_person:
        return f"A second person has to approve of this (WRAPUP_TWO_PERSON): --approve NAME, another one than {who}."
    if limit is not None and (usd is None or usd > limit):
        cost = "It is not known what this costs" if usd is None else f"This costs about {usd:,.2f} USD"
        return (
            f"{cost}, and the limit is {limit:,.2f} (WRAPUP_SPEND_LIMIT_USD): --approve NAME, another one than {who}."
        )
    return ""


def epochs(family: Family, given: Mapping[str, str]) -> int:
    """How many times a job goes through its records, at most."""
    usual = {each.name: each.default for each in family.hyperparameters}
    return int(given.get("epochCount") or usual.get("epochCount") or 1)


def role(model: CustomModel, champion: Champion, models: Iterable[CustomModel]) -> Role:
    """The champion answers; the challenger is the newest that never has and is newer than the champion."""
    if champion.model == model.id:
        return "champion"
    reigned = {reign.model for reign in champion.reigns}
    rivals = [each for each in models if each.task == model.task and not (each.deleted or each.retired)]
    newest = max(rivals, key=lambda each: each.at, default=None)
    return "challenger" if newest and newest.id == model.id and model.id not in reigned else "none"


def _in_range(known: Hyperparameter, value: str) -> bool:
    try:
        number = int(value) if known.kind == "integer" else float(value)
    except ValueError:
        return False
    return float(known.least) <= number <= float(known.most)
