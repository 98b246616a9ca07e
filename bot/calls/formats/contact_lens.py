"""Reads the output of Amazon Connect Contact Lens."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any

from bot.calls.document import Document
from bot.calls.formats.json_lines import objects
from bot.calls.reading import CallLog, Reader, Utterance, filled, record, records
from bot.calls.reading.clock import seconds
from bot.calls.transcript import Speaker
from bot.errors import ReadError

ROLES: dict[str, Speaker] = {"AGENT": "agent", "CUSTOMER": "customer"}
_REAL_TIME = {"Transcript", "Utterance", "Categories", "PostContactSummary", "Attachments", "Event", "Issues"}


def sure(document: Document) -> float:
    if document.is_json_lines:
        return 0.95 if any(map(_is_stretch, islice(objects(document, []), 5))) else 0.0
    data = record(document.json)
    if _is_email(data):
        return 1.0
    if isinstance(data.get("Segments"), list):
        return 0.95 if _is_stretch(data) else 0.0
    known = isinstance(data.get("Transcript"), list) and "JobName" not in data
    return 1.0 if known and ("Participants" in data or "ParticipantId" in record(data["Transcript"])) else 0.0


def read(document: Document) -> Iterable[CallLog]:
    """Yields the calls. Real-time parts of a call, pages or events, are joined into one."""
    whole: list[dict[str, Any]] = []
    stretches: dict[str, list[dict[str, Any]]] = {}
    for page in objects(document, document.notes):
        if "Segments" in page or "EventType" in page:
            stretches.setdefault(filled(page, "ContactId"), []).append(page)
        else:
            whole.append(page)
    for pages in stretches.values():
        segments = [segment for page in pages for segment in records(page.get("Segments"), document.notes)]
        whole.append({**pages[0], "Segments": segments})
    return map(_call, whole)


def _is_stretch(page: dict[str, Any]) -> bool:
    return bool(_REAL_TIME & record(page.get("Segments")).keys())


def _call(data: dict[str, Any]) -> CallLog:
    notes: list[str] = []
    if _is_email(data):
        raise ReadError(
            "this is Contact Lens's analysis of an email, without the email's text",
            accepted="Send the message file that it names under CustomerMetadata.InputFiles.",
        )
    items = records(data.get("Transcript"), notes) or _real_time(records(data.get("Segments"), notes), notes)
    files = [file for item in items for file in records(item.get("Attachments"), notes)]
    notes += [f"An attachment was left out: {filled(file, 'AttachmentName') or 'without a name'}." for file in files]
    roles = {filled(who, "ParticipantId"): who for who in records(data.get("Participants"), notes)}
    said = [_utterance(item, roles) for item in items if filled(item, "Type") in ("", "MESSAGE")]
    contact = filled(record(data.get("CustomerMetadata")), "ContactId") or filled(data, "ContactId")
    return CallLog(said, contact or None, notes)


def _is_email(data: dict[str, Any]) -> bool:
    return data.get("Channel") == "EMAIL" and "CustomerMetadata" in data and not data.get("Transcript")


def _real_time(segments: list[dict[str, Any]], notes: list[str]) -> list[dict[str, Any]]:
    """Returns transcripts and attachments. An `Utterance` is only the draft of a later transcript."""
    return [part for each in segments for part in records([each.get("Transcript"), each.get("Attachments")], notes)]


def _utterance(item: dict[str, Any], roles: dict[str, dict[str, Any]]) -> Utterance:
    """Some files use the role itself as the participant's id."""
    participant = filled(item, "ParticipantId")
    role = filled(item, "ParticipantRole") or filled(roles.get(participant, {}), "ParticipantRole") or participant
    moment = filled(item, "AbsoluteTime") or filled(record(item.get("Time")), "AbsoluteTime")
    return Utterance(
        filled(item, "Content"),
        filled(item, "DisplayName") or role or None,
        ROLES.get(role, "other" if role != participant else None),
        seconds(moment) if moment else seconds(item.get("BeginOffsetMillis"), 1000),
        seconds(item.get("EndOffsetMillis"), 1000),
    )


READER = Reader("contact-lens", "Amazon Connect Contact Lens", sure, read)
