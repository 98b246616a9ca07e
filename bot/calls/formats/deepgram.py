"""Reads Deepgram's transcription responses."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bot.calls.document import Document
from bot.calls.reading import CallLog, Reader, Utterance, filled, from_segments, record, records
from bot.calls.reading.clock import seconds
from bot.calls.reading.joining import joined
from bot.calls.reading.words import Word, from_words


def sure(document: Document) -> float:
    results = record(_response(record(document.json)).get("results"))
    known = "alternatives" in record(results.get("channels")) or "transcript" in record(results.get("utterances"))
    return 1.0 if known else 0.0


def read(document: Document) -> Iterable[CallLog]:
    return map(_call, records(document.json, document.notes))


def _call(data: dict[str, Any]) -> CallLog:
    notes: list[str] = []
    response = _response(data)
    results = record(response.get("results"))
    channels = records(results.get("channels"), notes)
    several = len(channels) > 1
    bests = [(f"Channel {n}" if several else "", record(each.get("alternatives"))) for n, each in enumerate(channels)]
    utterances = [
        _utterance(each, filled(each, "transcript"), f"Channel {filled(each, 'channel')}" if several else "")
        for each in records(results.get("utterances"), notes)
    ]
    said = (
        from_segments(utterances)
        or from_words([word for name, best in bests for word in _words(best, name, notes)], notes, channels=several)
        or from_segments(each for name, best in bests for each in _paragraphs(best, name, notes))
    )
    return CallLog(said, filled(record(response.get("metadata")), "request_id") or None, notes)


def _response(data: dict[str, Any]) -> dict[str, Any]:
    """Returns the response, unwrapped if a client library or a callback wrapped it."""
    wrapped = (value for value in data.values() if isinstance(value, dict) and isinstance(value.get("results"), dict))
    return data if isinstance(data.get("results"), dict) else next(wrapped, {})


def _words(best: dict[str, Any], channel: str, notes: list[str]) -> list[Word]:
    items = records(best.get("words"), notes)
    spoken = [_utterance(item, filled(item, "punctuated_word", "word"), channel) for item in items]
    return [Word(each.text, each.label, each.start_s, each.end_s) for each in spoken]


def _paragraphs(best: dict[str, Any], channel: str, notes: list[str]) -> list[Utterance]:
    """Reads a response without words: its paragraphs, or else its plain transcript."""
    said = []
    for paragraph in records(record(best.get("paragraphs")).get("paragraphs"), notes):
        sentences = [filled(each, "text") for each in records(paragraph.get("sentences"), notes)]
        said.append(_utterance(paragraph, joined(sentences), channel))
    return said or [Utterance(filled(best, "transcript"), channel or None)]


def _utterance(item: dict[str, Any], text: str, channel: str) -> Utterance:
    speaker = filled(item, "speaker")
    label = ", ".join(filter(None, (channel, f"Speaker {speaker}" if speaker else "")))
    return Utterance(text, label or None, None, seconds(item.get("start")), seconds(item.get("end")))


READER = Reader("deepgram", "Deepgram", sure, read)
