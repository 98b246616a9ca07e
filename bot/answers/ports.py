"""Defines what answering needs from outside, and who can answer."""

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
    """Ignores progress."""


class Answerer(Protocol):
    """Answers calls with one model, or several that stand in for each other. Threads can share it."""

    def answer(self, task: Task, transcript: Transcript, progress: OnPart = unwatched) -> Answer:
        """Returns the task's answer to the call. Calls `progress` before each part.

        Raises ModelError, or UnknownModel if no model can do the task.
        """


class Model(Protocol):
    """Answers prompts. Safe to call from several threads at once."""

    @property
    def id(self) -> str:
        """The model id, as stored with answers and pairs."""

    @property
    def template(self) -> TemplateKind:
        """The template it needs: the long one, or the short one that tuned models learned."""

    @property
    def window(self) -> int | None:
        """The longest prompt in tokens, after room for the reply; None if there is no limit."""

    def count_tokens(self, prompt: Prompt) -> int:
        """Returns the tokens in the prompt, counted by the provider or else estimated (never too low)."""

    def answer(self, prompt: Prompt) -> ModelReply:
        """Returns the model's reply. Raises a ModelError, or UnknownModel for a task it can't do."""


class Answers(Protocol):
    """Stores answers so people can come back to them. Every method raises StoreUnavailable."""

    def keep(self, request: str, kept: KeptAnswers) -> None:
        """Stores the answers to a request and replaces any earlier ones."""

    def of(self, request: str) -> KeptAnswers | None:
        """Returns the answers to a request, or None if there are none or they expired."""

    def place(self, request: str, channel: str, ts: str, thread_ts: str) -> None:
        """Records that a message shows the answers to a request; `thread_ts` is "" outside threads."""

    def places(self, request: str) -> list[tuple[str, str, str]]:
        """Returns channel, ts and thread_ts of the messages that show the answers to a request."""

    def came_from(self, request: str, channel: str, ts: str) -> None:
        """Records that the request's answers were made from the log in a message."""

    def made_of(self, channel: str, ts: str) -> list[str]:
        """Returns the requests answered from the log in that message."""

    def at(self, channel: str, ts: str) -> str:
        """Returns the request whose answers a message shows, or ""."""

    def forget(self, request: str) -> None:
        """Removes the answers to a request and the record of where they are shown."""
