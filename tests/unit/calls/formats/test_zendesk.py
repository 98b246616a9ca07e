from __future__ import annotations

import json
from typing import Any

from bot.calls import formats
from bot.calls.document import Document
from bot.calls.formats import zendesk
from bot.calls.transcript import Transcript


def comment(author: int, body: str, at: str, *, public: bool = True) -> dict[str, Any]:
    html = f"<div><p>{body}</p></div>"
    return {"id": 1, "type": "Comment", "author_id": author, "html_body": html, "public": public, "created_at": at}


def voice(text: str) -> dict[str, Any]:
    data = {"from": "+15550001", "call_duration": 40, "transcription_text": text}
    return {"type": "VoiceComment", "author_id": 8, "public": True, "data": data, "created_at": "2024-05-02T10:00:00Z"}


COMMENTS = [
    comment(7, "My card &amp; PIN stopped working.", "2024-05-02T09:00:00Z"),
    comment(8, "Which card is it?", "2024-05-02T09:01:30Z"),
]
TICKET = {"id": 35436, "subject": "Card", "requester_id": 7, "assignee_id": 8, "comments": COMMENTS}
USERS = [{"id": 7, "name": "Mo Haddad", "role": "end-user"}, {"id": 8, "name": "Lea", "role": "agent"}]


def calls(value: object) -> list[Transcript]:
    return list(formats.read(Document(json.dumps(value))))


def test_comments_of_a_ticket_are_turns_without_their_html() -> None:
    (call,) = calls({"ticket": TICKET})

    assert call.format == "zendesk"
    assert call.call == "35436"
    assert [turn.text for turn in call.turns] == ["My card & PIN stopped working.", "Which card is it?"]


def test_the_requester_is_the_customer_and_the_assignee_the_agent() -> None:
    (call,) = calls(TICKET)

    assert [turn.speaker for turn in call.turns] == ["customer", "agent"]


def test_users_beside_the_comments_give_names_and_roles() -> None:
    (call,) = calls({"comments": COMMENTS, "users": USERS, "count": 2})

    assert [(turn.speaker, turn.name) for turn in call.turns] == [("customer", "Mo Haddad"), ("agent", "Lea")]


def test_times_count_from_the_first_comment() -> None:
    (call,) = calls(TICKET)

    assert [turn.start_s for turn in call.turns] == [0.0, 90.0]


def test_an_internal_note_is_the_agents_and_noted() -> None:
    inside = comment(99, "Same fault as yesterday.", "2024-05-02T09:02:00Z", public=False)

    (call,) = calls({**TICKET, "comments": [*COMMENTS, inside]})

    assert call.turns[-1].speaker == "agent"
    assert "1 internal note(s) are among the turns. The customer did not see them." in call.notes


def test_audits_are_read_for_their_comments() -> None:
    change = {"type": "Change", "field_name": "status", "value": "open"}
    said = {"type": "Comment", "body": "Please try again.", "public": True}
    audit = {"id": 1, "ticket_id": 47, "author_id": 8, "created_at": "2024-05-02T09:00:00Z", "events": [change, said]}

    (call,) = calls({"audits": [audit], "next_page": None})

    assert call.call == "47"
    assert [(turn.text, turn.name) for turn in call.turns] == [("Please try again.", "author 8")]


def test_the_transcript_of_a_call_is_divided_at_its_speakers() -> None:
    spoken = voice("Agent: Birch Bank, good morning.\nCaller: My card is gone.\nAgent: I will block it.")

    (call,) = calls({**TICKET, "comments": [spoken]})

    assert [turn.speaker for turn in call.turns] == ["agent", "customer", "agent"]
    assert call.turns[1].text == "My card is gone."


def test_the_transcript_of_a_call_without_speakers_is_one_turn_of_nobody() -> None:
    (call,) = calls({**TICKET, "comments": [voice("Hello my card is gone please call me back.")]})

    assert [(turn.speaker, turn.name) for turn in call.turns] == [("other", None)]


def test_several_tickets_are_several_calls() -> None:
    found = calls({"tickets": [TICKET, {**TICKET, "id": 35437}]})

    assert [call.call for call in found] == ["35436", "35437"]


def test_a_ticket_a_line_is_a_call_a_line() -> None:
    export = "\n".join(json.dumps({**TICKET, "id": number}) for number in (1, 2, 3))

    found = list(formats.read(Document(export)))

    assert [call.call for call in found] == ["1", "2", "3"]
    assert found[2].turns[0].speaker == "customer"


def test_broken_comments_are_passed_over_with_a_note() -> None:
    (call,) = calls({**TICKET, "comments": [*COMMENTS, "gone", {"author_id": {}, "data": "?", "created_at": []}]})

    assert len(call.turns) == 2
    assert "1 item(s) that are not JSON objects were skipped." in call.notes


def test_comments_of_another_system_are_not_zendesks() -> None:
    assert zendesk.sure(Document('{"comments": [{"author": "Mo", "body": "Hi"}]}')) == 0.0
