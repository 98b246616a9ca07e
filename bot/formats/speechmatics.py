"""Reads Speechmatics' json-v2 transcript."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bot.document import Document
from bot.reading import CallLog, Reader, Utterance, filled, record, records
from bot.reading.clock import seconds
from bot.reading.words import Word, from_words

UNKNOWN = "UU"


def sure(document: Document) -> float:
    data = record(document.json)
    metadata = data.get("metadata")
    if not isinstance(data.get("results"), list) or not isinstance(metadata, dict):
        return 0.0
    job = "format" in data and isinstance(data.get("job"), dict)
    return 1.0 if job or metadata.get("type") == "transcription" or data.get("message") == "AddTranscript" else 0.0


def read(document: Document) -> Iterable[CallLog]:
    return map(_call, records(document.json, document.notes))


def _call(data: dict[str, Any]) -> CallLog:
    notes: list[str] = []
    said: list[Utterance] = []
    for items in _stretches(records(data.get("results"), notes)):
        said += from_words(_words(items), notes, channels=any("channel" in item for item in items))
    return CallLog(said, filled(record(data.get("job")), "id") or None, notes)


def _stretches(items: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Older transcripts name no speakers: they only mark where the speaker changes."""
    stretches: list[list[dict[str, Any]]] = [[]]
    for item in items:
        if filled(item, "type").endswith("speaker_change"):
            stretches.append([])
        else:
            stretches[-1].append(item)
    return stretches


def _words(items: list[dict[str, Any]]) -> Iterable[Word]:
    glue_next = False
    for item in items:
        best = record(item.get("alternatives"))
        text, speaker = filled(best, "content"), filled(best, "speaker")
        label = " ".join(filter(None, (filled(item, "channel"), "" if speaker == UNKNOWN else speaker)))
        side = filled(item, "attaches_to") or ("previous" if item.get("type") == "punctuation" else "")
        glued = glue_next or side in ("previous", "both")
        yield Word(text, label or None, seconds(item.get("start_time")), seconds(item.get("end_time")), glued)
        glue_next = side in ("next", "both")


READER = Reader("speechmatics", "Speechmatics", sure, read)
