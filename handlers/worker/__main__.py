"""Runs a worker: `python -m handlers.worker`."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading

from bot.errors import WrapupError
from bot.json_logs import log_to_stderr
from bot.settings import read, require
from bot.wiring import WORKER_TIMEOUT_S, Wiring, usual_threads
from handlers.telemetry import Telemetry
from handlers.worker.build import all_rounds, make_worker

log = logging.getLogger("handlers.worker")


def main() -> None:
    """Works until SIGTERM or SIGINT, then ends within 20 s. Exit code 1: settings, store or Slack have a problem."""
    log_to_stderr()
    try:
        settings = read()
        require(settings, "SLACK_BOT_TOKEN")
        threads = usual_threads(settings)
        wiring = Wiring(settings, threads, WORKER_TIMEOUT_S)
        telemetry = Telemetry(wiring.store.queue)
        worker, hearing, live_cards = make_worker(wiring, telemetry, threads)
        rounds = all_rounds(wiring, live_cards)
    except WrapupError as error:
        sys.exit(str(error))
    if settings.metrics_port:
        telemetry.serve(settings.metrics_port)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: worker.stop())
    hearing.start()
    for each in rounds:
        each.start()
    log.info("working", extra={"fields": {"threads": threads, "model": settings.model_id}})
    worker.run()
    log.info("stopped", extra={"fields": {"threads_left": threading.active_count() - 1}})
    sys.stderr.flush()
    os._exit(0)  # jobs that still run were handed back, and must not keep the process alive


if __name__ == "__main__":
    main()
