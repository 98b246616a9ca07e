"""The life of a job: done, tried again later, or shown as a failure."""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.errors import JobLost, ModelError, SlackError, SlackUnavailable, StoreUnavailable, WrapupError
from bot.queue.ports import Queue
from bot.queue.request import Job, NoticeRequest, Request, StepRequest
from handlers.slack.reply import Reply
from handlers.telemetry import Telemetry
from handlers.worker import failures
from handlers.worker.tellers import Teller

MOST_ATTEMPTS = 3
FIRST_DELAY_S, LONGEST_DELAY_S = 2.0, 30.0

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Handler:
    """How one kind of request is handled: `take` does the work, finishes the job and returns the outcome in a word."""

    take: Callable[[Job, Reply], str]
    teller: Teller


class Desk:
    """Hands each job to the handler of its kind of request. Threads may share it."""

    def __init__(
        self,
        queue: Queue,
        handlers: Mapping[type[Request], Handler],
        reply_to: Callable[[Job], Reply],
        telemetry: Telemetry,
        patience_s: float,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._queue, self._handlers, self._reply_to = queue, handlers, reply_to
        self._telemetry, self._patience_s, self._now = telemetry, patience_s, now

    def handle(self, job: Job) -> None:
        """Does what the request asks for, tells why it can't, or postpones it.

        Raises JobLost or StoreUnavailable; then the request is taken again when its lease ends.
        """
        started, reply = self._now(), self._reply_to(job)
        try:
            outcome = self._outcome(job, reply)
        except SlackUnavailable as error:  # we couldn't show the failure either
            outcome = self._postpone(error, job, reply)
        self._telemetry.job(job.request, outcome, self._now() - started, self._now() - job.request.at)

    def _outcome(self, job: Job, reply: Reply) -> str:
        try:
            if job.attempt > MOST_ATTEMPTS:
                text = f"This stopped our worker {MOST_ATTEMPTS} times, so I've stopped trying."
                return self._fail(None, text, job, reply)
            return self._handler(job).take(job, reply)
        except (JobLost, StoreUnavailable):
            raise
        except WrapupError as error:
            return self._after(error, job, reply)
        except Exception as error:
            return self._fail(error, "Something went wrong on our side.", job, reply)

    def _after(self, error: WrapupError, job: Job, reply: Reply) -> str:
        """Postpones a job that may still work, and shows any other error."""
        endless = isinstance(job.request, NoticeRequest)  # nobody waits for it who could ask again
        if error.transient and (endless or self._now() - job.request.at < self._patience_s):
            return self._postpone(error, job, reply)
        if failures.is_the_askers(error) or (isinstance(error, SlackError) and not error.transient):
            return self._handler(job).teller.failed(job, reply, str(error), type(error).__name__, "")
        return self._fail(error, failures.told(error), job, reply)

    def _postpone(self, error: WrapupError, job: Job, reply: Reply) -> str:
        delay_s = min(FIRST_DELAY_S * 2**job.tries, LONGEST_DELAY_S)
        if isinstance(error, SlackUnavailable):
            delay_s = max(error.after_s, delay_s if job.tries else 0.0)
        elif isinstance(error, ModelError) or isinstance(job.request, StepRequest):
            until = _clock(job.request.at + self._patience_s)
            self._handler(job).teller.waits(job, reply, f"{failures.waiting(error)} I'll keep trying until {until}.")
        fields = {"request": job.request.id, "error": type(error).__name__, "delay_s": delay_s}
        log.warning("postponed", extra={"fields": fields})
        self._queue.postpone(job, delay_s)
        return "postponed"

    def _fail(self, error: Exception | None, text: str, job: Job, reply: Reply) -> str:
        """Shows an error of ours with an incident number that is also in the log. Keeps the request for another try."""
        incident = uuid.uuid4().hex[:8]
        fields = {"request": job.request.id, "incident": incident, "error": type(error).__name__}
        log.error("told a failure", extra={"fields": fields}, exc_info=error)
        outcome = type(error).__name__ if error else "gave up"
        return self._handler(job).teller.failed(job, reply, text, outcome, incident)

    def _handler(self, job: Job) -> Handler:
        return self._handlers[type(job.request)]


def _clock(at: float) -> str:
    """A time of day. Plain text can't show it in the reader's own time zone, so it says UTC."""
    return datetime.fromtimestamp(at, UTC).strftime("%H:%M UTC")
