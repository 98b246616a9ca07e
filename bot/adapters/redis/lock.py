"""Locks in Redis or Valkey, with a lock that expires soon after its holder dies."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from redis import Redis
from redis.lock import Lock

from bot.adapters.redis import keys as store
from bot.adapters.redis.client import translated
from bot.errors import StoreUnavailable

LASTS_S = 30.0
RENEWED_EVERY_S = 8.0


class RedisLock:
    """A lock between all processes that share the store. A thread renews it while it is held."""

    def __init__(self, client: Redis) -> None:
        self._client = client

    @contextmanager
    def held(self, name: str) -> Iterator[bool]:
        lock = self._client.lock(store.LOCK + name, timeout=LASTS_S, thread_local=False)
        with translated():
            taken = lock.acquire(blocking=False)
        if not taken:
            yield False
            return
        done = threading.Event()
        renewing = threading.Thread(target=_renew, args=(lock, done), daemon=True)
        renewing.start()
        try:
            yield True
        finally:
            done.set()
            renewing.join()
            with suppress(StoreUnavailable), translated():  # if the store is down, the lock expires
                lock.release()


def _renew(lock: Lock, done: threading.Event) -> None:
    while not done.wait(RENEWED_EVERY_S):
        with suppress(StoreUnavailable), translated():
            lock.reacquire()
