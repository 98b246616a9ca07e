"""Reads the standard output of Amazon Bedrock Data Automation for audio."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from bot.calls.document import Document
from bot.calls.reading import CallLog, Reader, Utterance, filled, from_segments, record, records
from bot.calls.reading.clock import seconds
from bot.errors import ReadError

_LINE = re.compile(r"^\[(\w+)\]:[ \t]*", re.MULTILINE)


def sure(document: Document) -> float:
    data = record(document.json)
    if _is_custom(data):
        return 1.0
    about_audio = "audio_items" in data or isinstance(data.get("audio"), dict)
    return 1.0 if about_audio and isinstance(data.get("metadata"), dict) else 0.0


def read(document: Document) -> Iterable[CallLog]:
    return map(_call, records(document.json, document.notes))


def _call(data: dict[str, Any]) -> CallLog:
    notes: list[str] = []
    if _is_custom(data):
        raise ReadError(
            "this custom output of Bedrock Data Automation has no transcript",
            accepted="Send the standard output of the same job.",
        )
    segments = [_utterance(segment) for segment in records(data.get("audio_segments"), notes)]
    return CallLog(from_segments(segments) or _representation(data), notes=notes)


def _is_custom(data: dict[str, Any]) -> bool:
    return "matched_blueprint" in data and "inference_result" in data


def _utterance(segment: dict[str, Any]) -> Utterance:
    speaker = filled(record(segment.get("speaker")), "speaker_label")
    return Utterance(
        filled(segment, "text"),
        speaker or filled(record(segment.get("channel")), "channel_label") or None,
        None,
        seconds(segment.get("start_timestamp_millis"), 1000),
        seconds(segment.get("end_timestamp_millis"), 1000),
    )


def _representation(data: dict[str, Any]) -> list[Utterance]:
    """Reads the transcript given as one text, with the speaker on each line: `[spk_1]: ...`"""
    transcript = record(record(data.get("audio")).get("transcript"))
    opening, *rest = _LINE.split(filled(record(transcript.get("representation")), "text"))
    return [Utterance(opening), *map(Utterance, rest[1::2], rest[::2])]


READER = Reader("bedrock-data-automation", "Amazon Bedrock Data Automation", sure, read)
