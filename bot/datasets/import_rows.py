"""A row that is imported as a pair: the shapes that it may have, and which rows of the same call stand."""

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
ONE_OBJECT = "The completion must be one JSON object, as the task's schema has it."


@dataclass(frozen=True, slots=True)
class ImportRow:
    """What a line says: what the model was asked, and what it is to answer.

    `lines` is the transcript where it stands alone, else None; then it is somewhere in `prompt`. A completion is text, or
    the object itself. `rejected` is the answer that was corrected; `task`, `label` and `written` are empty where the line names none.
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
    """The row in a line of JSON. Raises ReadError."""
    try:
        value = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        place = f"column {error.colno}" if error.lineno == 1 else ""
        raise ReadError("this line is no JSON, or no UTF-8", place, ACCEPTED) from error
    if isinstance(value, dict):
        for keys, read in _SHAPES.items():
            if all(key in value for key in keys):
                return read(value)
    raise ReadError("this line has none of the shapes that can be imported", accepted=ACCEPTED)


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
    """A line of preference.jsonl: what a reviewer chose, and the answer that was corrected."""
    system = value.get("system") or ""
    if not isinstance(system, str):
        raise ReadError('"system" is no text', accepted=ACCEPTED)
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
    """How the tasks read rows: which task a completion is of, and the transcript in a prompt. For many rows."""

    def __init__(self, tasks: Mapping[str, Task]) -> None:
        self._tasks = tasks
        self._readers = {name: transcript_reader(task) for name, task in tasks.items()}
        self._systems = {name: frame(task, "tuned").texts("")[0] for name, task in tasks.items()}
        self._prints = {name: fingerprint(task, "tuned") for name, task in tasks.items()}

    def fit(self, completion: Any, named: str) -> tuple[Task, Output]:
        """The one task whose schema the completion fits, the named one where one is named. Raises ReadError."""
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
            raise ReadError(f"the completion does not fit ({why})", accepted=ONE_OBJECT)
        return found[0]

    def output(self, task: Task, completion: Any) -> Output:
        """The output in a completion of the task. Raises ReadError."""
        return self.fit(completion, task.name)[1]

    def turns(self, row: ImportRow, task: Task) -> tuple[Turn, ...] | None:
        """The turns that a row holds in the lines of a prompt; None where its prompt was made by no template of ours.

        Raises ReadError where lines are no turns.
        """
        lines = self._readers[task.name](row.prompt) if row.lines is None else row.lines
        if lines is None:
            start, end = row.prompt.find(OPENING), row.prompt.rfind(CLOSING)
            if not 0 <= start < end:
                return None
            lines = row.prompt[start + len(OPENING) : end]
        turns = from_lines(lines)
        if sum(1 + turn.text.count("\n") for turn in turns) != 1 + lines.count("\n"):
            raise ReadError("the transcript holds lines that are no turns", accepted='A turn is "[0] agent: Hello".')
        return turns

    def prompt_of(self, row: ImportRow, task: Task) -> str:
        """The fingerprint of today's tuned template; "" where another one made the row's prompt."""
        other = row.lines is None and (
            row.system != self._systems[task.name] or self._readers[task.name](row.prompt) is None
        )
        return "" if other else self._prints[task.name]


def _faults(task: Task, value: dict[str, Any]) -> str:
    """Why the value does not fit; asked only where nothing fits, since most rows fit one of the tasks."""
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
        except ValueError as error:  # of JSON, or of half a character
            raise ReadError("the completion is no JSON", accepted=ONE_OBJECT) from error
    if not isinstance(value, dict):
        raise ReadError("the completion is no JSON object", accepted=ONE_OBJECT)
    return value


class Version(Protocol):
    """What decides among the outputs of one call."""

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
    """Those pairs of one call and one task that may be learned from; none where their conflict is not settled.

    Only an import can make a conflict: outputs that reviewers settled in Slack all stand. A reviewer's word beats imports
    that nobody stands by, and an import that a reviewer stands by beats every output that was settled before.
    """
    found = list(versions)
    if len({each.content for each in found}) < 2 or all(each.source != "import" for each in found):
        return found
    words = [each for each in found if each.reviewers]
    last = max(words, key=lambda each: (each.at, each.content), default=None)
    if last is None or last.source != "import":
        return [each for each in words if each.source != "import"]
    return [last]
