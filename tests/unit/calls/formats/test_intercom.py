from __future__ import annotations

import json
from typing import Any

from bot.calls import formats
from bot.calls.document import Document
from bot.calls.transcript import Transcript


def part(kind: str, author: str, body: str | None, at: int, name: str = "") -> dict[str, Any]:
    person = {"type": author, "id": "1", "name": name}
    return {"type": "conversation_part", "part_type": kind, "body": body, "created_at": at, "author": person}


CHAT = {
    "type": "conversation",
    "id": "4021",
    "created_at": 1_700_000_000,
    "source": {"type": "conversation", "body": "<p>My invoice &amp; receipt differ</p>", "author": {"type": "lead"}},
    "conversation_parts": {
        "type": "conversation_part.list",
        "conversation_parts": [
            part("comment", "bot", "<p>A person will be with you.</p>", 1_700_000_005, "Fin"),
            part("assignment", "bot", None, 1_700_000_006),
            part("comment", "admin", "<p>Hi,<br>which month?</p>", 1_700_000_060, "Rosa"),
        ],
        "total_count": 3,
    },
}
TURNS = [
    {"start_time": "0.5", "end_time": 2, "speaker": "Rosa", "speaker_type": "admin", "content": "Hello, Rosa here."},
    {"start_time": 2.5, "end_time": 4, "speaker": "Al", "speaker_type": "user", "content": "My invoice is wrong."},
]


def calls(value: object) -> list[Transcript]:
    return list(formats.read(Document(json.dumps(value))))


def test_the_source_comes_first_and_parts_without_words_are_no_turns() -> None:
    (call,) = calls(CHAT)

    assert call.format == "intercom"
    assert call.call == "4021"
    assert [turn.text for turn in call.turns] == [
        "My invoice & receipt differ",
        "A person will be with you.",
        "Hi,\nwhich month?",
    ]


def test_kinds_of_authors_are_roles() -> None:
    (call,) = calls(CHAT)

    assert [(turn.speaker, turn.name) for turn in call.turns] == [
        ("customer", None),
        ("agent", "Fin"),
        ("agent", "Rosa"),
    ]


def test_times_count_from_the_start_of_the_conversation() -> None:
    (call,) = calls(CHAT)

    assert [turn.start_s for turn in call.turns] == [0.0, 5.0, 60.0]


def test_a_bot_is_told_in_the_notes() -> None:
    (call,) = calls(CHAT)

    assert "Turns of a bot are shown as the agent's." in call.notes


def test_internal_notes_are_told_in_the_notes() -> None:
    parts = {"conversation_parts": [part("note", "admin", "Refund agreed.", 1_700_000_100, "Rosa")]}

    (call,) = calls({**CHAT, "conversation_parts": parts})

    assert "1 internal note(s) are among the turns. The customer did not see them." in call.notes


def test_turns_of_a_call_have_their_times() -> None:
    (call,) = calls(TURNS)

    assert [(turn.speaker, turn.name, turn.start_s) for turn in call.turns] == [
        ("agent", "Rosa", 0.5),
        ("customer", "Al", 2.5),
    ]


def test_a_list_of_conversations_is_several_calls() -> None:
    found = calls({"type": "conversation.list", "conversations": [CHAT, {**CHAT, "id": "4022"}]})

    assert [call.call for call in found] == ["4021", "4022"]


def test_a_list_of_calls_with_their_transcripts_is_several_calls() -> None:
    found = calls({"type": "list", "data": [{"id": "c1", "transcript": TURNS}, {"id": "c2", "transcript": None}]})

    assert [call.call for call in found] == ["c1"]


def test_broken_parts_are_passed_over_with_a_note() -> None:
    (call,) = calls({**CHAT, "conversation_parts": {"conversation_parts": [None, 3, {"author": 5, "body": {}}]}})

    assert len(call.turns) == 1
    assert "1 item(s) that are not JSON objects were skipped." in call.notes
