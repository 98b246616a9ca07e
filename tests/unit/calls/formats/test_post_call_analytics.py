"""Post Call Analytics' files, by content."""

import json
from typing import Any

import pytest

from bot.calls.document import Document
from bot.calls.formats.post_call_analytics import READER
from bot.calls.reading import CallLog

PARSED: dict[str, Any] = {
    "ConversationAnalytics": {
        "GUID": "guid-5",
        "SpeakerLabels": [
            {"Speaker": "spk_0", "DisplayText": "Agent"},
            {"Speaker": "spk_1", "DisplayText": "Customer"},
        ],
    },
    "SpeechSegments": [
        {"SegmentStartTime": 0.5, "SegmentEndTime": 2.25, "SegmentSpeaker": "spk_0", "DisplayText": "Tyre shop."},
        {"SegmentSpeaker": "spk_1", "OriginalText": "this is [NAME]", "DisplayText": "This is [NAME]."},
        {"SegmentSpeaker": "spk_2", "OriginalText": "hold music"},
    ],
}


def call(data: object) -> CallLog:
    return next(iter(READER.read(Document(json.dumps(data)))))


def test_the_shape_is_known() -> None:
    assert READER.sure(Document(json.dumps(PARSED))) == 1


@pytest.mark.parametrize("alien", [[], [[1]], {"ConversationAnalytics": 3}, {"SpeechSegments": []}])
def test_other_json_is_not_claimed(alien: object) -> None:
    assert READER.sure(Document(json.dumps(alien))) == 0


def test_speakers_go_by_their_display_text() -> None:
    assert [(each.label, each.text) for each in call(PARSED).utterances] == [
        ("Agent", "Tyre shop."),
        ("Customer", "This is [NAME]."),
        ("spk_2", "hold music"),
    ]


def test_times_are_seconds() -> None:
    first = call(PARSED).utterances[0]

    assert (first.start_s, first.end_s) == (0.5, 2.25)


@pytest.mark.parametrize(("guid", "expected"), [("guid-5", "guid-5"), ("None", None), (None, None)])
def test_the_guid_is_the_id_where_there_is_one(guid: object, expected: str | None) -> None:
    assert call({**PARSED, "ConversationAnalytics": {"GUID": guid}}).id == expected


def test_broken_segments_are_passed_over_and_told() -> None:
    log = call({"ConversationAnalytics": {"SpeakerLabels": "none"}, "SpeechSegments": [4, *PARSED["SpeechSegments"]]})

    assert [each.label for each in log.utterances] == ["spk_0", "spk_1", "spk_2"]
    assert log.notes.count("1 item(s) that are not JSON objects were skipped.") == 2
