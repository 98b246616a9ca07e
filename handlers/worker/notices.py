"""Brings a notice to the admins: into their channel, else into the direct messages of each."""

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
    """Posts it where the request says, or makes a request of it for each admin; returns the outcome in a word."""
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
    """Each has an id of its own, so that who is killed at it leaves nobody out and tells nobody twice."""
    if not (admins := people.admins()):
        log.error("nobody to tell: set WRAPUP_ADMIN_CHANNEL", extra={"fields": {"request": job.request.id}})
    for user in admins:
        if channel := people.direct(user):
            there = {"id": f"{job.request.id}:{user}", "user": user, "channel": channel}
            queue.accept(job.request.model_copy(update=there), None)
    queue.finish(job, "")
    return "passed on" if admins else "undeliverable"
