"""A task's answer to one call, with what it was made from and who asked for it."""

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
    """A task's output for one call, with what it took: `parts` requests' worth of call, tokens, milliseconds."""

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
    """An answer that people can come back to, with the call as it was read.

    `key` names it in buttons; `request` is the request that it answers; `asker` and `channel` are Slack ids; `source`
    says how the call came, `at` when it was asked for.
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
    """All answers to one request, and the files that could not be read with the reason."""

    answers: tuple[KeptAnswer, ...]
    problems: tuple[tuple[str, str], ...] = ()


def to_json(kept: KeptAnswer) -> str:
    row = asdict(kept)
    row["answer"]["output"] = kept.answer.output.model_dump(mode="json")
    return json.dumps(row | {"schema": SCHEMA}, ensure_ascii=False)


def from_json(text: str, tasks: Mapping[str, Task]) -> KeptAnswer:
    """The kept answer. Raises UnknownTask where its task is no longer there or no longer fits it."""
    row: dict[str, Any] = json.loads(text)
    row.pop("schema")
    try:
        output = tasks[row["answer"]["task"]].output.model_validate(row["answer"]["output"])
    except (KeyError, ValueError) as error:
        raise UnknownTask(f"The task {row['answer']['task']!r} of this answer has changed since.") from error
    return KeptAnswer(**row | {"transcript": _transcript(row["transcript"]), "answer": _answer(row["answer"], output)})


def _transcript(row: dict[str, Any]) -> Transcript:
    turns = tuple(Turn(**turn) for turn in row["turns"])
    return Transcript(row["call"], turns, row["format"], tuple(row["notes"]))


def _answer(row: dict[str, Any], output: Output) -> Answer:
    unverified = tuple(Unverified(**each) for each in row["unverified"])
    usage = Usage(**row["usage"]) if row["usage"] else None
    return Answer(**row | {"output": output, "unverified": unverified, "usage": usage})
