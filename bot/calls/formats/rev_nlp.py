"""Reads Rev's word tables (.nlp): one token per line, columns separated by bars."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from bot.calls.document import Document
from bot.calls.reading import CallLog, Reader
from bot.calls.reading.clock import seconds
from bot.calls.reading.words import Word, from_words
from bot.errors import ReadError

_NEEDED = {"token", "speaker", "ts", "endts"}
_COLUMNS = ("prepunctuation", "token", "punctuation", "speaker", "ts", "endts")
_UNKNOWN = frozenset({"", "UU"})


def sure(document: Document) -> float:
    return 0.95 if set(_header(document)) >= _NEEDED else 0.0


def read(document: Document) -> Iterator[CallLog]:
    header = _header(document)
    if not set(header) >= _NEEDED:
        raise ReadError("one of the columns token, speaker, ts and endTs is missing", "line 1")
    notes: list[str] = []
    places = [header.index(name) if name in header else len(header) for name in _COLUMNS]
    words = (_word(line.split("|"), places) for line in islice(document.lines, 1, None) if line.strip())
    yield CallLog(from_words(words, notes), notes=notes)


def _header(document: Document) -> list[str]:
    return next(document.lines).strip().lower().split("|")


def _word(cells: list[str], places: list[int]) -> Word:
    before, token, after, speaker, start, end = (cells[place] if place < len(cells) else "" for place in places)
    return Word(before + token + after, None if speaker in _UNKNOWN else speaker, _seconds(start), _seconds(end))


def _seconds(cell: str) -> float | None:
    return seconds(cell) if cell else None


READER = Reader("rev-nlp", "a word table of Rev", sure, read)
