"""The manifest of Wrapup's Slack app, with the purpose of each scope and event."""

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

# What the bot couldn't do without each scope.
SCOPES = {
    "app_mentions:read": "see that somebody mentions it in a channel",
    "assistant:write": "suggest first messages in its Messages tab",
    "channels:history": "read the thread of a request, and find its own reply again, in public channels",
    "channels:read": "check that a person who gives `/summarize` a link is a member of that public channel",
    "chat:write": "answer, show its progress, and delete an answer",
    "commands": "offer `/summarize`, `/retrain` and “Wrap up this call”",
    "files:read": "read the call logs that people upload",
    "files:write": "post files in the thread: answers that are too long for a message, and charts",
    "groups:history": "do in private channels what `channels:history` does in public ones",
    "groups:read": "check that a person who gives `/summarize` a link is a member of that private channel",
    "im:history": "read what people write to it in a direct message",
    "im:read": "check that a person who gives `/summarize` a link takes part in that direct message",
    "im:write": "send direct messages: the full text of a long private answer, and cards and notices for admins",
    "mpim:history": "do in group messages what `channels:history` does in public channels",
    "mpim:read": "check that a person who gives `/summarize` a link takes part in that group message",
    "reactions:read": "count 👍 and 👎 on its answers as votes",
    "reactions:write": "show with 👀 that it has seen a request",
    "usergroups:read": "look up who is in the user groups of `WRAPUP_ADMINS`, `WRAPUP_AGENTS` and `WRAPUP_REVIEWERS`",
    "users:read": "name the people in a thread, and recognise guests and people of other companies",
}

# What each event tells the bot.
EVENTS = {
    "app_home_opened": "somebody opens the Messages tab, so it suggests first messages",
    "app_mention": "somebody mentions it in a channel",
    "message.channels": "somebody mentions the bot in the comment of a file: Slack may send only this event",
    "message.groups": "the same in private channels",
    "message.im": "somebody writes to it in a direct message, or in the Messages tab",
    "message.mpim": "the same as `message.channels` in group messages",
    "reaction_added": "somebody reacts to a message; 👍 and 👎 on an answer are votes",
    "reaction_removed": "somebody removes a reaction, which takes back their vote",
}

NEXT_STEPS = """\
1. Open the link above, choose the workspace, press Create.
2. Install App: press Install, and copy the token that starts with xoxb- to SLACK_BOT_TOKEN.
3. Basic Information, App-Level Tokens: generate one with the scope connections:write, and copy it (xapp-) to
   SLACK_APP_TOKEN.
4. wrapup check          checks that the tokens are valid and have all permissions
5. python -m handlers    (`bot` in the Procfile) and, beside it, python -m handlers.worker    (`worker`)
6. In Slack: /invite @Wrapup into a channel, and mention it with a call log."""

HTTP_STEPS = """
1. Copy the signing secret (Basic Information, App Credentials) to SLACK_SIGNING_SECRET and start `web` and `worker`.
2. Put the manifest above into the app's settings (App Manifest) and save: Slack then checks at once that `web` answers.
3. Stop `bot`: from now on Slack sends its requests to `web`."""


def manifest() -> dict[str, Any]:
    """The app's manifest, for Socket Mode."""
    loaded: dict[str, Any] = json.loads(MANIFEST.read_text("utf-8"))
    return loaded


def over_http(socket_mode: dict[str, Any], address: str) -> dict[str, Any]:
    """The manifest for the HTTP mode, in which Slack sends its requests to `address`.

    Raises ValueError if Slack can't send to that address.
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
    """The manifest as text for Slack's settings."""
    return json.dumps(app_manifest, ensure_ascii=False, indent=2)


def request_url(address: str) -> str:
    """The URL for Slack's requests: the address of `web` (https) with its path. Raises ValueError as `over_http` does."""
    parts = urlsplit(address)
    if parts.scheme != "https" or not parts.hostname or parts.query or parts.fragment:
        raise ValueError(f"{address} isn't an address that Slack can use. It must look like https://wrapup.example.com")
    return address.rstrip("/").removesuffix(EVENTS_PATH) + EVENTS_PATH


def link(app_manifest: dict[str, Any]) -> str:
    """The Slack page that creates an app from this manifest."""
    return NEW_APP + quote(json.dumps(app_manifest, ensure_ascii=False, separators=(",", ":")), safe="")


def lacking(granted: Collection[str]) -> list[str]:
    """What the bot can't do because of missing scopes, a line for each."""
    return [f"{scope} is missing: the bot can't {use}" for scope, use in SCOPES.items() if scope not in granted]
