"""Connects to a Redis or Valkey server."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from redis import Redis
from redis.backoff import ExponentialWithJitterBackoff
from redis.exceptions import AuthenticationError, AuthorizationError, RedisError, ResponseError
from redis.retry import Retry

from bot.errors import StoreUnavailable

TIMEOUT_S = 0.5
Client = Redis
OLDEST = {"redis": 7, "valkey": 8}


def connect(url: str, connections: int = 32, timeout_s: float = TIMEOUT_S) -> Redis:
    """Returns a client for `url` (redis://, rediss://, unix://) that gives up after three times `timeout_s`.

    The default is below two seconds, because Slack waits for three. A command is sent again after a lost reply, so every
    write must be safe to run twice.
    """
    retry = Retry(ExponentialWithJitterBackoff(base=0.05, cap=0.3), 2)
    return Redis.from_url(
        url,
        socket_timeout=timeout_s,
        socket_connect_timeout=timeout_s,
        retry=retry,
        health_check_interval=15,
        max_connections=connections,
    )


@contextmanager
def translated() -> Iterator[None]:
    """Turns every error of the client into StoreUnavailable, which says what to do."""
    try:
        yield
    except (AuthenticationError, AuthorizationError) as error:
        raise StoreUnavailable("The store refuses the login. Check the user and password in REDIS_URL.") from error
    except ResponseError as error:
        raise StoreUnavailable("The store refuses a command. See its reason in the log.") from error
    except (RedisError, OSError) as error:
        raise StoreUnavailable("The store does not answer. Check REDIS_URL and that the server runs.") from error


def health(client: Redis) -> str:
    """Returns the server's name and version. Raises StoreUnavailable if it doesn't answer or is too old."""
    with translated():
        info: dict[str, Any] = client.info("server")
    name = "valkey" if "valkey_version" in info else "redis"
    version = str(info.get(f"{name}_version", ""))
    if int(version.partition(".")[0] or 0) < OLDEST[name]:
        raise StoreUnavailable(f"The store is {name} {version}: Wrapup needs Redis 7 or Valkey 8, or later.")
    return f"{name} {version} answers"


def as_text(value: object) -> str:
    """Returns a reply of the server as text, "" for None."""
    return value.decode() if isinstance(value, bytes) else str(value or "")


def numbers(client: Redis, key: str) -> dict[str, int]:
    """Returns a hash of counts, by name."""
    with translated():
        found = client.hgetall(key)
    assert isinstance(found, dict)
    return {as_text(name): int(number) for name, number in found.items()}


def hash_of(call: str) -> str:
    """Returns a hash that recognises a call, even a forgotten one, and reveals nothing of it."""
    return hashlib.sha256(call.encode("utf-8", "surrogatepass")).hexdigest()[:32]
