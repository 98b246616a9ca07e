"""Stores the answers of models under evaluation in Redis or Valkey."""

from __future__ import annotations

from redis import Redis

from bot.adapters.redis import keys as store
from bot.adapters.redis.client import as_text, translated

DAY_S = 86_400


class RedisAttempts:
    """Stores one string per attempt, which the server drops after `keep_days`. Threads can share it."""

    def __init__(self, client: Redis, keep_days: int) -> None:
        self._client, self._keep_s = client, keep_days * DAY_S

    def get(self, key: str) -> str | None:
        with translated():
            return as_text(self._client.get(store.ATTEMPT + key)) or None

    def put(self, key: str, text: str) -> None:
        with translated():
            self._client.set(store.ATTEMPT + key, text, ex=self._keep_s)
