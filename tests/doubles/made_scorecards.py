"""A scorecard as an evaluation keeps it."""

from __future__ import annotations

from typing import Any

from bot.answers.summary import Summary
from bot.evaluation.metrics import fields
from bot.task import Output

ARN = "arn:aws:bedrock:us-east-1:111122223333:custom-model-deployment/abcdef123456"
DIFFERENCE = {"champion": 0.893, "challenger": 0.96, "diff": 0.067, "low": 0.029, "high": 0.114}
TOKENS = {"champion": 4079.0, "challenger": 467.0, "diff": -3612.0, "low": -3700.0, "high": -3500.0}
UNKNOWN = dict.fromkeys(DIFFERENCE)
MOVED = {"call": "c1", "champion": 0.1, "challenger": 0.9, "transcript": "[0] customer: My lamp broke."}


def row(output: type[Output] = Summary, **changed: Any) -> dict[str, Any]:
    figures = {field.name: DIFFERENCE for field in fields(output)} | {"tokens": TOKENS, "cost_usd": UNKNOWN}
    return {
        "schema": 1, "task": "summarize", "champion": "amazon.nova-lite-v1:0", "challenger": ARN, "n": 91, "at": 0.0,
        "verdict": "promote", "sentence": "Promote the new model: it got better.", "reasons": [], "fields": figures,
        "by_topic": {}, "probes": {"injection": {"champion": 5, "challenger": 6, "asked": 6}}, "tokens_counted": True,
        "cost_known": False, "better": [MOVED], "worse": [], "against": None,
    } | changed  # fmt: skip
