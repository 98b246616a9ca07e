"""The one reply to a request, however often its work is begun again."""

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
SETTLE_S = 2.0  # after a lost answer: Slack may still be at work on the call
SKEW_S = 60.0  # between our clock and Slack's


class Reply:
    """Posts once and from then on updates in place, so doing it again does no harm.

    Before it posts it writes down that it may have posted. Who finds that note without the reply's `ts` looks into the
    thread for a message with our metadata first: the answer to the first call may have been lost. Where several have
    posted nonetheless, because one was held up on its way, everyone lets the first stand and takes the others back.
    """

    def __init__(self, client: WebClient, queue: Queue, job: Job) -> None:
        self._client, self._queue, self._job = client, queue, job
        self._lock = threading.Lock()
        self._posting, self._final, self._settled_at = job.posting, False, 0.0
        self.ts = job.reply_ts

    def status(self, message: Message) -> None:
        """Shows how far the work is, where all see the answer; what it cannot show is left out."""
        with self._lock:
            if not self._final and not self._job.request.private:
                self._put(message)
                if not self._queue.hold(self._job):  # held up on its way, it may stand over the other's answer
                    self._queue.redo(self._job.request)

    def final(self, message: Message) -> str:
        """Shows the answer in place of any status, and gives its ts ("private" where only the asker sees it).

        Raises JobLost where somebody else works on the request by now, SlackUnavailable or SlackRefused.
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
        """Tells something to the person alone, if Slack takes it."""
        request, content = self._job.request, {"text": message.text, "blocks": message.blocks}
        if request.response_url and respond(
            request.response_url, content | {"response_type": "ephemeral", "replace_original": False}
        ):
            return
        where = {"channel": request.channel, "user": request.user, "thread_ts": request.thread_ts or None}
        try_to(self._client.chat_postEphemeral, **where, **content)

    def attach(self, name: str, content: str | bytes) -> None:
        """Puts a file into the thread of the reply, once; what only the asker sees, into their direct messages."""
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
        """Shows it; where Slack's answer was lost, nothing is looked for or written until the call must be done."""
        try:
            return ask(method, **arguments, **self._content(message))
        except SlackUnavailable as error:
            if error.done_perhaps:
                self._settled_at = time.monotonic() + SETTLE_S
            raise

    def _first(self) -> str:
        """The ts of the first reply to the request, "" where there is none; all others are taken back."""
        found = sorted(str(message["ts"]) for message in self._ours())
        for doubled in found[1:]:
            try_to(self._client.chat_delete, channel=self._job.request.channel, ts=doubled)
        return found[0] if found else ""

    def _ours(self) -> list[dict[str, Any]]:
        request = self._job.request
        return [message for message in self._thread(request.thread_ts) if _answers(message, request.id)]

    def _thread(self, thread_ts: str) -> Iterable[dict[str, Any]]:
        """The messages among which the reply stands: its thread, or the channel since the request was made."""
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
        """Shows it to the asker alone; where the address has expired, by an ephemeral message or in a DM."""
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
    """Answers an interaction at its response_url; False where the address is no longer good.

    Raises SlackUnavailable.
    """
    try:
        status = WebhookClient(url, timeout=TIMEOUT_S, retry_handlers=[]).send_dict(body).status_code
    except OSError as error:
        raise SlackUnavailable("Slack cannot be reached.", done_perhaps=True) from error
    if status == 429 or status >= 500:
        raise SlackUnavailable("Slack has a problem of its own.")
    return status < 400


def _answers(message: dict[str, Any], request: str) -> bool:
    """Whether a message is our reply to the request: by its metadata, or by the id of its first block (KIND:REQUEST)."""
    payload = (message.get("metadata") or {}).get("event_payload") or {}
    first = (message.get("blocks") or [{}])[0]
    return payload.get("request") == request or str(first.get("block_id")).partition(":")[2] == request


def _is_named(file: dict[str, Any], name: str) -> bool:
    return file.get("name") == name
