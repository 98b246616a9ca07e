"""Calls Slack's Web API, and translates its errors into ours."""

from __future__ import annotations

import http.client
from collections.abc import Callable, Iterator
from typing import Any

from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse, WebClient

from bot.errors import SlackError, SlackRefused, SlackUnavailable

TIMEOUT_S = 10

# Slack's error code -> what to do. Other codes are shown as they are.
REMEDIES = {
    "missing_scope": "The app lacks a permission for this. An admin can see which one with `wrapup check`.",
    "not_in_channel": "I'm not in this channel. Invite me with `/invite @Wrapup` and ask again.",
    "channel_not_found": "I can't see this channel. Invite me with `/invite @Wrapup` and ask again.",
    "is_archived": "This channel is archived.",
    "msg_too_long": "The answer is too long for a message.",
    "invalid_auth": "Slack no longer accepts the bot's token. An admin must install the app again.",
    "account_inactive": "The app was removed from this workspace. An admin must install it again.",
    "token_revoked": "The bot's token was revoked. An admin must install the app again.",
    "restricted_action": "A setting of this workspace doesn't let me post here.",
    "file_not_found": "The file no longer exists, or I don't have access to it.",
    "file_deleted": "The file was deleted.",
}
SLOW_DOWN = ("ratelimited", "rate_limited", "message_limit_exceeded")
DOWN = ("internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org")


def client(token: str, api_url: str) -> WebClient:
    """A client that sends each request once, because the queue tries a job again and nothing else should."""
    return WebClient(token=token, base_url=api_url, timeout=TIMEOUT_S, retry_handlers=[])


def ask(method: Callable[..., SlackResponse], **arguments: Any) -> SlackResponse:
    """Slack's answer. Raises SlackUnavailable or SlackRefused."""
    try:
        return method(**arguments)
    except SlackApiError as error:
        raise _translated(error) from error
    except (OSError, http.client.HTTPException, SlackClientError) as error:
        raise SlackUnavailable("I can't reach Slack.", done_perhaps=True) from error


def pages(method: Callable[..., SlackResponse], **arguments: Any) -> Iterator[SlackResponse]:
    """Slack's answer page by page; each page is loaded when it is needed. Raises as `ask` does."""
    cursor = ""
    while True:
        page = ask(method, cursor=cursor, **arguments)
        yield page
        if not (cursor := (page.get("response_metadata") or {}).get("next_cursor") or ""):
            return


def try_to(method: Callable[..., SlackResponse], **arguments: Any) -> bool:
    """Asks for something optional; False if Slack didn't do it."""
    try:
        ask(method, **arguments)
    except SlackError:
        return False
    return True


def _translated(error: SlackApiError) -> SlackError:
    response = error.response
    status = response.status_code
    word = str(response.get("error") or "") if isinstance(response.data, dict) else ""
    reason = word if word.replace("_", "").isalnum() else ""
    if status == 429 or reason in SLOW_DOWN:
        after = str(response.headers.get("Retry-After") or response.headers.get("retry-after") or "1")
        return SlackUnavailable("Slack is limiting our requests.", float(after) if after.isdigit() else 1.0)
    if status >= 500 or reason in DOWN:
        return SlackUnavailable("Slack has a problem at the moment.", done_perhaps=True)
    return SlackRefused(reason, REMEDIES.get(reason, f"Slack refused: {reason or f'status {status}'}."))
