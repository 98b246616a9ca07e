"""Reads JSON Lines: a call a line, a turn a line, or whatever another reader knows, a line each."""

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
# After so many lines with the same keys and without a call, no further one is searched.
_TRIES = 1000
_OTHER_SHAPE = (ReadError, LookupError, TypeError, AttributeError, ValueError)


def sure(document: Document) -> float:
    return 0.6 if document.is_json_lines else 0.0


def read(document: Document) -> Iterator[CallLog]:
    """The calls, one after the other. A file of turns is held whole, since those of a call need not stand together."""
    told: list[str] = []
    first = [row for _, _, row in islice(rows(document, []), 5)]
    if not first:
        raise _broken(document)
    calls = _grouped if any(map(json_turns.is_turn, first)) else _each
    return with_notes(calls(document, told), told)


def rows(document: Document, told: list[str]) -> Iterator[tuple[int, str, dict[str, Any]]]:
    """The object of each filled line, after the line's number and the line; what is told of a broken one goes to `told`."""
    for number, line in enumerate(document.lines, 1):
        if not line.strip():
            continue
        try:
            value, end = parse_json(line, first_line=number)
        except ReadError as error:
            told.append(f"Line {number} was passed over: {error.reason}.")
            continue
        if isinstance(value, dict) and not line[end:].strip(" \t,"):
            yield number, line, value
        else:
            told.append(f"Line {number} was passed over: it is not one JSON object.")


def objects(document: Document, told: list[str]) -> Iterator[dict[str, Any]]:
    """The JSON objects of a document: those of its lines, or of its list, or the one that it is."""
    return (row for _, _, row in rows(document, told)) if document.is_json_lines else iter(records(document.json, told))


def with_notes(calls: Iterable[CallLog], told: list[str]) -> Iterator[CallLog]:
    """Each call with what was told before it; what is told after the last call goes to that one."""
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
    return [*told[:_TOLD], f"{rest} more line(s) were passed over."] if rest > 0 else list(told)


def _broken(document: Document) -> ReadError:
    """The fault of the first line, where no line can be read."""
    for number, line in enumerate(document.lines, 1):
        if line.strip():
            try:
                parse_json(line, first_line=number)
            except ReadError as error:
                return error
            break
    return ReadError("no line holds one JSON object", "line 1", ACCEPTED)


def _each(document: Document, told: list[str]) -> Iterator[CallLog]:
    tried: Counter[tuple[str, ...]] = Counter()
    for number, line, row in rows(document, told):
        if call := _plain_call(row):
            yield call
            continue
        keys = tuple(row)
        tried[keys] += 1
        if tried[keys] > _TRIES:
            told.append(f"Line {number} was passed over: it holds no call.")
            continue
        one = Document(line.rstrip(", \t"))
        try:
            yield from list(formats.detect(one).read(one))
            tried[keys] = 0
        except _OTHER_SHAPE:
            told.append(f"Line {number} was passed over: it holds no call.")


def _plain_call(row: dict[str, Any]) -> CallLog | None:
    """The call in an object of the plainest shape, {id, turns: [{speaker, text, ...}]}, which needs no search."""
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
            told.append(f"Line {number} was passed over: it says nothing.")
    for call, utterances in calls.items():
        yield CallLog(utterances, call or None)


READER = Reader("json-lines", "JSON Lines", sure, read)
