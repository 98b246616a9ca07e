"""Which model answers a task, as promotions come and go."""

from __future__ import annotations

import time
from collections import Counter

import pytest
from fakeredis import FakeRedis

from bot import task
from bot.adapters.memory import ScriptedModel
from bot.adapters.redis.registry import RedisRegistry
from bot.answers.prompts import Wording
from bot.answers.summarizer import Summarizer
from bot.calls.transcript import Transcript, Turn
from bot.errors import (
    MalformedReply,
    ModelError,
    ModelRejected,
    ModelThrottled,
    ModelUnavailable,
    StoreUnavailable,
    UnknownModel,
)
from bot.models.audit import Entry
from bot.models.canary import Canary
from bot.models.champion import Champion, Reign
from bot.serving.router import KEPT_S, USED_S, Router, Uses
from bot.settings import SHIPPED_PROMPTS

TASK = task.load(SHIPPED_PROMPTS / "moderate")
CALL = Transcript("c", (Turn(0, "other", "Hello"),))
FINE = '{"toxic": false, "categories": []}'


class Registry(RedisRegistry):
    """A registry whose reads of who answers, or notes of who answered, can be made to fail."""

    down: StoreUnavailable | None = None
    takes_no_notes: StoreUnavailable | None = None

    def answering(self, task: str) -> tuple[Champion, Canary | None]:
        if self.down:
            raise self.down
        return super().answering(task)

    def use(self, id_: str, at: float) -> None:
        if self.takes_no_notes:
            raise self.takes_no_notes
        super().use(id_, at)


class Bench:
    """Champions on a store, with models that are scripted and a clock that is set."""

    def __init__(self, *failing: ModelError) -> None:
        self.models, self.now = Registry(FakeRedis()), 0.0
        self.failing, self.made = list(failing), 0
        uses = Uses(self.models, lambda: self.now)
        self.champions = Router(self.models, lambda: self._summarizer("usual", []), self._make, lambda: self.now, uses)
        self.was = Champion()

    def promote(self, name: str) -> None:
        at = self.was.at + 1
        reign = Reign(model=name, answers=name, family="embedded", dataset="d", by="ana", at=at)
        self._crown(self.was.followed_by(reign))

    def canary(self, share: float = 0.5, channels: tuple[str, ...] = ()) -> Canary:
        canary = Canary(
            task="moderate", model="m2", answers="m2", family="embedded", dataset="d", by="ana", at=1.0, share=share,
            channels=channels, champion=self.was.now.answers if self.was.now else "usual", beside=self.was.at,
        )  # fmt: skip
        assert self.models.keep_canary(canary, None, Entry(at=1.0, who="ana", did="canary", task="moderate", what="m2"))
        return canary

    def arms(self, channel: str | None = "C1") -> dict[str, int]:
        """Who answers forty calls a moment later."""
        self.now += KEPT_S
        summarizer = self.champions("moderate", channel)
        calls = [Transcript(f"call-{n}", CALL.turns) for n in range(40)]
        return dict(Counter(summarizer.answer(TASK, call).model for call in calls))

    def roll_back(self) -> None:
        self._crown(self.was.rolled_back(self.was.at + 1))

    def answers(self, later_s: float = KEPT_S) -> str:
        """Who answers a moment later."""
        self.now += later_s
        return self.champions("moderate").answer(TASK, CALL).model

    def _crown(self, champion: Champion) -> None:
        entry = Entry(at=champion.at, who="ana", did="promote", task="moderate", what="m")
        assert self.models.crown("moderate", champion, self.was, entry)
        self.was = champion

    def _make(self, _task: str, reign: Reign) -> Summarizer:
        self.made += 1
        if reign.answers == "gone":
            raise UnknownModel("It is gone.")
        return self._summarizer(reign.answers, self.failing)

    def _summarizer(self, name: str, failing: list[ModelError]) -> Summarizer:
        model = ScriptedModel([*failing, *[FINE] * 99])
        model.id = name
        return Summarizer(model, Wording.load(SHIPPED_PROMPTS), time.perf_counter)


def test_the_usual_model_answers_before_the_first_promotion() -> None:
    assert Bench().answers() == "usual"


def test_a_promotion_is_noticed_within_a_second_and_not_before() -> None:
    bench = Bench()
    bench.answers()

    bench.promote("m1")

    assert [bench.answers(0.1), bench.answers(KEPT_S)] == ["usual", "m1"]


def test_after_a_roll_back_the_one_before_answers() -> None:
    bench = Bench()
    for name in ("m1", "m2"):
        bench.promote(name)

    bench.roll_back()
    before = bench.answers()
    bench.roll_back()

    assert (before, bench.answers()) == ("m1", "usual")


def test_an_answer_in_flight_finishes_on_the_model_that_it_began_with() -> None:
    bench = Bench()
    bench.promote("m1")
    bench.now += KEPT_S
    in_flight = bench.champions("moderate")

    bench.promote("m2")

    assert (bench.answers(), in_flight.answer(TASK, CALL).model) == ("m2", "m1")


def test_a_champion_is_made_once() -> None:
    bench = Bench()
    bench.promote("m1")

    for _ in range(5):
        bench.answers()

    assert bench.made == 1


def test_a_champion_that_cannot_be_made_leaves_the_answers_to_the_usual_model() -> None:
    bench = Bench()
    bench.promote("gone")

    assert bench.answers() == "usual"


def test_where_the_champions_endpoint_fails_the_usual_model_answers_and_its_name_says_so() -> None:
    bench = Bench(ModelUnavailable("down"), ModelRejected("no rights"))
    bench.promote("m1")

    assert [bench.answers() for _ in range(3)] == ["usual", "usual", "m1"]


def test_while_the_store_does_not_answer_the_last_known_champion_does() -> None:
    bench = Bench()
    bench.promote("m1")
    bench.answers()

    bench.models.down = StoreUnavailable("down")

    assert bench.answers() == "m1"


def test_when_a_champion_last_answered_is_known_to_the_minute() -> None:
    bench = Bench()
    bench.promote("m1")

    bench.answers()
    first, _ = bench.models.used("m1"), bench.answers(USED_S / 2)
    within, _ = bench.models.used("m1"), bench.answers(USED_S / 2)

    assert (first, within, bench.models.used("m1")) == (KEPT_S, KEPT_S, KEPT_S + USED_S)


def test_a_champion_whose_endpoint_fails_was_not_used() -> None:
    bench = Bench(ModelUnavailable("down"))
    bench.promote("m1")

    bench.answers()

    assert bench.models.used("m1") is None


def test_an_answer_does_not_hang_on_the_note_of_it() -> None:
    bench = Bench()
    bench.promote("m1")

    bench.models.takes_no_notes = StoreUnavailable("down")

    assert bench.answers() == "m1"


def test_a_canary_takes_its_share_of_a_channels_calls() -> None:
    bench = Bench()
    bench.promote("m1")
    bench.canary()

    arms = bench.arms()

    assert set(arms) == {"m1", "m2"}
    assert 8 <= arms["m2"] <= 32


def test_the_same_call_stays_with_its_arm() -> None:
    bench = Bench()
    bench.canary()

    assert bench.arms() == bench.arms()


def test_a_canary_in_some_channels_takes_nothing_elsewhere() -> None:
    bench = Bench()
    bench.canary(channels=("C2",))

    assert bench.arms() == {"usual": 40}
    assert set(bench.arms("C2")) == {"usual", "m2"}


def test_without_a_channel_the_champion_answers_every_call() -> None:
    bench = Bench()
    bench.canary()

    assert bench.arms(None) == {"usual": 40}


def test_what_the_challenger_cannot_answer_the_champion_does_and_it_is_counted() -> None:
    bench = Bench(MalformedReply("no answer"), MalformedReply("no answer"), ModelUnavailable("down"))
    canary = bench.canary()

    arms = bench.arms()

    tries = bench.models.tries(canary)
    assert tries["challenger:failed"] == 3
    assert tries["challenger:asked"] == arms["m2"] + 3
    assert tries["champion:asked"] == 40 - tries["challenger:asked"]


def test_a_challenger_that_cannot_be_made_leaves_every_call_to_the_champion() -> None:
    bench = Bench()
    canary = bench.canary()
    gone = canary.model_copy(update={"answers": "gone"})
    assert bench.models.keep_canary(gone, canary, Entry(at=1.0, who="ana", did="x", task="moderate", what="m2"))

    assert bench.arms() == {"usual": 40}
    assert bench.models.tries(gone)["challenger:failed"] > 0


def test_a_promotion_ends_the_canary_at_once() -> None:
    bench = Bench()
    bench.canary()

    bench.promote("m1")

    assert bench.arms() == {"m1": 40}


def test_a_canary_that_is_stopped_takes_no_call_a_second_later() -> None:
    bench = Bench()
    canary = bench.canary()
    bench.arms()

    stopped = canary.model_copy(update={"state": "stopped"})
    assert bench.models.keep_canary(stopped, canary, Entry(at=2.0, who="ana", did="x", task="moderate", what="m2"))

    assert bench.arms() == {"usual": 40}


def test_where_the_challenger_is_throttled_nobody_waits_for_it() -> None:
    bench = Bench(ModelThrottled("slow down"))
    canary = bench.canary(share=0.9)

    arms = bench.arms()

    assert sum(arms.values()) == 40
    assert bench.models.tries(canary)["challenger:failed"] == 1


def test_a_champion_that_is_throttled_has_failed_by_the_same_rule() -> None:
    bench = Bench(ModelThrottled("slow down"))
    bench.promote("m1")
    canary = bench.canary(share=0.01)

    with pytest.raises(ModelThrottled):
        bench.arms()

    assert bench.models.tries(canary)["champion:failed"] == 1
