"""Wrapup's app in Slack: its manifest, and what each right and event in it is for."""

from __future__ import annotations

import json
from collections.abc import Collection
from copy import deepcopy
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

MANIFEST = Path(__file__).resolve().parent.parent / "manifest.json"
EVENTS_PATH = "/slack/events"
NEW_APP = "https://api.slack.com/apps?new_app=1&manifest_json="

SCOPES = {
    "app_mentions:read": "hear that somebody mentions it in a channel",
    "assistant:write": "suggest first words in its Messages tab",
    "channels:history": "read the thread that it is asked about, and find its own reply again, in public channels",
    "channels:read": "check that whoever gives `/summarize` a link is a member of that public channel",
    "chat:write": "answer, show how far it is, and delete an answer",
    "commands": "offer `/summarize`, `/retrain` and “Wrap up this call”",
    "files:read": "read the call logs that people upload",
    "files:write": "put what is too long for a message, and the charts of a job, into files in the thread",
    "groups:history": "do in private channels what `channels:history` does in public ones",
    "groups:read": "check that whoever gives `/summarize` a link is a member of that private channel",
    "im:history": "read what people write to it in a direct message",
    "im:read": "check that whoever gives `/summarize` a link belongs to that direct message",
    "im:write": "send to one person alone what is too long for an answer that only they see, or what is for admins",
    "mpim:history": "do in group messages what `channels:history` does in public channels",
    "mpim:read": "check that whoever gives `/summarize` a link belongs to that group message",
    "reactions:read": "count 👍 and 👎 on its answers as votes",
    "reactions:write": "show by 👀 that it has heard a request",
    "usergroups:read": "look up who is in the user groups of `WRAPUP_ADMINS`, `WRAPUP_AGENTS` and `WRAPUP_REVIEWERS`",
    "users:read": "name the people in a thread, and tell guests and other companies' people from members",
}
"""Each scope of the manifest, as what the bot could not do without it."""

EVENTS = {
    "app_home_opened": "somebody opens the Messages tab: it suggests first words",
    "app_mention": "somebody mentions it in a channel",
    "message.channels": "a message with a file may come as this event alone where its comment mentions the bot",
    "message.groups": "the same in private channels",
    "message.im": "somebody writes to it in a direct message, or in the Messages tab",
    "message.mpim": "the same as `message.channels` in group messages",
    "reaction_added": "somebody reacts to a message; 👍 and 👎 on an answer are votes",
    "reaction_removed": "somebody takes a reaction back, and with it their vote",
}
"""Each event of the manifest, as what it tells the bot."""

NEXT_STEPS = """\
1. Open the link above, choose the workspace, press Create.
2. Install App: press Install, and copy the token that starts with xoxb- to SLACK_BOT_TOKEN.
3. Basic Information, App-Level Tokens: generate one with the scope connections:write, and copy it (xapp-) to
   SLACK_APP_TOKEN.
4. wrapup check          tells whether the tokens are good and have all rights
5. python -m handlers    (`bot` in the Procfile) and, beside it, python -m handlers.worker    (`worker`)
6. In Slack: /invite @Wrapup into a channel, and mention it with a call log."""

HTTP_STEPS = """
1. Copy the signing secret (Basic Information, App Credentials) to SLACK_SIGNING_SECRET and start `web` and `worker`.
2. Put the manifest above into the app's settings (App Manifest) and save: Slack asks `web` at once whether it is there.
3. Stop `bot`: from now on Slack sends its requests to `web`."""


def manifest() -> dict[str, Any]:
    """The app's manifest, for Socket Mode."""
    loaded: dict[str, Any] = json.loads(MANIFEST.read_text("utf-8"))
    return loaded


def over_http(socket_mode: dict[str, Any], address: str) -> dict[str, Any]:
    """The manifest with which Slack sends its requests to `address`.

    Raises ValueError where that is no address that Slack sends to.
    """
    url = request_url(address)
    changed = deepcopy(socket_mode)
    changed["settings"]["socket_mode_enabled"] = False
    changed["settings"]["event_subscriptions"]["request_url"] = url
    changed["settings"]["interactivity"]["request_url"] = url
    for command in changed["features"]["slash_commands"]:
        command["url"] = url
    return changed


def as_text(app_manifest: dict[str, Any]) -> str:
    """The manifest as Slack's settings take it."""
    return json.dumps(app_manifest, ensure_ascii=False, indent=2)


def request_url(address: str) -> str:
    """Where Slack sends its requests: the address of `web` (https) and the path that `web` listens at."""
    parts = urlsplit(address)
    if parts.scheme != "https" or not parts.hostname or parts.query or parts.fragment:
        raise ValueError(f"{address} is no address that Slack sends to: it must be as https://wrapup.example.com")
    return address.rstrip("/").removesuffix(EVENTS_PATH) + EVENTS_PATH


def link(app_manifest: dict[str, Any]) -> str:
    """The page of Slack that offers to create an app of this manifest: one click and a choice of workspace."""
    return NEW_APP + quote(json.dumps(app_manifest, ensure_ascii=False, separators=(",", ":")), safe="")


def lacking(granted: Collection[str]) -> list[str]:
    """What the bot cannot do with these scopes, a line for each that is missing."""
    return [f"{scope} is missing: it cannot {use}" for scope, use in SCOPES.items() if scope not in granted]
