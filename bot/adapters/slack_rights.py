"""Checks Slack's tokens and their rights."""

from __future__ import annotations

import http.client
from collections.abc import Callable
from typing import Any

from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse, WebClient

from bot.errors import SettingsError, SlackRefused, SlackUnavailable
from bot.slack_manifest import lacking

TIMEOUT_S = 10
INSTALL_AGAIN = "Put manifest.json into the app's settings (App Manifest), then install the app again."


def rights(bot_token: str, api_url: str) -> str:
    """Returns one line that says whose the bot token is.

    Raises SlackRefused if the token is invalid or lacks scopes (a line for each), or SlackUnavailable.
    """
    client = _client(bot_token, api_url)
    me = _ask(client.auth_test, "SLACK_BOT_TOKEN")
    who = f"@{me.get('user')} in {me.get('team')} ({me.get('team_id')})"
    told = {name.lower(): value for name, value in me.headers.items()}.get("x-oauth-scopes")
    if not isinstance(told, str):
        return f"{who}; Slack does not tell the token's scopes"
    if missing := lacking({scope.strip() for scope in told.split(",")}):
        raise SlackRefused("missing_scope", "\n".join([f"{who} lacks scopes. {INSTALL_AGAIN}", *missing]))
    return f"{who} has all scopes"


def socket_mode(app_token: str, bot_token: str, api_url: str) -> str:
    """Returns one line that says that Socket Mode can run.

    Raises SettingsError if the tokens belong to different apps, SlackRefused or SlackUnavailable.
    """
    client = _client(bot_token, api_url)
    ours, bots = _app_of(app_token), _bots_app(client)
    if ours and bots and ours != bots:
        raise SettingsError(f"SLACK_APP_TOKEN is of the app {ours}, and SLACK_BOT_TOKEN is of {bots}.")
    _ask(client.apps_connections_open, "SLACK_APP_TOKEN", app_token=app_token)
    return "`bot` can listen"


def _client(token: str, api_url: str) -> WebClient:
    return WebClient(token=token, base_url=api_url, timeout=TIMEOUT_S, retry_handlers=[])


def _app_of(app_token: str) -> str:
    """Returns the app in an app token (`xapp-1-A...-`), or ""."""
    parts = app_token.split("-")
    return parts[2] if len(parts) > 3 and parts[2].startswith("A") else ""


def _bots_app(client: WebClient) -> str:
    """Returns the id of the bot's app, or "" if Slack doesn't say it."""
    try:
        me = _ask(client.auth_test, "SLACK_BOT_TOKEN")
        about = _ask(client.bots_info, "SLACK_BOT_TOKEN", bot=me.get("bot_id")).get("bot") or {}
    except SlackRefused:
        return ""
    return str(about.get("app_id") or "")


def _ask(method: Callable[..., SlackResponse], token_name: str, **arguments: Any) -> SlackResponse:
    try:
        return method(**arguments)
    except SlackApiError as error:
        response = error.response
        word = str(response.get("error") or "") if isinstance(response.data, dict) else ""
        reason = word if word.replace("_", "").isalnum() else f"status {response.status_code}"
        if response.status_code == 429 or response.status_code >= 500:
            raise SlackUnavailable("Slack does not answer at the moment.") from error
        raise SlackRefused(reason, f"Slack refuses {token_name}: {reason}.") from error
    except (OSError, http.client.HTTPException, SlackClientError) as error:
        raise SlackUnavailable("Slack cannot be reached: check SLACK_API_URL and the network.") from error
