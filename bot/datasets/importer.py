"""Imports pairs from files."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Literal

import orjson

from bot.calls.files import STDIN
from bot.calls.files import read as read_log
from bot.calls.transcript import Turn, to_lines
from bot.datasets.import_files import COLUMNS, NumberedRow, read
from bot.datasets.import_rows import ImportRow, Reading
from bot.errors import ReadError
from bot.feedback.pair import Added, Pair, call_hash
from bot.feedback.ports import Pairs
from bot.feedback.reviews import Mask
from bot.task import Output, Task

BATCH = 200  # pairs per write
MOST_OF_A_REASON = 300  # characters
SUFFIXES = (".jsonl", ".ndjson", ".csv", ".tsv")

ImportState = Literal["taken", "known", "conflict", "refused"]


@dataclass(frozen=True, slots=True)
class ImportChoice:
    """How to import: the task ("": the one that fits) and the reviewer who vouches for all rows ("": nobody)."""

    task: str = ""
    reviewer: str = ""
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """The result for one line. `labels` are its topics outside the task's taxonomy; they are imported as they are."""

    line: int
    state: ImportState
    reason: str = ""
    call: str = ""
    task: str = ""
    labels: tuple[str, ...] = ()


class Importer:
    """Imports pairs. Holds no state between calls.

    `mask` is None if pairs are stored unmasked; `now` returns seconds since 1970.
    """

    def __init__(
        self,
        pairs: Pairs,
        tasks: Mapping[str, Task],
        mask: Mask | None,
        redaction: int,
        max_bytes: int,
        now: Callable[[], float],
    ) -> None:
        self._pairs, self._mask, self._redaction = pairs, mask, redaction if mask else 0
        self._max_bytes, self._now = max_bytes, now
        self._tasks, self._reading = tasks, Reading(tasks)

    def take(self, lines: Iterable[NumberedRow], choice: ImportChoice = ImportChoice()) -> Iterator[ImportOutcome]:
        """Yields each line's result in order. Raises StoreUnavailable; lines reported before it are stored."""
        rest, seen = iter(lines), _Seen() if choice.dry_run else None
        before: Callable[[], Iterable[ImportOutcome]] = tuple
        with ThreadPoolExecutor(1) as store:  # store the lines before while these are read and masked
            while batch := list(islice(rest, BATCH)):
                made = [(number, self._made(row, choice)) for number, row in batch]
                pairs = [pair for _, pair in made if isinstance(pair, Pair)]
                added = store.submit(self._pairs.add, pairs, write=not choice.dry_run)
                yield from before()
                before = partial(self._outcomes, made, added, seen)
            yield from before()

    def _outcomes(
        self, made: list[tuple[int, Pair | ReadError]], added: Future[list[Added]], seen: _Seen | None
    ) -> Iterator[ImportOutcome]:
        came_to = iter(added.result())
        for number, pair in made:
            if isinstance(pair, ReadError):
                yield ImportOutcome(number, "refused", " ".join(str(pair).split())[:MOST_OF_A_REASON])
            else:
                state = next(came_to)
                yield self._told(number, pair, seen.again(pair, state) if seen else state)

    def _told(self, number: int, pair: Pair, came_to: Added) -> ImportOutcome:
        about = ImportOutcome(number, "taken", "", pair.call, pair.task, self._labels(pair))
        if came_to == "forgotten":
            return replace(about, state="refused", reason="This call was forgotten and must not come back.")
        if came_to == "conflict" and pair.reviewers:
            return replace(about, reason="It replaces the other outputs of the same call.")
        if came_to == "conflict":
            return replace(
                about,
                state="conflict",
                reason="The same call has another output. Name a reviewer to decide (--reviewer).",
            )
        return replace(about, state=came_to)

    def _labels(self, pair: Pair) -> tuple[str, ...]:
        known = {topic.name for topic in self._tasks[pair.task].topics}
        topics = pair.output.get("topics") if known else ()
        return tuple(topic for topic in topics or () if topic not in known)

    def _made(self, row: ImportRow | ReadError, choice: ImportChoice) -> Pair | ReadError:
        if isinstance(row, ReadError):
            return row
        try:
            return self._pair(row, choice)
        except ReadError as error:
            return error

    def _pair(self, row: ImportRow, choice: ImportChoice) -> Pair:
        if choice.task and row.task not in ("", choice.task):
            raise ReadError(f"this line is for the task {row.task!r}, not {choice.task!r}")
        task, output = self._reading.fit(row.completion, choice.task or row.task)
        rejected = None if row.rejected is None else self._reading.output(task, row.rejected)
        call, turns = self._call(row, task)
        turns, texts = self._masked(
            turns, {"output": _plain(output), "rejected": _plain(rejected) if rejected else None}
        )
        lines, now = to_lines(turns), self._now()
        pair = Pair(
            id="", call=call or call_hash(lines), task=task.name, source="import", label=row.label or "approved",
            transcript=lines, output=texts["output"], rejected=texts["rejected"],
            reviewers=(choice.reviewer,) if choice.reviewer else (), channel="", model="",
            prompt=self._reading.prompt_of(row, task), redaction=self._redaction, asked_at=now, at=now, written=row.written,
        )  # fmt: skip
        return replace(pair, id=f"import:{pair.content[:32]}#0")

    def _call(self, row: ImportRow, task: Task) -> tuple[str, tuple[Turn, ...]]:
        """Returns the call's own id ("" for a transcript from a prompt) and its turns."""
        if (turns := self._reading.turns(row, task)) is not None:
            return "", turns
        found = [each.found for each in read_log("", row.prompt.encode(), task.reads, None, self._max_bytes)]
        for each in found:
            if isinstance(each, ReadError):
                raise ReadError(f"I can't read the prompt: {each.reason}", each.place, each.accepted) from each
        if len(found) != 1:
            raise ReadError(f"the prompt has {len(found)} calls", accepted="Put one call on each line.")
        (transcript,) = found
        assert not isinstance(transcript, ReadError)
        return transcript.call, transcript.turns

    def _masked(self, turns: tuple[Turn, ...], texts: dict[str, Any]) -> tuple[tuple[Turn, ...], Mapping[str, Any]]:
        return self._mask(turns, texts) if self._mask else (turns, texts)


class _Seen:
    """What a trial run would have added so far, as hashes."""

    def __init__(self) -> None:
        self._contents: set[int] = set()
        self._calls: set[int] = set()

    def again(self, pair: Pair, came_to: Added) -> Added:
        """Returns what adding a pair would do after all those before."""
        content, call = hash(pair.content), hash((pair.task, pair.transcript))
        if came_to == "taken":
            came_to = "known" if content in self._contents else "conflict" if call in self._calls else "taken"
        self._contents.add(content)
        self._calls.add(call)
        return came_to


def _plain(output: Output) -> dict[str, Any]:
    plain = output.model_dump(mode="json")
    try:
        orjson.dumps(plain)
    except TypeError as error:
        raise ReadError("the completion has a number that is too large") from error
    return plain


def files(names: Iterable[str]) -> list[str]:
    """Returns the files to import. A folder stands for the tables and JSON Lines in it, such as an export."""
    return [file for name in names for file in (_inside(Path(name)) if Path(name).is_dir() else [name])]


def _inside(folder: Path) -> list[str]:
    return [str(path) for path in sorted(folder.iterdir()) if path.suffix.lower() in SUFFIXES]


def take(file: str, max_bytes: int, columns: tuple[str, str] = COLUMNS) -> Iterator[NumberedRow]:
    """Yields the rows of a file, or of standard input (-). Line 0 reports that the file can't be opened."""
    try:
        if file == STDIN:
            yield from read(sys.stdin.buffer, file, max_bytes, columns)
        else:
            with Path(file).open("rb") as opened:
                yield from read(opened, file.lower(), max_bytes, columns)
    except OSError as error:
        yield 0, ReadError(f"the file can't be opened: {(error.strerror or 'unknown fault').lower()}")
