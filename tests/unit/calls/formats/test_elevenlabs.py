from __future__ import annotations

import json
from typing import Any

from bot.calls import formats
from bot.calls.document import Document
from bot.calls.formats import elevenlabs
from bot.calls.transcript import Transcript

TURNS = [
    {"role": "agent", "message": "Hello, this is the desk of Fir Dental.", "time_in_call_secs": 0},
    {"role": "user", "message": None, "tool_calls": [], "time_in_call_secs": 2},
    {"role": "user", "message": "I need to move my visit.", "time_in_call_secs": 4},
]


def word(text: str, start: float, speaker: str | None = None, kind: str = "word") -> dict[str, Any]:
    return {"text": text, "type": kind, "start": start, "end": start + 0.4, "speaker_id": speaker}


def spaced(*words: dict[str, Any]) -> list[dict[str, Any]]:
    return [item for each in words for item in (each, {**each, "text": " ", "type": "spacing"})]


def calls(value: object) -> list[Transcript]:
    return list(formats.read(Document(json.dumps(value))))


def test_a_conversation_of_a_voice_agent_has_roles_and_times() -> None:
    (call,) = calls({"type": "post_call_transcription", "data": {"conversation_id": "conv_1", "transcript": TURNS}})

    assert call.format == "elevenlabs"
    assert call.call == "conv_1"
    assert [(turn.speaker, turn.start_s) for turn in call.turns] == [("agent", 0.0), ("customer", 4.0)]


def test_a_conversation_without_its_envelope_is_read_alike() -> None:
    (call,) = calls({"agent_id": "a", "conversation_id": "conv_2", "status": "done", "transcript": TURNS})

    assert call.call == "conv_2"


def test_words_of_one_speaker_are_a_turn() -> None:
    words = spaced(word("Good", 0, "speaker_0"), word("day.", 1, "speaker_0"), word("Hi!", 2, "speaker_1"))

    (call,) = calls({"language_code": "en", "text": "Good day. Hi!", "words": words})

    assert [(turn.name, turn.text, turn.start_s) for turn in call.turns] == [
        ("speaker_0", "Good day.", 0.0),
        ("speaker_1", "Hi!", 2.0),
    ]


def test_sounds_stay_where_they_were_heard() -> None:
    words = spaced(word("No.", 0, "speaker_0"), word("(laughter)", 1, "speaker_0", "audio_event"))

    (call,) = calls({"text": "", "words": words})

    assert call.turns[0].text == "No. (laughter)"


def test_words_without_a_space_between_them_are_joined() -> None:
    words = [word("您", 0, "speaker_0"), word("好", 1, "speaker_0"), *spaced(word("。", 2, "speaker_0"))]

    (call,) = calls({"text": "您好。", "words": words})

    assert call.turns[0].text == "您好。"


def test_channels_are_speakers_in_order_of_time() -> None:
    channels = [
        {"channel_index": 0, "text": "Yes? Bye.", "words": spaced(word("Yes?", 0), word("Bye.", 9))},
        {"channel_index": 1, "text": "It is me.", "words": spaced(word("It", 2), word("is", 3), word("me.", 4))},
    ]

    (log,) = elevenlabs.read(Document(json.dumps({"transcripts": channels})))

    assert [(said.label, said.text) for said in log.utterances] == [
        ("channel 0", "Yes?"),
        ("channel 1", "It is me."),
        ("channel 0", "Bye."),
    ]


def test_broken_words_are_passed_over_with_a_note() -> None:
    (call,) = calls({"text": "", "words": [word("Good", 0), 8, None, {"type": "word", "text": {}}]})

    assert [turn.text for turn in call.turns] == ["Good"]
    assert "1 item(s) that are not JSON objects were skipped." in call.notes


def test_words_without_a_kind_are_not_elevenlabs() -> None:
    assert elevenlabs.sure(Document('{"text": "Hi", "words": [{"text": "Hi", "start": 0}]}')) == 0.0
