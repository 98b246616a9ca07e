"""Reads Speechmatics transcripts: json-v2, live messages and the older version 1."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any

from bot.calls.document import Document
from bot.calls.formats.json_lines import objects
from bot.calls.reading import CallLog, Reader, Utterance, filled, record, records
from bot.calls.reading.clock import seconds
from bot.calls.reading.words import Word, from_words

UNKNOWN = "UU"
_MARKS = frozenset(".,?!;:。、？！")


def sure(document: Document) -> float:
    if document.is_json_lines:
        return 0.95 if any(_is_live(page) for page in islice(objects(document, []), 20)) else 0.0
    data = record(document.json)
    if _is_first_version(data):
        return 1.0
    metadata = data.get("metadata")
    if not isinstance(data.get("results"), list) or not isinstance(metadata, dict):
        return 0.0
    job = "format" in data and isinstance(data.get("job"), dict)
    return 1.0 if job or metadata.get("type") == "transcription" or data.get("message") == "AddTranscript" else 0.0


def read(document: Document) -> Iterable[CallLog]:
    pages = list(objects(document, document.notes))
    if live := [page for page in pages if _is_live(page)]:
        results = [item for page in live for item in records(page.get("results"), document.notes)]
        pages = [{"results": results}]
    return map(_call, pages)


def _is_live(page: dict[str, Any]) -> bool:
    """True for a final message of live recognition. Partial messages are drafts of later ones."""
    return page.get("message") == "AddTranscript" and isinstance(page.get("results"), list)


def _is_first_version(data: dict[str, Any]) -> bool:
    word = record(data.get("words"))
    return isinstance(data.get("job"), dict) and {"name", "time", "duration"} <= word.keys()


def _from_first_version(data: dict[str, Any], notes: list[str]) -> list[Utterance]:
    """Reads version 1, which lists words with times and, separately, when each speaker speaks."""
    spans = [(*_span(each), filled(each, "name")) for each in records(data.get("speakers"), notes)]
    words: list[Word] = []
    for each in records(data.get("words"), notes):
        start, end = _span(each)
        text = filled(each, "name")
        glued = bool(words) and text in _MARKS
        label = next((name for begin, stop, name in spans if begin <= start < stop), None)
        words.append(Word(text, words[-1].label if glued else label, start, end, glued))
    return from_words(words, notes)


def _span(each: dict[str, Any]) -> tuple[float, float]:
    start = seconds(each.get("time")) or 0.0
    return start, round(start + (seconds(each.get("duration")) or 0.0), 3)


def _call(data: dict[str, Any]) -> CallLog:
    notes: list[str] = []
    if _is_first_version(data):
        return CallLog(_from_first_version(data, notes), filled(record(data.get("job")), "id") or None, notes)
    said: list[Utterance] = []
    for items in _stretches(records(data.get("results"), notes)):
        said += from_words(_words(items), notes, channels=any("channel" in item for item in items))
    return CallLog(said, filled(record(data.get("job")), "id") or None, notes)


def _stretches(items: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Reads older transcripts, which only mark where the speaker changes."""
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
