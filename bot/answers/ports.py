"""The contracts of answering: what it needs from outside, whoever answers, and where answers are kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from bot.answers.answer import Answer, KeptAnswers
from bot.answers.prompts import Prompt
from bot.answers.reply import ModelReply
from bot.calls.transcript import Transcript
from bot.task import Task, TemplateKind

OnPart = Callable[[int, int], None]  # the number of a part, and of how many


def unwatched(_part: int, _parts: int) -> None:
    """The progress that nobody watches."""


class Answerer(Protocol):
    """Whoever answers calls: one model, or several that stand in for each other. Threads may share it."""

    def answer(self, task: Task, transcript: Transcript, progress: OnPart = unwatched) -> Answer:
        """The task's answer to the call; `progress` is told of each part before it is asked.

        Raises ModelError, or UnknownModel if no model can do the task.
        """


class Model(Protocol):
    """Something that answers prompts. Safe to call from several threads at once."""

    @property
    def id(self) -> str:
        """The model id, as answers and pairs name it."""

    @property
    def template(self) -> TemplateKind:
        """The template that it wants: the long one, or the short one that tuned models were trained on."""

    @property
    def window(self) -> int | None:
        """Tokens of prompt that it takes at once, with room left for the reply; None where there is no limit."""

    def count_tokens(self, prompt: Prompt) -> int:
        """Tokens in the prompt, counted by the provider where it can, else estimated (never too low)."""

    def answer(self, prompt: Prompt) -> ModelReply:
        """The model's reply. Raises a ModelError, or UnknownModel for a task that it cannot do."""


class Answers(Protocol):
    """Where answers wait for people to come back to them. Raises StoreUnavailable from every method."""

    def keep(self, request: str, kept: KeptAnswers) -> None:
        """Keeps the answers to a request, in place of any before."""

    def of(self, request: str) -> KeptAnswers | None:
        """The answers to a request; None where there are none (any more)."""

    def place(self, request: str, channel: str, ts: str, thread_ts: str) -> None:
        """Writes down that a message, in a thread or in none (""), shows the answers to a request."""

    def places(self, request: str) -> list[tuple[str, str, str]]:
        """Channel, ts and thread_ts of the messages that show the answers to a request."""

    def came_from(self, request: str, channel: str, ts: str) -> None:
        """Writes down that a message holds a log that the request's answers were made of."""

    def made_of(self, channel: str, ts: str) -> list[str]:
        """The requests whose answers were made of a log in that message."""

    def at(self, channel: str, ts: str) -> str:
        """The request whose answers a message shows; "" where it shows none."""

    def forget(self, request: str) -> None:
        """Removes the answers to a request, and where they are shown."""
