"""The store's connections, and what is kept in it alone."""

# Adapters are imported where they are made: each brings a heavy library.
# ruff: noqa: PLC0415

from __future__ import annotations

import time
from functools import cached_property
from typing import TYPE_CHECKING

from bot.settings import Settings

if TYPE_CHECKING:
    from bot.adapters.redis.client import Client
    from bot.adapters.redis.lock import RedisLock
    from bot.adapters.redis.notices import RedisNotices
    from bot.adapters.redis.pairs import RedisPairs
    from bot.adapters.redis.queue import RedisQueue
    from bot.adapters.redis.registry import RedisRegistry

CONNECTIONS_BESIDE = 32  # of a process to the store, beside two a thread
EXPORT_TIMEOUT_S = 10.0  # of a request for some hundred pairs


class StoreWiring:
    """Two pools of connections a process: one for all that is short, one for exports and imports."""

    def __init__(self, settings: Settings, threads: int, timeout_s: float | None) -> None:
        self._settings, self._threads, self._timeout_s = settings, threads, timeout_s

    @cached_property
    def client(self) -> Client:
        """Starts the embedded store if there is no other. Raises StoreUnavailable if that doesn't start."""
        return self._connected(2 * self._threads + CONNECTIONS_BESIDE, self._timeout_s)

    @cached_property
    def registry(self) -> RedisRegistry:
        """Jobs, custom models and champions."""
        from bot.adapters.redis.registry import RedisRegistry

        return RedisRegistry(self.client)

    @cached_property
    def lock(self) -> RedisLock:
        """Lets one process of all that share the store do a thing at a time."""
        from bot.adapters.redis.lock import RedisLock

        return RedisLock(self.client)

    @cached_property
    def notices(self) -> RedisNotices:
        """Where the admins are told."""
        from bot.adapters.redis.notices import RedisNotices

        return RedisNotices(self.client, self._settings.admin_channel, time.time)

    @cached_property
    def queue(self) -> RedisQueue:
        """What is accepted and not yet answered."""
        from bot.adapters.redis.queue import RedisQueue

        return RedisQueue(self.client)

    @cached_property
    def pairs(self) -> RedisPairs:
        from bot.adapters.redis.pairs import RedisPairs

        return RedisPairs(self.client, self._settings.keep_days)

    @cached_property
    def many_pairs(self) -> RedisPairs:
        """The pairs for who reads or writes hundreds at once: each request to the store may take longer."""
        from bot.adapters.redis.pairs import RedisPairs

        return RedisPairs(self._connected(CONNECTIONS_BESIDE, EXPORT_TIMEOUT_S), self._settings.keep_days)

    def exists(self) -> bool:
        """Whether anything can be in the store. The embedded one is not started only to find that it is empty."""
        return bool(self._settings.redis_url) or (self._settings.data_dir / "valkey").is_dir()

    def check(self) -> None:
        """Raises UnknownSchema if the store has another schema than this version, or StoreUnavailable."""
        from bot.adapters.redis import migrations

        migrations.check(self.client)

    def migrate(self) -> str:
        """Brings the store to this version's schema, and says what was done. Raises UnknownSchema or StoreUnavailable."""
        from bot.adapters.redis import migrations

        before, after = migrations.migrate(self.client)
        return f"The store has the schema {after}." + ("" if before == after else f" It had {before}.")

    def health(self) -> str:
        """The server's name and version. Raises StoreUnavailable if it doesn't answer or is too old."""
        from bot.adapters.redis import client

        where = "" if self._settings.redis_url else f" (embedded, under {self._settings.data_dir})"
        return client.health(self.client) + where

    def _connected(self, connections: int, timeout_s: float | None) -> Client:
        from bot.adapters.redis import client, embedded_server

        url = self._settings.redis_url or embedded_server.running(self._settings.data_dir)
        return client.connect(url, connections, timeout_s or client.TIMEOUT_S)
