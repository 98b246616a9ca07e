"""AssemblyAI's transcripts, by content."""

import json
from typing import Any

import pytest

from bot.calls.document import Document
from bot.calls.formats.assemblyai import READER
from bot.calls.reading import CallLog
from bot.errors import ReadError


def spoken(text: object, start: int, speaker: object) -> dict[str, Any]:
    return {"text": text, "start": start, "end": start + 500, "confidence": 0.9, "speaker": speaker, "words": []}


def transcript(**more: Any) -> dict[str, Any]:
    return {"id": "tr-8", "status": "completed", "audio_duration": 12, "text": "Hi there. Hello.", **more}


UTTERANCES = transcript(utterances=[spoken("Hi there.", 250, "A"), spoken("Hello, ####.", 900, "B")])
WORDS = transcript(
    utterances=None, words=[spoken("Hi", 250, "A"), spoken("there.", 500, "A"), spoken("Hello.", 900, "B")]
)


def call(data: object) -> CallLog:
    return next(iter(READER.read(Document(json.dumps(data)))))


def said(data: object) -> list[tuple[str | None, str, float | None]]:
    return [(each.label, each.text, each.start_s) for each in call(data).utterances]


@pytest.mark.parametrize("data", [UTTERANCES, WORDS, {"utterances": UTTERANCES["utterances"]}])
def test_every_shape_is_known(data: object) -> None:
    assert READER.sure(Document(json.dumps(data))) >= 0.9


@pytest.mark.parametrize(
    "alien",
    [[], [2.5], {"utterances": [{"text": "Hi", "start": 1}]}, {"text": "Hi", "segments": []}, {"utterances": "none"}],
)
def test_other_json_is_not_claimed(alien: object) -> None:
    assert READER.sure(Document(json.dumps(alien))) == 0


def test_utterances_are_turns_in_seconds() -> None:
    assert said(UTTERANCES) == [("Speaker A", "Hi there.", 0.25), ("Speaker B", "Hello, ####.", 0.9)]


def test_words_are_joined_by_speaker_where_there_are_no_utterances() -> None:
    assert said(WORDS) == [("Speaker A", "Hi there.", 0.25), ("Speaker B", "Hello.", 0.9)]


def test_the_text_is_the_last_resort() -> None:
    assert said(transcript(words=None)) == [(None, "Hi there. Hello.", None)]


def test_channels_are_speakers_and_put_in_order_of_time() -> None:
    data = transcript(utterances=[spoken("One.", 100, "1"), spoken("Three.", 900, "1"), spoken("Two.", 500, "2A")])

    assert [label for label, _, _ in said(data)] == ["Speaker 1", "Speaker 2A", "Speaker 1"]


def test_a_named_speaker_keeps_the_name() -> None:
    assert said(transcript(utterances=[spoken("Hi.", 0, "Agent")])) == [("Agent", "Hi.", 0.0)]


def test_the_id_is_kept() -> None:
    assert call(WORDS).id == "tr-8"


def test_a_failed_transcript_tells_why() -> None:
    failed = transcript(status="error", error="Audio file is silent.")

    with pytest.raises(ReadError, match=r"no transcript of this call: Audio file is silent\.$"):
        call(failed)


def test_broken_words_are_passed_over_and_told() -> None:
    log = call(transcript(utterances=3, words=[spoken(None, 0, None), spoken("Hi.", 100, ["A"])]))

    assert [(each.label, each.text) for each in log.utterances] == [(None, "Hi.")]
    assert log.notes == [
        "1 item(s) that are not JSON objects were skipped.",
        "1 word(s) without text were skipped.",
    ]


def test_words_alone_are_known_and_their_times_are_milliseconds() -> None:
    data = {"words": WORDS["words"]}

    assert READER.sure(Document(json.dumps(data))) == 0.9
    assert said(data) == [("Speaker A", "Hi there.", 0.25), ("Speaker B", "Hello.", 0.9)]
