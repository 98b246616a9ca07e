"""Fixtures that several tests share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import hypothesis
import pytest
from hypothesis import HealthCheck

from sandbox.child import Child
from sandbox.install import NoLocalSlack
from sandbox.serving import free_port, local_slack
from sandbox.slack import Slack
from tests.doubles.bedrock_server import BedrockServer
from tests.doubles.commands import Run

# A busy machine draws and runs examples as slowly as it likes.
hypothesis.settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis.settings.load_profile("patient")


@pytest.fixture(scope="session")
def bedrock_server() -> Iterator[BedrockServer]:
    with BedrockServer() as server:
        yield server


@pytest.fixture
def bedrock(bedrock_server: BedrockServer, monkeypatch: pytest.MonkeyPatch) -> BedrockServer:
    """A local Bedrock that boto3 finds by its own environment variables; no other AWS setting is seen."""
    bedrock_server.forget()
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    for name, value in bedrock_server.environment.items():
        monkeypatch.setenv(name, value)
    return bedrock_server


@pytest.fixture(scope="session")
def socket_slack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Slack]:
    yield from _running(tmp_path_factory.mktemp("slack"), None)


@pytest.fixture(scope="session")
def events_slack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Slack]:
    yield from _running(tmp_path_factory.mktemp("slack"), f"http://127.0.0.1:{free_port()}/slack/events")


@pytest.fixture
def slack(socket_slack: Slack) -> Slack:
    """An empty local Slack that waits for the bot in Socket Mode."""
    socket_slack.reset()
    return socket_slack


@pytest.fixture
def http_slack(events_slack: Slack) -> Slack:
    """An empty local Slack that posts events to the bot's port."""
    events_slack.reset()
    return events_slack


def _running(folder: Path, request_url: str | None) -> Iterator[Slack]:
    try:
        with local_slack(folder, request_url=request_url) as (slack, _):
            yield slack
    except NoLocalSlack as why:
        pytest.skip(str(why))


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Starts commands with the bot's settings for a local Slack, a data folder of the test's own and no others.

    All have ended when the test has; what they printed is shown when it fails.
    """
    for name in [name for name in os.environ if name.startswith(("WRAPUP_", "SLACK_", "REDIS_", "AWS_"))]:
        monkeypatch.delenv(name)
    children: list[Child] = []
    with ExitStack() as stack:

        def start(*command: str, slack: Slack, **settings: str) -> Child:
            env = {"WRAPUP_DATA_DIR": str(tmp_path / "data"), **slack.environment(), **settings}
            child = stack.enter_context(Child(command, tmp_path / f"output-{len(children)}.log", env=env))
            children.append(child)
            return child

        yield start
    for child in children:
        print(f"--- {' '.join(child.command)} (ended with {child.process.returncode})\n{child.output}")  # noqa: T201
