"""Reads a transcript of Genesys Cloud speech and text analytics."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.calls.document import Document
from bot.calls.reading import CallLog, Reader, Utterance, filled, record, records
from bot.calls.reading.clock import seconds
from bot.calls.transcript import Speaker

_ROLES: dict[str, Speaker] = {"external": "customer", "customer": "customer"}
_ROLES |= dict.fromkeys(("internal", "agent", "user"), "agent")
_MACHINES = frozenset({"acd", "ivr", "voicemail", "fax", "workflow", "bot", "botflow"})
_MACHINE_NOTE = "Prompts of the phone system (ivr, acd) are shown as the agent's."


def sure(document: Document) -> float:
    phrase = record(record(record(document.json).get("transcripts")).get("phrases"))
    return 0.95 if "participantPurpose" in phrase or "phraseIndex" in phrase else 0.0


def read(document: Document) -> Iterator[CallLog]:
    notes: list[str] = []
    for call in records(document.json, notes):
        people = [person for person in records(call.get("participants"), notes) if not _is_outside(person)]
        utterances = [
            _utterance(phrase, people)
            for transcript in records(call.get("transcripts"), notes)
            for phrase in records(transcript.get("phrases"), notes)
        ]
        if any(said.label in _MACHINES for said in utterances):
            notes.append(_MACHINE_NOTE)
        yield CallLog(utterances, filled(call, "conversationId", "communicationId") or None, notes)
        notes = []


def _is_outside(person: dict[str, Any]) -> bool:
    return _ROLES.get(filled(person, "participantPurpose").lower()) == "customer"


def _utterance(phrase: dict[str, Any], people: list[dict[str, Any]]) -> Utterance:
    start = seconds(phrase.get("startTimeMs", record(phrase.get("offset")).get("milliseconds")), 1000)
    length = seconds(record(phrase.get("duration")).get("milliseconds"), 1000)
    purpose = filled(phrase, "participantPurpose").lower()
    label = _inside(start, people) if purpose == "internal" else purpose
    return Utterance(
        filled(phrase, "decoratedText", "text"),
        label or purpose or None,
        "agent" if label in _MACHINES else _ROLES.get(purpose),
        start,
        round(start + length, 3) if start is not None and length is not None else None,
    )


def _inside(start: float | None, people: list[dict[str, Any]]) -> str:
    """Returns who of the company speaks: a machine, or which agent. Only the participants' times show it."""
    agents = {user for person in people if (user := filled(person, "userId"))}
    for person in people:
        begin, end = seconds(person.get("startTimeMs"), 1000), seconds(person.get("endTimeMs"), 1000)
        if start is None or begin is None or not begin <= start < (end or float("inf")):
            continue
        if (purpose := filled(person, "participantPurpose").lower()) in _MACHINES:
            return purpose
        return f"agent {filled(person, 'userId')}" if len(agents) > 1 else "agent"
    return ""


READER = Reader("genesys", "Genesys Cloud speech and text analytics", sure, read)
