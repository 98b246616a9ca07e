"""What the loop needs from outside: a registry, with what is under way in each loop and where its cards are."""

from __future__ import annotations

from typing import Protocol

from bot.retraining.pending import Agenda, Card
from bot.serving.ports import ServingRegistry
from bot.training.ports import TrainingRegistry


class Agendas(Protocol):
    """What waits, is under way or went wrong in the loop of each task."""

    def agenda(self, task: str) -> Agenda:
        """What waits, is under way or went wrong in the loop of a task."""

    def plan(self, task: str, agenda: Agenda, was: Agenda) -> bool:
        """Keeps a task's agenda in place of what it was."""


class LoopCards(Protocol):
    """Where the loops of all tasks are shown in Slack. Raises StoreUnavailable or UnknownSchema."""

    def cards(self) -> list[Card]:
        """Where the loops of all tasks are shown."""

    def keep_card(self, card: Card, was: Card | None) -> bool:
        """Keeps where a task's loop is shown in a channel, in place of where it was (None: nowhere)."""

    def drop_card(self, card: Card) -> None:
        """Forgets where a task's loop is shown in a channel, unless that has changed."""


class LoopRegistry(TrainingRegistry, ServingRegistry, Agendas, Protocol):
    """All that the loop of a task reads and writes."""
