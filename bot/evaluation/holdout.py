"""Calls that were held out of training, with the output that a reviewer stands by: a dataset's `holdout.jsonl`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from pydantic import ValidationError

from bot.calls.transcript import Transcript, from_lines
from bot.errors import ReadError
from bot.task import Output, Task

ACCEPTED = 'Each line must be a JSON object with "call", "task", "transcript" and "output", as an export writes it.'


@dataclass(frozen=True, slots=True)
class Case:
    """One call to be asked of each model, and the output that is wanted for it.

    `written`: the fields that people wrote, None where all are; the others are a model's words that they let stand.
    `corrected`: they wrote over what a model had said.
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
    """The calls of one task; of a call that comes twice the last. Keys that are not known are passed over.

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
        raise ReadError(f"the output does not fit the task {task.name!r}", place, ACCEPTED) from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ReadError("this is no held-out call", place, ACCEPTED) from error
