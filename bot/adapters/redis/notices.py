"""Queues notices to the admins, so that a worker posts each one once."""

from __future__ import annotations

from collections.abc import Callable

from redis import Redis

from bot.adapters.redis import keys as store
from bot.adapters.redis.client import as_text, translated
from bot.adapters.redis.queue import RedisQueue
from bot.queue.request import NoticeRequest
from bot.serving.notice import Notice

REMEMBERED_S = 400 * 86_400  # longer than the earliest warning comes before its day


class RedisNotices:
    """Sends notices to a channel, or to each admin if there is none. Threads can share it."""

    def __init__(self, client: Redis, channel: str | None, now: Callable[[], float]) -> None:
        self._client, self._queue, self._channel, self._now = client, RedisQueue(client), channel or "", now

    def tell(self, notice: Notice) -> float:
        if (told_at := self._told_at(notice)) is not None:
            return told_at
        now, id_ = self._now(), f"notice:{notice.id}"
        request = NoticeRequest(
            id=id_, team="", channel=self._channel, user="", at=now, text=notice.text
        )  # fmt: skip
        self._queue.accept(
            request, None
        )  # queue first: after a crash in between it is queued again, and the queue ignores repeats
        with translated():
            self._client.set(store.TOLD_OF + notice.id, now, nx=True, ex=REMEMBERED_S)
        return self._told_at(notice) or now

    def _told_at(self, notice: Notice) -> float | None:
        with translated():
            found = self._client.get(store.TOLD_OF + notice.id)
        return float(as_text(found)) if found is not None else None
