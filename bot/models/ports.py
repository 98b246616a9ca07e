"""The registry of jobs, custom models and who answers, by what its users need of it.

Every method of the registry raises StoreUnavailable or UnknownSchema. A method that changes something takes the state that the change was
worked out from. If that state is no longer there, it writes nothing and returns False. The line of the audit is written
with the change, in one step.
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
        """All jobs, the newest first."""

    def job(self, name: str) -> CustomizationJob | None:
        """The job of that name."""

    def keep_job(self, job: CustomizationJob, was: CustomizationJob | None, entry: Entry | None = None) -> bool:
        """Keeps a job in place of what it was (None: it is new)."""


class CustomModels(Protocol):
    """Custom models, by id."""

    def models(self) -> list[CustomModel]:
        """All custom models, the newest first."""

    def model(self, id_: str) -> CustomModel | None:
        """The custom model of that id."""

    def keep_model(self, model: CustomModel, was: CustomModel | None, entry: Entry | None = None) -> bool:
        """Keeps a custom model in place of what it was (None: it is new)."""


class Champions(Protocol):
    """Who answers each task: its champion, and its canary."""

    def champion(self, task: str) -> Champion:
        """Who answers a task."""

    def crown(self, task: str, champion: Champion, was: Champion, entry: Entry) -> bool:
        """Makes another the champion of a task."""

    def canary(self, task: str) -> Canary | None:
        """The last canary of a task, whether it runs or not."""

    def answering(self, task: str) -> tuple[Champion, Canary | None]:
        """Both at once, in one read."""

    def keep_canary(self, canary: Canary, was: Canary | None, entry: Entry) -> bool:
        """Keeps the task's canary in place of what it was (None: there was none)."""


class ModelUse(Protocol):
    """Which models were asked, and when."""

    def tried(self, canary: Canary, arm: Arm, call: str, *, failed: bool) -> None:
        """Counts that an arm was asked for a call, once for each call, and whether it failed to answer."""

    def tries(self, canary: Canary) -> Mapping[str, int]:
        """How many calls each arm was asked for, and failed to answer, by ARM:asked and ARM:failed."""

    def used(self, id_: str) -> float | None:
        """When (s) the model that is asked by that id last answered somebody; None: never, as far as is known."""

    def use(self, id_: str, at: float) -> None:
        """Writes down that it answered somebody; the latest time stays."""


class Audit(Protocol):
    """Who did what; no line is ever removed."""

    def note(self, id_: str, entry: Entry) -> None:
        """Writes a line of the audit for what changes nothing here, such as an export; once for its id."""

    def audit(self) -> Iterator[Entry]:
        """All lines of the audit, the oldest first; nothing takes one away."""


class ModelHost(Protocol):
    """What a family's service knows of a custom model. Raises a TrainingError, ModelError or UnknownModel."""

    def exists(self, model: CustomModel) -> bool:
        """Whether the custom model is still kept."""

    def endpoint(self, model: CustomModel) -> Endpoint | None:
        """The model's endpoint as it is now; None where it has none."""
