"""Which model answers a task, as promotions come and go."""

from __future__ import annotations

import time

from fakeredis import FakeRedis

from bot import task
from bot.adapters.memory import ScriptedModel
from bot.adapters.models import RedisModels
from bot.errors import ModelError, ModelRejected, ModelUnavailable, StoreUnavailable, UnknownModel
from bot.model import Champion, Entry, Reign
from bot.prompts import Wording
from bot.serving import KEPT_S, USED_S, Champions, Uses
from bot.settings import SHIPPED_PROMPTS
from bot.summarizing import Summarizer
from bot.transcript import Transcript, Turn

TASK = task.load(SHIPPED_PROMPTS / "moderate")
CALL = Transcript("c", (Turn(0, "other", "Hello"),))
FINE = '{"toxic": false, "categories": []}'


class Bench:
    """Champions on a store, with models that are scripted and a clock that is set."""

    def __init__(self, *failing: ModelError) -> None:
        self.models, self.now = RedisModels(FakeRedis()), 0.0
        self.failing, self.made = list(failing), 0
        uses = Uses(self.models, lambda: self.now)
        self.champions = Champions(
            self.models, lambda: self._summarizer("usual", []), self._make, lambda: self.now, uses
        )
        self.was = Champion()

    def promote(self, name: str) -> None:
        at = self.was.at + 1
        reign = Reign(model=name, answers=name, family="embedded", dataset="d", by="ana", at=at)
        self._crown(self.was.followed_by(reign))

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
        model = ScriptedModel([*failing, *[FINE] * 9])
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

    class Down(RedisModels):
        def champion(self, task: str) -> Champion:
            raise StoreUnavailable("down")

    bench.champions._models = Down(FakeRedis())

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

    class Down(RedisModels):
        def use(self, id_: str, at: float) -> None:
            raise StoreUnavailable("down")

    bench.champions._used = Uses(Down(FakeRedis()), lambda: bench.now)

    assert bench.answers() == "m1"
