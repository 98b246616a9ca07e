"""What a worker does for a step of the loop that an admin asked for."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable
from dataclasses import replace

from bot.errors import SlackError, SlackRefused
from bot.queue.ports import Queue
from bot.queue.request import Job, Request
from bot.retraining.retraining import Asked, Retraining, Say
from handlers.retrain.live_card import LiveCards
from handlers.slack.people import People
from handlers.slack.reply import Reply

SAID_EVERY_S = 1.0

log = logging.getLogger(__name__)


class Steps:
    """Takes steps, and shows on the cards how they go. A step that is new needs its line in the table."""

    def __init__(
        self, retraining: Retraining, boards: LiveCards, queue: Queue, people: People, reply_to: Callable[[Job], Reply]
    ) -> None:
        self._retraining, self._boards, self._queue = retraining, boards, queue
        self._people, self._reply_to = people, reply_to
        self.table: dict[str, Callable[[Request], None]] = {
            "status": lambda _: None,
            "propose": self._propose,
            "train": self._alone("Starting the job …", retraining.train),
            "discard": self._at_once(retraining.discard),
            "approve": self._alone("Doing what was approved …", retraining.approve),
            "decline": self._at_once(retraining.decline),
            "stop": self._at_once(retraining.stop),
            "serve": self._alone("Asking for an endpoint …", retraining.serve),
            "evaluate": self._evaluate,
            "promote": self._alone("Promoting …", retraining.promote),
            "rollback": self._at_once(retraining.rollback),
            "canary": self._at_once(retraining.canary),
            "end_canary": self._at_once(retraining.end_canary),
            "release": self._at_once(retraining.release),
            "retire": self._at_once(lambda asked: retraining.release(asked, retire=True)),
        }

    def take(self, job: Job, reply: Reply) -> str:
        """Shows the card where the step was asked for, takes the step, and gives the outcome in a word.

        Raises what the step raises; `failed` is to be told of it then.
        """
        request = job.request
        ts = self._show(job, reply)
        self.table[request.step](request)
        self._redrawn(request.task)
        self._queue.finish(job, ts)
        return request.step

    def failed(self, job: Job, text: str) -> None:
        """Shows on the card why a step did not come off, and finishes it."""
        self._retraining.failed(asked(job.request), text)
        self._redrawn(job.request.task)
        self._queue.finish(job, job.reply_ts)

    def waits(self, request: Request, text: str) -> None:
        """Shows on the card why a step takes longer."""
        self._retraining.waits(asked(request), text)

    def _show(self, job: Job, reply: Reply) -> str:
        """A new card for `status`, else one where none stands yet. Where the bot may not post, in direct messages."""
        request = job.request
        if not request.channel or (request.step != "status" and self._boards.stands(request.task, request.channel)):
            return job.reply_ts
        try:
            return self._boards.post(request, reply)
        except SlackRefused as error:
            log.error("no card there", extra={"fields": {"channel": request.channel, "reason": error.reason}})
            there = request.model_copy(update={"channel": self._people.direct(request.user)})
            return self._boards.post(there, self._reply_to(replace(job, request=there)))

    def _redrawn(self, task: str) -> None:
        try:
            self._boards.redraw(task)
        except SlackError:
            log.info("a card is drawn later", extra={"fields": {"task": task}})

    def _at_once(self, step: Callable[[Asked], None]) -> Callable[[Request], None]:
        def taken(request: Request) -> None:
            step(asked(request))
            self._retraining.went_well(asked(request))

        return taken

    def _alone(self, text: str, step: Callable[[Asked], None]) -> Callable[[Request], None]:
        def taken(request: Request) -> None:
            with self._retraining.alone(asked(request), text):
                self._redrawn(request.task)
                step(asked(request))

        return taken

    def _propose(self, request: Request) -> None:
        with self._retraining.alone(asked(request), "Reading the pairs …") as say:
            self._redrawn(request.task)
            form = json.loads(request.text)
            self._retraining.propose(asked(request), form["given"], paced(say), form["base"])

    def _evaluate(self, request: Request) -> None:
        with self._retraining.alone(asked(request), "Reading the calls that were held out …") as say:
            self._redrawn(request.task)
            self._retraining.evaluate(asked(request), paced(say))


def paced(say: Say, clock: Callable[[], float] = time.monotonic) -> Say:
    """Says something new only now and then: each time is a write to the store."""
    last = [-SAID_EVERY_S]

    def said(text: str) -> None:
        if clock() - last[0] >= SAID_EVERY_S:
            last[0] = clock()
            say(text)

    return said


def asked(request: Request) -> Asked:
    reason = request.text if request.step in ("promote", "canary") else ""
    return Asked(request.id, request.step, request.task, request.user, request.at, request.of, reason)
