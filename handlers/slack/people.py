"""The role of a person in this workspace: member, guest, admin, reviewer, agent."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from typing import Any, TypeVar

from slack_sdk import WebClient

from bot.errors import SlackRefused
from bot.queue.request import Request
from bot.settings import Settings
from handlers.slack.api import ask, pages

REMEMBERED_S = 600.0  # so that one answer doesn't ask Slack the same again and again

T = TypeVar("T")


class People:
    """Asks Slack about people and user groups, and remembers the answers for ten minutes. Threads may share it."""

    def __init__(self, client: WebClient, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        self._client, self._settings, self._clock = client, settings, clock
        self._known: dict[str, tuple[float, Any]] = {}

    def may_ask(self, request: Request) -> bool:
        """False for guests and people of other companies, unless the settings allow them."""
        at_home = self._settings.allow_external or request.user_team in ("", request.team)
        return at_home and self.is_ours(request.user, request.team)

    def is_ours(self, user: str, team: str) -> bool:
        """Whether somebody is a full member of the workspace, or the settings allow everybody."""
        if self._settings.allow_external:
            return True
        found = self._user(user)
        guest = found.get("is_restricted") or found.get("is_ultra_restricted") or found.get("is_stranger")
        return not guest and found.get("team_id") in (None, team)

    def name(self, user: str) -> str:
        """The name that Slack shows for a person; "someone" if it shows none."""
        found = self._user(user)
        profile = found.get("profile") or {}
        return str(profile.get("display_name") or found.get("real_name") or found.get("name") or "someone")

    def is_admin(self, user: str) -> bool:
        return self._is_one_of(user, self._settings.admins)

    def admins(self) -> list[str]:
        """All admins, with those from user groups, each once. Raises SlackUnavailable."""
        named = self._settings.admins
        found = [user for each in named for user in (self._group(each) if each.startswith("S") else [each])]
        return list(dict.fromkeys(found))

    def direct(self, user: str) -> str:
        """The channel of our direct messages with a person; "" if Slack has none, for example because they left."""
        try:
            return str(ask(self._client.conversations_open, users=user)["channel"]["id"])
        except SlackRefused:
            return ""

    def is_reviewer(self, user: str) -> bool:
        """Whether their votes and corrections become training data. If the settings name no reviewers, everybody's do."""
        return not self._settings.reviewers or self._is_one_of(user, self._settings.reviewers)

    def is_named_reviewer(self, user: str) -> bool:
        return bool(self._settings.reviewers) and self.is_reviewer(user)

    def is_bot(self, user: str) -> bool:
        return bool(self._user(user).get("is_bot"))

    def is_agent(self, user: str) -> bool:
        return self._is_one_of(user, self._settings.agents)

    def is_member(self, user: str, channel: str) -> bool:
        """Whether the person is a member of a channel, as Slack says now."""
        members = pages(self._client.conversations_members, channel=channel, limit=1000)
        return any(user in (page.get("members") or ()) for page in members)

    def _is_one_of(self, user: str, ids: Collection[str]) -> bool:
        return user in ids or any(user in self._group(group) for group in ids if group.startswith("S"))

    def _user(self, user: str) -> dict[str, Any]:
        return self._remembered(user, lambda: dict(ask(self._client.users_info, user=user).get("user") or {}), {})

    def _group(self, group: str) -> list[str]:
        asked = self._client.usergroups_users_list
        return self._remembered(group, lambda: list(ask(asked, usergroup=group).get("users") or ()), [])

    def _remembered(self, key: str, look: Callable[[], T], unknown: T) -> T:
        """The result of `look`, or the one it gave lately; `unknown` if Slack refuses."""
        value: T
        at, value = self._known.get(key, (-REMEMBERED_S, unknown))
        if self._clock() - at >= REMEMBERED_S:
            try:
                value = look()
            except SlackRefused:
                value = unknown
            self._known[key] = (self._clock(), value)
        return value
