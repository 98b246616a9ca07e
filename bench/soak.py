"""Asks much while everything breaks, and counts: `python -m bench.soak [--requests N] [--seconds S] [--seed N]`."""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sandbox.child import Child
from sandbox.serving import local_slack
from sandbox.slack import Message, Slack
from tests.doubles.bedrock_server import BedrockServer
from tests.doubles.deployment import ANSWER, LEASE_S, Deployment, after, is_status
from tests.doubles.faulty_slack import SLACK_WAITS_S, Fault, deliver, mention_events, post

WEBS, WORKERS, ASKERS = 2, 2, 12
CHANCES: Mapping[Fault, float] = {
    "slow down": 0.03, "broken": 0.02, "unavailable": 0.02, "cut before": 0.02, "cut after": 0.03, "cut early": 0.03,
    "delayed": 0.05,
}  # fmt: skip
BREAK_EVERY_S = 1.2
DOWN_S = 0.4  # before a killed process is started again
AGAIN = 0.2  # of the events are delivered again, whatever came of them
MODEL_S = (0.0, 0.2, 0.4, 0.6, 1.0, 2.6)  # the last is long enough for a status
RECOVERY_S = 60.0  # once all is well, everything accepted is answered within this time


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the requests; `told` of the answers are failures that people were told of."""

    accepted: int
    answered: int
    told: int
    lost: int
    doubled: int
    recovery_s: float
    breaks: Mapping[str, int]


class Soak:
    """One run against processes of its own."""

    def __init__(self, deployment: Deployment, requests: int, seconds: float, seed: int) -> None:
        self._bot, self._requests, self._seconds = deployment, requests, seconds
        self._random = random.Random(seed)
        self._breaks: Counter[str] = Counter()
        self._frozen: list[tuple[float, Child]] = []  # until when
        self._died: dict[int, float] = {}  # when, by pid

    def run(self) -> Outcome:
        """Asks, breaks, heals, and counts."""
        bot = self._bot
        bot.complete(WEBS, WORKERS)
        bot.faulty.chances = CHANCES
        asked: list[Future[tuple[Message, bool]]] = []
        start = time.monotonic()
        next_break = start + BREAK_EVERY_S
        with ThreadPoolExecutor(ASKERS) as pool:
            while len(asked) < self._requests or not all(each.done() for each in asked):
                now = time.monotonic()
                while len(asked) < min(self._requests, (now - start) / self._seconds * self._requests):
                    asked.append(pool.submit(self._ask, self._random.random()))
                if now > next_break:
                    self._break()
                    next_break = now + BREAK_EVERY_S * self._random.uniform(0.5, 1.5)
                self._repair(now)
                time.sleep(0.02)
        return self._count([each.result() for each in asked], self._recover())

    def _ask(self, drawn: float) -> tuple[Message, bool]:
        """A person names the bot, and Slack delivers both events; whether one was accepted."""
        message = self._bot.say()
        ports = self._bot.ports if drawn < 0.5 else self._bot.ports[::-1]
        events = mention_events(message)
        with ThreadPoolExecutor(2) as pool:
            accepted = list(pool.map(lambda body: deliver(ports, body), events))
        if drawn % 0.1 < 0.1 * AGAIN:
            accepted += [
                post(port, body, retry, waits_s=SLACK_WAITS_S) == 200
                for port in ports
                for retry, body in enumerate(events, 1)
            ]
        return message, any(accepted)

    def _break(self) -> None:
        kinds = ("kill web", "kill worker", "kill store", "freeze worker")
        kind = self._random.choices(kinds, weights=(3, 4, 2, 1))[0]
        child = self._random.choice([*self._bot.webs.values()] if kind == "kill web" else self._bot.workers)
        if kind == "kill store":
            with suppress(OSError, ValueError):  # it is just being started again
                pid = int((self._bot.folder / "data" / "valkey" / "valkey.pid").read_text())
                os.kill(pid, signal.SIGKILL)
        elif kind == "freeze worker":
            child.signal(signal.SIGSTOP)
            self._frozen.append((time.monotonic() + LEASE_S * 1.5, child))
        else:
            child.signal(signal.SIGKILL)
        self._breaks[kind] += 1

    def _repair(self, now: float) -> None:
        """Wakes frozen workers when it is time, and starts again what has died."""
        for due, child in [each for each in self._frozen if each[0] <= now]:
            child.signal(signal.SIGCONT)
            self._frozen.remove((due, child))
        for port, web in list(self._bot.webs.items()):
            if not web.running and self._is_time(web, now):
                self._bot.launch_web(port)
        for worker in [worker for worker in self._bot.workers if not worker.running]:
            if self._is_time(worker, now):
                self._bot.workers.remove(worker)
                self._bot.launch_worker()

    def _is_time(self, child: Child, now: float) -> bool:
        return now - self._died.setdefault(child.process.pid, now) >= DOWN_S

    def _recover(self) -> float:
        """Seconds from the end of all breaks until nothing waits any more."""
        for _, child in self._frozen:
            child.signal(signal.SIGCONT)
        self._bot.faulty.chances = {}
        self._bot.complete(WEBS, WORKERS)
        start = time.monotonic()
        with suppress(TimeoutError):
            self._bot.idle(RECOVERY_S)
        return time.monotonic() - start

    def _count(self, asked: list[tuple[Message, bool]], recovery_s: float) -> Outcome:
        threads: dict[str, list[Message]] = {message["ts"]: [] for message, _ in asked}
        for message in self._bot.slack.messages():
            if message.get("thread_ts") in threads:
                threads[message["thread_ts"]].append(message)
        accepted = [message["ts"] for message, taken in asked if taken]
        answered = [ts for ts in accepted if any(not is_status(reply) for reply in threads[ts])]
        told = [ts for ts in answered if any("Incident" in str(reply["blocks"]) for reply in threads[ts])]
        doubled = sum(len(replies) > 1 for replies in threads.values())
        breaks = {**self._breaks, **{kind: n for kind, n in self._bot.faulty.faults.items() if kind != "none"}}
        lost = len(accepted) - len(answered)
        return Outcome(len(accepted), len(answered), len(told), lost, doubled, recovery_s, breaks)


def soak(slack: Slack, folder: Path, requests: int, seconds: float, seed: int) -> Outcome:
    """Asks `requests` times in `seconds` or as soon as can be, in an empty local Slack."""
    delays = random.Random(seed)
    with (
        BedrockServer(answer=lambda _: after(delays.choice(MODEL_S), ANSWER)) as model,
        Deployment(slack, folder, model) as deployment,
    ):
        return Soak(deployment, requests, seconds, seed).run()


def main() -> int:
    """Exit code 1 where a request was lost or answered twice."""
    parser = argparse.ArgumentParser("python -m bench.soak", description=__doc__)
    parser.add_argument("--requests", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=150.0)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="soak-"))
    with local_slack(folder) as (slack, _):
        outcome = soak(slack, folder, options.requests, options.seconds, options.seed)
    print("breaks:", ", ".join(f"{number} × {kind}" for kind, number in outcome.breaks.items()))
    print(f"accepted {outcome.accepted}, answered {outcome.answered} (told a failure {outcome.told}),", end=" ")
    print(f"lost {outcome.lost}, doubled {outcome.doubled}; all were answered {outcome.recovery_s:.1f} s after the end")
    print(f"seed {options.seed}; logs: {folder}")
    return 1 if outcome.lost or outcome.doubled else 0


if __name__ == "__main__":
    sys.exit(main())
