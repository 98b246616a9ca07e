"""What evaluation needs from outside: kept attempts and kept scorecards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from bot.models.champion import Judged


class Attempts(Protocol):
    """Where a model's answers to held-out calls are kept between evaluations. Raises StoreUnavailable."""

    def get(self, key: str) -> str | None:
        """What was kept under the key, as long as it is."""

    def put(self, key: str, text: str) -> None:
        """Keeps the text under the key, for some weeks at most."""


class Scorecards(Protocol):
    """The last scorecard and verdict of each challenger against each champion. Raises StoreUnavailable or UnknownSchema."""

    def verdict(self, task: str, champion: str, challenger: str) -> Judged | None:
        """The last verdict on a challenger against that champion, both by the ids that were asked."""

    def judge(self, judged: Judged) -> None:
        """Keeps a verdict in place of any before on the same two."""

    def keep_scorecard(self, row: Mapping[str, Any]) -> None:
        """Keeps an evaluation (bot.evaluation.evaluation.to_kept) in place of any before on the same two.

        Of a call that was forgotten only its figures are kept.
        """

    def scorecard(self, task: str, champion: str, challenger: str) -> Mapping[str, Any] | None:
        """The last evaluation of a challenger against that champion; a call that was forgotten has no words any more."""
