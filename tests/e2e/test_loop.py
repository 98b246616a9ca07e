"""Admins take the loop around in Slack: the bot, a worker, the local Slack, the embedded family."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.settings import read
from bot.wiring import Wiring
from sandbox.child import Child, wait_for
from sandbox.slack import Message, Slack
from sandbox.workspace import BOT, HANA, PRIYA, SUPPORT, TOM
from tests.doubles.bots import CALL, Bots, answer, filled, private, running, shown
from tests.doubles.made_pairs import settle, taught

PAIRS = 360  # of which 38 are held out: enough for a verdict
SETTINGS = {
    "WRAPUP_ADMINS": f"{PRIYA.id} {HANA.id}",
    "WRAPUP_ADMIN_CHANNEL": SUPPORT,
    "WRAPUP_FAMILY": "embedded",
    "WRAPUP_POLL_S": "0.2",
    "WRAPUP_LEASE_SECONDS": "4",
    "WRAPUP_CHARTS": "image",
}


def taught_to(found: Bots) -> Bots:
    settle(Wiring(read(found.env)).services.pairs, *map(taught, range(PAIRS)))
    return found


@pytest.fixture
def bots(http_slack: Slack, tmp_path: Path) -> Iterator[Bots]:
    with running(http_slack, tmp_path, **SETTINGS) as found:
        yield taught_to(found)


@pytest.fixture
def two_people(http_slack: Slack, tmp_path: Path) -> Iterator[Bots]:
    with running(http_slack, tmp_path, WRAPUP_TWO_PERSON="1", **SETTINGS) as found:
        yield taught_to(found)


def card(slack: Slack, text: str) -> Message:
    """The one card in the admins' channel, once it shows the text."""

    def cards() -> list[Message]:
        return [m for m in slack.messages(SUPPORT) if "*Next:*" in shown(m)]

    found = wait_for(f"a card with {text!r}", lambda: [m for m in cards() if text in shown(m)])
    assert len(cards()) == 1
    return found[0]


def pictures(slack: Slack) -> list[str]:
    """The charts that stand in the card's thread."""
    return [file["name"] for message in slack.messages(SUPPORT) for file in message.get("files", [])]


def press(slack: Slack, step: str, where: str, user: str = PRIYA.id) -> None:
    """Presses the step's button, once the card shows `where` the loop is."""
    slack.press(user, card(slack, where), f"step_{step}")


def proposed(slack: Slack) -> None:
    slack.command(PRIYA.id, "/retrain")
    press(slack, "start", "train and test")
    slack.submit(PRIYA.id, filled(wait_for("the form", slack.modal)))
    card(slack, "Nothing has started yet")


@pytest.mark.usefixtures("bots")
def test_the_loop_goes_round_on_one_card(http_slack: Slack) -> None:
    slack = http_slack
    proposed(slack)
    press(slack, "train", "Nothing has started yet")
    card(slack, "Promote the new model")
    wait_for("the chart", lambda: pictures(slack))
    press(slack, "promote", "Promote the new model")
    card(slack, "promoted by")

    by_the_new_one = shown(answer(slack, slack.say(TOM.id, f"<@{BOT}> {CALL}")))
    press(slack, "rollback", "promoted by")
    card(slack, "(default)")

    assert "embedded:" in by_the_new_one
    assert len(pictures(slack)) == 1


@pytest.mark.usefixtures("bots")
def test_a_press_that_slack_sends_twice_is_taken_once(http_slack: Slack) -> None:
    slack = http_slack
    proposed(slack)
    press(slack, "train", "Nothing has started yet")

    assert slack.redeliver("interactive") == 200

    card(slack, "Promote the new model")
    slack.command(PRIYA.id, "/retrain", "history")
    assert shown(private(slack, PRIYA.id, "The last")).count(" · start · ") == 1


@pytest.mark.usefixtures("bots")
def test_a_new_card_takes_the_place_of_the_older_one(http_slack: Slack) -> None:
    slack = http_slack
    slack.command(PRIYA.id, "/retrain")
    older = card(slack, "train and test")

    slack.command(HANA.id, "/retrain", "summarize")

    (line,) = wait_for("the line", lambda: [m for m in slack.messages(SUPPORT) if "newer card below" in shown(m)])
    assert line["ts"] == older["ts"]
    assert card(slack, "train and test")["ts"] > older["ts"]


@pytest.mark.usefixtures("two_people")
def test_a_second_admin_approves_and_the_first_may_not(http_slack: Slack) -> None:
    slack = http_slack
    proposed(slack)
    press(slack, "train", "Nothing has started yet")

    press(slack, "approve", "asked to start the job")
    refused = private(slack, SUPPORT, "you asked for it yourself")
    press(slack, "approve", "asked to start the job", HANA.id)

    assert refused
    card(slack, "Promote the new model")


def test_killed_while_it_trains_and_while_it_evaluates_the_loop_ends_well(
    http_slack: Slack, bots: Bots, tmp_path: Path
) -> None:
    slack = http_slack
    proposed(slack)
    press(slack, "train", "Nothing has started yet")

    card(slack, "The job is running: training")
    bots.worker.process.kill()
    with Child(["python", "-m", "handlers.worker"], tmp_path / "second.log", env=bots.env) as second:
        card(slack, "Reading the test calls")
        second.process.kill()
        with Child(["python", "-m", "handlers.worker"], tmp_path / "third.log", env=bots.env):
            card(slack, "Promote the new model")

    slack.command(PRIYA.id, "/retrain", "history")
    told = shown(private(slack, PRIYA.id, "The last"))
    assert [told.count(f" · {did} · ") for did in ("start", "training Completed", "evaluate")] == [1, 1, 1]


def test_what_does_not_fit_is_told_at_its_field_and_what_fails_on_the_card(http_slack: Slack, tmp_path: Path) -> None:
    slack, without_aws = http_slack, {"AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": str(tmp_path / "none")}
    with running(slack, tmp_path, **SETTINGS | {"WRAPUP_FAMILY": "nova-lite"} | without_aws) as bots:
        taught_to(bots)
        slack.command(PRIYA.id, "/retrain")
        press(slack, "start", "train and test")
        modal = wait_for("the form", slack.modal)

        slack.submit(PRIYA.id, filled(modal, epochCount="9"))
        refused = slack.modal()
        slack.submit(PRIYA.id, filled(modal, epochCount="3"))

        assert refused
        card(slack, "⚠️ Prepare the job:")


@pytest.mark.usefixtures("bots")
def test_others_get_a_polite_no(http_slack: Slack) -> None:
    slack = http_slack
    slack.command(PRIYA.id, "/retrain")

    slack.command(TOM.id, "/retrain", "rollback")
    press(slack, "start", "train and test", TOM.id)

    assert private(slack, TOM.id, "is for admins")
    assert slack.modal() is None


@pytest.mark.usefixtures("bots")
def test_what_cannot_be_done_is_told_to_who_asked(http_slack: Slack) -> None:
    http_slack.command(PRIYA.id, "/retrain", "stop")

    assert private(http_slack, PRIYA.id, "No job is running, so there is nothing to stop.")
