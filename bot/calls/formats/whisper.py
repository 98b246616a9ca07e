"""Reads the JSON of Whisper tools: OpenAI, WhisperX, faster-whisper, whisper.cpp, Transformers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bot.calls.document import Document
from bot.calls.reading import CallLog, Reader, Utterance, filled, from_segments, record, records
from bot.calls.reading.clock import seconds
from bot.calls.reading.words import Word, from_words

_LISTS = ("segments", "transcription", "chunks")
_TIMES = ("start", "offsets", "timestamps", "timestamp")
_MARKS = ("text", "language", "word_segments", "task", "duration", "info", "params", "result")
_ANSWER = frozenset({"text", "usage", "task", "language", "duration", "logprobs", "x_groq"})
_NOBODY = ("", "?", "UNKNOWN")


def sure(document: Document) -> float:
    data = record(document.json)
    segment = record(_segments(data))
    if "text" in segment and any(key in segment for key in _TIMES):
        return 0.9 if any(mark in data for mark in _MARKS) else 0.7
    word = record(data.get("words") or data.get("word_segments"))
    if "word" in word and ("text" in data or "start" in word):
        return 0.9
    # OpenAI's shortest reply. A text that is a log is a surer sign.
    return 0.4 if isinstance(data.get("text"), str) and data.keys() <= _ANSWER else 0.0


def read(document: Document) -> Iterable[CallLog]:
    return map(_call, records(document.json, document.notes))


def _call(data: dict[str, Any]) -> CallLog:
    notes: list[str] = []
    said = from_segments(_utterance(each) for each in records(_segments(data), notes)) or _words(data, notes)
    return CallLog(said, notes=notes)


def _segments(data: dict[str, Any]) -> object:
    return next((data[key] for key in _LISTS if isinstance(data.get(key), list)), None)


def _words(data: dict[str, Any], notes: list[str]) -> list[Utterance]:
    words = [
        Word(filled(each, "word", "text").strip(), _label(each), seconds(each.get("start")), seconds(each.get("end")))
        for each in records(data.get("words") or data.get("word_segments"), notes)
    ]
    return from_words(words, notes) or from_words(map(Word, filled(data, "text").split()), notes)


def _utterance(segment: dict[str, Any]) -> Utterance:
    return Utterance(filled(segment, "text").strip(), _label(segment), None, *_times(segment))


def _label(item: dict[str, Any]) -> str | None:
    speaker = filled(item, "speaker").strip()
    return None if speaker in _NOBODY else f"Speaker {speaker}" if len(speaker) == 1 else speaker


def _times(segment: dict[str, Any]) -> tuple[float | None, float | None]:
    """Returns start and end in seconds, from whisper.cpp's milliseconds or clocks, or Transformers' pairs (end may be null)."""
    if offsets := record(segment.get("offsets")):
        return seconds(offsets.get("from"), 1000), seconds(offsets.get("to"), 1000)
    clocks, pair = record(segment.get("timestamps")), segment.get("timestamp")
    start, end = [*pair, None, None][:2] if isinstance(pair, list) else (clocks.get("from"), clocks.get("to"))
    return seconds(segment.get("start", start)), seconds(segment.get("end", end))


READER = Reader("whisper", "Whisper", sure, read)
