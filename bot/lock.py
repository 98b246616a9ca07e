"""Defines a lock between all processes that share the store."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol


class Lock(Protocol):
    """Lets only one process do something at a time. Raises StoreUnavailable."""

    def held(self, name: str) -> AbstractContextManager[bool]:
        """Gives True if nobody else holds the lock. It expires soon after its holder dies."""
