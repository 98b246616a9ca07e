"""What Slack's refusals mean to us."""

from __future__ import annotations

import pytest

from bot.errors import SlackRefused, SlackUnavailable
from handlers.slack.api import ask, try_to
from tests.doubles.canned_slack import CannedSlack


def test_what_slack_did_is_given_back() -> None:
    with CannedSlack(**{"auth.test": {"ok": True, "user_id": "U1"}}) as slack:
        assert ask(slack.client().auth_test)["user_id"] == "U1"


def test_to_slow_down_is_told_with_its_time() -> None:
    with (
        CannedSlack(**{"auth.test": (429, {"Retry-After": "7"}, b"{}")}) as slack,
        pytest.raises(SlackUnavailable) as told,
    ):
        ask(slack.client().auth_test)

    assert (told.value.after_s, told.value.done_perhaps) == (7.0, False)


@pytest.mark.parametrize("answer", [(500, {}, b"oops"), (503, {}, b"{}"), {"ok": False, "error": "internal_error"}])
def test_after_an_error_of_slacks_own_it_may_have_been_done(answer: object) -> None:
    with CannedSlack(**{"auth.test": answer}) as slack, pytest.raises(SlackUnavailable) as told:
        ask(slack.client().auth_test)

    assert told.value.done_perhaps


def test_without_a_way_to_slack_it_may_have_been_done() -> None:
    with CannedSlack() as slack:
        client = slack.client()

    with pytest.raises(SlackUnavailable, match="reach Slack"):
        ask(client.auth_test)


def test_a_refusal_says_what_to_do() -> None:
    answer = {"ok": False, "error": "not_in_channel"}
    with CannedSlack(**{"chat.postMessage": answer}) as slack, pytest.raises(SlackRefused, match="/invite") as told:
        ask(slack.client().chat_postMessage, channel="C1", text="hello")

    assert told.value.reason == "not_in_channel"


def test_an_unknown_refusal_is_told_by_slacks_word() -> None:
    answer = {"ok": False, "error": "some_new_word"}
    with CannedSlack(**{"auth.test": answer}) as slack, pytest.raises(SlackRefused, match="some_new_word"):
        ask(slack.client().auth_test)


def test_what_the_answer_does_not_hang_on_may_fail() -> None:
    with CannedSlack() as slack:
        assert not try_to(slack.client().reactions_add, channel="C1", timestamp="1.0", name="eyes")
