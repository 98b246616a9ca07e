"""Defines the stores of attempts and scorecards that evaluation needs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from bot.models.champion import Judged


class Attempts(Protocol):
    """Stores answers to held-out calls between evaluations. Raises StoreUnavailable."""

    def get(self, key: str) -> str | None:
        """Returns the text under the key, or None if it expired."""

    def put(self, key: str, text: str) -> None:
        """Stores the text under the key, for some weeks at most."""


class Scorecards(Protocol):
    """Stores the last evaluation of each challenger and champion. Raises StoreUnavailable or UnknownSchema."""

    def verdict(self, task: str, champion: str, challenger: str) -> Judged | None:
        """Returns the last verdict on a challenger against that champion, both by model id."""

    def judge(self, judged: Judged) -> None:
        """Stores a verdict and replaces an earlier one on the same two models."""

    def keep_scorecard(self, row: Mapping[str, Any]) -> None:
        """Stores an evaluation (bot.evaluation.evaluation.to_kept) and replaces an earlier one on the same two.

        Keeps only the figures of a forgotten call, not its words.
        """

    def scorecard(self, task: str, champion: str, challenger: str) -> Mapping[str, Any] | None:
        """Returns the last evaluation of a challenger against that champion, without the words of forgotten calls."""
