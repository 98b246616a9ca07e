"""Who may ask, who is an admin, who is an agent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from bot import settings
from bot.queue.request import WrapUpRequest
from handlers.slack.people import REMEMBERED_S, People
from tests.doubles.canned_slack import CannedSlack


@pytest.fixture
def slack() -> Iterator[CannedSlack]:
    with CannedSlack() as canned:
        yield canned


def people(slack: CannedSlack, clock: Any = lambda: 0.0, **environ: str) -> People:
    return People(slack.client(), settings.read(environ), clock)


def asked(user_team: str = "") -> WrapUpRequest:
    return WrapUpRequest(id="r", kind="mention", team="T1", channel="C1", user="U1", at=0.0, user_team=user_team)


def is_(slack: CannedSlack, **user: Any) -> None:
    slack.answers["users.info"] = {"ok": True, "user": {"id": "U1", "team_id": "T1"} | user}


def test_a_member_may_ask(slack: CannedSlack) -> None:
    is_(slack)

    assert people(slack).may_ask(asked())


@pytest.mark.parametrize(
    "user",
    [{"is_restricted": True}, {"is_ultra_restricted": True}, {"is_stranger": True}, {"team_id": "T9"}],
    ids=["guest", "single-channel guest", "stranger", "of another company"],
)
def test_guests_and_people_of_other_companies_may_not(slack: CannedSlack, user: dict[str, Any]) -> None:
    is_(slack, **user)

    assert not people(slack).may_ask(asked())
    assert people(slack, WRAPUP_ALLOW_EXTERNAL="1").may_ask(asked())


def test_a_message_from_another_workspace_is_from_another_company(slack: CannedSlack) -> None:
    is_(slack)

    assert not people(slack).may_ask(asked(user_team="T9"))


def test_what_slack_told_is_remembered_for_a_while(slack: CannedSlack) -> None:
    is_(slack)
    now = [0.0]
    known = people(slack, lambda: now[0])

    for now[0] in (0.0, REMEMBERED_S - 1, REMEMBERED_S):
        known.may_ask(asked())

    assert slack.asked == ["users.info"] * 2


def test_an_admin_is_one_by_id_or_by_group(slack: CannedSlack) -> None:
    slack.answers["usergroups.users.list"] = {"ok": True, "users": ["U2"]}
    known = people(slack, WRAPUP_ADMINS="U1,S1")

    assert [known.is_admin(user) for user in ("U1", "U2", "U3")] == [True, True, False]


def test_without_the_right_to_see_groups_nobody_is_in_one(slack: CannedSlack) -> None:
    slack.answers["usergroups.users.list"] = {"ok": False, "error": "missing_scope"}

    assert not people(slack, WRAPUP_ADMINS="S1").is_admin("U2")


def test_membership_is_read_to_the_last_page(slack: CannedSlack) -> None:
    slack.answers["conversations.members"] = {"ok": True, "members": ["U1"], "response_metadata": {"next_cursor": ""}}

    assert [people(slack).is_member(user, "C1") for user in ("U1", "U2")] == [True, False]


def test_admins_are_named_once_with_the_members_of_their_groups(slack: CannedSlack) -> None:
    slack.answers["usergroups.users.list"] = {"ok": True, "users": ["U2", "U1"]}

    assert people(slack, WRAPUP_ADMINS="U1 S1").admins() == ["U1", "U2"]


def test_who_has_left_has_no_direct_messages(slack: CannedSlack) -> None:
    slack.answers["conversations.open"] = {"ok": False, "error": "user_not_found"}

    assert people(slack).direct("U1") == ""
