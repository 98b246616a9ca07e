"""Shows people the progress of their request: a sign at once, and a status after two seconds."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from slack_sdk import WebClient

from bot.errors import SlackError, StoreUnavailable, WrapupError
from bot.queue.ports import Queue
from bot.queue.request import AnyRequest, WrapUpRequest
from handlers.slack import message
from handlers.slack.api import ask
from handlers.slack.people import People
from handlers.slack.reply import Reply

SHOWN_AFTER_S = 2.0
SHOWN_EVERY_S = 2.0
TICK_S = 0.25
HEARD_S = 1.0

log = logging.getLogger(__name__)


@dataclass
class Watched:
    """A job that is running; `say` changes its status."""

    reply: Reply
    request: str
    text: str
    due: float
    shown: str = ""
    busy: bool = field(default=False)

    def say(self, text: str) -> None:
        self.text = text


class Progress:
    """Shows the status of every watched job that takes a while, from a few threads of its own."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._watched: dict[int, Watched] = {}
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(4, thread_name_prefix="status")
        threading.Thread(target=self._tick, name="progress", daemon=True).start()

    @contextmanager
    def watching(self, reply: Reply, request: str, text: str) -> Iterator[Watched]:
        watched = Watched(reply, request, text, self._clock() + SHOWN_AFTER_S)
        with self._lock:
            self._watched[id(watched)] = watched
        try:
            yield watched
        finally:
            with self._lock:
                del self._watched[id(watched)]

    def _tick(self) -> None:
        while True:
            time.sleep(TICK_S)
            now = self._clock()
            with self._lock:
                due = [
                    each
                    for each in self._watched.values()
                    if each.due <= now and each.text != each.shown and not each.busy
                ]
            for each in due:
                each.busy = True
                self._pool.submit(self._show, each)

    def _show(self, watched: Watched) -> None:
        text = watched.text
        with suppress(SlackError, StoreUnavailable):  # only a status: the answer doesn't depend on it
            watched.reply.status(message.status(watched.request, text))
        watched.shown, watched.due, watched.busy = text, self._clock() + SHOWN_EVERY_S, False


class Hearing:
    """Shows for each new request that it was heard, in the best way that the app has."""

    def __init__(self, client: WebClient, queue: Queue, people: People) -> None:
        self._client, self._queue, self._people = client, queue, people
        self._without_status = False

    def start(self) -> None:
        for n in range(2):
            threading.Thread(target=self._run, name=f"hear-{n}", daemon=True).start()

    def _run(self) -> None:
        while True:
            try:
                if request := self._queue.heard(HEARD_S):
                    self.hear(request)
            except StoreUnavailable:
                time.sleep(HEARD_S)
            except Exception:
                log.exception("no sign that a request was heard")

    def hear(self, request: AnyRequest) -> None:
        """Adds 👀 to the message; in direct messages shows Slack's own status. A private request already got its sign."""
        try:
            if not isinstance(request, WrapUpRequest) or request.private or not self._people.may_ask(request):
                return
            if request.in_dm and not self._without_status and self._set_status(request):
                return
            ask(self._client.reactions_add, channel=request.channel, timestamp=request.ts, name="eyes")
        except SlackError as error:
            log.info(
                "no sign that a request was heard", extra={"fields": {"request": request.id, "reason": str(error)}}
            )

    def _set_status(self, request: AnyRequest) -> bool:
        """Shows Slack's own status; False if the app has none. It then isn't tried again."""
        try:
            ask(
                self._client.assistant_threads_setStatus,
                channel_id=request.channel,
                thread_ts=request.thread_ts,
                status="is reading the call …",
            )
        except WrapupError:
            self._without_status = True
            return False
        return True
