"""The bot's token must be of the workspace whose calls the store holds."""

from __future__ import annotations

import pytest

from bot.errors import SettingsError, SlackRefused
from handlers.app import identify
from tests.doubles.canned_slack import CannedSlack
from tests.doubles.slack_side import services


def test_a_new_store_belongs_to_the_first_workspace() -> None:
    with CannedSlack(**{"auth.test": {"ok": True, "team_id": "T1", "user_id": "U0"}}) as slack:
        me = identify(slack.client(), services())

    assert me["user_id"] == "U0"


def test_a_token_of_another_workspace_is_refused() -> None:
    given = services()
    given.queue.claim_workspace("T1")

    with (
        CannedSlack(**{"auth.test": {"ok": True, "team_id": "T2", "user_id": "U0"}}) as slack,
        pytest.raises(SettingsError, match="workspace T2, but this store holds the calls of T1"),
    ):
        identify(slack.client(), given)


def test_a_token_that_slack_does_not_accept_is_told() -> None:
    with (
        CannedSlack(**{"auth.test": {"ok": False, "error": "invalid_auth"}}) as slack,
        pytest.raises(SlackRefused, match="install the app again"),
    ):
        identify(slack.client(), services())
