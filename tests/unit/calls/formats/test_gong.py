from __future__ import annotations

import json
from typing import Any

from bot.calls import formats
from bot.calls.document import Document
from bot.calls.formats import gong
from bot.calls.transcript import Transcript


def monologue(speaker: str, *sentences: tuple[float, float, str]) -> dict[str, Any]:
    said = [{"start": start, "end": end, "text": text} for start, end, text in sentences]
    return {"speakerId": speaker, "topic": "Renewal", "sentences": said}


CALL = {
    "callId": "781",
    "transcript": [
        monologue("61", (460, 2480, "Thanks for making the time today."), (2500, 3900, "Shall we look at seats?")),
        monologue("62", (4100, 6000, "We have eleven people now.")),
    ],
}
PARTIES = [
    {"speakerId": "61", "name": "Ines Alba", "affiliation": "Internal"},
    {"speakerId": "62", "name": "Tom Reed", "affiliation": "External"},
]


def calls(value: object) -> list[Transcript]:
    return list(formats.read(Document(json.dumps(value))))


def test_a_monologue_is_a_turn_with_all_its_sentences() -> None:
    (call,) = calls({"requestId": "r", "callTranscripts": [CALL]})

    assert call.format == "gong"
    assert call.call == "781"
    assert call.turns[0].text == "Thanks for making the time today. Shall we look at seats?"


def test_times_of_thousands_are_milliseconds() -> None:
    (call,) = calls({"callTranscripts": [CALL]})

    assert [(turn.start_s, turn.end_s) for turn in call.turns] == [(0.46, 3.9), (4.1, 6.0)]


def test_times_at_the_pace_of_speech_are_seconds() -> None:
    slow = {"callId": "1", "transcript": [monologue("61", (3600, 3602, "Well then let us go on."))]}

    (call,) = calls({"callTranscripts": [slow]})

    assert call.turns[0].start_s == 3600.0


def test_the_parties_of_the_call_give_names_and_roles() -> None:
    extensive = [{"metaData": {"id": "781"}, "parties": PARTIES}, {"metaData": {"id": "9"}, "parties": []}]

    (call,) = calls({"callTranscripts": [CALL], "calls": extensive})

    assert [(turn.speaker, turn.name) for turn in call.turns] == [("agent", "Ines Alba"), ("customer", "Tom Reed")]


def test_without_parties_the_speakers_keep_their_ids() -> None:
    (log,) = gong.read(Document(json.dumps(CALL)))

    assert [(said.label, said.speaker) for said in log.utterances] == [("speaker 61", None), ("speaker 62", None)]


def test_several_calls_of_a_file_are_several_calls() -> None:
    found = calls({"callTranscripts": [CALL, {**CALL, "callId": "782"}]})

    assert [call.call for call in found] == ["781", "782"]


def test_broken_monologues_are_passed_over_with_a_note() -> None:
    broken = {"callId": "5", "transcript": [*CALL["transcript"], "?", {"speakerId": [], "sentences": None}]}

    (call,) = calls({"callTranscripts": [broken, None]})

    assert len(call.turns) == 2
    assert "1 item(s) that are not JSON objects were skipped." in call.notes
