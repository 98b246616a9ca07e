"""Transcribe Call Analytics files, by content."""

import json
from typing import Any

import pytest

from bot.calls.document import Document
from bot.calls.formats.call_analytics import READER
from bot.calls.reading import CallLog

CALL: dict[str, Any] = {
    "JobName": "job-7",
    "JobStatus": "COMPLETED",
    "Participants": [{"ParticipantRole": "AGENT"}, {"ParticipantRole": "CUSTOMER"}],
    "Transcript": [
        {"ParticipantRole": "AGENT", "Content": "Bank, hello.", "BeginOffsetMillis": 440, "EndOffsetMillis": 960},
        {
            "ParticipantRole": "CUSTOMER",
            "BeginOffsetMillis": 1200,
            "EndOffsetMillis": 2400,
            "Items": [
                {"Type": "pronunciation", "Content": "My"},
                {"Type": "pronunciation", "Content": "card"},
                {"Type": "punctuation", "Content": "."},
            ],
        },
    ],
}


def call(data: object) -> CallLog:
    return next(iter(READER.read(Document(json.dumps(data)))))


def test_the_shape_is_known() -> None:
    assert READER.sure(Document(json.dumps(CALL))) == 1


@pytest.mark.parametrize(
    "alien", [[], [[]], {"JobName": 1, "Transcript": None}, {"Transcript": [], "Participants": []}]
)
def test_other_json_is_not_claimed(alien: object) -> None:
    assert READER.sure(Document(json.dumps(alien))) == 0


def test_turns_tell_their_roles() -> None:
    assert [(each.speaker, each.label) for each in call(CALL).utterances] == [
        ("agent", "AGENT"),
        ("customer", "CUSTOMER"),
    ]


def test_a_turn_without_content_is_made_of_its_items() -> None:
    assert [each.text.strip() for each in call(CALL).utterances] == ["Bank, hello.", "My card."]


def test_the_job_is_the_id_and_offsets_are_milliseconds() -> None:
    log = call(CALL)

    assert (log.id, log.utterances[1].start_s, log.utterances[1].end_s) == ("job-7", 1.2, 2.4)


def test_a_broken_turn_is_passed_over_and_told() -> None:
    log = call({**CALL, "Transcript": ["lost", {"ParticipantRole": 5, "Items": None}, *CALL["Transcript"]]})

    assert log.utterances[-2].text == "Bank, hello."
    assert log.notes == ["1 item(s) that are not JSON objects were skipped."]
