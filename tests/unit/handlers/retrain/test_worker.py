"""Steps of the loop that do not go through at once: what is waited for, what is told, and what ends."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fakeredis import FakeRedis

from bot.adapters.redis.queue import RedisQueue
from bot.errors import JobRefused, ModelThrottled
from bot.models.prices import Prices
from bot.queue.request import Request, StepRequest
from bot.retraining.next_step import next_step
from handlers.retrain.live_card import LiveCards
from handlers.retrain.worker import Steps, paced
from handlers.slack.reply import Reply
from handlers.telemetry import Telemetry
from handlers.worker.desk import Desk, Handler
from tests.doubles.canned_slack import CannedSlack
from tests.doubles.retraining_bench import TASK, Bench

NONE: Any = None  # of what steps have no need


class Office:
    """One worker that takes steps on one loop; `now` is set."""

    def __init__(self, bench: Bench, slack: CannedSlack) -> None:
        self.bench, self.queue, self.now = bench, RedisQueue(FakeRedis()), 0.0
        boards = LiveCards(
            slack.client(), bench.retraining, bench.models, self.queue, bench, [TASK], Prices(), "native"
        )
        reply_to = lambda job: Reply(slack.client(), self.queue, job)  # noqa: E731
        self.steps = Steps(bench.retraining, boards, self.queue, NONE, reply_to)
        handlers: dict[type[Request], Handler] = {StepRequest: Handler(self.steps.take, self.steps)}
        self.desk = Desk(self.queue, handlers, reply_to, Telemetry(self.queue), patience_s=900.0, now=lambda: self.now)

    def evaluate(self, fault: Exception | None, now: float = 0.0) -> None:
        """Has the worker evaluate the challenger, which goes wrong so."""
        self.bench.fault, self.now = fault, now
        request = StepRequest(
            id=f"r{now}", step="evaluate", team="T1", channel="C1", user="U1", at=0.0, task=TASK, of="m"
        )
        self.queue.accept(request, None)
        for job in self.queue.take(10, 60):
            self.desk.handle(job)

    @property
    def waiting(self) -> int:
        return self.queue.health().waiting


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with CannedSlack(**{"chat.update": {"ok": True}, "chat.postMessage": {"ok": True, "ts": "1.0"}}) as slack:
        bench = Bench(tmp_path)
        bench.trained()
        yield Office(bench, slack)


def test_what_may_yet_go_well_is_waited_for_and_the_card_says_so(office: Office) -> None:
    office.evaluate(ModelThrottled("Too many requests."))

    told = next_step(office.bench.loop)
    assert (told.step, told.text) == ("wait", "The model is busy. I'll keep trying until 00:15 UTC.")
    assert office.waiting == 1


def test_what_did_not_go_well_in_all_that_time_is_told_with_an_incident(office: Office) -> None:
    office.evaluate(ModelThrottled("Too many requests."), now=1_000.0)

    agenda = office.bench.loop.agenda
    assert agenda.trouble is not None
    assert "(Incident " in agenda.trouble.text
    assert (agenda.doing, office.waiting) == (None, 0)


def test_what_is_refused_is_told_in_its_own_words(office: Office) -> None:
    office.evaluate(JobRefused("The model was deleted: train it again."))

    agenda = office.bench.loop.agenda
    assert agenda.trouble is not None
    assert (agenda.trouble.text, office.waiting) == ("The model was deleted: train it again.", 0)


def test_what_nobody_thought_of_shows_no_word_of_the_exception(office: Office) -> None:
    office.evaluate(KeyError("secret"))

    agenda = office.bench.loop.agenda
    assert agenda.trouble is not None
    assert agenda.trouble.text.startswith("Something went wrong on our side. (Incident ")


def test_the_next_step_that_goes_well_takes_the_trouble_away(office: Office) -> None:
    office.evaluate(JobRefused("The model was deleted."))

    office.evaluate(None, now=1.0)

    agenda = office.bench.loop.agenda
    assert (agenda.trouble, agenda.doing, next_step(office.bench.loop).step) == (None, None, "promote")


def test_progress_is_written_once_a_second_at_most() -> None:
    said: list[str] = []
    clock = [0.0]
    say = paced(said.append, lambda: clock[0])

    for at, text in ((0.0, "a"), (0.9, "b"), (1.0, "c"), (1.5, "d")):
        clock[0] = at
        say(text)

    assert said == ["a", "c"]
