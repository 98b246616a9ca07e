from __future__ import annotations

import json
from typing import Any

from bot.calls import formats
from bot.calls.document import Document
from bot.calls.formats import google_ccai
from bot.calls.transcript import Transcript

ENTRIES = [
    {"start_timestamp_usec": 1_000_000, "text": "Say your order number.", "role": "AUTOMATED_AGENT", "user_id": 3},
    {"start_timestamp_usec": 4_500_000, "text": "Four [REDACTED] two.", "role": "END_USER", "user_id": 1},
    {"start_timestamp_usec": 9_000_000, "text": "Thanks, found it.", "role": "AGENT", "user_id": 2},
]


def calls(value: object) -> list[Transcript]:
    return list(formats.read(Document(json.dumps(value))))


def word(text: str, start: float, speaker: int = 0) -> dict[str, Any]:
    return {"word": text, "startTime": f"{start}s", "endTime": f"{start + 0.5}s", "speakerTag": speaker}


def test_entries_of_agent_assist_have_roles_and_times() -> None:
    (call,) = calls({"conversation_info": {}, "entries": ENTRIES})

    assert call.format == "google-ccai"
    assert [turn.speaker for turn in call.turns] == ["agent", "customer", "agent"]
    assert [turn.start_s for turn in call.turns] == [1.0, 4.5, 9.0]


def test_an_automated_agent_is_named_and_noted() -> None:
    (call,) = calls({"entries": ENTRIES})

    assert call.turns[0].name == "automated agent"
    assert "Turns of an automated agent are shown as the agent's." in call.notes


def test_redaction_marks_survive() -> None:
    (call,) = calls({"entries": ENTRIES})

    assert call.turns[1].text == "Four [REDACTED] two."


def test_segments_of_insights_are_turns() -> None:
    words = [{"word": "Hello", "startOffset": "1.2s", "endOffset": "1.7s"}]
    segments = [
        {"text": "Hello.", "words": words, "segmentParticipant": {"role": "HUMAN_AGENT"}},
        {"text": "Hi.", "messageTime": None, "segmentParticipant": {"role": "END_USER"}},
    ]

    (call,) = calls({"name": "projects/p/conversations/c7", "transcript": {"transcriptSegments": segments}})

    assert call.call == "c7"
    assert [turn.speaker for turn in call.turns] == ["agent", "customer"]
    assert (call.turns[0].start_s, call.turns[0].end_s) == (1.2, 1.7)


def test_recognized_channels_are_speakers() -> None:
    results = [
        {"alternatives": [{"transcript": "Good day.", "confidence": 0.9}], "channelTag": 1, "resultEndTime": "2s"},
        {"alternatives": [{"transcript": "Hello there.", "confidence": 0.9}], "channelTag": 2, "resultEndTime": "3s"},
    ]

    (log,) = google_ccai.read(Document(json.dumps({"results": results})))

    assert [(said.label, said.text) for said in log.utterances] == [
        ("channel 1", "Good day."),
        ("channel 2", "Hello there."),
    ]


def test_the_last_result_of_a_diarised_file_is_read_once() -> None:
    plain = {"alternatives": [{"transcript": "Good day Hi", "words": [word("Good", 0), word("day", 1), word("Hi", 2)]}]}
    told = {"alternatives": [{"words": [word("Good", 0, 1), word("day", 1, 1), word("Hi", 2, 2)]}]}

    (log,) = google_ccai.read(Document(json.dumps({"response": {"results": [plain, told]}})))

    assert [(said.label, said.text) for said in log.utterances] == [("speaker 1", "Good day"), ("speaker 2", "Hi")]


def test_an_odd_entry_is_passed_over_with_a_note() -> None:
    (call,) = calls({"entries": [*ENTRIES, 5, None, {"role": {}, "text": ["x"]}]})

    assert len(call.turns) == 3
    assert "1 item(s) that are not JSON objects were skipped." in call.notes


def test_results_of_another_recogniser_are_not_googles() -> None:
    watson = {"results": [{"final": True, "alternatives": [{"transcript": "good day "}]}], "result_index": 0}

    assert google_ccai.sure(Document(json.dumps(watson))) == 0.0
