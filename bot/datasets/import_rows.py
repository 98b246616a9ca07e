"""Reads an imported row as a pair."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar, cast, get_args

import orjson
from pydantic import ValidationError

from bot.answers.prompts import CLOSING, OPENING, fingerprint, frame
from bot.answers.reply import faults
from bot.calls.transcript import Turn, from_lines
from bot.datasets.record import from_record, transcript_reader
from bot.errors import ReadError
from bot.feedback.pair import Label
from bot.task import Output, Task

ACCEPTED = 'A line is a training record ("messages"), {"prompt": "...", "completion": "..."}, or a line of an export of Wrapup.'
ONE_OBJECT = "The completion must be one JSON object that fits the task's schema."


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One line: what the model was asked, and what it should answer.

    `lines` is the transcript if the line has one, else None and it is inside `prompt`. A completion is text, or the object
    itself. `rejected` is the answer that was corrected. `task`, `label` and `written` are empty if the line names none.
    """

    prompt: str
    completion: Any
    system: str = ""
    lines: str | None = None
    rejected: Any = None
    task: str = ""
    label: Label | None = None
    written: tuple[str, ...] | None = None


def row_of(line: bytes) -> ImportRow:
    """Reads the row in a line of JSON. Raises ReadError."""
    try:
        value = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        place = f"column {error.colno}" if error.lineno == 1 else ""
        raise ReadError("this line isn't JSON, or isn't UTF-8", place, ACCEPTED) from error
    if isinstance(value, dict):
        for keys, read in _SHAPES.items():
            if all(key in value for key in keys):
                return read(value)
    raise ReadError("I can't import a line of this shape", accepted=ACCEPTED)


def _record(value: dict[str, Any]) -> ImportRow:
    held = from_record(value)
    return ImportRow(held.user, held.completion, held.system)


def _prompt(value: dict[str, Any]) -> ImportRow:
    return ImportRow(_text(value, "prompt"), value["completion"])


def _held_out(value: dict[str, Any]) -> ImportRow:
    label = value.get("label")
    known = cast(Label, label) if label in get_args(Label) else None
    task, names = str(value.get("task") or ""), value.get("written")
    written = tuple(map(str, names)) if isinstance(names, list) else None
    return ImportRow("", value["output"], lines=_text(value, "transcript"), task=task, label=known, written=written)


def _preference(value: dict[str, Any]) -> ImportRow:
    """Reads a line of preference.jsonl: what a reviewer chose, and the answer that was corrected."""
    system = value.get("system") or ""
    if not isinstance(system, str):
        raise ReadError('"system" isn\'t text', accepted=ACCEPTED)
    return ImportRow(_text(value, "prompt"), value["chosen"], system, rejected=value["rejected"], label="corrected")


_SHAPES: Mapping[tuple[str, ...], Callable[[dict[str, Any]], ImportRow]] = {
    ("messages",): _record,
    ("prompt", "completion"): _prompt,
    ("prompt", "chosen", "rejected"): _preference,
    ("transcript", "output"): _held_out,
}


def _text(value: dict[str, Any], key: str) -> str:
    if not isinstance(value[key], str):
        raise ReadError(f'"{key}" is no text', accepted=ACCEPTED)
    return str(value[key])


class Reading:
    """Finds the task and the transcript of rows. Reuse it for many rows."""

    def __init__(self, tasks: Mapping[str, Task]) -> None:
        self._tasks = tasks
        self._readers = {name: transcript_reader(task) for name, task in tasks.items()}
        self._systems = {name: frame(task, "tuned").texts("")[0] for name, task in tasks.items()}
        self._prints = {name: fingerprint(task, "tuned") for name, task in tasks.items()}

    def fit(self, completion: Any, named: str) -> tuple[Task, Output]:
        """Returns the one task whose schema the completion fits, or the named one. Raises ReadError."""
        value = _object(completion)
        if named and named not in self._tasks:
            raise ReadError(f"there is no task {named!r}", accepted=f"Tasks: {', '.join(self._tasks)}.")
        asked = [self._tasks[named]] if named else list(self._tasks.values())
        found: list[tuple[Task, Output]] = []
        for task in asked:
            with suppress(ValidationError):
                found.append((task, task.output.model_validate(value)))
        if len(found) > 1:
            fitting = " and ".join(task.name for task, _ in found)
            raise ReadError(f"the completion fits the tasks {fitting}", accepted="Name one with --task.")
        if not found:
            why = " | ".join(f"{task.name}: {_faults(task, value)}" for task in asked)
            raise ReadError(f"the completion doesn't fit ({why})", accepted=ONE_OBJECT)
        return found[0]

    def output(self, task: Task, completion: Any) -> Output:
        """Returns the output in a completion. Raises ReadError."""
        return self.fit(completion, task.name)[1]

    def turns(self, row: ImportRow, task: Task) -> tuple[Turn, ...] | None:
        """Returns the turns in a row's prompt, or None if its prompt isn't from one of our templates.

        Raises ReadError if a line isn't a turn.
        """
        lines = self._readers[task.name](row.prompt) if row.lines is None else row.lines
        if lines is None:
            start, end = row.prompt.find(OPENING), row.prompt.rfind(CLOSING)
            if not 0 <= start < end:
                return None
            lines = row.prompt[start + len(OPENING) : end]
        turns = from_lines(lines)
        if sum(1 + turn.text.count("\n") for turn in turns) != 1 + lines.count("\n"):
            raise ReadError(
                "the transcript has lines that aren't turns", accepted='Write a turn as "[0] agent: Hello".'
            )
        return turns

    def prompt_of(self, row: ImportRow, task: Task) -> str:
        """Returns the fingerprint of today's tuned template, or "" if another one made the row's prompt."""
        other = row.lines is None and (
            row.system != self._systems[task.name] or self._readers[task.name](row.prompt) is None
        )
        return "" if other else self._prints[task.name]


def _faults(task: Task, value: dict[str, Any]) -> str:
    """Returns why the value doesn't fit. Called only if no task fits, because most rows fit one."""
    try:
        task.output.model_validate(value)
    except ValidationError as error:
        return faults(error)
    return ""


def _object(completion: Any) -> dict[str, Any]:
    value = completion
    if isinstance(completion, str):
        try:
            value = orjson.loads(completion.encode())
        except ValueError as error:  # faulty JSON, or half a character
            raise ReadError("the completion isn't JSON", accepted=ONE_OBJECT) from error
    if not isinstance(value, dict):
        raise ReadError("the completion isn't a JSON object", accepted=ONE_OBJECT)
    return value


class Version(Protocol):
    """What decides between several outputs of one call."""

    @property
    def source(self) -> str: ...
    @property
    def reviewers(self) -> Sequence[str]: ...
    @property
    def at(self) -> float: ...
    @property
    def content(self) -> str | bytes: ...


VersionT = TypeVar("VersionT", bound=Version)


def standing(versions: Iterable[VersionT]) -> list[VersionT]:
    """Returns which pairs of one call and task to learn from; none if their conflict isn't settled.

    Only imports conflict: outputs that reviewers settled in Slack all count. A reviewer's output beats imports without a
    reviewer. An import with a reviewer beats every output settled earlier.
    """
    found = list(versions)
    if len({each.content for each in found}) < 2 or all(each.source != "import" for each in found):
        return found
    words = [each for each in found if each.reviewers]
    last = max(words, key=lambda each: (each.at, each.content), default=None)
    if last is None or last.source != "import":
        return [each for each in words if each.source != "import"]
    return [last]
