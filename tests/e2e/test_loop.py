"""Admins take the loop around in Slack: the bot, a worker, the local Slack, the embedded family."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot import wiring
from bot.settings import read
from sandbox.child import wait_for
from sandbox.slack import Message, Slack
from sandbox.workspace import BOT, HANA, PRIYA, TOM
from tests.e2e.bots import CALL, Bots, answer, filled, running, shown
from tests.made_pairs import settle, taught

PAIRS = 360
SOON_S = 60.0
ADMINS = {"WRAPUP_ADMINS": f"{PRIYA.id} {HANA.id}", "WRAPUP_FAMILY": "embedded", "WRAPUP_POLL_S": "0.2"}


@pytest.fixture(scope="module")
def bots(events_slack: Slack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bots]:
    with running(events_slack, tmp_path_factory.mktemp("bot"), **ADMINS) as found:
        settle(wiring.services(read(found.env), 1).pairs, *map(taught, range(PAIRS)))
        yield found


@pytest.fixture
def slack(events_slack: Slack, bots: Bots) -> Slack:
    return events_slack


def cards(slack: Slack, user: str = PRIYA.id) -> list[Message]:
    return [m for m in slack.messages(slack.conversation(user)) if "*Next:*" in shown(m)]


def card(slack: Slack, text: str, user: str = PRIYA.id) -> Message:
    """The one card, once it shows the text."""
    found = wait_for(
        f"a card with {text!r}", lambda: [m for m in cards(slack, user) if text in shown(m)], seconds=SOON_S
    )
    assert len(cards(slack, user)) == 1
    return found[0]


def test_the_loop_goes_round_in_slack(slack: Slack) -> None:
    slack.command(PRIYA.id, "/retrain")
    slack.press(PRIYA.id, card(slack, "to judge it"), "step_start")
    modal = wait_for("the form", slack.modal)
    slack.submit(PRIYA.id, filled(modal))
    slack.press(PRIYA.id, card(slack, "Nothing was started yet"), "step_train")
    slack.press(PRIYA.id, card(slack, "Promote the challenger"), "step_promote")
    promoted = card(slack, "promoted by")

    asked = slack.say(TOM.id, f"<@{BOT}> {CALL}")
    by_the_new_one = shown(answer(slack, asked))
    slack.press(PRIYA.id, promoted, "step_rollback")
    card(slack, "as the settings say")

    assert "embedded:" in by_the_new_one
