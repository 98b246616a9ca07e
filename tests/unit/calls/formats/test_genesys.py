from __future__ import annotations

import json
from typing import Any

from bot.calls import formats
from bot.calls.document import Document
from bot.calls.transcript import Transcript

START = 1_700_000_000_000


def phrase(purpose: str, text: str, at: int, **more: object) -> dict[str, Any]:
    return {
        "phraseIndex": at,
        "participantPurpose": purpose,
        "text": text,
        "startTimeMs": START + at,
        "duration": {"milliseconds": 900},
        **more,
    }


def calls(*phrases: object, people: object = None) -> list[Transcript]:
    call = {
        "conversationId": "conv-9",
        "mediaType": "call",
        "transcripts": [{"transcriptId": "t1", "phrases": list(phrases)}],
        "participants": people,
    }
    return list(formats.read(Document(json.dumps(call))))


def window(purpose: str, start: int, end: int, user: str = "") -> dict[str, Any]:
    return {"participantPurpose": purpose, "userId": user, "startTimeMs": START + start, "endTimeMs": START + end}


def test_the_outside_is_the_customer_and_the_inside_the_agent() -> None:
    (call,) = calls(phrase("external", "hi my kettle leaks", 500), phrase("internal", "sorry to hear that", 2000))

    assert call.format == "genesys"
    assert call.call == "conv-9"
    assert [turn.speaker for turn in call.turns] == ["customer", "agent"]


def test_the_decorated_text_is_preferred() -> None:
    (call,) = calls(phrase("external", "hi my kettle leaks", 0, decoratedText="Hi, my kettle leaks."))

    assert call.turns[0].text == "Hi, my kettle leaks."


def test_dates_in_milliseconds_become_seconds_from_the_start() -> None:
    (call,) = calls(phrase("external", "hi", 500), phrase("internal", "hello", 2000))

    assert [(turn.start_s, turn.end_s) for turn in call.turns] == [(0.0, 0.9), (1.5, 2.4)]


def test_a_prompt_in_the_window_of_the_ivr_keeps_the_ivr_as_its_speaker() -> None:
    people = [window("customer", 0, 9000), window("ivr", 0, 1500), window("agent", 1500, 9000, "u-1")]

    (call,) = calls(phrase("internal", "press one", 100), phrase("internal", "hello", 2000), people=people)

    assert [turn.speaker for turn in call.turns] == ["agent", "agent"]
    assert "Prompts of the phone system (ivr, acd) are shown as the agent's." in call.notes


def test_several_agents_are_told_apart_by_their_windows() -> None:
    people = [window("agent", 0, 1000, "u-1"), window("agent", 1000, 9000, "u-2")]

    (call,) = calls(phrase("internal", "one moment", 100), phrase("internal", "hello", 2000), people=people)

    assert [turn.name for turn in call.turns] == ["agent u-1", "agent u-2"]


def test_an_odd_phrase_is_passed_over_with_a_note() -> None:
    (call,) = calls(phrase("external", "hi", 0), "noise", None, phrase("internal", "", 100), people="nobody")

    assert [turn.text for turn in call.turns] == ["hi"]
    assert "1 item(s) that are not JSON objects were skipped." in call.notes


def test_a_phrase_without_a_date_has_its_offset() -> None:
    said = {"participantPurpose": "external", "text": "hi", "offset": {"milliseconds": 100}}

    (call,) = calls({**said, "duration": {"milliseconds": 50}})

    assert (call.turns[0].start_s, call.turns[0].end_s) == (0.1, 0.15)
