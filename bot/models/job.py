"""A customization job: what is trained, and how far it is."""

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


def epochs(family: Family, given: Mapping[str, str]) -> int:
    """How many times a job goes through its records, at most."""
    usual = {each.name: each.default for each in family.hyperparameters}
    return int(given.get("epochCount") or usual.get("epochCount") or 1)
