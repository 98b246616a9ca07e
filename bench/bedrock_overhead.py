"""What Wrapup adds to a Bedrock request: measured against a local server that answers at once."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from statistics import median

from bench import made_calls
from bot import task
from bot.adapters.bedrock.chat import BedrockModel, runtime_client
from bot.answers.family import FAMILIES
from bot.answers.prompts import Wording, render
from bot.answers.summarizer import Summarizer
from bot.calls.transcript import Transcript
from bot.settings import SHIPPED_PROMPTS
from tests.doubles.bedrock_server import BedrockServer

MODEL = "us.anthropic.claude-haiku-4-5-20251001-v1:0"
ROUNDS = 200
WARM_UP = 20
TEN_MINUTES = 1_500  # words
REPLY = json.dumps(
    {
        "summary": "The internet drops every evening.",
        "topics": ["internet and network"],
        "action_items": [{"task": "Run a line test", "owner": "agent", "due": None, "turn": 4}],
        "next_steps": ["Run a line test."],
    }
)


def rows() -> Iterator[tuple[str, str, str]]:
    """What, figure and aim, for the table of figures."""
    yield "Bedrock request: time that Wrapup adds, p50", f"{measure()['added_ms']:.2f} ms", "< 3 ms"


def measure() -> dict[str, float]:
    """Milliseconds (p50) of a bare boto3 Converse call, of a whole answer with the same prompt, and the difference."""
    before = dict(os.environ)
    try:
        with BedrockServer(answer=lambda _: REPLY) as server:
            os.environ.update(server.environment)
            return _measured()
    finally:
        os.environ.clear()
        os.environ.update(before)


def _measured() -> dict[str, float]:
    client = runtime_client(None, 1)
    model = BedrockModel(client, MODEL, family=FAMILIES["claude-3-haiku"], template="base")
    summarizer = Summarizer(model, Wording.load(SHIPPED_PROMPTS), time.perf_counter)
    summarize = task.load(SHIPPED_PROMPTS / "summarize")
    call = Transcript("call-1", tuple(made_calls.turns(TEN_MINUTES)))
    prompt = render(summarize, "base", call.call, call.turns)
    request = {
        "modelId": MODEL,
        "system": [{"text": prompt.system}],
        "messages": [{"role": "user", "content": [{"text": prompt.messages[0].text}]}],
        "inferenceConfig": {"maxTokens": 4096, "temperature": 0.0},
    }

    def bare() -> None:
        client.converse(**request)

    def whole() -> None:
        summarizer.answer(summarize, call)

    bare_ms, whole_ms = _interleaved(bare, whole)
    client.close()
    return {"bare_ms": bare_ms, "whole_ms": whole_ms, "added_ms": whole_ms - bare_ms}


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
