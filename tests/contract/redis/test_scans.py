"""Stored pairs with what was found out of them, and the lock of an export, on a real Valkey and in memory."""

from __future__ import annotations

from dataclasses import replace

import pytest
from redis import Redis

from bot.adapters.memory import MemoryPairs
from bot.adapters.redis import lock
from bot.adapters.redis.lock import RedisLock
from bot.adapters.redis.pairs import RedisPairs
from bot.feedback.pair import Stored, to_json
from bot.feedback.ports import Pairs
from bot.feedback.votes_and_corrections import Event
from sandbox.child import wait_for
from tests.doubles.made_pairs import pair, pairs, settle


@pytest.fixture(params=["valkey", "memory"])
def store(request: pytest.FixtureRequest, client: Redis) -> Pairs:
    client.flushall()
    return RedisPairs(client, keep_days=30) if request.param == "valkey" else MemoryPairs()


def test_every_pair_comes_as_it_is_stored(store: Pairs) -> None:
    made = pairs(500)
    settle(store, *made)

    found = {each.key: each for each in store.stored()}

    assert found == {each.id: Stored(each.id, to_json(each).encode()) for each in made}


def test_a_scan_is_kept_beside_its_pair(store: Pairs) -> None:
    settle(store, *pairs(2))

    store.keep_scans({pair(1).id: b"\x00\xff", "gone": b"x"})

    assert sorted(each.scan for each in store.stored()) == [b"", b"\x00\xff"]


def test_a_scan_comes_with_its_pair_and_gives_way_to_the_next_one(store: Pairs) -> None:
    for version, scan in enumerate((b"first", b"\x00second")):
        vote = Event(kind="vote", id=f"e{version}", user="U1", at=1.0, by="button", up=True)
        store.settle(pair(1).id, pair(1).call, vote, version, "approved", pair(1), scan=scan)

    assert [each.scan for each in store.stored()] == [b"\x00second"]


def test_a_scan_that_comes_with_an_event_that_is_not_taken_is_not_kept(store: Pairs) -> None:
    vote = Event(kind="vote", id="e", user="U1", at=1.0, by="button", up=True)
    store.settle(pair(1).id, pair(1).call, vote, 0, "approved", pair(1), scan=b"kept")

    store.settle(pair(1).id, pair(1).call, vote, 1, "approved", pair(1), scan=b"late")

    assert [each.scan for each in store.stored()] == [b"kept"]


def test_a_scan_goes_when_its_pair_changes(store: Pairs) -> None:
    settle(store, pair(1))
    store.keep_scans({pair(1).id: b"scan"})

    settle(store, replace(pair(1), at=9_999.0))

    assert [each.scan for each in store.stored()] == [b""]


def test_a_scan_goes_with_a_forgotten_call(client: Redis) -> None:
    client.flushall()
    store = RedisPairs(client, keep_days=30)
    settle(store, pair(1))
    store.keep_scans({pair(1).id: b"scan"})

    store.forget(pair(1).call, [pair(1).id])

    assert not list(client.scan_iter("wrapup:scan:*"))


def test_a_lock_is_held_by_one(client: Redis) -> None:
    client.flushall()
    with RedisLock(client).held("exporting") as first, RedisLock(client).held("exporting") as second:
        pass

    with RedisLock(client).held("exporting") as third:
        assert (first, second, third) == (True, False, True)


def test_a_lock_is_renewed_while_it_is_held(client: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    client.flushall()
    monkeypatch.setattr(lock, "RENEWED_EVERY_S", 0.1)

    with RedisLock(client).held("exporting"):
        held = client.pttl("wrapup:lock:exporting")
        wait_for("some of its time to go", lambda: client.pttl("wrapup:lock:exporting") < held)
        wait_for("its renewal", lambda: client.pttl("wrapup:lock:exporting") >= held)
        with RedisLock(client).held("exporting") as other:
            assert not other


def test_a_lock_of_a_dead_holder_ends_by_itself(client: Redis) -> None:
    client.flushall()
    with RedisLock(client).held("exporting"):
        assert 0 < client.pttl("wrapup:lock:exporting") <= lock.LASTS_S * 1000
