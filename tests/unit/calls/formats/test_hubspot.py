from __future__ import annotations

import json
from typing import Any

from bot.calls import formats
from bot.calls.document import Document
from bot.calls.formats import hubspot
from bot.calls.transcript import Transcript


def utterance(name: str, text: str, start: int, end: int) -> dict[str, Any]:
    return {"speaker": {"id": "11", "name": name}, "text": text, "startTimeMillis": start, "endTimeMillis": end}


SAID = [
    utterance("Vera", "Thank you for calling Larch Hotels, how can I help?", 1980, 4090),
    utterance("Ned", "I booked two rooms by mistake.", 4500, 7450),
]


def message(kind: str, text: str, direction: str | None, at: str, name: str = "") -> dict[str, Any]:
    return {
        "type": kind,
        "conversationsThreadId": "501",
        "createdAt": at,
        "senders": [{"actorId": "A-9", "name": name}],
        "text": text,
        "direction": direction,
    }


def calls(value: object) -> list[Transcript]:
    return list(formats.read(Document(json.dumps(value))))


def test_utterances_are_turns_with_names_and_times() -> None:
    (call,) = calls({"engagementId": 21, "transcriptCreateUtterances": SAID})

    assert call.format == "hubspot"
    assert call.call == "21"
    assert [(turn.name, turn.start_s, turn.end_s) for turn in call.turns] == [("Vera", 1.98, 4.09), ("Ned", 4.5, 7.45)]


def test_roles_are_left_to_be_inferred() -> None:
    (log,) = hubspot.read(Document(json.dumps({"transcriptCreateUtterances": SAID})))

    assert [said.speaker for said in log.utterances] == [None, None]


def test_retrieved_transcripts_are_read_alike() -> None:
    found = calls({"results": [{"id": "7", "engagementId": 22, "transcriptUtterances": SAID}]})

    assert [(call.call, len(call.turns)) for call in found] == [("22", 2)]


def test_messages_of_a_thread_are_one_call_in_order_of_time() -> None:
    answer = message("MESSAGE", "Of course.", "OUTGOING", "2024-05-02T09:01:00Z", "Vera")
    question = message("MESSAGE", "Can I cancel one?", "INCOMING", "2024-05-02T09:00:00Z", "Ned")
    status = message("THREAD_STATUS_CHANGE", "", None, "2024-05-02T09:02:00Z")

    (call,) = calls({"results": [status, answer, question]})

    assert call.call == "501"
    assert [(turn.speaker, turn.name) for turn in call.turns] == [("customer", "Ned"), ("agent", "Vera")]


def test_internal_comments_are_noted() -> None:
    inside = message("COMMENT", "Waive the fee.", None, "2024-05-02T09:01:00Z", "Vera")

    (call,) = calls({"results": [inside]})

    assert call.turns[0].speaker == "agent"
    assert "1 internal comment(s) are among the turns. The customer did not see them." in call.notes


def test_broken_utterances_are_passed_over_with_a_note() -> None:
    broken: list[object] = [*SAID, "?", None, {"speaker": "Ned", "text": None, "startTimeMillis": {}}]

    (call,) = calls({"engagementId": 21, "transcriptCreateUtterances": broken})

    assert len(call.turns) == 2
    assert "1 item(s) that are not JSON objects were skipped." in call.notes
