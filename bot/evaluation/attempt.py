"""Holds one model's answer to one held-out call."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from bot.answers.reply import Usage

SCHEMA = 1  # part of an attempt's key, so attempts with another schema aren't found


@dataclass(frozen=True, slots=True)
class Attempt:
    """One answer. If it was invalid, `output` is None and `fault` says why.

    Tokens are the sum of all requests it took; `counted` is False if they are estimates.
    """

    output: dict[str, Any] | None
    fault: str
    input_tokens: int
    output_tokens: int
    counted: bool
    latency_ms: int

    @property
    def usage(self) -> Usage | None:
        """The tokens that the provider counted; None if they were estimated."""
        return Usage(self.input_tokens, self.output_tokens) if self.counted else None


def to_json(attempt: Attempt) -> str:
    return json.dumps(asdict(attempt), ensure_ascii=False)


def from_json(text: str) -> Attempt:
    return Attempt(**json.loads(text))
