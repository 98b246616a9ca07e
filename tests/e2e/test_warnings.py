"""What costs and what ends is told to the admins once, by workers for real on a local Slack and a local Bedrock."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.settings import read
from bot.wiring import Wiring
from sandbox.child import wait_for
from sandbox.slack import Slack
from sandbox.workspace import PRIYA, SUPPORT
from tests.doubles.bots import shown
from tests.doubles.deployment import Deployment, kill
from tests.doubles.training_bedrock import ACCOUNT, BASE, ROLE, TrainingBedrock

BELL = "🔔"


def forgotten(name: str) -> dict[str, object]:
    """Provisioned throughput that no registry knows."""
    model = f"{BASE}:{ACCOUNT}:custom-model/anthropic.claude-3-haiku-20240307-v1:0:200k/abcdefabcdef"
    return {
        "provisionedModelArn": f"{BASE}:{ACCOUNT}:provisioned-model/{name[-12:]}", "provisionedModelName": name,
        "modelArn": model, "status": "InService", "creationTime": "2026-11-01T00:00:00Z", "modelUnits": 1,
    }  # fmt: skip


@pytest.fixture(scope="module")
def bedrock() -> Iterator[TrainingBedrock]:
    with TrainingBedrock(life="LEGACY", ends=(datetime.now(UTC) + timedelta(days=20)).isoformat()) as server:
        server.endpoints["wrapup-forgotten000"] = forgotten("wrapup-forgotten000")
        yield server


@pytest.fixture(scope="module")
def bot(
    socket_slack: Slack, bedrock: TrainingBedrock, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Deployment]:
    socket_slack.reset()
    settings = {"WRAPUP_ADMIN_CHANNEL": SUPPORT, "WRAPUP_ROLE_ARN": ROLE}
    with Deployment(socket_slack, tmp_path_factory.mktemp("bot"), bedrock, **settings) as deployment:
        yield deployment
    for log in sorted(deployment.folder.glob("*.log")):
        print(f"--- {log.name}\n{log.read_text('utf-8')[-4000:]}")  # noqa: T201


def waiting(bot: Deployment) -> int:
    return Wiring(read(dict(bot.environment))).services.queue.health().waiting


def told(bot: Deployment, where: str) -> list[str]:
    return [shown(message) for message in bot.slack.messages(where) if BELL in shown(message)]


@pytest.fixture(scope="module")
def warnings(bot: Deployment) -> list[str]:
    """What stands in the admins' channel: two workers began, Slack's word on the first post was lost, one was killed."""
    bot.faulty.breaks("chat.postMessage", "cut after")
    killed, _ = bot.launch_worker(), bot.launch_worker()
    wait_for("a post", lambda: bot.faulty.calls["chat.postMessage"] > 0)
    kill(killed)
    bot.start_worker()
    wait_for("both warnings", lambda: len(told(bot, SUPPORT)) > 1)
    wait_for("an empty ledger", lambda: not waiting(bot))
    return told(bot, SUPPORT)


def test_each_warning_comes_once_though_two_workers_run_and_one_is_killed(warnings: list[str]) -> None:
    assert sorted("ends on" in text for text in warnings) == [False, True]


def test_an_end_is_told_with_its_date_and_the_plan(warnings: list[str]) -> None:
    (text,) = [text for text in warnings if "ends on" in text]

    assert "in 20 days" in text
    assert "`wrapup migrate-family nova-2-lite`" in text


def test_a_forgotten_endpoint_is_released_by_the_command_that_it_is_named_with(
    bot: Deployment, bedrock: TrainingBedrock, warnings: list[str]
) -> None:
    (found,) = [command for text in warnings for command in re.findall(r"`(wrapup models release \S+ --yes)`", text)][
        :1
    ]

    done = subprocess.run(
        [sys.executable, "-m", "bot", *found.split()[1:]], env=os.environ | bot.environment, check=False
    )

    assert (done.returncode, bedrock.endpoints) == (0, {})


@pytest.mark.usefixtures("warnings")
def test_without_a_channel_every_admin_hears_of_it(bot: Deployment, bedrock: TrainingBedrock) -> None:
    bedrock.endpoints["wrapup-anotherone00"] = forgotten("wrapup-anotherone00")
    bot.complete(webs=0, workers=0)

    bot.start_worker(WRAPUP_ADMIN_CHANNEL="", WRAPUP_ADMINS=PRIYA.id)

    assert wait_for("a direct message", lambda: told(bot, bot.slack.conversation(PRIYA.id)))
