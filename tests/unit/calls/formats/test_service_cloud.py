from __future__ import annotations

import json
from typing import Any

from bot.calls import formats
from bot.calls.document import Document
from bot.calls.transcript import Transcript


def event(call: str, role: str, text: str, at: int) -> dict[str, Any]:
    detail = {
        "clientSentTimestamp": 1_594_944_652_000 + at,
        "serverReceivedTimestamp": 1_594_944_652_040 + at,
        "content": {"formatType": "Text", "text": text},
        "callId": call,
        "sender": {"role": role},
    }
    return {"type": "TRANSCRIPT", "detail": detail}


EVENTS = [
    event("c5d9", "VirtualAgent", "How may I direct your call?", 0),
    event("c5d9", "EndUser", "Claims please.", 1500),
    event("c5d9", "Agent", "Claims, Uma speaking.", 4000),
]


def calls(value: object) -> list[Transcript]:
    return list(formats.read(Document(json.dumps(value))))


def test_events_of_a_call_are_its_turns() -> None:
    (call,) = calls(EVENTS)

    assert call.format == "service-cloud"
    assert call.call == "c5d9"
    assert [(turn.speaker, turn.name) for turn in call.turns] == [
        ("agent", "Virtual Agent"),
        ("customer", None),
        ("agent", None),
    ]


def test_times_count_from_the_first_event() -> None:
    (call,) = calls(EVENTS)

    assert [turn.start_s for turn in call.turns] == [0.0, 1.5, 4.0]


def test_events_that_are_no_speech_are_passed_over() -> None:
    (call,) = calls({"events": [{"type": "CALL_STARTED", "detail": {}}, *EVENTS]})

    assert len(call.turns) == 3


def test_calls_that_run_at_once_are_told_apart_line_by_line() -> None:
    mixed = [EVENTS[0], event("77aa", "Agent", "Good day.", 900), EVENTS[1]]

    found = list(formats.read(Document("\n".join(map(json.dumps, mixed)))))

    assert [(call.call, len(call.turns)) for call in found] == [("c5d9", 2), ("77aa", 1)]


def test_a_broken_line_is_noted_with_its_number() -> None:
    lines = [json.dumps(EVENTS[0]), json.dumps(EVENTS[1]), '{"type": "TRANSCRIPT", "detail"']

    (call,) = list(formats.read(Document("\n".join(lines))))

    assert any(note.startswith("Line 3 was skipped") for note in call.notes)


def test_broken_events_are_passed_over_with_a_note() -> None:
    (call,) = calls([*EVENTS, 4, {"type": "TRANSCRIPT", "detail": []}, {"detail": {"content": "x", "sender": None}}])

    assert len(call.turns) == 3
    assert "1 item(s) that are not JSON objects were skipped." in call.notes
