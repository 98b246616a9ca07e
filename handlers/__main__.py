"""Runs the bot in Socket Mode: `python -m handlers`. It accepts requests; a worker answers them."""

from __future__ import annotations

import logging
import signal
import sys
import threading

from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from bot import wiring
from bot.errors import SettingsError, WrapupError
from bot.observing import log_to_stderr
from bot.settings import read, require
from handlers.api import ask
from handlers.app import LISTENERS, make_app
from handlers.telemetry import Telemetry

log = logging.getLogger("handlers")


def main() -> None:
    """Listens until SIGTERM or SIGINT. Exit code 1: the settings, the store or Slack are not well."""
    log_to_stderr()
    try:
        settings = read()
        require(settings, "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN")
        services = wiring.services(settings, LISTENERS)
        app = make_app(settings, services, Telemetry(services.queue))
        app_token = settings.app_token or ""
        _check_app(app.client, app_token)
        listening = SocketModeHandler(app, app_token, concurrency=LISTENERS)
        listening.connect()  # type: ignore[no-untyped-call]
    except WrapupError as error:
        sys.exit(str(error))
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    log.info("listening", extra={"fields": {"mode": "socket"}})
    stopping.wait()
    listening.close()  # type: ignore[no-untyped-call]
    log.info("stopped")


def _check_app(client: WebClient, app_token: str) -> None:
    """Raises SettingsError where the two tokens are of different apps: an app token tells its app (`xapp-1-A...-`)."""
    parts = app_token.split("-")
    bot = ask(client.bots_info, bot=ask(client.auth_test)["bot_id"]).get("bot") or {}
    if len(parts) > 3 and parts[2].startswith("A") and parts[2] != bot.get("app_id"):
        raise SettingsError(
            f"SLACK_APP_TOKEN: it is of the app {parts[2]}, and SLACK_BOT_TOKEN is of {bot.get('app_id')}."
        )


if __name__ == "__main__":
    main()
