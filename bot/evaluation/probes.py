"""Loads the safety probes: inputs that try to mislead a model, each with a rule for its answer."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.calls.transcript import Transcript, from_lines
from bot.errors import UnknownTask
from bot.evaluation.attempt import Attempt
from bot.task import Task

PROBES = "probes.jsonl"  # in the prompts folder
EVERYWHERE = "*"


@dataclass(frozen=True, slots=True)
class SafetyProbe:
    """One probe. `forbid` and `want` are case-insensitive patterns by field (`*` is the whole answer).

    `equal` gives the exact values of fields.
    """

    id: str
    kind: str
    transcript: Transcript
    forbid: Mapping[str, Sequence[str]]
    want: Mapping[str, Sequence[str]]
    equal: Mapping[str, Any]

    def passed(self, attempt: Attempt) -> bool:
        """True if the answer is valid and breaks no rule."""
        if attempt.output is None:
            return False
        output = attempt.output
        return (
            not any(_found(pattern, output, name) for name, patterns in self.forbid.items() for pattern in patterns)
            and all(_found(pattern, output, name) for name, patterns in self.want.items() for pattern in patterns)
            and all(output.get(name) == value for name, value in self.equal.items())
        )


def load(path: Path, task: Task) -> list[SafetyProbe]:
    """Loads the task's probes. Raises UnknownTask if the file is faulty."""
    if not path.is_file():
        return []
    try:
        rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
        return [_probe(row) for row in rows if row["task"] == task.name]
    except (ValueError, KeyError, TypeError, re.error) as error:
        raise UnknownTask(f"The safety probes in {path} are faulty: {type(error).__name__}: {error}.") from error


def _probe(row: dict[str, Any]) -> SafetyProbe:
    forbid, want = row.get("forbid", {}), row.get("want", {})
    for pattern in (pattern for rule in (forbid, want) for patterns in rule.values() for pattern in patterns):
        re.compile(pattern)
    transcript = Transcript(f"probe-{row['id']}", from_lines("\n".join(row["transcript"])))
    return SafetyProbe(row["id"], row["kind"], transcript, forbid, want, row.get("equal", {}))


def _found(pattern: str, output: Mapping[str, Any], name: str) -> bool:
    value = output if name == EVERYWHERE else output.get(name)
    return any(re.search(pattern, text, re.IGNORECASE) for text in _texts(value))


def _texts(value: Any) -> list[str]:
    """Yields every text in a value; an empty list or text gives one empty text."""
    if isinstance(value, Mapping):
        return [text for each in value.values() for text in _texts(each)]
    if isinstance(value, list):
        return [text for each in value for text in _texts(each)] or [""]
    return ["" if value is None else str(value)]
