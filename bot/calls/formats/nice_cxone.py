"""Reads NICE CXone Interaction Analytics exports."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.calls.document import Document
from bot.calls.reading import CallLog, Reader, Utterance, filled, record, records
from bot.calls.reading.clock import seconds
from bot.calls.reading.words import Word, from_words

_NO_WORDS = "transcript_detailed is empty. Read from plainText, which doesn't say who speaks."


def sure(document: Document) -> float:
    call = record(document.json)
    word = record(call.get("transcript_detailed"))
    whole = "transcript_detailed" in call and "plainText" in call
    return 0.95 if whole or {"w", "s", "sp"} <= word.keys() else 0.0


def read(document: Document) -> Iterator[CallLog]:
    notes: list[str] = []
    for call in records(document.json, notes):
        words = [_word(each) for each in records(call.get("transcript_detailed"), notes) if filled(each, "w")]
        utterances = from_words(words, notes)
        if not words and (plain := filled(call, "plainText")):
            # In plainText a line break means a new speaker.
            utterances = [Utterance(line) for line in plain.split("\n")]
            notes.append(_NO_WORDS)
        yield CallLog(utterances, _id(call), notes)
        notes = []


def _id(call: dict[str, Any]) -> str | None:
    about = record(call.get("metadata"))
    return filled(call, "mediaId", "contactId") or filled(about, "mediaId", "contactId") or None


def _word(each: dict[str, Any]) -> Word:
    return Word(
        filled(each, "w"),
        filled(each, "sp") or None,
        seconds(each.get("s"), 1000),
        seconds(each.get("e"), 1000),
    )


READER = Reader("nice-cxone", "NICE CXone Interaction Analytics", sure, read)
