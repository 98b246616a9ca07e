"""Reads WebVTT captions, such as Zoom and Teams transcripts."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import dropwhile

from bot.calls.document import Document
from bot.calls.reading import CallLog, Reader
from bot.calls.reading.cues import cues, utterances


def sure(document: Document) -> float:
    return 1.0 if document.text[:50].lstrip().startswith("WEBVTT") else 0.0


def read(document: Document) -> Iterator[CallLog]:
    header_passed = dropwhile(lambda line: line.strip() and "-->" not in line, document.text.lstrip().split("\n"))
    yield CallLog(utterances(cues(header_passed)))


READER = Reader("webvtt", "WebVTT captions", sure, read)
