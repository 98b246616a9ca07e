"""A canary from its start to its end: bot and worker, the local Slack, the embedded family on a real Valkey."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.settings import read
from bot.wiring import Wiring
from sandbox.child import Child, wait_for
from sandbox.slack import Message, Slack
from sandbox.workspace import BOT, MARCO, PRIYA, TOM
from tests.doubles.bots import Bots, answer, running, shown
from tests.doubles.made_pairs import WORDS, pairs, settle

CALLS = 16


@dataclass
class Story:
    """A trained model that is the canary of the model on board, with half of all calls."""

    slack: Slack
    bots: Bots
    model: str = ""

    def wrapup(self, *words: str) -> Any:
        command = [sys.executable, "-m", "bot", *words, "--json"]
        done = subprocess.run(command, capture_output=True, text=True, env=os.environ | self.bots.env, check=True)
        return json.loads(done.stdout)

    def ask(self, number: int) -> Message:
        """The reply to the call of that number, which is not the same as any other's."""
        call = f"agent: Hello, how can I help?\ncustomer: My {WORDS[number]} is broken.\nagent: I will send a new one today."
        return answer(self.slack, self.slack.say(TOM.id, f"<@{BOT}>\n{call}"))

    def arm(self, reply: Message) -> str:
        return "challenger" if self.model in shown(reply) else "champion"

    def votes(self) -> dict[str, int]:
        counts = self.wrapup("canary")["counts"]
        return {arm: tally["approved"] + tally["rejected"] for arm, tally in counts.items()}


@pytest.fixture(scope="module")
def story(events_slack: Slack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    limits = dict.fromkeys(("WRAPUP_PERSON_PER_MINUTE", "WRAPUP_CHANNEL_PER_MINUTE"), "1000")
    settings = {
        "WRAPUP_ADMINS": PRIYA.id,
        "WRAPUP_FAMILY": "embedded",
        "WRAPUP_LEASE_SECONDS": "5",
        "WRAPUP_POLL_S": "0.2",
    }
    with running(events_slack, tmp_path_factory.mktemp("bot"), **limits, **settings) as bots:
        made = Story(events_slack, bots)
        settle(Wiring(read(bots.env)).services.pairs, *pairs(30))
        job = made.wrapup("train", "start", "--yes")["name"]
        made.model = made.wrapup("train", "watch", job)["model"]
        events_slack.command(PRIYA.id, "/retrain", "canary 50%")
        wait_for("the canary", lambda: made.wrapup("canary"), every=0.5)
        yield made


@pytest.fixture(scope="module")
def replies(story: Story) -> list[Message]:
    return [story.ask(number) for number in range(CALLS)]


@pytest.fixture(scope="module")
def sentence(story: Story, replies: list[Message], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Why the canary was stopped: people like the champion alone, and the worker is killed between two votes."""
    for number, reply in enumerate(replies):
        if number == CALLS // 2:
            story.bots.worker.signal(signal.SIGKILL)
        story.slack.react(MARCO.id, reply, "-1" if story.arm(reply) == "challenger" else "+1")
    log: Path = tmp_path_factory.mktemp("second") / "worker.log"
    with Child(["python", "-m", "handlers.worker"], log, env=story.bots.env):
        ended = wait_for("the end", lambda: _stopped(story.wrapup("canary")), every=0.5)
        yield str(ended["sentence"])


def _stopped(row: dict[str, Any]) -> dict[str, Any] | None:
    return row if row["state"] == "stopped" else None


def test_both_arms_answer_and_each_answer_names_its_model(story: Story, replies: list[Message]) -> None:
    asked = {arm: tally["asked"] for arm, tally in story.wrapup("canary")["counts"].items()}

    arms = [story.arm(reply) for reply in replies]
    assert asked == {arm: arms.count(arm) for arm in ("champion", "challenger")}
    assert min(asked.values()) >= 3


@pytest.mark.usefixtures("replies")
def test_a_call_that_is_asked_again_stays_with_its_arm(story: Story, replies: list[Message]) -> None:
    again = [story.arm(story.ask(number)) for number in range(3)]

    assert again == [story.arm(reply) for reply in replies[:3]]


def test_a_canary_that_people_dislike_ends_though_the_worker_was_killed(sentence: str) -> None:
    assert "The new model does worse: 0 of" in sentence
    assert "The current model answers every call again." in sentence


def test_no_vote_was_counted_twice(story: Story, replies: list[Message], sentence: str) -> None:
    votes = story.votes()

    assert sentence
    assert sum(votes.values()) <= len(replies)
    assert all(votes[arm] <= [story.arm(reply) for reply in replies].count(arm) for arm in votes)


@pytest.mark.usefixtures("sentence")
def test_after_the_end_the_champion_answers_every_call(story: Story, replies: list[Message]) -> None:
    challengers = [n for n, reply in enumerate(replies) if story.arm(reply) == "challenger"]

    assert {story.arm(story.ask(number)) for number in challengers[:3]} == {"champion"}


@pytest.mark.usefixtures("sentence")
def test_the_card_says_how_it_ended(story: Story) -> None:
    def cards() -> list[Message]:
        there = story.slack.messages(story.slack.conversation(PRIYA.id))
        return [
            m for m in there if "✋ *Canary*: the new model answered 50% of calls. The new model does worse" in shown(m)
        ]

    assert wait_for("the card", cards)


def test_the_admins_are_told_once(story: Story, sentence: str) -> None:
    def told() -> list[Message]:
        return [m for m in story.slack.messages(story.slack.conversation(PRIYA.id)) if sentence in m["text"]]

    assert len(wait_for("the notice", told)) == 1


@pytest.mark.usefixtures("sentence")
def test_a_pair_names_the_model_that_made_its_answer(story: Story, replies: list[Message]) -> None:
    with_channel = [pair for pair in Wiring(read(story.bots.env)).services.pairs.all() if pair.channel != "C1"]

    champions = [reply for reply in replies if story.arm(reply) == "champion"]
    assert {pair.model for pair in with_channel} == {"embedded"}
    assert 0 < len(with_channel) <= len(champions)
