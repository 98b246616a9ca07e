"""The cards of the loop, kept as things are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fakeredis import FakeRedis

from bot.adapters.redis.queue import RedisQueue
from bot.models.prices import Prices
from bot.queue.request import StepRequest
from bot.retraining.pending import Card
from handlers.retrain.live_card import PACE_S, LiveCards
from handlers.slack.reply import Reply
from handlers.worker.rounds import Rounds
from tests.doubles.canned_slack import CannedSlack
from tests.doubles.retraining_bench import TASK, Bench

GONE = {"ok": False, "error": "message_not_found"}


class Enough(BaseException):
    """Ends a loop that lives for ever."""


class Wall:
    """One worker's boards on the loop of one task."""

    def __init__(self, bench: Bench, slack: CannedSlack) -> None:
        self.bench, self.slack, self.queue, self.paused = bench, slack, RedisQueue(FakeRedis()), list[float]()
        self.boards = LiveCards(
            slack.client(), bench.retraining, bench.models, self.queue, bench, [TASK], Prices(), "native"
        )  # fmt: skip

    def post(self, number: int, ts: str) -> None:
        self.slack.answers["chat.postMessage"] = {"ok": True, "ts": ts}
        request = StepRequest(id=f"r{number}", step="status", task=TASK, team="T1", channel="C1", user="U1", at=0.0)
        self.queue.accept(request, None)
        (job,) = self.queue.take(1, 60)
        self.boards.post(request, Reply(self.slack.client(), self.queue, job))
        self.queue.finish(job, ts)

    def tend(self, passes: int = 1) -> None:
        """Lets it look that often."""
        self.passes = passes
        with pytest.raises(Enough):
            Rounds("cards", self.boards.round, PACE_S).run(self._sleep)

    def updates(self) -> int:
        return self.slack.asked.count("chat.update")

    @property
    def cards(self) -> list[Card]:
        return self.bench.models.cards()

    def _sleep(self, seconds: float) -> None:
        self.paused.append(seconds)
        self.passes -= 1
        if not self.passes:
            raise Enough


@pytest.fixture
def wall(tmp_path: Path) -> Iterator[Wall]:
    with CannedSlack(**{"chat.update": {"ok": True}}) as slack:
        yield Wall(Bench(tmp_path), slack)


def test_a_card_is_drawn_anew_when_the_loop_changed_and_only_then(wall: Wall) -> None:
    wall.post(1, "1.0")
    wall.tend(3)
    before = wall.updates()

    wall.bench.propose()
    wall.tend(3)

    assert (before, wall.updates()) == (0, 1)


def test_a_new_card_makes_a_line_of_the_older_one(wall: Wall) -> None:
    wall.post(1, "1.0")

    wall.post(2, "2.0")

    assert ([card.ts for card in wall.cards], wall.updates()) == (["2.0"], 1)


def test_a_card_that_two_draw_at_once_is_drawn_once_more(wall: Wall, monkeypatch: pytest.MonkeyPatch) -> None:
    wall.post(1, "1.0")
    wall.bench.propose()
    keep = wall.bench.models.keep_card

    def overtaken(card: Card, was: Card | None) -> bool:
        monkeypatch.setattr(wall.bench.models, "keep_card", keep)
        assert was is not None
        keep(was.model_copy(update={"digest": "of another"}), was)
        return keep(card, was)

    monkeypatch.setattr(wall.bench.models, "keep_card", overtaken)
    wall.boards.redraw(TASK)

    assert [card.digest for card in wall.cards] == [""]


def test_a_card_that_somebody_deleted_is_forgotten(wall: Wall) -> None:
    wall.post(1, "1.0")
    wall.bench.propose()

    wall.slack.answers["chat.update"] = GONE
    wall.tend()

    assert not wall.cards


def test_where_slack_asks_to_slow_down_it_is_waited(wall: Wall) -> None:
    wall.post(1, "1.0")
    wall.bench.propose()

    wall.slack.answers["chat.update"] = (429, {"Retry-After": "17"}, b"")
    wall.tend()

    assert (wall.paused, len(wall.cards)) == ([17.0], 1)


def test_what_goes_wrong_once_does_not_end_the_watch(wall: Wall) -> None:
    wall.post(1, "1.0")
    wall.bench.propose()
    wall.slack.answers["chat.update"] = {"ok": False, "error": "not_allowed_token_type"}
    wall.tend()

    wall.slack.answers["chat.update"] = {"ok": True}
    wall.tend()

    assert wall.updates() == 2


def test_a_card_that_slack_refuses_keeps_no_evaluation_from_its_beginning(wall: Wall) -> None:
    wall.post(1, "1.0")
    wall.bench.trained()

    wall.slack.answers["chat.update"] = {"ok": False, "error": "not_in_channel"}
    wall.tend()

    assert len(wall.queue.take(10, 60)) == 1


def test_what_answers_is_evaluated_without_being_asked_for_once(wall: Wall) -> None:
    wall.bench.trained()

    wall.tend(3)

    requests = [job.request for job in wall.queue.take(10, 60)]
    assert [(each.step, each.of) for each in requests if isinstance(each, StepRequest)] == [("evaluate", "m")]
