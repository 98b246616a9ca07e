"""Reads the output of Amazon Transcribe Call Analytics."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bot.calls.document import Document
from bot.calls.formats.contact_lens import ROLES
from bot.calls.reading import CallLog, Reader, Utterance, filled, record, records
from bot.calls.reading.clock import seconds
from bot.calls.reading.words import Word, from_words


def sure(document: Document) -> float:
    data = record(document.json)
    known = isinstance(data.get("Transcript"), list) and "JobName" in data
    return 1.0 if known and ("Participants" in data or "ParticipantRole" in record(data["Transcript"])) else 0.0


def read(document: Document) -> Iterable[CallLog]:
    return map(_call, records(document.json, document.notes))


def _call(data: dict[str, Any]) -> CallLog:
    notes: list[str] = []
    said = [_utterance(item, notes) for item in records(data.get("Transcript"), notes)]
    return CallLog(said, filled(data, "JobName") or None, notes)


def _utterance(item: dict[str, Any], notes: list[str]) -> Utterance:
    role = filled(item, "ParticipantRole")
    return Utterance(
        filled(item, "Content") or _from_items(item, notes),
        role or None,
        ROLES.get(role, "other" if role else None),
        seconds(item.get("BeginOffsetMillis"), 1000),
        seconds(item.get("EndOffsetMillis"), 1000),
    )


def _from_items(item: dict[str, Any], notes: list[str]) -> str:
    items = records(item.get("Items"), notes)
    words = [Word(filled(each, "Content"), glued=each.get("Type") == "punctuation") for each in items]
    return "".join(said.text for said in from_words(words, notes))


READER = Reader("transcribe-call-analytics", "Amazon Transcribe Call Analytics", sure, read)
