"""Builds the Bolt app with all its listeners."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor

from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

from bot.errors import SettingsError
from bot.wiring import Services, Wiring
from handlers.listeners import register
from handlers.retrain.listeners import Means
from handlers.slack import api
from handlers.slack.people import People
from handlers.telemetry import Telemetry

LISTENERS = 32  # threads; a listener takes milliseconds, or as long as one call of Slack's API


def make_app(wiring: Wiring, telemetry: Telemetry) -> App:
    """The app with all listeners. Requests must be verified before they get here (wsgi.py), or come by Socket Mode.

    It answers Slack only after the listener has finished, so that Slack sends a request again if we couldn't store it.
    Raises SlackError, or SettingsError if the bot's token doesn't fit this store.
    """
    settings, services = wiring.settings, wiring.services
    client = api.client(settings.bot_token or "", settings.slack_api_url)
    me = identify(client, services)
    known = AuthorizeResult.from_auth_test_response(auth_test_response=me, bot_token=client.token)
    app = App(
        logger=logging.getLogger("slack_bolt"),
        client=client,
        authorize=lambda: known,
        process_before_response=True,
        request_verification_enabled=False,
        listener_executor=ThreadPoolExecutor(LISTENERS, thread_name_prefix="listener"),
    )
    people = People(client, settings)
    means = Means(
        client, services.queue, people, settings, services.tasks, services.pairs,
        wiring.training.promoter, wiring.training.retraining,
    )  # fmt: skip
    given = {"telemetry": telemetry, "people": people, "means": means}
    register(app, vars(services) | given)
    return app


def identify(client: WebClient, services: Services) -> SlackResponse:
    """The user and workspace of the bot's token. Raises SettingsError if the store belongs to another workspace."""
    me = api.ask(client.auth_test)
    owner = services.queue.claim_workspace(str(me["team_id"]))
    if owner != me["team_id"]:
        raise SettingsError(
            f"SLACK_BOT_TOKEN: this token is for the workspace {me['team_id']}, but this store holds the calls of {owner}. "
            f"Use a token of {owner}, or another store."
        )
    return me
