"""Locks without a store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class Free:
    """A lock that is held by somebody else for the first `taken` times."""

    def __init__(self, taken: int = 0) -> None:
        self.taken = taken

    @contextmanager
    def held(self, name: str) -> Iterator[bool]:
        self.taken -= 1
        yield self.taken < 0
