"""Answers are kept with their calls, on a real Valkey."""

from __future__ import annotations

from dataclasses import replace

import pytest
from redis import Redis

from bot import task
from bot.adapters.redis.answers import RedisAnswers
from bot.adapters.redis.client import as_text
from bot.answers.answer import Answer, KeptAnswer, KeptAnswers
from bot.answers.reply import Usage
from bot.answers.summary import Summary
from bot.calls.transcript import Transcript, Turn
from bot.errors import UnknownTask
from bot.settings import SHIPPED_PROMPTS
from bot.task import Unverified

TASKS = {"summarize": task.load(SHIPPED_PROMPTS / "summarize")}
OUTPUT = Summary.model_validate(
    {
        "summary": "Ein Anruf über die Heizung.",
        "topics": ["billing"],
        "action_items": [{"task": "call back", "owner": "agent", "due": "Friday", "turn": 1}],
        "next_steps": ["call back"],
    }
)
ANSWER = Answer("c1", "summarize", "embedded", "abc", OUTPUT, (Unverified(0, "why"),), 2, Usage(10, 5), 120)
TRANSCRIPT = Transcript(
    "c1", (Turn(0, "agent", "Hi"), Turn(1, "customer", "Grüß Gott", "Ana", 1.5, 2.0)), "plain", ("n",)
)
KEPT = KeptAnswers(
    (KeptAnswer("r1#0", "r1", "call.vtt", "U1", "C1", TRANSCRIPT, ANSWER, "upload"),), (("b.json", "broken"),)
)


@pytest.fixture
def answers(client: Redis) -> RedisAnswers:
    client.flushall()
    return RedisAnswers(client, TASKS, keep_days=30)


def test_answers_come_back_as_they_were_kept(answers: RedisAnswers) -> None:
    answers.keep("r1", KEPT)

    assert answers.of("r1") == KEPT


def test_what_was_never_kept_is_none(answers: RedisAnswers) -> None:
    assert answers.of("r2") is None


def test_where_answers_are_shown_is_found_from_both_ends(answers: RedisAnswers) -> None:
    answers.place("r1", "C1", "2.0", "1.0")
    answers.place("r1", "C2", "3.0", "")

    assert answers.places("r1") == [("C1", "2.0", "1.0"), ("C2", "3.0", "")]
    assert [answers.at("C1", "2.0"), answers.at("C1", "9.9")] == ["r1", ""]


def test_what_was_made_of_a_message_is_found_by_the_message(answers: RedisAnswers) -> None:
    for request in ("r1", "r2", "r1"):
        answers.came_from(request, "C1", "1.0")

    assert (answers.made_of("C1", "1.0"), answers.made_of("C1", "9.9")) == (["r1", "r2"], [])


def test_forgotten_answers_are_gone(answers: RedisAnswers) -> None:
    answers.keep("r1", KEPT)

    answers.forget("r1")

    assert answers.of("r1") is None


def test_the_server_drops_them_after_the_days_to_keep(answers: RedisAnswers, client: Redis) -> None:
    answers.keep("r1", KEPT)

    answers.place("r1", "C1", "2.0", "")
    lives = {as_text(key).split(":")[1]: int(client.ttl(key)) for key in client.scan_iter("*")}
    assert {name for name, life in lives.items() if 29 * 86_400 < life <= 30 * 86_400} == {
        "answers", "feedback", "places", "at",
    }  # fmt: skip


def test_an_answer_of_a_task_that_is_gone_is_told(client: Redis, answers: RedisAnswers) -> None:
    answers.keep("r1", replace(KEPT))

    with pytest.raises(UnknownTask, match="summarize"):
        RedisAnswers(client, {}, keep_days=30).of("r1")
