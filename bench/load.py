"""Sends signed mentions to a web over connections that stay, as fast as can be or at a steady rate."""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
import threading
import time
from collections.abc import Sequence
from itertools import count

from sandbox.workspace import BOT, MARCO, SIGNING_SECRET, SUPPORT
from tests.doubles.deployment import CALL
from tests.doubles.faulty_slack import mention_events

_numbers = count(1)


def mentions(number: int) -> list[tuple[str, bytes]]:
    """`ts` and HTTP request of so many mentions, each of another message; good for five minutes."""
    stamp = str(int(time.time()))
    made = []
    for _ in range(number):
        ts = f"{stamp}.{next(_numbers):06d}"
        said = {"type": "message", "ts": ts, "channel": SUPPORT, "user": MARCO.id, "text": f"<@{BOT}> {CALL}"}
        body = mention_events(said)[0]
        proof = hmac.new(SIGNING_SECRET.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
        head = (
            "POST /slack/events HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\nX-Slack-Request-Timestamp: {stamp}\r\nX-Slack-Signature: v0={proof}\r\n\r\n"
        )
        made.append((ts, head.encode() + body))
    return made


class Connection:
    """A connection that is opened again when the server has closed it."""

    def __init__(self, port: int) -> None:
        self._port, self._socket = port, socket.create_connection(("127.0.0.1", port))

    def send(self, request: bytes) -> None:
        """Sends it and waits for the answer. Raises RuntimeError unless that is 200."""
        try:
            answer = self._exchange(request)
        except ConnectionError:
            self._socket = socket.create_connection(("127.0.0.1", self._port))
            answer = self._exchange(request)
        if not answer.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(f"the web answered {answer[:200]!r}")

    def _exchange(self, request: bytes) -> bytes:
        self._socket.sendall(request)
        answer = b""
        while b"\r\n\r\n" not in answer or len(answer) < _end(answer):
            if not (more := self._socket.recv(65_536)):
                raise ConnectionResetError
            answer += more
        return answer


def _end(answer: bytes) -> int:
    head, _, _ = answer.lower().partition(b"\r\n\r\n")
    length = head.partition(b"content-length:")[2].partition(b"\r\n")[0]
    return len(head) + 4 + int(length or 0)


def rate(port: int, requests: Sequence[tuple[str, bytes]], connections: int = 16) -> float:
    """Requests a second that the web takes when it is asked as fast as can be."""
    left, start = iter(requests), time.perf_counter()
    lock = threading.Lock()

    def ask() -> None:
        connection = Connection(port)
        while True:
            with lock:
                each = next(left, None)
            if each is None:
                return
            connection.send(each[1])

    _together([threading.Thread(target=ask) for _ in range(connections)])
    return len(requests) / (time.perf_counter() - start)


def latencies(
    port: int, requests: Sequence[tuple[str, bytes]], per_second: float, connections: int = 16
) -> list[float]:
    """Seconds from the time at which each request was due to its answer, at a steady rate, in order of size."""
    start, taken = time.perf_counter() + 0.1, [0.0] * len(requests)

    def ask(first: int) -> None:
        connection = Connection(port)
        for n in range(first, len(requests), connections):
            due = start + n / per_second
            time.sleep(max(due - time.perf_counter(), 0.0))
            connection.send(requests[n][1])
            taken[n] = time.perf_counter() - due

    _together([threading.Thread(target=ask, args=(n,)) for n in range(connections)])
    return sorted(taken)


def _together(threads: Sequence[threading.Thread]) -> None:
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def percentile(ordered: Sequence[float], part: float) -> float:
    return ordered[min(int(len(ordered) * part), len(ordered) - 1)]


def posted(body: bytes) -> str:
    """The thread that a `chat.postMessage` goes to."""
    return str(json.loads(body).get("thread_ts"))
