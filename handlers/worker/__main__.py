"""Runs a worker: `python -m handlers.worker`."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
import time

from bot.errors import WrapupError
from bot.json_logs import log_to_stderr
from bot.settings import read, require
from bot.wiring import WORKER_TIMEOUT_S, Wiring, usual_threads
from handlers.telemetry import Telemetry
from handlers.worker.build import make_worker

CANARIES_EVERY_S = 5.0  # a look takes three reads of the store

log = logging.getLogger("handlers.worker")


def main() -> None:
    """Works until SIGTERM or SIGINT, then ends within 20 s. Exit code 1: the settings, store or Slack are not well."""
    log_to_stderr()
    try:
        settings = read()
        require(settings, "SLACK_BOT_TOKEN")
        threads = usual_threads(settings)
        wiring = Wiring(settings, threads, WORKER_TIMEOUT_S)
        telemetry = Telemetry(wiring.store.queue)
        worker, hearing, boards = make_worker(wiring, telemetry, threads)
        watch = wiring.training.watch
    except WrapupError as error:
        sys.exit(str(error))
    if settings.metrics_port:
        telemetry.serve(settings.metrics_port)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: worker.stop())
    hearing.start()
    threading.Thread(target=wiring.training.trainer.tend, daemon=True, name="training").start()
    threading.Thread(target=wiring.training.promoter.tend, daemon=True, name="serving").start()
    looking = threading.Thread(
        target=wiring.training.canaries.tend,
        args=(wiring.answers.tasks, CANARIES_EVERY_S),
        daemon=True,
        name="canaries",
    )
    looking.start()
    threading.Thread(target=boards.tend, daemon=True, name="cards").start()
    threading.Thread(target=watch.tend, args=(time.sleep,), daemon=True, name="watch").start()
    log.info("working", extra={"fields": {"threads": threads, "model": settings.model_id}})
    worker.run()
    log.info("stopped", extra={"fields": {"threads_left": threading.active_count() - 1}})
    sys.stderr.flush()
    os._exit(0)  # what is still running was handed back, and must not hold the process


if __name__ == "__main__":
    main()
