"""Reads transcript events of Salesforce Service Cloud Voice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from bot.calls.document import Document
from bot.calls.formats.json_lines import objects, with_notes
from bot.calls.reading import CallLog, Reader, Utterance, filled, record, records
from bot.calls.reading.clock import seconds
from bot.calls.speaker import role_of

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def sure(document: Document) -> float:
    return 0.95 if any("sender" in detail for detail in islice(_details(document, []), 20)) else 0.0


def read(document: Document) -> Iterator[CallLog]:
    """Yields the calls. A call's events can be far apart; events other than speech are skipped."""
    notes: list[str] = []
    calls: dict[str, list[Utterance]] = {}
    for detail in _details(document, notes):
        calls.setdefault(filled(detail, "callId"), []).append(_utterance(detail))
    return with_notes((CallLog(utterances, call or None) for call, utterances in calls.items()), notes)


def _details(document: Document, notes: list[str]) -> Iterator[dict[str, Any]]:
    """Yields the details of each speech event, from a list or from lines."""
    whole = document.json
    listed = isinstance(whole, dict) and "events" in whole
    events: Iterable[dict[str, Any]] = records(whole["events"], notes) if listed else objects(document, notes)
    for event in events:
        detail = record(event.get("detail"))
        if filled(record(detail.get("content")), "text"):
            yield detail


def _utterance(detail: dict[str, Any]) -> Utterance:
    said = filled(record(detail.get("sender")), "role")
    role = role_of(_CAMEL.sub(" ", said))
    # "EndUser" adds nothing to the role, "VirtualAgent" does.
    label = role if role == "customer" else _CAMEL.sub(" ", said)
    at = seconds(filled(detail, "clientSentTimestamp", "serverReceivedTimestamp"), 1000)
    return Utterance(filled(record(detail.get("content")), "text"), label or None, role, at)


READER = Reader("service-cloud", "Salesforce Service Cloud Voice", sure, read)
