"""The store on a Redis or Valkey server."""

from __future__ import annotations

from typing import Any

from redis import Redis
from redis.backoff import ExponentialWithJitterBackoff
from redis.exceptions import AuthenticationError, AuthorizationError, RedisError, ResponseError
from redis.retry import Retry

from bot.errors import StoreUnavailable

TIMEOUT_S = 0.5
OLDEST = {"redis": 7, "valkey": 8}


class RedisStore:
    """Nothing is written yet but by those who ask for it; a lost server is told within two seconds."""

    def __init__(self, client: Redis) -> None:
        self._client = client

    @classmethod
    def connect(cls, url: str) -> RedisStore:
        """A store at `url` (redis://, rediss://, unix://); nothing is sent before the first command."""
        retry = Retry(ExponentialWithJitterBackoff(base=0.05, cap=0.3), 2)
        return cls(Redis.from_url(url, socket_timeout=TIMEOUT_S, socket_connect_timeout=TIMEOUT_S, retry=retry))

    def health(self) -> str:
        """The server's name and version. Raises StoreUnavailable where it does not answer or is too old."""
        try:
            info: dict[str, Any] = self._client.info("server")
        except (AuthenticationError, AuthorizationError, ResponseError) as error:
            raise StoreUnavailable("The store refuses us: check the user and password in REDIS_URL.") from error
        except (RedisError, OSError) as error:
            raise StoreUnavailable("The store does not answer: check REDIS_URL and that the server runs.") from error
        name = "valkey" if "valkey_version" in info else "redis"
        version = str(info.get(f"{name}_version", ""))
        if int(version.partition(".")[0] or 0) < OLDEST[name]:
            raise StoreUnavailable(f"The store is {name} {version}: Wrapup needs Redis 7 or Valkey 8, or later.")
        return f"{name} {version} answers"
