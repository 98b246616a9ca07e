"""Defines the registry of jobs, custom models and current models.

Every method raises StoreUnavailable or UnknownSchema. A method that changes something takes the state it is based on. If
that state is outdated, the method writes nothing and returns False. It writes the audit line and the change in one step.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Protocol

from bot.models.audit import Entry
from bot.models.canary import Arm, Canary
from bot.models.champion import Champion
from bot.models.custom_model import CustomModel, Endpoint
from bot.models.job import CustomizationJob


class Jobs(Protocol):
    """Customization jobs, by name."""

    def jobs(self) -> list[CustomizationJob]:
        """Returns all jobs, newest first."""

    def job(self, name: str) -> CustomizationJob | None:
        """Returns the job with that name."""

    def keep_job(self, job: CustomizationJob, was: CustomizationJob | None, entry: Entry | None = None) -> bool:
        """Stores a job if it still is what it was before (None: new)."""


class CustomModels(Protocol):
    """Custom models, by id."""

    def models(self) -> list[CustomModel]:
        """Returns all custom models, newest first."""

    def model(self, id_: str) -> CustomModel | None:
        """Returns the custom model with that id."""

    def keep_model(self, model: CustomModel, was: CustomModel | None, entry: Entry | None = None) -> bool:
        """Stores a custom model if it still is what it was before (None: new)."""


class Champions(Protocol):
    """The champion and the canary of each task."""

    def champion(self, task: str) -> Champion:
        """Returns the task's champion."""

    def crown(self, task: str, champion: Champion, was: Champion, entry: Entry) -> bool:
        """Replaces the task's champion."""

    def canary(self, task: str) -> Canary | None:
        """Returns the task's last canary, running or not."""

    def answering(self, task: str) -> tuple[Champion, Canary | None]:
        """Returns champion and canary in one read."""

    def keep_canary(self, canary: Canary, was: Canary | None, entry: Entry) -> bool:
        """Stores the task's canary if it still is what it was before (None: there was none)."""


class ModelUse(Protocol):
    """Records which models were asked, and when."""

    def tried(self, canary: Canary, arm: Arm, call: str, *, failed: bool) -> None:
        """Counts, once per call, that an arm was asked and whether it failed to answer."""

    def tries(self, canary: Canary) -> Mapping[str, int]:
        """Returns how many calls each arm was asked for and failed, by ARM:asked and ARM:failed."""

    def used(self, id_: str) -> float | None:
        """Returns when (seconds since 1970) the model with that id last answered, or None if never."""

    def use(self, id_: str, at: float) -> None:
        """Records that the model answered; keeps the latest time."""


class Audit(Protocol):
    """Records who did what. No line is ever removed."""

    def note(self, id_: str, entry: Entry) -> None:
        """Adds an audit line, once per id, for something that isn't a change here, such as an export."""

    def audit(self) -> Iterator[Entry]:
        """Returns all audit lines, oldest first."""


class ModelHost(Protocol):
    """Asks a family's service about a custom model. Raises a TrainingError, ModelError or UnknownModel."""

    def exists(self, model: CustomModel) -> bool:
        """True if the custom model still exists."""

    def endpoint(self, model: CustomModel) -> Endpoint | None:
        """Returns the model's current endpoint, or None."""
