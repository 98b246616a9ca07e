"""Reads the output of Amazon Transcribe jobs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bot.calls.document import Document
from bot.calls.reading import CallLog, Reader, Utterance, filled, from_segments, record, records
from bot.calls.reading.clock import seconds
from bot.calls.reading.words import Word, from_words

_PARTS = ("transcripts", "items", "audio_segments")


def sure(document: Document) -> float:
    data = record(document.json)
    results = data.get("results")
    if not isinstance(results, dict) or not any(isinstance(results.get(part), list) for part in _PARTS):
        return 0.0
    return 1.0 if "jobName" in data or "transcripts" in results else 0.0


def read(document: Document) -> Iterable[CallLog]:
    return map(_call, records(document.json, document.notes))


def _call(data: dict[str, Any]) -> CallLog:
    notes: list[str] = []
    results = record(data.get("results"))
    plain = " ".join(filled(each, "transcript") for each in records(results.get("transcripts"), notes))
    said = _segments(results, notes) or _items(results, notes) or from_words(map(Word, plain.split()), notes)
    return CallLog(said, filled(data, "jobName") or None, notes)


def _segments(results: dict[str, Any], notes: list[str]) -> list[Utterance]:
    segments = records(results.get("audio_segments"), notes)
    if "speaker_labels" in results and not any(map(_label, segments)):
        return []  # only the items say who speaks
    return from_segments(Utterance(filled(each, "transcript"), _label(each), None, *_times(each)) for each in segments)


def _items(results: dict[str, Any], notes: list[str]) -> list[Utterance]:
    """Reads the items. Older files list the speakers apart from them, matched by a word's start time."""
    if channels := records(record(results.get("channel_labels")).get("channels"), notes):
        words = [word for each in channels for word in _words(each.get("items"), {}, _label(each), notes)]
        return from_words(words, notes, channels=True)
    segments = records(record(results.get("speaker_labels")).get("segments"), notes)
    spoken = [item for segment in segments for item in records(segment.get("items"), notes)]
    speakers = {filled(item, "start_time"): filled(item, "speaker_label") for item in spoken}
    if not spoken:
        speakers = _within(segments, records(results.get("items"), notes))
    return from_words(_words(results.get("items"), speakers, None, notes), notes)


def _within(segments: list[dict[str, Any]], items: list[dict[str, Any]]) -> dict[str, str]:
    """Returns who speaks at the start of each item, by the segment it is in. Both are sorted by time."""
    speakers: dict[str, str] = {}
    following = iter(segments)
    segment = next(following, {})
    for item in items:
        start = seconds(item.get("start_time"))
        while start is not None and segment and start > (seconds(segment.get("end_time")) or 0.0):
            segment = next(following, {})
        speakers[filled(item, "start_time")] = filled(segment, "speaker_label")
    return speakers


def _words(items: object, speakers: dict[str, str], channel: str | None, notes: list[str]) -> list[Word]:
    words: list[Word] = []
    for item in records(items, notes):
        glued = item.get("type") == "punctuation"
        label = channel or _label(item) or speakers.get(filled(item, "start_time")) or None
        if glued and words:
            label = words[-1].label
        words.append(Word(filled(record(item.get("alternatives")), "content"), label, *_times(item), glued=glued))
    return words


def _label(item: dict[str, Any]) -> str | None:
    return " ".join(filter(None, (filled(item, "channel_label"), filled(item, "speaker_label")))) or None


def _times(item: dict[str, Any]) -> tuple[float | None, float | None]:
    return seconds(item.get("start_time")), seconds(item.get("end_time"))


READER = Reader("transcribe", "Amazon Transcribe", sure, read)
