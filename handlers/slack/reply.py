"""The reply to a request, which exists once even if the work starts again."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from slack_sdk import WebClient
from slack_sdk.web import SlackResponse
from slack_sdk.webhook import WebhookClient

from bot.errors import JobLost, SlackRefused, SlackUnavailable
from bot.queue.ports import Queue
from bot.queue.request import Job
from handlers.slack.api import TIMEOUT_S, ask, pages, try_to
from handlers.slack.message import Message

EVENT_TYPE = "wrapup_reply"
SETTLE_S = 2.0  # after Slack's answer was lost: Slack may still be working on the call
SKEW_S = 60.0  # between our clock and Slack's


class Reply:
    """Posts once and then updates that message, so a second try does no harm.

    Before it posts, it notes in the queue that it is going to. If a later worker finds this note without the reply's `ts`,
    Slack's answer may have been lost. That worker first looks in the thread for a message with our metadata. If two workers
    still posted, because one was delayed, both keep the first message and delete the others.
    """

    def __init__(self, client: WebClient, queue: Queue, job: Job) -> None:
        self._client, self._queue, self._job = client, queue, job
        self._lock = threading.Lock()
        self._posting, self._final, self._settled_at = job.posting, False, 0.0
        self.ts = job.reply_ts

    def status(self, message: Message) -> None:
        """Shows the progress of the work. Does nothing for a private request, or after the answer."""
        with self._lock:
            if not self._final and not self._job.request.private:
                self._put(message)
                if not self._queue.hold(self._job):  # we were delayed, and may have overwritten another worker's answer
                    self._queue.redo(self._job.request)

    def final(self, message: Message) -> str:
        """Shows the answer in place of any status, and returns its ts ("private" if only the asker sees it).

        Raises JobLost if another worker has taken over the request, SlackUnavailable or SlackRefused.
        """
        with self._lock:
            self._final = True
            if self._job.request.private:
                self._respond(message)
                self.ts = "private"
            else:
                self._put(message)
            return self.ts

    def alone(self, message: Message) -> None:
        """Tells something only to the person, if Slack accepts it."""
        request, content = self._job.request, {"text": message.text, "blocks": message.blocks}
        if request.response_url and respond(
            request.response_url, content | {"response_type": "ephemeral", "replace_original": False}
        ):
            return
        where = {"channel": request.channel, "user": request.user, "thread_ts": request.thread_ts or None}
        try_to(self._client.chat_postEphemeral, **where, **content)

    def attach(self, name: str, content: str | bytes) -> None:
        """Posts a file once in the thread of the reply; for a private request, in the asker's direct messages."""
        request = self._job.request
        if request.private:
            opened = ask(self._client.conversations_open, users=request.user)
            channel, thread = str(opened["channel"]["id"]), None
        else:
            channel, thread = request.channel, request.thread_ts or self.ts
        if thread and any(_is_named(file, name) for m in self._thread(thread) for file in m.get("files") or ()):
            return
        self._still_ours()
        ask(self._client.files_upload_v2, content=content, filename=name, channel=channel, thread_ts=thread or None)

    def _put(self, message: Message) -> None:
        time.sleep(max(self._settled_at - time.monotonic(), 0.0))
        if self._posting and not self.ts:
            self.ts = self._first()
        if not (self.ts and self._update(message)):
            self._post(message)

    def _update(self, message: Message) -> bool:
        self._still_ours()
        try:
            self._write(self._client.chat_update, message, channel=self._job.request.channel, ts=self.ts)
        except SlackRefused as error:
            if error.reason != "message_not_found":
                raise
            self.ts = ""
            return False
        return True

    def _post(self, message: Message) -> None:
        self._still_ours(posting=True)
        alone, self._posting = not self._posting, True
        posted = self._posted(message)
        if alone and self._queue.hold(self._job, reply_ts=posted):
            self.ts = posted
            return
        self.ts = self._first() or posted
        if not self._queue.hold(self._job, reply_ts=self.ts):
            raise JobLost("Another worker has taken over this request.")
        if self.ts != posted:
            self._update(message)

    def _posted(self, message: Message) -> str:
        place = {"channel": self._job.request.channel, "thread_ts": self._job.request.thread_ts or None}
        quiet = {"unfurl_links": False, "unfurl_media": False, "mrkdwn": False}
        return str(self._write(self._client.chat_postMessage, message, **place, **quiet)["ts"])

    def _write(self, method: Callable[..., SlackResponse], message: Message, **arguments: Any) -> SlackResponse:
        """Writes the message. If Slack's answer is lost, the next write waits until Slack must be done with this one."""
        try:
            return ask(method, **arguments, **self._content(message))
        except SlackUnavailable as error:
            if error.done_perhaps:
                self._settled_at = time.monotonic() + SETTLE_S
            raise

    def _first(self) -> str:
        """The ts of the first reply to the request, "" if there is none. Deletes all other replies."""
        found = sorted(str(message["ts"]) for message in self._ours())
        for doubled in found[1:]:
            try_to(self._client.chat_delete, channel=self._job.request.channel, ts=doubled)
        return found[0] if found else ""

    def _ours(self) -> list[dict[str, Any]]:
        request = self._job.request
        return [message for message in self._thread(request.thread_ts) if _answers(message, request.id)]

    def _thread(self, thread_ts: str) -> Iterable[dict[str, Any]]:
        """The messages among which the reply must be: its thread, or the channel since the request."""
        channel = self._job.request.channel
        if not thread_ts:
            since = f"{self._job.request.at - SKEW_S:.6f}"
            asked = ask(
                self._client.conversations_history,
                channel=channel,
                oldest=since,
                include_all_metadata=True,
                limit=200,
            )
            return asked.get("messages") or ()
        found: list[dict[str, Any]] = []
        for page in pages(
            self._client.conversations_replies,
            channel=channel,
            ts=thread_ts,
            oldest=thread_ts,
            include_all_metadata=True,
            limit=200,
        ):
            found += page.get("messages") or ()
        return found

    def _still_ours(self, posting: bool | None = None) -> None:
        if not self._queue.hold(self._job, posting=posting):
            raise JobLost("Another worker has taken over this request.")

    def _content(self, message: Message) -> dict[str, Any]:
        payload = {"request": self._job.request.id}
        return {
            "text": message.text,
            "blocks": message.blocks,
            "parse": "none",
            "metadata": {"event_type": EVENT_TYPE, "event_payload": payload},
        }

    def _respond(self, message: Message) -> None:
        """Shows it only to the asker. If the response URL has expired, by an ephemeral or a direct message."""
        request = self._job.request
        self._still_ours(posting=True)
        body = {
            "response_type": "ephemeral",
            "text": message.text,
            "blocks": message.blocks,
            "replace_original": self._posting,
        }
        self._posting = True
        if request.response_url and respond(request.response_url, body):
            return
        content = {"text": message.text, "blocks": message.blocks, "parse": "none"}
        if request.in_dm or not try_to(
            self._client.chat_postEphemeral, channel=request.channel, user=request.user, **content
        ):
            ask(self._client.chat_postMessage, channel=request.user, **self._content(message))


def respond(url: str, body: dict[str, Any]) -> bool:
    """Answers an interaction at its response_url; False if the URL has expired.

    Raises SlackUnavailable.
    """
    try:
        status = WebhookClient(url, timeout=TIMEOUT_S, retry_handlers=[]).send_dict(body).status_code
    except OSError as error:
        raise SlackUnavailable("I can't reach Slack.", done_perhaps=True) from error
    if status == 429 or status >= 500:
        raise SlackUnavailable("Slack has a problem at the moment.")
    return status < 400


def _answers(message: dict[str, Any], request: str) -> bool:
    """Whether a message is our reply to the request, by its metadata or the id of its first block (KIND:REQUEST)."""
    payload = (message.get("metadata") or {}).get("event_payload") or {}
    first = (message.get("blocks") or [{}])[0]
    return payload.get("request") == request or str(first.get("block_id")).partition(":")[2] == request


def _is_named(file: dict[str, Any], name: str) -> bool:
    return file.get("name") == name
