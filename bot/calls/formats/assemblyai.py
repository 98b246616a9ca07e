"""Reads AssemblyAI transcripts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from bot.calls.document import Document
from bot.calls.reading import CallLog, Reader, Utterance, by_time, filled, record, records
from bot.calls.reading.clock import seconds
from bot.calls.reading.words import Word, from_words
from bot.errors import ReadError

_MARKS = ("audio_url", "audio_duration", "acoustic_model", "language_model", "speech_model", "speech_models")
_WORD = {"text", "start", "end", "confidence", "speaker"}
_ANONYMOUS = re.compile(r"\d*[A-Z]|\d+")


def sure(document: Document) -> float:
    data = record(document.json)
    if "id" in data and "text" in data and any(mark in data for mark in _MARKS):
        return 1.0
    first = record(data.get("utterances"))
    if {"text", "start", "confidence", "speaker", "words"} <= first.keys():
        return 0.9
    word = record(data.get("words"))
    return 0.9 if word.keys() >= _WORD and isinstance(word["start"], int) else 0.0


def read(document: Document) -> Iterable[CallLog]:
    return map(_call, records(document.json, document.notes))


def _call(data: dict[str, Any]) -> CallLog:
    notes: list[str] = []
    if filled(data, "status") not in ("", "completed"):
        reason = filled(data, "error") or f"its status is {data['status']}"
        raise ReadError(f"AssemblyAI has no transcript of this call: {reason.rstrip('.')}")
    utterances = [_utterance(each) for each in records(data.get("utterances"), notes)]
    said = by_time(each for each in utterances if each.text) or _words(data, notes)
    return CallLog(said, filled(data, "id") or None, notes)


def _words(data: dict[str, Any], notes: list[str]) -> list[Utterance]:
    spoken = [_utterance(each) for each in records(data.get("words"), notes)]
    words = [Word(each.text, each.label, each.start_s, each.end_s) for each in spoken]
    return from_words(words, notes) or from_words(map(Word, filled(data, "text").split()), notes)


def _utterance(item: dict[str, Any]) -> Utterance:
    """The speaker is a letter ("A"), a channel with a letter ("1A"), or a name or role set in the request."""
    speaker = filled(item, "speaker", "channel")
    label = f"Speaker {speaker}" if _ANONYMOUS.fullmatch(speaker) else speaker
    return Utterance(
        filled(item, "text"), label or None, None, seconds(item.get("start"), 1000), seconds(item.get("end"), 1000)
    )


READER = Reader("assemblyai", "AssemblyAI", sure, read)
