"""What evaluation needs from outside: kept attempts and kept scorecards."""

from __future__ import annotations

from typing import Protocol


class Attempts(Protocol):
    """Where a model's answers to held-out calls are kept between evaluations. Raises StoreUnavailable."""

    def get(self, key: str) -> str | None:
        """What was kept under the key, as long as it is."""

    def put(self, key: str, text: str) -> None:
        """Keeps the text under the key, for some weeks at most."""
