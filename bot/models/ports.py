"""The registry of jobs, custom models and champions, by what its users need of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from bot.models.audit import Entry
from bot.models.canary import Arm, Canary
from bot.models.champion import Champion, Judged
from bot.models.custom_model import CustomModel
from bot.models.job import CustomizationJob
from bot.retraining.pending import Agenda, Card


class Models(Protocol):
    """The registry of jobs, custom models and champions. Raises StoreUnavailable or UnknownSchema from every method.

    What changes something takes what it was worked out from, and says False where that is no longer so; then nothing is
    written. The line of the audit is written with the change, in one step.
    """

    def jobs(self) -> list[CustomizationJob]:
        """All jobs, the newest first."""

    def job(self, name: str) -> CustomizationJob | None:
        """The job of that name."""

    def keep_job(self, job: CustomizationJob, was: CustomizationJob | None, entry: Entry | None = None) -> bool:
        """Keeps a job in place of what it was (None: it is new)."""

    def models(self) -> list[CustomModel]:
        """All custom models, the newest first."""

    def model(self, id_: str) -> CustomModel | None:
        """The custom model of that id."""

    def keep_model(self, model: CustomModel, was: CustomModel | None, entry: Entry | None = None) -> bool:
        """Keeps a custom model in place of what it was (None: it is new)."""

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

    def tried(self, canary: Canary, arm: Arm, call: str, *, failed: bool) -> None:
        """Counts that an arm was asked for a call, once for each call, and whether it failed to answer."""

    def tries(self, canary: Canary) -> Mapping[str, int]:
        """How many calls each arm was asked for, and failed to answer, by ARM:asked and ARM:failed."""

    def verdict(self, task: str, champion: str, challenger: str) -> Judged | None:
        """The last verdict on a challenger against that champion, both by the ids that were asked."""

    def judge(self, judged: Judged) -> None:
        """Keeps a verdict in place of any before on the same two."""

    def used(self, id_: str) -> float | None:
        """When (s) the model that is asked by that id last answered somebody; None: never, as far as is known."""

    def use(self, id_: str, at: float) -> None:
        """Writes down that it answered somebody; the latest time stays."""

    def keep_scorecard(self, row: Mapping[str, Any]) -> None:
        """Keeps an evaluation (bot.evaluation.evaluation.to_kept) in place of any before on the same two.

        Of a call that was forgotten only its figures are kept.
        """

    def scorecard(self, task: str, champion: str, challenger: str) -> Mapping[str, Any] | None:
        """The last evaluation of a challenger against that champion; a call that was forgotten has no words any more."""

    def agenda(self, task: str) -> Agenda:
        """What waits, is under way or went wrong in the loop of a task."""

    def plan(self, task: str, agenda: Agenda, was: Agenda) -> bool:
        """Keeps a task's agenda in place of what it was."""

    def cards(self) -> list[Card]:
        """Where the loops of all tasks are shown."""

    def keep_card(self, card: Card, was: Card | None) -> bool:
        """Keeps where a task's loop is shown in a channel, in place of where it was (None: nowhere)."""

    def drop_card(self, card: Card) -> None:
        """Forgets where a task's loop is shown in a channel, unless that has changed."""

    def note(self, id_: str, entry: Entry) -> None:
        """Writes a line of the audit for what changes nothing here, such as an export; once for its id."""

    def audit(self) -> Iterator[Entry]:
        """All lines of the audit, the oldest first; nothing takes one away."""
