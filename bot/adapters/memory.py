"""Twins of the outside that live in the process: for tests, and for trying things with no network."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.errors import ModelError, ModelUnavailable
from bot.prompts import Prompt
from bot.reply import Reply, Usage
from bot.task import TemplateKind


class ScriptedModel:
    """A model that gives the replies it was given, in order, and keeps the prompts it was sent.

    A reply may be a text, an error to raise, or a function of the prompt. Tokens are counted as four characters each.
    """

    id = "scripted"

    def __init__(
        self,
        replies: Sequence[str | ModelError | Callable[[Prompt], str]],
        window: int | None = None,
        template: TemplateKind = "base",
    ) -> None:
        self._replies = iter(list(replies))  # a list's iterator hands each reply out once, also to threads
        self.window = window
        self.template: TemplateKind = template
        self.prompts: list[Prompt] = []

    def count_tokens(self, prompt: Prompt) -> int:
        return prompt.characters // 4 + 1

    def answer(self, prompt: Prompt) -> Reply:
        """The next reply. Raises it where it is an error, and ModelUnavailable where none is left."""
        self.prompts.append(prompt)
        reply = next(self._replies, ModelUnavailable("The scripted model has no reply left."))
        if isinstance(reply, ModelError):
            raise reply
        text = reply if isinstance(reply, str) else reply(prompt)
        return Reply(text, Usage(self.count_tokens(prompt), len(text) // 4 + 1))
