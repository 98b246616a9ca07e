"""Reads SRT captions."""

from __future__ import annotations

from collections.abc import Iterator

from bot.calls.document import Document
from bot.calls.reading import CallLog, Reader
from bot.calls.reading.cues import cues, has_times, utterances


def sure(document: Document) -> float:
    return 0.9 if not document.is_json and has_times(document) else 0.0


def read(document: Document) -> Iterator[CallLog]:
    yield CallLog(utterances(cues(document.lines)))


READER = Reader("srt", "SRT captions", sure, read)
