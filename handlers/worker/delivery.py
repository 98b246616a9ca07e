"""Shows a message as the reply to a job, and finishes the job."""

from __future__ import annotations

import logging
from hashlib import sha256

from bot.answers.ports import Answers
from bot.errors import SlackRefused
from bot.queue.ports import Queue
from bot.queue.request import Job, Request, WrapUpRequest
from handlers.slack.message import Message
from handlers.slack.reply import Reply

log = logging.getLogger(__name__)


class Delivery:
    """Sends replies. Threads may share it."""

    def __init__(self, queue: Queue, answers: Answers) -> None:
        self._queue, self._answers = queue, answers

    def send(self, message: Message, job: Job, reply: Reply, outcome: str, *, again: bool = False, of: str = "") -> str:
        """Shows the message, finishes the job and returns the outcome, or `undeliverable` if Slack refuses the message.

        `of` is the request whose answers the message shows. `again` keeps the request for another try. Raises JobLost,
        SlackUnavailable or StoreUnavailable.
        """
        request = job.request
        try:
            ts = reply.final(message)
            if of and not request.private:
                self._answers.place(of, request.channel, ts, request.thread_ts)
            attach(message, request, reply)
        except SlackRefused as error:
            log.error("cannot be told", extra={"fields": {"request": request.id, "reason": error.reason}})
            ts, outcome = "", "undeliverable"
        self._queue.finish(job, ts, again=again)
        return outcome


def attach(message: Message, request: Request, reply: Reply) -> None:
    """Posts the full text as a file in the thread, if it didn't fit into the message."""
    if message.overflow:
        reply.attach(file_name(request), message.overflow)


def file_name(request: Request) -> str:
    """The name of the file with the full text. It is unique in the thread, so that we can find the file again."""
    asked_in_root = isinstance(request, WrapUpRequest) and request.kind in ("mention", "message")
    if asked_in_root and request.ts == request.thread_ts:
        return "wrap-up.md"
    return f"wrap-up-{sha256(request.id.encode()).hexdigest()[:6]}.md"
