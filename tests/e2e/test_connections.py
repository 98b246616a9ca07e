"""A worker makes its connections to the store when it starts, and shares them."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from redis import ConnectionPool

from bot.queue.request import AnyRequest, ExportRequest, StepRequest, WrapUpRequest
from bot.settings import read
from bot.wiring import WORKER_TIMEOUT_S, Wiring, usual_threads
from handlers.telemetry import Telemetry
from handlers.worker.build import all_rounds, make_worker
from sandbox.child import wait_for
from tests.doubles.bots import CALL
from tests.doubles.canned_slack import CannedSlack
from tests.doubles.made_pairs import pairs, settle

ME = {"ok": True, "team_id": "T1", "user_id": "U0BOT", "bot_id": "B0BOT"}
ASKER = {"id": "U1", "team_id": "T1", "profile": {}}


@pytest.fixture
def pools(monkeypatch: pytest.MonkeyPatch) -> list[ConnectionPool]:
    """Every pool of connections that is made from now on."""
    made, init = list[ConnectionPool](), ConnectionPool.__init__

    def counted(pool: ConnectionPool, *args: Any, **given: Any) -> None:
        made.append(pool)
        init(pool, *args, **given)

    monkeypatch.setattr(ConnectionPool, "__init__", counted)
    return made


class Process:
    """A worker as its process builds it, with everything that runs beside the requests."""

    def __init__(self, folder: Path, slack: CannedSlack) -> None:
        given = {
            "WRAPUP_DATA_DIR": str(folder),
            "SLACK_API_URL": f"{slack.url}/api/",
            "SLACK_BOT_TOKEN": "xoxb-test",
            "WRAPUP_FAMILY": "embedded",
        }
        settings = read(given)
        threads = usual_threads(settings)
        self.wiring = Wiring(settings, threads, WORKER_TIMEOUT_S)
        self.queue = self.wiring.store.queue
        self.worker, _, live_cards = make_worker(self.wiring, Telemetry(self.queue), threads)
        self.rounds = all_rounds(self.wiring, live_cards)

    def work(self, *requests: AnyRequest) -> None:
        """Takes the requests to their end, one after the other."""
        working = threading.Thread(target=self.worker.run)
        working.start()
        for each in requests:
            self.queue.accept(each, None)
            wait_for(f"{each.id} to be done", lambda: not self.queue.health().waiting)
        self.worker.stop()
        working.join()


@pytest.fixture
def process(tmp_path: Path, pools: list[ConnectionPool]) -> Iterator[Process]:
    answers = {"auth.test": ME, "users.info": {"ok": True, "user": ASKER}, "chat.update": {"ok": True}}
    with CannedSlack(**answers, **{"chat.postMessage": {"ok": True, "ts": "2.0"}}) as slack:
        yield Process(tmp_path, slack)


def test_a_worker_has_two_pools_of_connections(process: Process, pools: list[ConnectionPool]) -> None:
    for each in process.rounds:
        each.work()

    assert len(pools) == 2


def test_a_request_makes_no_pool(process: Process, pools: list[ConnectionPool]) -> None:
    settle(process.wiring.store.pairs, *pairs(30))
    before = len(pools)
    common: dict[str, Any] = {"team": "T1", "channel": "D1", "user": "U1", "at": time.time()}

    process.work(
        WrapUpRequest(id="wrap-up", kind="message", text=CALL, ts="1.0", thread_ts="1.0", **common),
        ExportRequest(id="export", task="summarize", **common),
        StepRequest(id="propose", step="propose", task="summarize", **common),
    )

    assert process.wiring.services.answers.of("wrap-up")
    assert {each.did for each in process.wiring.store.registry.audit()} == {"export"}
    assert process.wiring.store.registry.agenda("summarize").proposal
    assert len(pools) == before
