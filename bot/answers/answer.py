"""Holds a task's answer to one call."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from bot.answers.reply import Usage
from bot.calls.transcript import Transcript, Turn
from bot.errors import UnknownTask
from bot.task import Output, Task, Unverified


@dataclass(frozen=True, slots=True)
class Answer:
    """A task's output for one call, and what it took: number of parts, tokens, milliseconds."""

    call: str
    task: str
    model: str
    prompt: str
    output: Output
    unverified: tuple[Unverified, ...]
    parts: int
    usage: Usage | None
    latency_ms: int


SCHEMA = 1
Source = Literal["upload", "paste", "modal", "thread", "import"]


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """A stored answer that people can come back to, with the call as it was read.

    `key` names it in buttons; `request` is the request it answers; `asker` and `channel` are Slack ids; `source` says how
    the call came in, `at` when (seconds since 1970).
    """

    key: str
    request: str
    file: str
    asker: str
    channel: str
    transcript: Transcript
    answer: Answer
    source: Source = "paste"
    at: float = 0.0


@dataclass(frozen=True, slots=True)
class KeptAnswers:
    """All answers to one request, and each unreadable file with its reason."""

    answers: tuple[KeptAnswer, ...]
    problems: tuple[tuple[str, str], ...] = ()


def to_json(kept: KeptAnswer) -> str:
    row = asdict(kept)
    row["answer"]["output"] = kept.answer.output.model_dump(mode="json")
    return json.dumps(row | {"schema": SCHEMA}, ensure_ascii=False)


def from_json(text: str, tasks: Mapping[str, Task]) -> KeptAnswer:
    """Returns the stored answer. Raises UnknownTask if its task is gone or its schema has changed."""
    row: dict[str, Any] = json.loads(text)
    row.pop("schema")
    try:
        output = tasks[row["answer"]["task"]].output.model_validate(row["answer"]["output"])
    except (KeyError, ValueError) as error:
        raise UnknownTask(f"The task {row['answer']['task']!r} has changed since this answer. Ask again.") from error
    return KeptAnswer(**row | {"transcript": _transcript(row["transcript"]), "answer": _answer(row["answer"], output)})


def _transcript(row: dict[str, Any]) -> Transcript:
    turns = tuple(Turn(**turn) for turn in row["turns"])
    return Transcript(row["call"], turns, row["format"], tuple(row["notes"]))


def _answer(row: dict[str, Any], output: Output) -> Answer:
    unverified = tuple(Unverified(**each) for each in row["unverified"])
    usage = Usage(**row["usage"]) if row["usage"] else None
    return Answer(**row | {"output": output, "unverified": unverified, "usage": usage})
