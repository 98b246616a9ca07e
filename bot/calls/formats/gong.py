"""Reads Gong call transcripts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.calls.document import Document
from bot.calls.reading import CallLog, Reader, Utterance, filled, record, records
from bot.calls.reading.clock import seconds
from bot.calls.reading.joining import joined
from bot.calls.transcript import Speaker

_ROLES: dict[str, Speaker] = {"internal": "agent", "external": "customer"}


def sure(document: Document) -> float:
    page = record(document.json)
    call = record(page.get("callTranscripts")) or page
    return 0.95 if "sentences" in record(call.get("transcript")) else 0.0


def read(document: Document) -> Iterator[CallLog]:
    notes: list[str] = []
    for page in records(document.json, notes):
        calls = [page] if "transcript" in page else records(page.get("callTranscripts"), notes)
        for call in calls:
            people = {filled(person, "speakerId", "id"): person for person in _parties(page, call)}
            monologues = records(call.get("transcript"), notes)
            said = [(filled(each, "speakerId"), records(each.get("sentences"), notes)) for each in monologues]
            unit = _per_second([sentence for _, sentences in said for sentence in sentences])
            utterances = [
                _utterance(speaker, people.get(speaker, {}), sentences, unit)
                for speaker, sentences in said
                if sentences
            ]
            yield CallLog(utterances, filled(call, "callId") or None, notes)
            notes = []


def _parties(page: dict[str, Any], call: dict[str, Any]) -> list[dict[str, Any]]:
    """Returns the file's parties, overridden by the call's own."""
    calls = [
        each
        for each in records(page.get("calls"), [])
        if filled(record(each.get("metaData")) or each, "id", "callId") == filled(call, "callId")
    ]
    holders = [page, *calls, call]
    return [person for holder in holders for person in records(holder.get("parties"), [])]


def _per_second(sentences: list[dict[str, Any]]) -> float:
    """Returns time units per second. People say 1 to 4 words a second, so under 1 in 20 units means milliseconds."""
    words = sum(len(filled(sentence, "text").split()) for sentence in sentences)
    span = sum((seconds(each.get("end")) or 0.0) - (seconds(each.get("start")) or 0.0) for each in sentences)
    return 1000 if words < span / 20 else 1


def _utterance(speaker: str, person: dict[str, Any], sentences: list[dict[str, Any]], per_second: float) -> Utterance:
    return Utterance(
        joined(filled(sentence, "text") for sentence in sentences),
        filled(person, "name", "emailAddress") or (f"speaker {speaker}" if speaker else None),
        _ROLES.get(filled(person, "affiliation").lower()),
        seconds(sentences[0].get("start"), per_second),
        seconds(sentences[-1].get("end"), per_second),
    )


READER = Reader("gong", "Gong call transcripts", sure, read)
