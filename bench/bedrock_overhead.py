"""What the Bedrock adapter adds to a request: measured against a local server that answers at once."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from statistics import median

from bot.adapters.bedrock import BedrockModel, runtime_client
from bot.family import FAMILIES
from bot.prompts import Message, Prompt
from tests.bedrock_server import BedrockServer

MODEL = "us.anthropic.claude-haiku-4-5-20251001-v1:0"
ROUNDS = 200
WARM_UP = 20
# About a ten-minute call.
TRANSCRIPT = "\n".join(f"[{n}] agent: Thank you for holding, let me look at your order." for n in range(150))
PROMPT = Prompt("You sum up calls.", (Message("user", TRANSCRIPT),), "summarize", "call-1", {"type": "object"})


def rows() -> Iterator[tuple[str, str, str]]:
    """What, figure and aim, for the table of figures."""
    yield "Bedrock request: time that the adapter adds, p50", f"{measure()['added_ms']:.2f} ms", "< 3 ms"


def measure() -> dict[str, float]:
    """Milliseconds (p50) of a bare boto3 Converse call, of the same through the adapter, and the difference."""
    before = dict(os.environ)
    try:
        with BedrockServer() as server:
            os.environ.update(server.environment)
            return _measured()
    finally:
        os.environ.clear()
        os.environ.update(before)


def _measured() -> dict[str, float]:
    client = runtime_client(None, 1)
    model = BedrockModel(client, MODEL, family=FAMILIES["claude-3-haiku"], template="base")
    request = {
        "modelId": MODEL,
        "system": [{"text": PROMPT.system}],
        "messages": [{"role": "user", "content": [{"text": TRANSCRIPT}]}],
        "inferenceConfig": {"maxTokens": 4096, "temperature": 0.0},
    }

    def bare() -> None:
        client.converse(**request)

    def adapted() -> None:
        model.count_tokens(PROMPT)
        model.answer(PROMPT)

    bare_ms, adapted_ms = _interleaved(bare, adapted)
    client.close()
    return {"bare_ms": bare_ms, "adapter_ms": adapted_ms, "added_ms": adapted_ms - bare_ms}


def _interleaved(*calls: Callable[[], None]) -> list[float]:
    """The median of each call's time, the calls taking turns so that a noisy machine is noisy to all."""
    times: list[list[float]] = [[] for _ in calls]
    for round_number in range(WARM_UP + ROUNDS):
        for call, taken in zip(calls, times, strict=True):
            start = time.perf_counter()
            call()
            if round_number >= WARM_UP:
                taken.append((time.perf_counter() - start) * 1000)
    return [median(each) for each in times]
