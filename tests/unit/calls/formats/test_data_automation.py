"""Bedrock Data Automation's files, by content."""

import json
from typing import Any

import pytest

from bot.calls.document import Document
from bot.calls.formats.data_automation import READER
from bot.calls.reading import CallLog
from bot.errors import ReadError


def segment(text: object, start: object, **more: Any) -> dict[str, Any]:
    return {"type": "TRANSCRIPT", "text": text, "start_timestamp_millis": start, "end_timestamp_millis": 9000, **more}


STANDARD: dict[str, Any] = {
    "metadata": {"semantic_modality": "AUDIO"},
    "audio_items": [],
    "audio_segments": [
        segment("Hotel, hello.", 1610, speaker={"speaker_label": "spk_1"}, channel={"channel_label": "ch_1"}),
        segment("Hi.", 2770, speaker=None, channel={"channel_label": "ch_0"}),
    ],
    "audio": {"transcript": {"representation": {"text": "[spk_1]: Hotel, hello.\n[spk_0]: Hi."}}},
}
CUSTOM = {"matched_blueprint": {"name": "calls"}, "inference_result": {"call_summary": "A card."}}


def call(data: object) -> CallLog:
    return next(iter(READER.read(Document(json.dumps(data)))))


@pytest.mark.parametrize("data", [STANDARD, CUSTOM])
def test_both_outputs_are_known(data: object) -> None:
    assert READER.sure(Document(json.dumps(data))) == 1


@pytest.mark.parametrize("alien", [[], [0], {"audio": 1}, {"audio_segments": [{"text": "Hi"}]}, {"metadata": {}}])
def test_other_json_is_not_claimed(alien: object) -> None:
    assert READER.sure(Document(json.dumps(alien))) == 0


def test_segments_are_turns_of_their_speaker_or_channel() -> None:
    assert [(each.label, each.text) for each in call(STANDARD).utterances] == [
        ("spk_1", "Hotel, hello."),
        ("ch_0", "Hi."),
    ]


def test_times_are_milliseconds() -> None:
    first = call(STANDARD).utterances[0]

    assert (first.start_s, first.end_s) == (1.61, 9.0)


def test_without_segments_the_transcript_as_text_is_read() -> None:
    log = call({**STANDARD, "audio_segments": None})

    assert [(each.label, each.text.strip()) for each in log.utterances if each.text] == [
        ("spk_1", "Hotel, hello."),
        ("spk_0", "Hi."),
    ]


def test_the_custom_output_is_refused_with_what_to_send() -> None:
    with pytest.raises(ReadError, match=r"custom output.*Send the standard output"):
        call(CUSTOM)


def test_broken_segments_are_passed_over_and_told() -> None:
    log = call({**STANDARD, "audio_segments": ["x", segment(None, None), segment("Hi.", "late", speaker=[])]})

    assert [(each.text, each.start_s) for each in log.utterances] == [("Hi.", None)]
    assert log.notes == ["1 item(s) that are not JSON objects were skipped."]
