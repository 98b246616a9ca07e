"""What serving needs from outside: endpoints, a registry, and a way to tell the admins."""

from __future__ import annotations

from typing import Protocol

from bot.serving.notice import Notice


class Notices(Protocol):
    """Where the admins are told of what they did not ask for. Raises StoreUnavailable."""

    def tell(self, notice: Notice) -> float:
        """Has it posted in the admins' channel, else to each admin, once for its id; gives when (s) that was first asked."""
