"""The store, and what is kept in it alone."""

# Adapters are imported where they are made: each brings a heavy library.
# ruff: noqa: PLC0415

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from bot.lock import Lock
from bot.serving.ports import Notices
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.adapters.redis.keys import Client
    from bot.adapters.redis.registry import RedisRegistry

CONNECTIONS_BESIDE = 16  # of a process to the store, beside one a thread
EXPORT_TIMEOUT_S = 10.0  # of a request for some hundred pairs


def store_client(settings: Settings, connections: int = CONNECTIONS_BESIDE, timeout_s: float | None = None) -> Client:
    from bot.adapters.redis import embedded_server, keys

    url = settings.redis_url or embedded_server.running(settings.data_dir)
    return keys.connect(url, connections, timeout_s or keys.TIMEOUT_S)


def has_store(settings: Settings) -> bool:
    """Whether anything can have been promoted: the embedded store is not started only to find that it is empty."""
    return bool(settings.redis_url) or (settings.data_dir / "valkey").is_dir()


def migrate(settings: Settings) -> str:
    """Brings the store to this version's schema, and says what was done. Raises UnknownSchema or StoreUnavailable."""
    from bot.adapters.redis import migrations

    before, after = migrations.migrate(store_client(settings, 1))
    return f"The store has the schema {after}." + ("" if before == after else f" It had {before}.")


def registry(settings: Settings) -> RedisRegistry:
    """Jobs, custom models and champions. Raises StoreUnavailable."""
    from bot.adapters.redis.registry import RedisRegistry

    return RedisRegistry(store_client(settings))


def notices(settings: Settings) -> Notices:
    """Where the admins are told. Raises StoreUnavailable."""
    from bot.adapters.redis.notices import RedisNotices

    return RedisNotices(store_client(settings), settings.admin_channel, time.time)


def lock(settings: Settings) -> Lock:
    """Lets one process of all that share the store do a thing at a time. Raises StoreUnavailable."""
    from bot.adapters.redis.lock import RedisLock

    return RedisLock(store_client(settings))
