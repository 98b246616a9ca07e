"""Deepgram's responses, by content."""

import json
from typing import Any

import pytest

from bot.calls.document import Document
from bot.calls.formats.deepgram import READER
from bot.calls.reading import CallLog


def words(text: str, start: float, **more: int) -> list[dict[str, Any]]:
    return [
        {"word": each.strip("?.").lower(), "punctuated_word": each, "start": start + n, "end": start + n + 0.9, **more}
        for n, each in enumerate(text.split())
    ]


def channel(**best: Any) -> dict[str, Any]:
    return {"alternatives": [{"transcript": "", **best}]}


def response(*channels: object, **results: Any) -> dict[str, Any]:
    return {"metadata": {"request_id": "req-3"}, "results": {"channels": list(channels), **results}}


DIARISED = response(channel(words=words("Any news?", 1, speaker=0) + words("Not yet.", 4, speaker=1)))
TWO_CHANNELS = response(
    channel(words=words("Ready?", 1) + words("Good.", 6)),
    channel(words=words("Yes, I am.", 2)),
)
UTTERANCES = response(
    channel(words=words("unused", 0)),
    utterances=[
        {"transcript": "One,", "start": 0.5, "end": 1.0, "speaker": 0, "channel": 0},
        {"transcript": "two.", "start": 1.5, "end": 2.0, "speaker": 0, "channel": 0},
        {"transcript": "Three.", "start": 2.5, "end": 3.0, "speaker": 1, "channel": 0},
    ],
)
PARAGRAPHS = response(
    channel(paragraphs={"paragraphs": [{"speaker": 1, "start": 2, "sentences": [{"text": "A."}, {"text": "B."}]}]})
)


def call(data: object) -> CallLog:
    return next(iter(READER.read(Document(json.dumps(data)))))


def said(data: object) -> list[tuple[str | None, str, float | None]]:
    return [(each.label, each.text, each.start_s) for each in call(data).utterances]


@pytest.mark.parametrize("data", [DIARISED, TWO_CHANNELS, UTTERANCES, PARAGRAPHS, {"error": None, "result": DIARISED}])
def test_every_shape_is_known(data: object) -> None:
    assert READER.sure(Document(json.dumps(data))) == 1


@pytest.mark.parametrize("alien", [[], [9], {"results": []}, {"results": {"channels": 4}}, {"results": {"items": []}}])
def test_other_json_is_not_claimed(alien: object) -> None:
    assert READER.sure(Document(json.dumps(alien))) == 0


def test_words_become_turns_of_their_speakers() -> None:
    assert said(DIARISED) == [("Speaker 0", "Any news?", 1.0), ("Speaker 1", "Not yet.", 4.0)]


def test_channels_are_interleaved_by_time() -> None:
    assert said(TWO_CHANNELS) == [
        ("Channel 0", "Ready?", 1.0),
        ("Channel 1", "Yes, I am.", 2.0),
        ("Channel 0", "Good.", 6.0),
    ]


def test_utterances_of_one_speaker_are_one_turn() -> None:
    assert said(UTTERANCES) == [("Speaker 0", "One, two.", 0.5), ("Speaker 1", "Three.", 2.5)]


def test_paragraphs_are_read_where_there_are_no_words() -> None:
    assert said(PARAGRAPHS) == [("Speaker 1", "A. B.", 2.0)]


def test_the_plain_transcript_is_the_last_resort() -> None:
    assert said(response(channel(transcript="Just text."))) == [(None, "Just text.", None)]


def test_words_without_punctuation_are_read_as_they_are() -> None:
    assert said(response(channel(words=[{"word": "hello", "start": 0.5}]))) == [(None, "hello", 0.5)]


def test_a_wrapped_response_is_found() -> None:
    assert call({"error": None, "result": DIARISED}).id == "req-3"


def test_several_responses_in_a_list_are_several_calls() -> None:
    assert len(list(READER.read(Document(json.dumps([DIARISED, UTTERANCES]))))) == 2


def test_broken_words_are_passed_over_and_told() -> None:
    log = call(response(channel(words=[None, "x", {"word": None}, *words("Still here.", 1)]), utterances=None))

    assert [each.text for each in log.utterances] == ["Still here."]
    assert log.notes == [
        "1 item(s) that are not JSON objects were skipped.",
        "1 word(s) without text were skipped.",
    ]
