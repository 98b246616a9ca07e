"""Reads the parsed calls of Amazon Transcribe Post Call Analytics (PCA)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bot.calls.document import Document
from bot.calls.reading import CallLog, Reader, Utterance, filled, record, records
from bot.calls.reading.clock import seconds


def sure(document: Document) -> float:
    data = record(document.json)
    known = isinstance(data.get("ConversationAnalytics"), dict)
    return 1.0 if known and "SpeechSegments" in data else 0.9 if known else 0.0


def read(document: Document) -> Iterable[CallLog]:
    return map(_call, records(document.json, document.notes))


def _call(data: dict[str, Any]) -> CallLog:
    notes: list[str] = []
    analytics = record(data.get("ConversationAnalytics"))
    speakers = records(analytics.get("SpeakerLabels"), notes)
    names = {filled(each, "Speaker"): filled(each, "DisplayText") for each in speakers}
    said = [
        Utterance(
            filled(segment, "DisplayText", "OriginalText"),
            names.get(speaker := filled(segment, "SegmentSpeaker")) or speaker or None,
            None,
            seconds(segment.get("SegmentStartTime")),
            seconds(segment.get("SegmentEndTime")),
        )
        for segment in records(data.get("SpeechSegments"), notes)
    ]
    guid = filled(analytics, "GUID")
    return CallLog(said, guid if guid not in ("", "None") else None, notes)


READER = Reader("post-call-analytics", "Amazon Transcribe Post Call Analytics", sure, read)
