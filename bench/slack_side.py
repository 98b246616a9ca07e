"""What Slack's side costs: acknowledging, from event to reply, and calls in flight in one worker."""

from __future__ import annotations

import json
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median
from typing import Any, Self

from bench import load
from sandbox.child import Child, wait_for
from sandbox.serving import free_port
from sandbox.slack import Slack
from sandbox.workspace import BOT, TEAM
from tests.doubles.bedrock_server import BedrockServer
from tests.doubles.deployment import ANSWER, MODEL, Deployment, after

GUNICORN = ["gunicorn", "--no-control-socket", "--worker-class", "gthread", "--threads", "32"]  # as in the Procfile
ROUNDS = 3
BURST = 4_000
STEADY_S = 8
EVENTS = 200
MODEL_S = 5.0
IN_FLIGHT = 200


class InstantSlack:
    """A Web API that answers at once, with the time at which a reply was posted to each thread."""

    def __init__(self) -> None:
        self.posts: dict[str, float] = {}
        instant = self

        class Handler(BaseHTTPRequestHandler):
            wbufsize = -1

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                method = self.path.rpartition("/")[2]
                if method == "chat.postMessage":
                    instant.posts[load.posted(body)] = time.perf_counter()
                answer = json.dumps(ANSWERS.get(method, {"ok": True})).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *args: Any) -> None:
                """Says nothing."""

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()


ANSWERS: dict[str, dict[str, Any]] = {
    "auth.test": {"ok": True, "team_id": TEAM, "team": "Lumen", "user_id": BOT, "bot_id": "B0WRAPUP", "user": "wrapup"},
    "users.info": {"ok": True, "user": {"id": "U0MARCO", "team_id": TEAM}},
    "chat.postMessage": {"ok": True, "ts": "1.0", "channel": "C0SUPPORT"},
}


def rows() -> Iterator[tuple[str, str, str]]:
    """What, figure and aim, for the table of figures."""
    yield from _ack_rows()
    yield from _reply_rows()
    yield from _flight_rows()


def _ack_rows() -> Iterator[tuple[str, str, str]]:
    with _Rig() as rig:
        ours, bare = rig.web("handlers.wsgi:app()"), rig.web("bench.bare_bolt:nothing()")
        for port in (ours, bare):
            load.rate(port, load.mentions(300))
        pairs = [[load.rate(port, load.mentions(BURST)) for port in (ours, bare)] for _ in range(ROUNDS)]
        ratio, best = max((mine / theirs, mine) for mine, theirs in pairs)
        yield (
            f"acknowledging: part of a bare Bolt app's rate (best of {ROUNDS})",
            f"{ratio:.2f} ({best:.0f}/s)",
            "≥ 0.4",
        )
        steady = [load.latencies(ours, load.mentions(200 * STEADY_S), 200) for _ in range(ROUNDS)]
        p99 = min(load.percentile(each, 0.99) for each in steady)
        yield f"acknowledging at 200/s, p99 (best of {ROUNDS})", f"{p99 * 1000:.1f} ms", "≤ 10 ms"


def _reply_rows() -> Iterator[tuple[str, str, str]]:
    with _Rig() as rig:
        ours, inside = rig.web("handlers.wsgi:app()"), rig.web("bench.bare_bolt:inside()")
        rig.bot.start_worker()
        for port in (ours, inside):
            rig.replies(port, 20)
        for what, port, aim in (("event to reply", ours, "≤ 15, ≤ 60 ms"), ("work inside the listener", inside, "")):
            times = [rig.replies(port, EVENTS) for _ in range(ROUNDS)]
            p50 = min(median(each) for each in times) * 1000
            p99 = min(load.percentile(each, 0.99) for each in times) * 1000
            yield f"{what}, p50 and p99 (best of {ROUNDS})", f"{p50:.1f}, {p99:.1f} ms", aim


def _flight_rows() -> Iterator[tuple[str, str, str]]:
    with _Rig(MODEL_S) as rig:
        ours = rig.web("handlers.wsgi:app()")
        worker = rig.bot.start_worker()
        load.rate(ours, load.mentions(IN_FLIGHT + 50))
        wait_for("calls in flight", lambda: rig.most >= IN_FLIGHT or not worker.running, seconds=30)
        status = Path(f"/proc/{worker.process.pid}/status").read_text("utf-8")
        megabytes = int(status.partition("VmRSS:")[2].split()[0]) / 1024
        yield f"one worker, {MODEL_S:.0f} s a call: calls in flight", str(rig.most), f"≥ {IN_FLIGHT}"
        yield "its memory then", f"{megabytes:.0f} MB", "≤ 400 MB"


class _Rig:
    """Our processes between a Slack that answers at once and a model that answers after `model_s`."""

    def __init__(self, model_s: float = 0.0) -> None:
        self._model_s, self._now, self.most = model_s, 0, 0
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self.slack = stack.enter_context(InstantSlack())
            model = stack.enter_context(BedrockServer(answer=self._answer))
            self.folder = Path(stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
            settings = {"SLACK_API_URL": f"{self.slack.url}/api/", "WRAPUP_MODEL_ID": MODEL}
            settings |= {"WRAPUP_LEASE_SECONDS": "15"}
            self.bot = stack.enter_context(Deployment(Slack(self.slack.url), self.folder, model, **settings))
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def web(self, app: str) -> int:
        """The port of an application under the Procfile's server."""
        port = free_port()
        command = [*GUNICORN, "--bind", f"127.0.0.1:{port}", app]
        web = self._stack.enter_context(Child(command, self.folder / f"web-{port}.log", env=self.bot.environment))
        wait_for("a web", lambda: "Booting worker" in web.output, seconds=40)
        wait_for("a web", lambda: _connects(port), seconds=40)
        return port

    def replies(self, port: int, number: int) -> list[float]:
        """Seconds from each event to the post of its reply, one after the other, in order of size."""
        connection, taken = load.Connection(port), []
        for ts, request in load.mentions(number):
            start = time.perf_counter()
            connection.send(request)
            wait_for("a reply", lambda ts=ts: self.slack.posts.get(ts), seconds=10, every=0.001)  # type: ignore[misc]
            taken.append(self.slack.posts[ts] - start)
        return sorted(taken)

    def _answer(self, _: object) -> str:
        if not self._model_s:
            return ANSWER
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)
        after(self._model_s)
        with self._lock:
            self._now -= 1
        return ANSWER


def _connects(port: int) -> bool:
    try:
        load.Connection(port)
    except OSError:
        return False
    return True


if __name__ == "__main__":
    for row in rows():
        print(*row, sep="  |  ", flush=True)
