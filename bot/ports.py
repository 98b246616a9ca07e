"""All that the bot needs from outside."""

from __future__ import annotations

from typing import Protocol

from bot.prompts import Prompt
from bot.reply import Reply
from bot.task import TemplateKind


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

    def answer(self, prompt: Prompt) -> Reply:
        """The model's reply. Raises a ModelError, or UnknownModel for a task that it cannot do."""


class Store(Protocol):
    """Where pairs are kept."""

    def health(self) -> str:
        """One line on the store. Raises StoreUnavailable where it does not answer."""
