"""A customization job: what is trained, with its progress."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Literal

from bot.answers.family import Family, Hyperparameter
from bot.errors import JobRefused
from bot.models.kept import Kept

JobStatus = Literal["InProgress", "Completed", "Failed", "Stopping", "Stopped"]
ENDED = ("Completed", "Failed", "Stopped")


class Order(Kept):
    """What to train: the dataset (`sha256`: of its train.jsonl), the base model and the hyperparameters."""

    task: str
    family: str
    base: str
    dataset: str
    place: str
    sha256: str
    validation: bool
    hyperparameters: dict[str, str]


class Loss(Kept):
    """The loss after a step. `of`: the records that it was measured on."""

    step: int
    loss: float
    of: Literal["training", "validation"]


class Look(Kept):
    """The progress of a job, as reported by the provider. `model`: the custom model that it made."""

    status: JobStatus
    phase: str = ""
    model: str = ""
    failure: str = ""
    losses: tuple[Loss, ...] = ()


class CustomizationJob(Kept):
    """A job. `id`: its ARN on Bedrock, "" until we know that it was created.

    `fault`: why its progress couldn't be read the last time, and what to do. We keep trying.
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


def job_name(order: Order, attempt: int) -> str:
    """The name of a job and of its model. The same order gets the same name, so that it isn't created twice.

    At most 63 characters, all allowed in both names. A job can't be deleted, so each `attempt` has its own name.
    """
    text = json.dumps(
        order.model_dump(include={"task", "base", "dataset", "sha256", "hyperparameters"}), sort_keys=True
    )
    task = re.sub(r"[^0-9a-zA-Z]+", "-", order.task).strip("-")[:24] or "task"
    return f"wrapup-{task}-{hashlib.sha256(text.encode()).hexdigest()[:16]}{f'-{attempt}' if attempt > 1 else ''}"


def task_in(name: str) -> str:
    """The task in the name of one of our jobs; "" if it isn't ours."""
    found = re.fullmatch(r"wrapup-(.+?)-[0-9a-f]{16}(-\d+)?", name)
    return found[1] if found else ""


def looked(job: CustomizationJob, look: Look, at: float) -> CustomizationJob:
    """The job with new progress. An ended job never changes, and a stopping one never goes back to running."""
    if job.ended:
        return job
    if job.look.status == "Stopping" and look.status == "InProgress":
        look = look.model_copy(update={"status": "Stopping"})
    ended_at = at if look.status in ENDED else None
    return job.model_copy(update={"look": look, "ended_at": ended_at, "fault": ""})


def hyperparameters(family: Family, given: Mapping[str, str]) -> dict[str, str]:
    """The hyperparameters, checked against the family's ranges. Raises JobRefused that lists every problem."""
    known = {each.name: each for each in family.hyperparameters}
    problems = []
    for name, value in given.items():
        if name not in known:
            there = ", ".join(map(str, known.values())) or "none"
            problems.append(f"{family.name} has no hyperparameter {name!r}. It has: {there}.")
        elif out_of_range(known[name], value):
            problems.append(f"{name}={value} is out of range: {known[name]}.")
    if problems:
        raise JobRefused("\n".join(problems))
    return dict(given)


def out_of_range(known: Hyperparameter, value: str) -> str:
    """What is wrong with a value, in a sentence for the person who gave it; "" if it is fine."""
    whole = known.kind == "integer"
    try:
        number = int(value) if whole else float(value)
    except ValueError:
        return f"This must be a {'whole ' * whole}number from {known.least} to {known.most}."
    fits = float(known.least) <= number <= float(known.most)
    return "" if fits else f"This must be between {known.least} and {known.most}."


def epochs(family: Family, given: Mapping[str, str]) -> int:
    """The most times that a job goes through its records."""
    usual = {each.name: each.default for each in family.hyperparameters}
    return int(given.get("epochCount") or usual.get("epochCount") or 1)
