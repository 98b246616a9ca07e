"""Reads Twilio Conversational Intelligence transcripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from bot.calls.document import Document
from bot.calls.reading import CallLog, Reader, Utterance, filled, record, records
from bot.calls.reading.clock import seconds
from bot.calls.speaker import role_of

# Twilio's libraries write these keys in camel case.
_CHANNEL = ("media_channel", "mediaChannel")
_SID = re.compile(r"GT[0-9a-f]{32}", re.IGNORECASE)


def sure(document: Document) -> float:
    page = record(document.json)
    sentence = record(page.get("sentences")) or page
    return 0.95 if sentence.keys() & set(_CHANNEL) and "transcript" in sentence else 0.0


def read(document: Document) -> Iterator[CallLog]:
    """Yields the calls. The pages of one transcript are one call, and so are all pages without an id."""
    notes: list[str] = []
    calls: dict[str, list[dict[str, Any]]] = {}
    pages = records(document.json, notes)
    if pages and pages[0].keys() & set(_CHANNEL):
        pages = [{"sentences": pages}]
    for page in pages:
        calls.setdefault(_sid(page), []).append(page)
    for sid, parts in calls.items():
        sentences = [sentence for page in parts for sentence in records(page.get("sentences"), notes)]
        sentences.sort(key=lambda sentence: seconds(filled(sentence, "sentence_index", "sentenceIndex")) or 0.0)
        people = {key: person for page in parts for key, person in _people(page, notes).items()}
        yield CallLog([_utterance(sentence, people) for sentence in sentences], sid or None, notes)
        notes = []


def _sid(page: dict[str, Any]) -> str:
    named = filled(page, "transcript_sid", "transcriptSid", "sid") or filled(record(page.get("transcript")), "sid")
    found = _SID.search(f"{named} {filled(record(page.get('meta')), 'url', 'first_page_url')}")
    return found.group() if found else ""


def _people(page: dict[str, Any], notes: list[str]) -> dict[str, dict[str, Any]]:
    """Returns the participants in the Transcript resource, by channel."""
    channel = record(page.get("channel")) or record(record(page.get("transcript")).get("channel"))
    return {filled(person, "channel_participant"): person for person in records(channel.get("participants"), notes)}


def _utterance(sentence: dict[str, Any], people: dict[str, dict[str, Any]]) -> Utterance:
    channel = filled(sentence, *_CHANNEL)
    person = people.get(channel, {})
    return Utterance(
        filled(sentence, "transcript"),
        filled(person, "full_name", "role") or (f"channel {channel}" if channel else None),
        role_of(filled(person, "role")),
        seconds(filled(sentence, "start_time", "startTime")),
        seconds(filled(sentence, "end_time", "endTime")),
    )


READER = Reader("twilio", "Twilio Conversational Intelligence", sure, read)
