"""Fixtures that several tests share."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.bedrock_server import BedrockServer


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
