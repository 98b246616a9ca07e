"""Feedback and pairs, on a real Valkey and in memory alike."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from redis import Redis

from bot.adapters.memory import MemoryPairs
from bot.adapters.redis.pairs import RedisPairs
from bot.errors import UnknownSchema
from bot.feedback.pair import Pair, call_hash, from_json, to_json
from bot.feedback.ports import Pairs
from bot.feedback.votes_and_corrections import Event, made_by, standing, weeks_of
from bot.models.canary import Arm
from sandbox.child import wait_for

KEY, CALL = "T1:C1:1.0#0", "NW-1"
PAIR = Pair(
    id=KEY,
    call=CALL,
    task="summarize",
    source="upload",
    label="approved",
    transcript="[0] agent: Hello [NAME_1]\n[1] customer: Grüß Gott",
    output={"summary": "short", "topics": ["billing"]},
    rejected=None,
    reviewers=("U1", "U2"),
    channel="C1",
    model="embedded",
    prompt="abc",
    redaction=1,
    asked_at=1.0,
    at=1_764_000_000.0,
)


@pytest.fixture(params=["valkey", "memory"])
def pairs(request: pytest.FixtureRequest, client: Redis) -> Pairs:
    client.flushall()
    return RedisPairs(client, keep_days=30) if request.param == "valkey" else MemoryPairs()


def vote(user: str = "U1", at: float = 1.0, **more: Any) -> Event:
    return Event(kind="vote", id=f"{user}-{at}", user=user, at=at, by="button", **({"up": True} | more))


def counted(pairs: Pairs) -> dict[str, int]:
    return {name: number for name, number in pairs.counts().items() if number}


def test_an_event_is_kept_with_all_that_it_says(pairs: Pairs) -> None:
    event = Event(kind="correction", id="e", user="U1", at=1.5, output={"summary": "ü"}, over=("a",), reviewer=False)

    assert pairs.settle(KEY, CALL, event, 0, "corrected", None) == "done"

    said = pairs.said(KEY)
    assert (said.events, said.version) == ((event,), 1)


def test_the_same_event_is_taken_once(pairs: Pairs) -> None:
    outcomes = [pairs.settle(KEY, CALL, vote(), 0, "approved", PAIR) for _ in range(2)]

    assert (outcomes, counted(pairs)["pairs"]) == (["done", "known"], 1)


def test_who_did_not_see_the_latest_event_may_not_settle(pairs: Pairs) -> None:
    pairs.settle(KEY, CALL, vote("U1"), 0, "approved", PAIR)

    assert pairs.settle(KEY, CALL, vote("U2"), 0, "approved", PAIR) == "stale"
    assert pairs.said(KEY).version == 1


def test_a_settled_answer_makes_a_pair(pairs: Pairs) -> None:
    pairs.settle(KEY, CALL, vote(), 0, "approved", PAIR)

    assert (pairs.get(KEY), list(pairs.all()), pairs.keys_of(CALL)) == (PAIR, [PAIR], [KEY])


def test_what_is_undone_leaves_no_pair_and_no_count(pairs: Pairs) -> None:
    pairs.settle(KEY, CALL, vote(at=1.0), 0, "approved", PAIR)

    pairs.settle(KEY, CALL, vote(at=2.0, up=None), 1, "withdrawn", None)

    assert (pairs.get(KEY), list(pairs.all())) == (None, [])
    assert counted(pairs) == {"answers": 1, "state:withdrawn": 1}


def test_pairs_are_counted_by_what_they_are(pairs: Pairs) -> None:
    other = replace(PAIR, id="k2", call="NW-2", label="corrected", source="modal", reviewers=("U2",))

    pairs.settle(KEY, CALL, vote(), 0, "approved", PAIR)
    pairs.settle("k2", "NW-2", vote(), 0, "corrected", other)

    assert counted(pairs) == {
        "answers": 2, "pairs": 2, "state:approved": 1, "state:corrected": 1, "label:approved": 1, "label:corrected": 1,
        "source:upload": 1, "source:modal": 1, "task:summarize": 2, "week:2025-W48": 2, "reviewer:U1": 1, "reviewer:U2": 2,
    }  # fmt: skip


def test_a_pair_that_changes_is_counted_once(pairs: Pairs) -> None:
    pairs.settle(KEY, CALL, vote(at=1.0), 0, "approved", PAIR)

    pairs.settle(KEY, CALL, vote(at=2.0), 1, "corrected", replace(PAIR, label="corrected", reviewers=("U9",)))

    found = counted(pairs)
    assert (found["pairs"], found["label:corrected"], found["reviewer:U9"]) == (1, 1, 1)
    assert not {"label:approved", "reviewer:U1", "state:approved"} & set(found)


def test_pairs_come_in_the_order_in_which_they_settled(pairs: Pairs) -> None:
    for n in (3, 1, 2):
        pairs.settle(f"k{n}", f"c{n}", vote(), 0, "approved", replace(PAIR, id=f"k{n}", call=f"c{n}", at=float(n)))

    assert [pair.id for pair in pairs.all()] == ["k1", "k2", "k3"]
    assert [pair.id for pair in pairs.all(newest_first=True)] == ["k3", "k2", "k1"]


def test_a_forgotten_call_is_gone_and_does_not_come_back(pairs: Pairs) -> None:
    pairs.settle(KEY, CALL, vote(), 0, "approved", PAIR)

    pairs.forget(CALL, pairs.keys_of(CALL))

    assert (pairs.said(KEY).version, pairs.get(KEY), pairs.keys_of(CALL), counted(pairs)) == (0, None, [], {})
    assert pairs.settle(KEY, CALL, vote(at=9.0), 0, "approved", PAIR) == "forgotten"


def test_an_answer_counts_once_for_its_arm_and_moves_when_minds_change(pairs: Pairs) -> None:
    arm: tuple[str, Arm] = ("canary-1", "challenger")
    settled = [
        pairs.settle(KEY, CALL, vote(at=1.0), 0, "approved", PAIR, arm),
        pairs.settle(KEY, CALL, vote(at=1.0), 0, "approved", PAIR, arm),
        pairs.settle(KEY, CALL, vote("U2", at=2.0), 1, "approved", PAIR, arm),
        pairs.settle(KEY, CALL, vote("U3", at=3.0), 2, "corrected", PAIR, arm),
    ]

    votes = {name: n for name, n in pairs.votes("canary-1").items() if n}
    assert (settled, votes) == (["done", "known", "done", "done"], {"challenger:corrected": 1})


def test_an_answer_of_no_canary_counts_for_none(pairs: Pairs) -> None:
    pairs.settle(KEY, CALL, vote(), 0, "approved", PAIR)

    assert (pairs.votes("canary-1"), pairs.votes("")) == ({}, {})


def imported(name: str = "a", **more: Any) -> Pair:
    """An import of the call in PAIR, with an output of its own."""
    about = {"id": f"import:{name}#0", "source": "import", "reviewers": (), "call": call_hash(PAIR.transcript)}
    return replace(PAIR, **about | {"output": {"summary": name, "topics": []}} | more)


def test_an_import_is_a_pair_of_its_own(pairs: Pairs) -> None:
    pair = imported()

    assert pairs.add([pair]) == ["taken"]

    assert (pairs.get(pair.id), list(pairs.all()), pairs.keys_of(pair.call)) == (pair, [pair], [pair.id])
    assert counted(pairs) == {
        "pairs": 1, "label:approved": 1, "source:import": 1, "task:summarize": 1, "week:2025-W48": 1
    }  # fmt: skip


def test_an_import_is_added_once(pairs: Pairs) -> None:
    assert pairs.add([imported(), imported(at=9.0)]) == ["taken", "known"]

    assert [pair.at for pair in pairs.all()] == [PAIR.at]


def test_nothing_is_an_import_of_nothing(pairs: Pairs) -> None:
    assert pairs.add([]) == []


def test_what_an_answer_has_made_already_is_known(pairs: Pairs) -> None:
    pairs.settle(KEY, CALL, vote(), 0, "approved", PAIR)

    assert pairs.add([imported(output=PAIR.output)]) == ["known"]
    assert list(pairs.all()) == [PAIR]


def test_another_output_of_the_same_call_is_a_conflict(pairs: Pairs) -> None:
    pairs.settle(KEY, CALL, vote(), 0, "approved", PAIR)

    assert pairs.add([imported("a"), imported("b"), imported("a")]) == ["conflict", "conflict", "known"]
    assert counted(pairs)["pairs"] == 3


def test_another_task_of_the_same_call_is_no_conflict(pairs: Pairs) -> None:
    assert pairs.add([imported("a"), imported("b", task="moderate")]) == ["taken", "taken"]


def test_an_undone_answer_is_in_conflict_with_nothing(pairs: Pairs) -> None:
    pairs.settle(KEY, CALL, vote(at=1.0), 0, "approved", PAIR)
    pairs.settle(KEY, CALL, vote(at=2.0, up=None), 1, "withdrawn", None)

    assert pairs.add([imported()]) == ["taken"]


@pytest.mark.parametrize(
    ("more", "came_to"),
    [
        ({"label": "corrected", "reviewers": ("U1",)}, "taken"),
        ({"reviewers": ("U2",)}, "taken"),
        ({"reviewers": ("U1",)}, "known"),
        ({"reviewers": ()}, "known"),
        ({"label": "corrected"}, "known"),
    ],
)
def test_an_import_that_says_more_takes_the_place_of_the_one_before(
    pairs: Pairs, more: dict[str, Any], came_to: str
) -> None:
    before = imported(reviewers=("U1",))
    after = imported(at=9.0, **more)
    pairs.add([before])

    assert pairs.add([after]) == [came_to]

    assert list(pairs.all()) == [after if came_to == "taken" else before]
    assert counted(pairs)["pairs"] == 1


def test_a_trial_run_tells_the_same_and_writes_nothing(pairs: Pairs) -> None:
    pairs.add([imported("a")])
    before = pairs.counts()

    assert pairs.add([imported("a"), imported("b"), imported("c", transcript="[0] agent: Hi")], write=False) == [
        "known", "conflict", "taken"
    ]  # fmt: skip
    assert (pairs.counts(), len(list(pairs.all()))) == (before, 1)


def test_a_forgotten_call_does_not_come_back_as_an_import(pairs: Pairs) -> None:
    pairs.settle(KEY, CALL, vote(), 0, "approved", PAIR)
    pairs.forget(CALL, pairs.keys_of(CALL))

    assert pairs.add([imported("a"), imported("b", call=CALL, transcript="[0] agent: Hi")]) == ["forgotten"] * 2
    assert list(pairs.all()) == []


def test_an_import_is_forgotten_by_its_call(pairs: Pairs) -> None:
    pair = imported()
    pairs.add([pair])

    pairs.forget(pair.call, pairs.keys_of(pair.call))

    assert (pairs.get(pair.id), counted(pairs), pairs.add([pair])) == (None, {}, ["forgotten"])


def test_an_exported_call_is_known_by_its_dataset(pairs: Pairs) -> None:
    pairs.keep_export("d1", "/data/d1", ["aa", "bb"])
    pairs.keep_export("d2", "s3://b/d2", iter(["bb"]))

    assert pairs.exports_with(["aa"]) == [("d1", "/data/d1")]
    assert pairs.exports_with(["bb", "cc"]) == [("d1", "/data/d1"), ("d2", "s3://b/d2")]
    assert pairs.exports_with(["cc"]) == pairs.exports_with([]) == []


def test_what_was_exported_is_counted(pairs: Pairs) -> None:
    pairs.settle(KEY, CALL, vote(), 0, "approved", PAIR)

    pairs.keep_export("d1", "/data/d1", ["aa"])

    assert counted(pairs)["exported"] == 1


def test_a_state_counts_for_what_made_the_answer_until_it_is_another_or_forgotten(pairs: Pairs) -> None:
    of = made_by("summarize", "embedded:abc", "2026-W48")
    pairs.settle(KEY, CALL, vote("U1"), 0, "approved", PAIR, of=of)
    pairs.settle(KEY, CALL, vote("U2"), 1, "rejected", None, of=of)
    now = weeks_of(pairs.counts(), "summarize", "embedded:abc")

    pairs.forget(CALL, [KEY])

    assert now == {"2026-W48": {"rejected": 1}}
    assert weeks_of(pairs.counts(), "summarize", "embedded:abc") == {}


def test_the_pairs_of_a_task_that_settled_since_are_counted(pairs: Pairs) -> None:
    for n, task in enumerate(("summarize", "moderate", "summarize")):
        made = replace(PAIR, id=f"{KEY}{n}", task=task, at=float(n))
        pairs.settle(made.id, f"call-{n}", vote(), 0, "approved", made)

    assert [pairs.settled_since("summarize", at, 10) for at in (-1.0, 0.0, 2.0)] == [2, 1, 0]


def test_fifty_people_who_vote_at_once_are_all_counted(pairs: Pairs) -> None:
    def press(n: int) -> None:
        event = vote(f"U{n}", up=n % 5 != 0)

        def settled() -> bool:
            said = pairs.said(KEY)
            return pairs.settle(KEY, CALL, event, said.version, standing([*said.events, event]).state, PAIR) != "stale"

        wait_for("the vote to be counted", settled, every=0.0)

    with ThreadPoolExecutor(50) as pool:
        list(pool.map(press, range(50)))

    found = standing(pairs.said(KEY).events)
    assert (found.state, found.up, found.down) == ("approved", 40, 10)
    assert counted(pairs)["pairs"] == 1


def test_feedback_expires_with_the_answers_and_pairs_stay(client: Redis) -> None:
    client.flushall()
    RedisPairs(client, keep_days=30).settle(KEY, CALL, vote(), 0, "approved", PAIR)

    kept = {bytes(key).decode().split(":")[1]: client.ttl(key) for key in client.scan_iter("*")}
    assert kept["feedback"] == 30 * 86_400
    assert kept["pair"] == kept["meta"] == -1


def test_a_pair_is_its_json() -> None:
    assert from_json(to_json(PAIR)) == PAIR


def test_a_pair_of_a_later_version_is_refused() -> None:
    with pytest.raises(UnknownSchema, match="schema 99"):
        from_json(to_json(PAIR).replace('"schema": 1', '"schema": 99'))


def test_all_indexes_take_no_more_than_half_of_the_pairs_own_size(client: Redis) -> None:
    """Memory as the server counts it, for calls of about 3,000 characters."""
    client.flushall()
    store, text = RedisPairs(client, keep_days=30), "[0] customer: " + "My line drops every evening. " * 100
    before, size = int(client.info("memory")["used_memory"]), 0
    for n in range(500):
        key = f"T0123456789:C0123456789:176400{n:04d}.123456#0"
        pair = replace(PAIR, id=key, call=f"call-{n:016x}", transcript=text, at=PAIR.at + n)
        store.settle(key, pair.call, vote(), 0, "approved", pair)
        client.delete(f"wrapup:feedback:{key}")  # it expires
        size += len(to_json(pair).encode())

    used = int(client.info("memory")["used_memory"]) - before

    assert used <= 1.5 * size
