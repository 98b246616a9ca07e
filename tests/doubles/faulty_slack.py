"""A Slack that breaks: a proxy before a local Slack's Web API, and deliveries as Slack repeats them."""

from __future__ import annotations

import hashlib
import hmac
import json
import random
import socket
import sys
import time
from collections import Counter, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from typing import Any, Literal, Self
from urllib.parse import urlencode

import urllib3

from sandbox import workspace
from sandbox.child import LIMIT_S
from sandbox.slack import Message, action_of

Fault = Literal["slow down", "broken", "unavailable", "cut before", "cut after", "cut early", "delayed"]
"""429 with Retry-After, 500, 503; cut off and not done, cut off when done, cut off at once and done later; done late."""
STATUSES: dict[Fault, int] = {"slow down": 429, "broken": 500, "unavailable": 503}
RETRY_AFTER_S = 1
DELAY_S = 0.3
LATER_S = 0.5
EVERY_METHOD = "*"
SLACK_WAITS_S = 3.0


@dataclass
class Held:
    """A call that is on its way once it has `come`, until it is told to `go`."""

    come: Event = field(default_factory=Event)
    go: Event = field(default_factory=Event)


@dataclass
class FaultySlack:
    """Use as a context manager: a Web API at `url` that passes calls on to the one at `behind`.

    What `breaks` scripted happens first, for the next calls of a method; then each fault by its chance, drawn from
    `seed`. `calls` counts what came, by method.
    """

    behind: str
    seed: int = 0
    chances: Mapping[Fault, float] = field(default_factory=dict)
    calls: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    _script: dict[str, deque[Fault]] = field(default_factory=dict)
    _held: dict[str, deque[Held]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def breaks(self, method: str, *faults: Fault) -> None:
        """The next calls of a method (or of every one) meet these faults, one each."""
        self._script.setdefault(method, deque()).extend(faults)

    def holds(self, method: str) -> Held:
        """The next call of a method is on its way until it is let go; then nothing happens to it."""
        held = Held()
        self._held.setdefault(method, deque()).append(held)
        return held

    def heals(self) -> None:
        """Forgets all faults that are to come, and what was counted."""
        self._script.clear()
        self.calls.clear()
        self.chances = {}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}/api/"

    def fault(self, method: str) -> Fault | None:
        """What happens to this call; None where nothing does."""
        with self._lock:
            self.calls[method] += 1
            held = self._held[method].popleft() if self._held.get(method) else None
            fault = None if held else self._next(method)
            self.faults[fault or "none"] += 1
        if held:
            held.come.set()
            held.go.wait(LIMIT_S)
        return fault

    def _next(self, method: str) -> Fault | None:
        for name in (method, EVERY_METHOD):
            if script := self._script.get(name):
                return script.popleft()
        drawn = self._random.random()
        for fault, chance in self.chances.items():
            if (drawn := drawn - chance) < 0:
                return fault
        return None

    def __enter__(self) -> Self:
        self._random = random.Random(self.seed)
        self._http = _Server(self)
        Thread(target=self._http.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 512  # the default of 5 makes a burst of connections wait for a second

    def __init__(self, faulty: FaultySlack) -> None:
        self.faulty, self.pool = faulty, urllib3.PoolManager(maxsize=64)
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Tells errors, but not that a client was killed."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    server: _Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        fault = self.server.faulty.fault(self.path.removeprefix("/api/").partition("?")[0])
        if fault in STATUSES:
            after = {"Retry-After": str(RETRY_AFTER_S)} if fault == "slow down" else {}
            self._send(STATUSES[fault], json.dumps({"ok": False, "error": "faulty"}).encode(), after)
            return
        if fault in ("cut before", "cut early"):
            self._cut()
        if fault != "cut before":
            self._pass_on(fault, body)

    do_GET = do_POST  # noqa: N815

    def _pass_on(self, fault: Fault | None, body: bytes) -> None:
        time.sleep({"delayed": DELAY_S, "cut early": LATER_S}.get(fault or "", 0.0))
        kept = {name: value for name, value in self.headers.items() if name in ("Authorization", "Content-Type")}
        url = self.server.faulty.behind + self.path
        done = self.server.pool.request("POST", url, body=body, headers=kept, retries=False)
        if fault == "cut after":
            self._cut()
        elif fault != "cut early":
            self._send(done.status, done.data, {})

    def _cut(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def _send(self, status: int, payload: bytes, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        try:
            self.wfile.write(payload)
            self.wfile.flush()
        except ConnectionError:
            self.close_connection = True  # the bot was killed

    def log_message(self, *args: Any) -> None:
        """Says nothing."""


def mention_events(message: Message) -> list[bytes]:
    """The two events that Slack sends for a message that names the bot."""
    event = {**message, "event_ts": message["ts"], "channel_type": "channel", "team": workspace.TEAM}
    return [_envelope({**event, "type": kind}) for kind in ("app_mention", "message")]


def _envelope(event: Mapping[str, Any]) -> bytes:
    envelope = {
        "token": "none",
        "team_id": workspace.TEAM,
        "api_app_id": workspace.APP,
        "type": "event_callback",
        "event": event,
        "event_id": f"Ev{event['type']}{event['ts']}",
        "event_time": int(float(event["ts"])),
        "authorizations": [{"team_id": workspace.TEAM, "user_id": workspace.BOT, "is_bot": True}],
    }
    return json.dumps(envelope).encode()


def press_body(user: str, message: Message, action_id: str) -> bytes:
    """The form that Slack posts when a person presses a message's button."""
    container = {"type": "message", "message_ts": message["ts"], "channel_id": message["channel"]}
    payload = {
        "type": "block_actions",
        "team": {"id": workspace.TEAM, "domain": "lumen"},
        "user": {"id": user, "team_id": workspace.TEAM},
        "channel": {"id": message["channel"], "name": "channel"},
        "container": {**container, "is_ephemeral": False},
        "message": message,
        "actions": [action_of(message, action_id)],
        "trigger_id": "0.0.none",
        "response_url": "http://127.0.0.1:9/none",
        "api_app_id": workspace.APP,
    }
    return urlencode({"payload": json.dumps(payload)}).encode()


def post(port: int, body: bytes, retry: int = 0, kind: str = "application/json", waits_s: float = LIMIT_S) -> int:
    """Posts to a web of ours, signed as Slack does; the HTTP status, 0 if no answer came within `waits_s`."""
    stamp = str(int(time.time()))
    proof = hmac.new(workspace.SIGNING_SECRET.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    headers = {"Content-Type": kind, "X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={proof}"}
    if retry:
        headers |= {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": "http_timeout"}
    address = f"http://127.0.0.1:{port}/slack/events"
    try:
        return urllib3.request("POST", address, body=body, headers=headers, timeout=waits_s, retries=False).status
    except urllib3.exceptions.HTTPError:
        return 0


def deliver(
    ports: Sequence[int], body: bytes, pauses_s: Sequence[float] = (0.0, 1.0, 3.0), waits_s: float = SLACK_WAITS_S
) -> bool:
    """Posts an event until a web takes it on, with up to three retries as Slack does (its pauses are longer).

    False where none did: then nothing was accepted.
    """
    for retry, pause_s in enumerate((0.0, *pauses_s)):
        time.sleep(pause_s)
        if post(ports[retry % len(ports)], body, retry, waits_s=waits_s) == 200:
            return True
    return False
