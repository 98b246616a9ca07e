"""Events become pairs, masked, whatever order they come in."""

from __future__ import annotations

import random
from typing import Any

import pytest
from fakeredis import FakeRedis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import task
from bot.adapters.memory import MemoryPairs
from bot.adapters.redis.answers import RedisAnswers
from bot.adapters.redis.queue import RedisQueue
from bot.adapters.redis.registry import RedisRegistry
from bot.answers.answer import Answer, KeptAnswer, KeptAnswers, Source
from bot.answers.summary import Summary
from bot.calls.transcript import Transcript, Turn, to_lines
from bot.datasets.minhash import signature
from bot.datasets.second_scan import Scan, from_bytes, scanned
from bot.errors import UnknownAnswer, UnknownCall
from bot.feedback.pair import Pair
from bot.feedback.reviews import Mask, Reviews
from bot.feedback.votes_and_corrections import Event
from bot.models.audit import Entry
from bot.models.canary import Canary
from bot.queue.request import WrapUpRequest
from bot.settings import SHIPPED_PROMPTS

TASKS = {"summarize": task.load(SHIPPED_PROMPTS / "summarize")}
OUTPUT = {"summary": "Jane wants a refund.", "topics": ["refund"], "action_items": [], "next_steps": []}
BETTER = OUTPUT | {"summary": "Jane gets her refund."}
TURNS = (Turn(0, "agent", "Hello Jane"), Turn(1, "customer", "I want a refund"))
KEY = "r1#0"


def kept(number: int = 0, call: str = "c1", source: Source = "upload") -> KeptAnswer:
    answer = Answer(call, "summarize", "embedded", "abc", Summary.model_validate(OUTPUT), (), 1, None, 5)
    return KeptAnswer(f"r1#{number}", "r1", "", "U1", "C1", Transcript(call, TURNS), answer, source, at=1.0)


def masked(turns: tuple[Turn, ...], output: dict[str, Any]) -> tuple[tuple[Turn, ...], dict[str, Any]]:
    """Takes out one name, in place of the real masking."""
    without = {"output": output["output"], "own": output["own"]}
    texts = {name: value | {"summary": value["summary"].replace("Jane", "[NAME_1]")} for name, value in without.items()}
    return tuple(Turn(t.index, t.speaker, t.text.replace("Jane", "[NAME_1]")) for t in turns), texts


class Desk:
    """Reviews on stores in the process, with one request answered."""

    def __init__(self, *answers: KeptAnswer, mask: Mask | None = masked, train_on_threads: bool = False) -> None:
        client = FakeRedis()
        self.answers, self.pairs, self.queue = RedisAnswers(client, TASKS, 30), MemoryPairs(), RedisQueue(client)
        self.models = RedisRegistry(client)
        self.reviews = Reviews(self.answers, self.pairs, self.queue, self.models, mask, 7, self.scan, train_on_threads)
        self.answers.keep("r1", KeptAnswers(answers or (kept(),)))

    @staticmethod
    def scan(pair: Pair) -> bytes:
        return scanned(pair, "standard")


def vote(user: str = "U1", at: float = 1.0, up: bool | None = True) -> Event:
    return Event(kind="vote", id=f"v-{user}-{at}", user=user, at=at, by="button", up=up)


def correction(user: str = "U1", at: float = 2.0, output: dict[str, Any] = BETTER) -> Event:
    return Event(kind="correction", id=f"c-{user}-{at}", user=user, at=at, output=output)


def test_an_approved_answer_is_a_pair_with_all_that_is_known_of_it() -> None:
    desk = Desk()

    change = desk.reviews.take(KEY, vote())

    (pair,) = desk.pairs.all()
    assert (change.before.state, change.after.state, change.news) == ("open", "approved", True)
    assert (pair.label, pair.source, pair.channel, pair.reviewers) == ("approved", "upload", "C1", ("U1",))
    assert (pair.model, pair.prompt, pair.redaction, pair.asked_at, pair.at) == ("embedded", "abc", 7, 1.0, 1.0)


def test_a_pair_is_masked_in_transcript_output_and_what_was_rejected() -> None:
    desk = Desk()

    desk.reviews.take(KEY, correction())

    (pair,) = desk.pairs.all()
    assert pair.transcript == "[0] agent: Hello [NAME_1]\n[1] customer: I want a refund"
    assert pair.output["summary"] == "[NAME_1] gets her refund."
    assert (pair.rejected or {})["summary"] == "[NAME_1] wants a refund."


def test_what_a_second_scan_finds_is_kept_with_the_pair() -> None:
    desk = Desk(mask=None)

    desk.reviews.take(KEY, vote())

    (stored,) = desk.pairs.stored()
    found = from_bytes(stored.scan, stored.text, "standard")
    assert found == Scan(signature(to_lines(TURNS)), whole=True, personal=("NAME",))


def test_without_masking_the_pair_says_so() -> None:
    desk = Desk(mask=None)

    desk.reviews.take(KEY, vote())

    (pair,) = desk.pairs.all()
    assert (pair.redaction, pair.output["summary"]) == (0, "Jane wants a refund.")


def test_a_thread_makes_a_pair_only_where_the_customer_allows_it() -> None:
    desks = [Desk(kept(source="thread"), train_on_threads=allowed) for allowed in (False, True)]

    for desk in desks:
        desk.reviews.take(KEY, vote())

    assert [len(list(desk.pairs.all())) for desk in desks] == [0, 1]


def test_an_answer_that_is_no_longer_kept_takes_no_events() -> None:
    with pytest.raises(UnknownAnswer, match="no longer kept"):
        Desk().reviews.take("r9#0", vote())


def test_a_forgotten_call_takes_its_request_along_while_it_is_under_way() -> None:
    desk = Desk()
    request = WrapUpRequest(id="r1", kind="mention", team="T1", channel="C1", user="U1", at=0.0)
    desk.queue.accept(request, None)
    (job,) = desk.queue.take(1, 10)
    desk.reviews.take(KEY, vote())

    assert desk.reviews.forget("c1") == ["r1"]

    assert not desk.queue.hold(job, posting=True)
    assert (desk.answers.of("r1"), list(desk.pairs.all())) == (None, [])


def test_other_calls_of_the_same_request_stay() -> None:
    desk = Desk(kept(), kept(1, "c2"))
    for key in ("r1#0", "r1#1"):
        desk.reviews.take(key, vote())

    desk.reviews.forget("c1")

    left = desk.answers.of("r1")
    assert [each.answer.call for each in left.answers] == ["c2"] if left else False
    assert [pair.call for pair in desk.pairs.all()] == ["c2"]


def test_what_was_never_kept_cannot_be_forgotten() -> None:
    with pytest.raises(UnknownCall, match="c9"):
        Desk().reviews.forget("c9")


def test_feedback_on_a_forgotten_call_is_no_news() -> None:
    desk = Desk()
    desk.pairs.forget("c1", [KEY])

    assert not desk.reviews.take(KEY, vote()).news


events = st.lists(
    st.one_of(
        st.builds(vote, st.sampled_from(["U1", "U2"]), st.integers(0, 5).map(float), st.sampled_from([True, False, None])),
        st.builds(correction, st.sampled_from(["U1", "U2"]), st.integers(0, 5).map(float), st.sampled_from([OUTPUT, BETTER])),
    ),
    max_size=8,
    unique_by=lambda event: event.id,
)  # fmt: skip


@given(events, st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_order_and_repetition_ends_in_the_same_state_and_pairs(some: list[Event], chance: random.Random) -> None:
    again = [*some, *chance.choices(some, k=4)] if some else []
    chance.shuffle(again)
    first, second = Desk(), Desk()

    for event in some:
        first.reviews.take(KEY, event)
    for event in again:
        second.reviews.take(KEY, event)

    assert first.reviews.standing(KEY) == second.reviews.standing(KEY)
    assert list(first.pairs.all()) == list(second.pairs.all())


def test_what_is_said_of_a_canarys_answers_counts_for_the_arm_whose_model_made_them() -> None:
    desk = Desk(kept(0), kept(1, "c2"))
    canary = Canary(
        task="summarize", model="embedded", answers="embedded", family="embedded", dataset="d", by="ana", at=0.5, share=0.5,
        champion="other", beside=0.0,
    )  # fmt: skip
    desk.models.keep_canary(canary, None, Entry(at=1.0, who="ana", did="canary", task="summarize", what="embedded"))

    desk.reviews.take("r1#0", vote())
    desk.reviews.take("r1#1", vote())
    desk.reviews.take("r1#1", correction())

    votes = {name: n for name, n in desk.pairs.votes(canary.id).items() if n}
    assert votes == {"challenger:approved": 1, "challenger:corrected": 1}
