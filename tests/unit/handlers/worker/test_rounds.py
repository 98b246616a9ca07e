"""Rounds follow each other whatever becomes of one."""

from __future__ import annotations

import logging

import pytest

from bot.errors import SlackUnavailable, StoreUnavailable
from handlers.worker.rounds import Rounds


class Enough(BaseException):
    """Ends rounds that run for ever."""


def pauses(*rounds: bool | Exception) -> list[float]:
    """The seconds that were slept between rounds with these outcomes, one each."""
    outcomes, slept = iter(rounds), list[float]()

    def work() -> bool:
        outcome = next(outcomes, None)
        if outcome is None:
            raise Enough
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    with pytest.raises(Enough):
        Rounds("looking", work, 5.0).run(slept.append)
    return slept


@pytest.mark.parametrize(
    ("outcomes", "slept"),
    [
        ((False, False), [5.0, 5.0]),
        ((True, False), [5.0]),
        ((ValueError("ours"), False), [5.0, 5.0]),
        ((StoreUnavailable("It does not answer."), False), [5.0, 5.0]),
        ((SlackUnavailable("ratelimited", 17.0), SlackUnavailable("ratelimited", 1.0)), [17.0, 5.0]),
    ],
    ids=["as often as told", "at once if there is more to do", "after a fault", "without the store", "as Slack asks"],
)
def test_another_round_follows(outcomes: tuple[bool | Exception, ...], slept: list[float]) -> None:
    assert pauses(*outcomes) == slept


def test_the_log_says_which_round_failed_and_why(caplog: pytest.LogCaptureFixture) -> None:
    pauses(StoreUnavailable("It does not answer."), ValueError("ours"))

    assert [record.levelno for record in caplog.records] == [logging.WARNING, logging.ERROR]
    assert [vars(record)["fields"]["round"] for record in caplog.records] == ["looking", "looking"]
