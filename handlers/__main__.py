"""Runs the bot in Socket Mode (`python -m handlers`): it accepts requests, and a worker answers them."""

from __future__ import annotations

import logging
import signal
import sys
import threading

from slack_bolt.adapter.socket_mode import SocketModeHandler

from bot.errors import WrapupError
from bot.json_logs import log_to_stderr
from bot.settings import read, require
from bot.wiring import Wiring, check_socket_mode
from handlers.app import LISTENERS, make_app
from handlers.telemetry import Telemetry

log = logging.getLogger("handlers")


def main() -> None:
    """Listens until SIGTERM or SIGINT. Exit code 1: settings, store or Slack have a problem."""
    log_to_stderr()
    try:
        settings = read()
        require(settings, "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN")
        wiring = Wiring(settings, LISTENERS)
        app = make_app(wiring, Telemetry(wiring.services.queue))
        check_socket_mode(settings)
        listening = SocketModeHandler(app, settings.app_token, concurrency=LISTENERS)
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


if __name__ == "__main__":
    main()
