"""Admins make a dataset of the collected pairs: the bot, a worker, the local Slack, the embedded family."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator

import pytest
import urllib3

from sandbox.child import wait_for
from sandbox.slack import Message, Slack
from sandbox.workspace import BOT, BOT_TOKEN, MARCO, PRIYA, TOM
from tests.doubles.bots import SAMPLES, Bots, answer, fresh, private, running, shown


@pytest.fixture(scope="module")
def bots(events_slack: Slack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bots]:
    settings = {"WRAPUP_ADMINS": PRIYA.id, "WRAPUP_FAMILY": "embedded", "WRAPUP_PERSON_PER_MINUTE": "1000"}
    with running(events_slack, tmp_path_factory.mktemp("bot"), **settings) as found:
        yield found


@pytest.fixture
def slack(events_slack: Slack, bots: Bots) -> Slack:
    return events_slack


def direct(slack: Slack, text: str) -> Message:
    """The last of the bot's direct messages to the admin with this text in it."""
    found = wait_for(text, lambda: [m for m in slack.messages(slack.conversation(PRIYA.id)) if text in shown(m)])
    return found[-1]


@pytest.fixture(scope="module")
def card(events_slack: Slack, bots: Bots) -> Message:
    """The card of a dataset that was exported: all samples were wrapped up and approved before."""
    reply = answer(events_slack, events_slack.upload(TOM.id, *sorted(SAMPLES.glob("*.*")), text=f"<@{BOT}>"))
    events_slack.react(MARCO.id, reply, "+1")
    wait_for("the vote on each call", lambda: shown(fresh(events_slack, reply)).count("approved") > 5)
    events_slack.command(PRIYA.id, "/retrain", "export")
    return direct(events_slack, "training examples for")


def test_without_pairs_there_is_nothing_to_export(slack: Slack) -> None:
    slack.command(PRIYA.id, "/retrain", "export")

    assert "no pair" in shown(direct(slack, "no pair"))


def test_a_dataset_comes_as_a_card_and_as_a_file(slack: Slack, card: Message) -> None:
    assert "train.jsonl" in shown(card)
    slack.press(PRIYA.id, card, "download_dataset")
    (file,) = wait_for(
        "the file", lambda: [f for m in slack.messages(slack.conversation(PRIYA.id)) for f in m.get("files", [])]
    )
    packed = urllib3.request("GET", file["url_private"], headers={"Authorization": f"Bearer {BOT_TOKEN}"}).data
    assert {"train.jsonl", "manifest.json"} <= set(zipfile.ZipFile(io.BytesIO(packed)).namelist())


@pytest.mark.usefixtures("card")
def test_an_export_leaves_a_line_of_the_audit(bots: Bots) -> None:
    command = [sys.executable, "-m", "bot", "audit", "--json"]

    def lines() -> list[dict[str, str]]:
        done = subprocess.run(command, capture_output=True, text=True, env=os.environ | bots.env, check=True)
        return list(json.loads(done.stdout))

    assert wait_for("the line", lambda: [line for line in lines() if line["did"] == "export"])[0]["who"] == PRIYA.id


@pytest.mark.usefixtures("card")
def test_the_history_shows_who_did_what(slack: Slack) -> None:
    slack.command(PRIYA.id, "/retrain", "history")

    assert "export" in shown(private(slack, PRIYA.id, "The last"))


def test_without_a_promotion_there_is_nothing_to_roll_back(slack: Slack) -> None:
    slack.command(PRIYA.id, "/retrain", "rollback")

    assert "No model has been promoted" in shown(private(slack, PRIYA.id, "No model has been promoted"))


def test_what_was_collected_is_shown_with_who_answers(slack: Slack) -> None:
    slack.command(PRIYA.id, "/retrain", "pairs")

    assert "summarize: embedded" in shown(private(slack, PRIYA.id, "Current model"))


@pytest.mark.usefixtures("card")
def test_the_same_dataset_is_not_written_again(slack: Slack) -> None:
    slack.command(PRIYA.id, "/retrain", "export summarize")

    assert direct(slack, "already there")


def test_others_get_a_polite_no(slack: Slack) -> None:
    slack.command(TOM.id, "/retrain", "export")

    assert "is for admins" in shown(private(slack, TOM.id, "is for admins"))


def test_what_it_takes_is_told(slack: Slack) -> None:
    slack.command(PRIYA.id, "/retrain", "everything")

    assert private(slack, PRIYA.id, "/retrain rollback [TASK]")
