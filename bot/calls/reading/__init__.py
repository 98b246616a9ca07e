"""Defines what a reader of call logs is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from bot.calls.document import Document
from bot.calls.reading.joining import joined
from bot.calls.transcript import Speaker


@dataclass(slots=True)
class Utterance:
    """One piece of speech, as the file gives it.

    `label` is what the file calls the speaker ("Agent", "spk_0", "Jane Doe"). `speaker` is set only if the file
    itself says the role. Times are seconds from the start of the call.
    """

    text: str
    label: str | None = None
    speaker: Speaker | None = None
    start_s: float | None = None
    end_s: float | None = None


@dataclass(slots=True)
class CallLog:
    """One call as a file gives it. `id` is the file's own; `notes` say what was inferred or left out."""

    utterances: list[Utterance]
    id: str | None = None
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Reader:
    """One kind of call-log file.

    `sure(document)` says from 0 (not mine) to 1 (surely mine), quickly and from the content alone. `read(document)` gives
    the calls, and raises ReadError if the file is broken. `most` is the highest value that `sure` returns: a slow reader
    sets it low, to be asked last and only if no other reader said as much.
    """

    name: str
    about: str
    sure: Callable[[Document], float]
    read: Callable[[Document], Iterable[CallLog]]
    most: float = 1.0


def records(value: object, notes: list[str]) -> list[dict[str, Any]]:
    """Returns the objects in a JSON list, or the one object itself. A note counts skipped items."""
    items = value if isinstance(value, list) else [] if value is None else [value]
    found = [item for item in items if isinstance(item, dict)]
    if lost := len(items) - len(found) - items.count(None):
        notes.append(f"{lost} item(s) that are not JSON objects were skipped.")
    return found


def record(value: object) -> dict[str, Any]:
    """Returns the JSON object, or the first one near the start of the list, or {}, so callers can look up keys."""
    if isinstance(value, list):
        value = next((item for item in value[:100] if isinstance(item, dict)), None)
    return value if isinstance(value, dict) else {}


def filled(holder: dict[str, Any], *keys: str) -> str:
    """Returns the first text or number (as text) under one of the keys that isn't blank, or ""."""
    for key in filter(holder.__contains__, keys):
        value = holder[key]
        if isinstance(value, str):
            if value.strip():
                return value
        elif isinstance(value, int | float) and not isinstance(value, bool):
            return str(value)
    return ""


def from_segments(segments: Iterable[Utterance]) -> list[Utterance]:
    """Joins a recogniser's pieces of speech into turns in order of time, without blank ones."""
    return merge_runs(by_time(segment for segment in segments if segment.text.strip()))


def by_time(utterances: Iterable[Utterance]) -> list[Utterance]:
    """Sorts by start; an utterance without a time stays behind the one it followed."""
    keyed, last = [], 0.0
    for said in utterances:
        last = said.start_s if said.start_s is not None else last
        keyed.append((last, said))
    return [said for _, said in sorted(keyed, key=lambda pair: pair[0])]


def merge_runs(utterances: Iterable[Utterance]) -> list[Utterance]:
    """Joins consecutive utterances of one named speaker; those without a speaker stay apart."""
    merged: list[Utterance] = []
    for (label, _), run in groupby(utterances, key=lambda said: (said.label, said.speaker)):
        first, *others = run
        merged.append(first)
        if not label:
            merged += others
        elif others:
            first.text = joined([first.text, *(said.text for said in others)])
            first.end_s = next((said.end_s for said in reversed(others) if said.end_s is not None), first.end_s)
    return merged
