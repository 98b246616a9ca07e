"""A message that admins get without having asked."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence with what to do, sent only once for the same `id`. It holds no customer's words."""

    id: str
    text: str
