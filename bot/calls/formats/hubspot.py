"""Reads HubSpot call transcripts and inbox messages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.calls.document import Document
from bot.calls.reading import CallLog, Reader, Utterance, filled, record, records
from bot.calls.reading.clock import seconds
from bot.calls.reading.markup import from_html
from bot.calls.transcript import Speaker

_UTTERANCES = ("transcriptUtterances", "transcriptCreateUtterances")
_DIRECTIONS: dict[str, Speaker] = {"INCOMING": "customer", "OUTGOING": "agent"}
_ACTORS: dict[str, Speaker] = {"A": "agent", "B": "agent", "V": "customer"}


def sure(document: Document) -> float:
    page = record(document.json)
    message = record(page.get("results")) or page
    if any(key in page or key in message for key in _UTTERANCES):
        return 0.95
    return 0.95 if "conversationsThreadId" in message and "senders" in message else 0.0


def read(document: Document) -> Iterator[CallLog]:
    notes: list[str] = []
    threads: dict[str, list[dict[str, Any]]] = {}
    for page in records(document.json, notes):
        for each in records(page.get("results"), notes) or [page]:
            key = next((key for key in _UTTERANCES if key in each), None)
            if key is None:
                threads.setdefault(filled(each, "conversationsThreadId"), []).append(each)
                continue
            utterances = [_utterance(said) for said in records(each[key], notes)]
            yield CallLog(utterances, filled(each, "engagementId", "id") or None, notes)
            notes = []
    for thread, messages in threads.items():
        said = [message for message in messages if filled(message, "type").endswith(("MESSAGE", "COMMENT"))]
        if inside := sum(message["type"] == "COMMENT" for message in said):
            notes.append(f"{inside} internal comment(s) are among the turns. The customer did not see them.")
        yield CallLog([_message(message) for message in said], thread or None, notes)
        notes = []


def _utterance(said: dict[str, Any]) -> Utterance:
    person = record(said.get("speaker"))
    return Utterance(
        filled(said, "text"),
        filled(person, "name", "email", "id") or None,
        None,
        seconds(said.get("startTimeMillis"), 1000),
        seconds(said.get("endTimeMillis"), 1000),
    )


def _message(message: dict[str, Any]) -> Utterance:
    sender = record(message.get("senders"))
    actor = filled(sender, "actorId") or filled(message, "createdBy")
    role = _DIRECTIONS.get(filled(message, "direction")) or _ACTORS.get(actor.split("-")[0])
    text = filled(message, "text") or from_html(filled(message, "richText"))
    label = filled(sender, "name") or actor or None
    return Utterance(text, label, role, seconds(message.get("createdAt")))


READER = Reader("hubspot", "HubSpot transcripts", sure, read)
