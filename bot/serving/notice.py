"""What the admins are told without having asked."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence and what to do, told once for its `id`, whoever finds the reason for it; no customer's words."""

    id: str
    text: str
