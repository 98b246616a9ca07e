"""Reads JSON Lines with a call, a turn or another known format on each line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from bot.calls import formats
from bot.calls.document import ACCEPTED, Document, parse_json
from bot.calls.formats import json_turns
from bot.calls.reading import CallLog, Reader, Utterance, filled, records
from bot.calls.reading.clock import seconds
from bot.calls.transcript import SPEAKERS
from bot.errors import ReadError

_TOLD = 5
# After this many lines with the same keys and no call, stop searching lines with those keys.
_TRIES = 1000
_OTHER_SHAPE = (ReadError, LookupError, TypeError, AttributeError, ValueError)


def sure(document: Document) -> float:
    return 0.6 if document.is_json_lines else 0.0


def read(document: Document) -> Iterator[CallLog]:
    """Yields the calls. A file of turns is held in memory, because the turns of a call can be far apart."""
    told: list[str] = []
    first = [row for _, _, row in islice(rows(document, []), 5)]
    if not first:
        raise _broken(document)
    calls = _grouped if any(map(json_turns.is_turn, first)) else _each
    return with_notes(calls(document, told), told)


def rows(document: Document, told: list[str]) -> Iterator[tuple[int, str, dict[str, Any]]]:
    """Yields (line number, line, object) for each filled line. Notes on broken lines go to `told`."""
    for number, line in enumerate(document.lines, 1):
        if not line.strip():
            continue
        try:
            value, end = parse_json(line, first_line=number)
        except ReadError as error:
            told.append(f"Line {number} was skipped: {error.reason}.")
            continue
        if isinstance(value, dict) and not line[end:].strip(" \t,"):
            yield number, line, value
        else:
            told.append(f"Line {number} was skipped: it isn't a JSON object.")


def objects(document: Document, told: list[str]) -> Iterator[dict[str, Any]]:
    """Yields the JSON objects of a document: from its lines, its list, or itself."""
    return (row for _, _, row in rows(document, told)) if document.is_json_lines else iter(records(document.json, told))


def with_notes(calls: Iterable[CallLog], told: list[str]) -> Iterator[CallLog]:
    """Gives each call the notes made before it; the last call also gets those made after it."""
    last: CallLog | None = None
    for call in calls:
        if last:
            yield last
        last = call
        last.notes += _few(told)
        told.clear()
    if last:
        last.notes += _few(told)
        yield last


def _few(told: list[str]) -> list[str]:
    rest = len(told) - _TOLD
    return [*told[:_TOLD], f"{rest} more line(s) were skipped."] if rest > 0 else list(told)


def _broken(document: Document) -> ReadError:
    """Returns the first line's fault, for a file in which no line can be read."""
    for number, line in enumerate(document.lines, 1):
        if line.strip():
            try:
                parse_json(line, first_line=number)
            except ReadError as error:
                return error
            break
    return ReadError("no line is a JSON object", "line 1", ACCEPTED)


def _each(document: Document, told: list[str]) -> Iterator[CallLog]:
    tried: Counter[tuple[str, ...]] = Counter()
    for number, line, row in rows(document, told):
        if call := _plain_call(row):
            yield call
            continue
        keys = tuple(row)
        tried[keys] += 1
        if tried[keys] > _TRIES:
            told.append(f"Line {number} was skipped: it holds no call.")
            continue
        one = Document(line.rstrip(", \t"))
        try:
            yield from list(formats.detect(one).read(one))
            tried[keys] = 0
        except _OTHER_SHAPE:
            told.append(f"Line {number} was skipped: it holds no call.")


def _plain_call(row: dict[str, Any]) -> CallLog | None:
    """Reads the simplest shape, {id, turns: [{speaker, text, ...}]}, without a search."""
    turns = row.get("turns")
    if not isinstance(turns, list) or not turns or not all(map(_is_plain, turns)):
        return None
    said = [
        Utterance(
            turn["text"],
            str(turn.get("name") or turn["speaker"]),
            turn["speaker"],
            seconds(turn.get("start", turn.get("start_s"))),
            seconds(turn.get("end", turn.get("end_s"))),
        )
        for turn in turns
    ]
    return CallLog(said, filled(row, "id", "call") or None)


def _is_plain(turn: object) -> bool:
    return isinstance(turn, dict) and isinstance(turn.get("text"), str) and turn.get("speaker") in SPEAKERS


def _grouped(document: Document, told: list[str]) -> Iterator[CallLog]:
    calls: dict[str, list[Utterance]] = {}
    for number, _, row in rows(document, told):
        if said := json_turns.turn(row):
            calls.setdefault(json_turns.call_id(row), []).append(said)
        else:
            told.append(f"Line {number} was skipped: it says nothing.")
    for call, utterances in calls.items():
        yield CallLog(utterances, call or None)


READER = Reader("json-lines", "JSON Lines", sure, read)
