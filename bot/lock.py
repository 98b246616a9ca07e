"""One process at a time, of all that share the store."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol


class Lock(Protocol):
    """Lets one do a thing at a time. Raises StoreUnavailable."""

    def held(self, name: str) -> AbstractContextManager[bool]:
        """True inside where nobody else holds it; it ends by itself soon after its holder does."""
