"""Reads a dataset's `holdout.jsonl`: calls kept out of training, with their reference outputs."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from pydantic import ValidationError

from bot.calls.transcript import Transcript, from_lines
from bot.errors import ReadError
from bot.task import Output, Task

ACCEPTED = 'Each line must be a JSON object with "call", "task", "transcript" and "output". `wrapup pairs export` writes such files.'


@dataclass(frozen=True, slots=True)
class Case:
    """One call to ask each model about, with its wanted output.

    `written` names the fields that people wrote; the others are a model's words that they left. None means all fields.
    `corrected` is True if they changed a model's answer.
    """

    transcript: Transcript
    reference: Output
    written: frozenset[str] | None = None
    corrected: bool = False

    def is_written(self, field: str) -> bool:
        return self.written is None or field in self.written

    @property
    def call(self) -> str:
        return self.transcript.call


def read(lines: Iterable[str | bytes], task: Task) -> list[Case]:
    """Returns the calls of one task. The last row of a repeated call wins; unknown keys are ignored.

    Raises ReadError with the line.
    """
    cases: dict[str, Case] = {}
    for number, line in enumerate(lines, 1):
        if line.strip() and (case := _case(line, task, f"line {number}")):
            cases[case.call] = case
    return list(cases.values())


def _case(line: str | bytes, task: Task, place: str) -> Case | None:
    try:
        row = json.loads(line)
        if row["task"] != task.name:
            return None
        turns = from_lines(row["transcript"])
        reference, written = task.output.model_validate(row["output"]), row.get("written")
        return Case(
            Transcript(str(row["call"]), turns),
            reference,
            None if written is None else frozenset(written),
            corrected=written is not None and row.get("label") == "corrected",
        )
    except ValidationError as error:
        raise ReadError(f"the output doesn't fit the task {task.name!r}", place, ACCEPTED) from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ReadError("this isn't a held-out call", place, ACCEPTED) from error
