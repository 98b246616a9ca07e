"""Our processes as they run for real, beside a local Slack whose Web API breaks, for tests that kill them."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Self

import urllib3

from sandbox.child import LIMIT_S, Child, wait_for
from sandbox.serving import free_port
from sandbox.slack import Message, Slack
from sandbox.workspace import BOT, MARCO
from tests.doubles.bedrock_server import BedrockServer
from tests.doubles.faulty_slack import FaultySlack, mention_events, post

MODEL = "anthropic.claude-3-haiku-20240307-v1:0"
ANSWER = json.dumps(
    {
        "summary": "The parcel arrived damaged, and a new one is on its way.",
        "topics": ["delivery"],
        "action_items": [{"task": "Send a new parcel", "owner": "agent", "due": None, "turn": 2}],
        "next_steps": ["Wait for the new parcel."],
    }
)
CALL = "agent: How may I help?\ncustomer: My parcel arrived damaged.\nagent: I'm sorry. I'll send a new parcel today."
LEASE_S = 3


class Deployment:
    """Webs and workers of one bot; use as a context manager. A local model server answers for Bedrock."""

    def __init__(self, slack: Slack, folder: Path, model: BedrockServer, **settings: str) -> None:
        self.slack, self.folder, self.model = slack, folder, model
        self.faulty = FaultySlack(slack.url)
        self.webs: dict[int, Child] = {}
        self.workers: list[Child] = []
        self._settings, self._started = settings, 0

    def __enter__(self) -> Self:
        self._stack = ExitStack()
        self._stack.enter_context(self.faulty)
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @property
    def environment(self) -> Mapping[str, str]:
        limits = ("WRAPUP_PERSON_PER_MINUTE", "WRAPUP_CHANNEL_PER_MINUTE", "WRAPUP_MAX_WAITING")
        return {
            **self.slack.environment(),
            **self.model.environment,
            **dict.fromkeys(limits, "100000"),
            "SLACK_API_URL": self.faulty.url,
            "WRAPUP_DATA_DIR": str(self.folder / "data"),
            "WRAPUP_MODEL_ID": MODEL,
            "WRAPUP_LEASE_SECONDS": str(LEASE_S),
            "WRAPUP_METRICS_PORT": "0",
            "AWS_MAX_ATTEMPTS": "1",
            **self._settings,
        }

    @property
    def ports(self) -> list[int]:
        return list(self.webs)

    def start_web(self, port: int = 0) -> Child:
        """A web that listens; `port` is one that a killed web had."""
        port = port or free_port()
        web = self.launch_web(port)
        wait_for("the web to listen", lambda: self._get(port, "/healthz") or not web.running)
        return web

    def launch_web(self, port: int) -> Child:
        """The same, without waiting for it."""
        command = ["gunicorn", "--no-control-socket", "--worker-class", "gthread", "--threads", "16"]
        web = self._start("web", *command, "--bind", f"127.0.0.1:{port}", "handlers.wsgi:app()")
        self.webs[port] = web
        return web

    def start_worker(self, **settings: str) -> Child:
        """A worker that works, with further settings of its own."""
        worker = self.launch_worker(**settings)
        wait_for("the worker", lambda: '"working"' in worker.output or not worker.running)
        return worker

    def launch_worker(self, **settings: str) -> Child:
        """The same, without waiting for it."""
        worker = self._start("worker", "python", "-m", "handlers.worker", **settings)
        self.workers.append(worker)
        return worker

    def complete(self, webs: int = 1, workers: int = 1) -> None:
        """Starts what is missing, and ends what is too much."""
        for port in [port for port, web in self.webs.items() if not web.running]:
            self.start_web(port)
        for _ in range(webs - len(self.webs)):
            self.start_web()
        self.workers = [worker for worker in self.workers if worker.running]
        for worker in self.workers[workers:]:
            kill(worker)
        del self.workers[workers:]
        for _ in range(workers - len(self.workers)):
            self.start_worker()

    def say(self, text: str = CALL) -> Message:
        """A person names the bot; no event is delivered yet."""
        return self.slack.say(MARCO.id, f"<@{BOT}> {text}")

    def ask(self, text: str = CALL) -> Message:
        """A person names the bot, and both events are delivered once."""
        message = self.say(text)
        for body in mention_events(message):
            assert post(self.ports[0], body) == 200
        return message

    def replies(self, message: Message) -> list[Message]:
        return self.slack.replies(message)

    def answered(self, message: Message) -> bool:
        return any(not is_status(reply) for reply in self.replies(message))

    def answer(self, message: Message) -> Message:
        """The one reply, once it is more than a status and nothing waits any more."""
        wait_for("an answer", lambda: self.answered(message))
        self.idle()
        (reply,) = self.replies(message)
        return reply

    def idle(self, seconds: float = LIMIT_S) -> None:
        """Returns once no accepted request waits."""
        wait_for(
            "an empty ledger", lambda: any("ready; 0 w" in self._get(p, "/readyz") for p in self.ports), seconds=seconds
        )

    def asked_model(self, count: int = 1) -> None:
        """Returns once the model has been asked that many times."""
        wait_for("a request to the model", lambda: len(self.model.asked()) >= count)

    def _get(self, port: int, path: str) -> str:
        try:
            return urllib3.request("GET", f"http://127.0.0.1:{port}{path}", timeout=2.0, retries=False).data.decode()
        except urllib3.exceptions.HTTPError:
            return ""

    def _start(self, name: str, *command: str, **settings: str) -> Child:
        self._started += 1
        log = self.folder / f"{name}-{self._started}.log"
        env = {**self.environment, **settings}
        return self._stack.enter_context(Child(command, log, env=env, leave_seconds=2.0))


def is_status(reply: Message) -> bool:
    return not reply.get("blocks") or "⏳" in json.dumps(reply["blocks"], ensure_ascii=False)


def kill(child: Child) -> None:
    """Ends a process at once, as the kernel or a power cut does."""
    child.signal(signal.SIGKILL)
    child.process.wait()


def after(seconds: float, text: str = ANSWER) -> str:
    """The model's answer, so many seconds late."""
    time.sleep(seconds)
    return text
