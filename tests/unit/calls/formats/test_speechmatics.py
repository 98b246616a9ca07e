"""Speechmatics' transcripts, by content."""

import json
from typing import Any

import pytest

from bot.calls.document import Document
from bot.calls.formats.speechmatics import READER
from bot.calls.reading import CallLog


def item(text: str, start: float, speaker: str = "UU", kind: str = "word", **more: str) -> dict[str, Any]:
    best = {"content": text, "confidence": 1.0, "speaker": speaker}
    return {"type": kind, "start_time": start, "end_time": start + 0.5, "alternatives": [best], **more}


def full_stop(start: float, speaker: str = "UU", **more: str) -> dict[str, Any]:
    return item(".", start, speaker, "punctuation", attaches_to="previous", **more)


def transcript(*results: object, delimiter: str = " ") -> dict[str, Any]:
    metadata = {"type": "transcription", "language_pack_info": {"word_delimiter": delimiter}}
    return {"format": "2.9", "job": {"id": "sm-1"}, "metadata": metadata, "results": list(results)}


SPEAKERS = transcript(item("Hi", 1, "S1"), full_stop(1.5, "S1"), item("Hello", 3, "S2"), item("there", 4, "S2"))


def call(data: object) -> CallLog:
    return next(iter(READER.read(Document(json.dumps(data)))))


def said(data: object) -> list[tuple[str | None, str, float | None]]:
    return [(each.label, each.text, each.start_s) for each in call(data).utterances]


@pytest.mark.parametrize(
    "data", [SPEAKERS, {"message": "AddTranscript", "format": "2.7", "metadata": {}, "results": []}]
)
def test_every_shape_is_known(data: object) -> None:
    assert READER.sure(Document(json.dumps(data))) == 1


@pytest.mark.parametrize("alien", [[], [True], {"results": {}}, {"results": [], "metadata": 1}, {"format": "2.9"}])
def test_other_json_is_not_claimed(alien: object) -> None:
    assert READER.sure(Document(json.dumps(alien))) == 0


def test_words_become_turns_of_their_speakers() -> None:
    assert said(SPEAKERS) == [("S1", "Hi.", 1.0), ("S2", "Hello there", 3.0)]


def test_an_unknown_speaker_has_no_label() -> None:
    assert said(transcript(item("Hi", 1), full_stop(1.5))) == [(None, "Hi.", 1.0)]


@pytest.mark.parametrize(
    ("side", "text"), [("previous", "a! b"), ("next", "a !b"), ("both", "a!b"), ("none", "a ! b"), ("", "a! b")]
)
def test_punctuation_attaches_to_the_side_it_tells(side: str, text: str) -> None:
    data = transcript(item("a", 1), item("!", 2, kind="punctuation", attaches_to=side), item("b", 3))

    assert said(data) == [(None, text, 1.0)]


def test_words_of_a_language_without_spaces_are_joined() -> None:
    assert said(transcript(item("お電", 1), item("話", 2), delimiter=""))[0][1] == "お電話"


def test_latin_words_are_spaced_whatever_the_delimiter() -> None:
    assert said(transcript(item("Tidy", 1), item("up", 2), delimiter=""))[0][1] == "Tidy up"


def test_channels_are_interleaved_by_time() -> None:
    left = [item("Ready", 1, channel="left"), full_stop(1.5, channel="left"), item("Good", 5, channel="left")]

    utterances = said(transcript(*left, item("Yes", 3, channel="right"), full_stop(3.5, channel="right")))

    assert [label for label, _, _ in utterances] == ["left", "right", "left"]


def test_a_mark_of_a_speaker_change_opens_a_turn() -> None:
    data = transcript(item("Hello", 1), {"type": "speaker_change", "start_time": 2}, item("Hey", 2))

    assert said(data) == [(None, "Hello", 1.0), (None, "Hey", 2.0)]


def test_the_job_is_the_id() -> None:
    assert call(SPEAKERS).id == "sm-1"


def test_broken_items_are_passed_over_and_told() -> None:
    log = call(transcript(None, 3, {"type": "word", "alternatives": []}, item("Left", 1)))

    assert [each.text for each in log.utterances] == ["Left"]
    assert log.notes == [
        "1 item(s) that are not JSON objects were skipped.",
        "1 word(s) without text were skipped.",
    ]


def test_messages_of_a_live_transcript_are_one_call() -> None:
    messages = [
        {"message": "AddPartialTranscript", "metadata": {}, "results": [item("Hey", 1, "S1")]},
        {"message": "AddTranscript", "metadata": {}, "results": [item("Hi", 1, "S1")]},
        {"message": "AddTranscript", "metadata": {}, "results": [item("there", 2, "S1")]},
    ]
    document = Document("\n".join(map(json.dumps, messages)))

    (log,) = READER.read(document)

    assert READER.sure(document) > 0.9
    assert [each.text for each in log.utterances] == ["Hi there"]


def test_the_first_version_names_speakers_by_their_times() -> None:
    names = [("Hi", "0.1"), ("there", "0.5"), (".", "0.9"), ("Yes", "1.6")]
    first = {
        "format": "1.0",
        "job": {"id": 7},
        "speakers": [{"name": "M1", "time": "0.1", "duration": "0.8"}, {"name": "F2", "time": "1.5", "duration": "2"}],
        "words": [{"name": name, "time": time, "duration": "0.2", "confidence": "NaN"} for name, time in names],
    }

    assert READER.sure(Document(json.dumps(first))) == 1.0
    assert call(first).id == "7"
    assert said(first) == [("M1", "Hi there.", 0.1), ("F2", "Yes", 1.6)]
