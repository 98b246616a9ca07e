"""Tells people that their request failed or takes longer, in its reply or only to the asker."""

from __future__ import annotations

import logging
from typing import Protocol

from bot.errors import SlackError
from bot.queue.ports import Queue
from bot.queue.request import Job
from handlers.slack import message
from handlers.slack.reply import Reply
from handlers.worker.delivery import Delivery

log = logging.getLogger(__name__)


class Teller(Protocol):
    """Tells people about one kind of request that it failed or takes longer."""

    def failed(self, job: Job, reply: Reply, text: str, outcome: str, incident: str) -> str:
        """Tells why the request failed, finishes the job, and returns the outcome in a word.

        `incident`: the number that is also in the log, "" if the error isn't ours.
        """

    def waits(self, job: Job, reply: Reply, text: str) -> None:
        """Tells why the request takes longer."""


class InReply:
    """Tells it in the place of the answer; after an error of ours with the button *Try again*."""

    def __init__(self, delivery: Delivery) -> None:
        self._delivery = delivery

    def failed(self, job: Job, reply: Reply, text: str, outcome: str, incident: str) -> str:
        again = bool(incident)
        told = message.problem(job.request.id, text, incident, again=again)
        return self._delivery.send(told, job, reply, outcome, again=again)

    def waits(self, job: Job, reply: Reply, text: str) -> None:
        show_status(job, reply, text)


class ToAsker:
    """Tells it only to the person who pressed a button or voted."""

    def __init__(self, queue: Queue) -> None:
        self._queue = queue

    def failed(self, job: Job, reply: Reply, text: str, outcome: str, incident: str) -> str:
        reply.alone(message.problem(job.request.id, text, incident))
        self._queue.finish(job, "")
        return outcome

    def waits(self, job: Job, reply: Reply, text: str) -> None:
        show_status(job, reply, text)


def show_status(job: Job, reply: Reply, text: str) -> None:
    """Shows a status. The answer doesn't depend on it, so a failure is only logged."""
    try:
        reply.status(message.status(job.request.id, text))
    except SlackError as error:
        log.info("no status", extra={"fields": {"request": job.request.id, "reason": str(error)}})
