"""Sends a notice to the admins: to their channel or, if there is none, to each in a direct message."""

from __future__ import annotations

import logging

from bot.errors import SlackRefused
from bot.queue.ports import Queue
from bot.queue.request import Job, NoticeRequest
from handlers.slack import message
from handlers.slack.people import People
from handlers.slack.reply import Reply

log = logging.getLogger(__name__)


def tell(job: Job, reply: Reply, queue: Queue, people: People) -> str:
    """Posts the notice in its channel or, if it has none, makes a request for each admin; returns the outcome."""
    request = job.request
    assert isinstance(request, NoticeRequest)
    if request.channel:
        try:
            ts = reply.final(message.notice(request.id, request.text))
        except SlackRefused as error:
            log.error("cannot be told", extra={"fields": {"request": request.id, "reason": error.reason}})
            if request.user:
                queue.finish(job, "")
                return "undeliverable"
        else:
            queue.finish(job, ts)
            return "told"
    return _to_each(job, queue, people)


def _to_each(job: Job, queue: Queue, people: People) -> str:
    """Makes a request for each admin. Each has its own id, so that a killed worker skips nobody and tells nobody twice."""
    if not (admins := people.admins()):
        log.error("nobody to tell: set WRAPUP_ADMIN_CHANNEL", extra={"fields": {"request": job.request.id}})
    for user in admins:
        if channel := people.direct(user):
            there = {"id": f"{job.request.id}:{user}", "user": user, "channel": channel}
            queue.accept(job.request.model_copy(update=there), None)
    queue.finish(job, "")
    return "passed on" if admins else "undeliverable"
