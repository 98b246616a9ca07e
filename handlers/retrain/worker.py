"""What a worker does for a step of `/retrain`, with its progress on the cards."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import replace

from bot.errors import SlackError, SlackRefused
from bot.queue.ports import Queue
from bot.queue.request import Job, StepRequest
from bot.retraining.pending import Asked
from bot.retraining.retraining import Retraining
from bot.retraining.under_way import Say
from handlers.retrain.live_card import LiveCards
from handlers.retrain.steps import STEPS
from handlers.slack.people import People
from handlers.slack.reply import Reply

SAID_EVERY_S = 1.0

log = logging.getLogger(__name__)


class Steps:
    """Takes steps, and shows their progress on the cards."""

    def __init__(
        self, retraining: Retraining, cards: LiveCards, queue: Queue, people: People, reply_to: Callable[[Job], Reply]
    ) -> None:
        self._retraining, self._cards, self._queue = retraining, cards, queue
        self._people, self._reply_to = people, reply_to

    def take(self, job: Job, reply: Reply) -> str:
        """Shows the card where the step was asked for, takes the step and finishes the job; returns the step's name.

        Raises whatever the step raises; the caller should then call `failed`.
        """
        request = _step(job)
        ts = self._show(job, reply)
        self._taken(request)
        self._redrawn(request.task)
        self._queue.finish(job, ts)
        return request.step

    def failed(self, job: Job, _: Reply, text: str, outcome: str, incident: str) -> str:
        """Shows on the card why a step failed, and finishes its job; returns the outcome."""
        request = _step(job)
        self._retraining.under_way.failed(asked(request), f"{text} (Incident {incident})" if incident else text)
        self._redrawn(request.task)
        self._queue.finish(job, job.reply_ts)
        return outcome

    def waits(self, job: Job, _: Reply, text: str) -> None:
        """Shows on the card why a step takes longer."""
        self._retraining.under_way.waits(asked(_step(job)), text)

    def _taken(self, request: StepRequest) -> None:
        step, who = STEPS[request.step], asked(request)
        if not step.activity:
            return
        if not step.under_way:
            step.activity(self._retraining, who, lambda _: None, request)
            if request.step != "status":
                self._retraining.under_way.went_well(who)
            return
        with self._retraining.under_way.alone(who, step.under_way) as say:
            self._redrawn(request.task)
            step.activity(self._retraining, who, paced(say), request)

    def _show(self, job: Job, reply: Reply) -> str:
        """Posts a card for `status`, or if the channel has none. If the bot can't post there, it posts in direct messages."""
        request = _step(job)
        if not request.channel or (request.step != "status" and self._cards.stands(request.task, request.channel)):
            return job.reply_ts
        try:
            return self._cards.post(request, reply)
        except SlackRefused as error:
            log.error("no card there", extra={"fields": {"channel": request.channel, "reason": error.reason}})
            there = request.model_copy(update={"channel": self._people.direct(request.user)})
            return self._cards.post(there, self._reply_to(replace(job, request=there)))

    def _redrawn(self, task: str) -> None:
        try:
            self._cards.redraw(task)
        except SlackError:
            log.info("a card is drawn later", extra={"fields": {"task": task}})


def paced(say: Say, clock: Callable[[], float] = time.monotonic) -> Say:
    """Passes on at most one text a second, because each is a write to the store."""
    last = [-SAID_EVERY_S]

    def said(text: str) -> None:
        if clock() - last[0] >= SAID_EVERY_S:
            last[0] = clock()
            say(text)

    return said


def asked(request: StepRequest) -> Asked:
    return Asked(request.id, request.step, request.task, request.user, request.at, request.of, request.words)


def _step(job: Job) -> StepRequest:
    assert isinstance(job.request, StepRequest)
    return job.request
