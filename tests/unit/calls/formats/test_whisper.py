"""The JSON of Whisper's tools, by content."""

import json
from typing import Any

import pytest

from bot.calls.document import Document
from bot.calls.formats.whisper import READER
from bot.calls.reading import CallLog

OPENAI: dict[str, Any] = {
    "text": " Hi. Hello.",
    "language": "en",
    "segments": [
        {"id": 0, "start": 0.5, "end": 1.5, "text": " Hi."},
        {"id": 1, "start": 2, "end": 3, "text": " Hello."},
    ],
}
WHISPERX: dict[str, Any] = {
    "word_segments": [],
    "segments": [
        {"start": 0.5, "end": 1.0, "text": " One,", "speaker": "SPEAKER_00"},
        {"start": 1.0, "end": 1.5, "text": " two.", "speaker": "SPEAKER_00"},
        {"start": 2.0, "end": 2.5, "text": " Three.", "speaker": "SPEAKER_01"},
    ],
}
WHISPER_CPP: dict[str, Any] = {
    "result": {"language": "en"},
    "transcription": [
        {"offsets": {"from": 1500, "to": 2250}, "text": " Hi.", "speaker": "0"},
        {"timestamps": {"from": "00:00:03,000", "to": "00:00:04,500"}, "text": " Hello.", "speaker": "?"},
    ],
}
TRANSFORMERS: dict[str, Any] = {"text": "Hi. Bye.", "chunks": [{"timestamp": [0.5, None], "text": " Hi."}]}
WORDS: dict[str, Any] = {"task": "transcribe", "text": "Hi there.", "words": [{"word": "Hi", "start": 0.5, "end": 1}]}


def call(data: object) -> CallLog:
    return next(iter(READER.read(Document(json.dumps(data)))))


def said(data: object) -> list[tuple[str | None, str, float | None, float | None]]:
    return [(each.label, each.text, each.start_s, each.end_s) for each in call(data).utterances]


@pytest.mark.parametrize("data", [OPENAI, WHISPERX, WHISPER_CPP, TRANSFORMERS, WORDS])
def test_every_shape_is_known(data: object) -> None:
    assert READER.sure(Document(json.dumps(data))) >= 0.9


@pytest.mark.parametrize(
    "alien",
    [[], ["x"], {"segments": [1]}, {"text": "Hi", "words": [{"text": "Hi"}]}, {"transcription": {"text": "Hi"}}],
)
def test_other_json_is_not_claimed(alien: object) -> None:
    assert READER.sure(Document(json.dumps(alien))) == 0


def test_segments_without_speakers_stay_apart() -> None:
    assert said(OPENAI) == [(None, "Hi.", 0.5, 1.5), (None, "Hello.", 2.0, 3.0)]


def test_segments_of_one_speaker_are_one_turn() -> None:
    assert said(WHISPERX) == [("SPEAKER_00", "One, two.", 0.5, 1.5), ("SPEAKER_01", "Three.", 2.0, 2.5)]


def test_whisper_cpp_tells_time_in_milliseconds_or_clocks() -> None:
    assert said(WHISPER_CPP) == [("Speaker 0", "Hi.", 1.5, 2.25), (None, "Hello.", 3.0, 4.5)]


def test_a_chunk_may_have_no_end() -> None:
    assert said(TRANSFORMERS) == [(None, "Hi.", 0.5, None)]


def test_words_are_read_where_there_are_no_segments() -> None:
    assert said(WORDS) == [(None, "Hi", 0.5, 1.0)]


def test_the_text_is_the_last_resort() -> None:
    assert said({**OPENAI, "segments": None}) == [(None, "Hi. Hello.", None, None)]


def test_broken_segments_are_passed_over_and_told() -> None:
    log = call({**OPENAI, "segments": [None, 5, {"start": 1}, *OPENAI["segments"]]})

    assert [each.text for each in log.utterances] == ["Hi.", "Hello."]
    assert log.notes == ["1 item(s) that are not JSON objects were skipped."]


def test_words_alone_are_divided_by_their_speakers() -> None:
    words = [{"word": "Hi", "start": 0, "speaker": "SPEAKER_00"}, {"word": "Yes", "start": 1, "speaker": "SPEAKER_01"}]
    data = {"segments": [], "word_segments": words}

    assert READER.sure(Document(json.dumps(data))) == 0.9
    assert [(said.label, said.text) for said in call(data).utterances] == [("SPEAKER_00", "Hi"), ("SPEAKER_01", "Yes")]


def test_a_text_alone_is_one_turn() -> None:
    data = {"text": "Hi there.", "usage": {"type": "duration"}}

    assert READER.sure(Document(json.dumps(data))) > 0.2
    assert [said.text for said in call(data).utterances] == ["Hi there."]
