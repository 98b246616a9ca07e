"""What came of asking one model for its answer to one held-out call."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from bot.answers.reply import Usage

SCHEMA = 1  # a part of the key under which an attempt is kept: one of another schema is not found


@dataclass(frozen=True, slots=True)
class Attempt:
    """`output` is None where no valid answer came, and `fault` says why.

    Tokens are of all requests that it took; `counted` is False where they were estimated, not counted by the provider.
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
