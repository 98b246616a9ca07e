"""Amazon Transcribe's standard files, by content."""

import json
from typing import Any

import pytest

from bot.calls.document import Document
from bot.calls.formats.transcribe import READER
from bot.calls.reading import CallLog


def word(text: str, start: float, **more: str) -> dict[str, Any]:
    times = {"start_time": str(start), "end_time": str(start + 0.5)}
    return {"type": "pronunciation", "alternatives": [{"confidence": "0.9", "content": text}], **times, **more}


def mark(text: str) -> dict[str, Any]:
    return {"type": "punctuation", "alternatives": [{"confidence": "0.0", "content": text}]}


def job(**results: Any) -> dict[str, Any]:
    return {"jobName": "job-9", "status": "COMPLETED", "results": {"transcripts": [], **results}}


SPEAKERS = job(
    items=[word("Hi", 1.0), mark("."), word("Hello", 2.0), mark("!")],
    speaker_labels={
        "segments": [
            {"items": [{"start_time": "1.0", "speaker_label": "spk_0"}]},
            {"items": [{"start_time": "2.0", "speaker_label": "spk_1"}]},
        ]
    },
)
CHANNELS = job(
    channel_labels={
        "channels": [
            {"channel_label": "ch_0", "items": [word("Ready", 1.0), mark("?"), word("Good", 3.0), mark(".")]},
            {"channel_label": "ch_1", "items": [word("Yes", 2.0), mark(".")]},
        ]
    },
)
SEGMENTS = job(
    items=[word("unused", 0.0)],
    audio_segments=[
        {"transcript": "One.", "start_time": "0.5", "end_time": "1.0", "speaker_label": "spk_0"},
        {"transcript": "Two.", "start_time": "1.5", "end_time": "2.0", "speaker_label": "spk_0"},
        {"transcript": "Three.", "start_time": "2.5", "end_time": "3.0", "speaker_label": "spk_1"},
    ],
)


def call(data: object) -> CallLog:
    return next(iter(READER.read(Document(json.dumps(data)))))


def said(data: object) -> list[tuple[str | None, str, float | None]]:
    return [(each.label, each.text, each.start_s) for each in call(data).utterances]


@pytest.mark.parametrize("data", [SPEAKERS, CHANNELS, SEGMENTS])
def test_every_shape_is_known(data: object) -> None:
    assert READER.sure(Document(json.dumps(data))) == 1


@pytest.mark.parametrize(
    "alien", [[], [3], {"results": [{"type": "word"}]}, {"jobName": "x"}, {"results": {"channels": [{}]}}]
)
def test_other_json_is_not_claimed(alien: object) -> None:
    assert READER.sure(Document(json.dumps(alien))) == 0


def test_speakers_are_found_by_the_time_of_a_word() -> None:
    assert said(SPEAKERS) == [("spk_0", "Hi.", 1.0), ("spk_1", "Hello!", 2.0)]


def test_an_item_may_tell_its_speaker() -> None:
    data = job(items=[word("Hi", 1.0, speaker_label="spk_3"), mark(".")])

    assert said(data) == [("spk_3", "Hi.", 1.0)]


def test_channels_are_interleaved_by_time() -> None:
    assert said(CHANNELS) == [("ch_0", "Ready?", 1.0), ("ch_1", "Yes.", 2.0), ("ch_0", "Good.", 3.0)]


def test_a_sentence_that_is_spoken_over_stays_whole() -> None:
    over = {"channel_label": "ch_1", "items": [word("Mhm", 1.2), mark(".")]}
    long = {"channel_label": "ch_0", "items": [word("Let", 1.0), word("me", 1.5), word("see", 2.0), mark(".")]}

    utterances = said(job(channel_labels={"channels": [over, long]}))

    assert utterances == [("ch_0", "Let me see.", 1.0), ("ch_1", "Mhm.", 1.2)]


def test_audio_segments_are_preferred() -> None:
    assert said(SEGMENTS) == [("spk_0", "One. Two.", 0.5), ("spk_1", "Three.", 2.5)]


def test_a_plain_transcript_is_one_utterance() -> None:
    data = job(transcripts=[{"transcript": "Only [PII] text."}])

    assert said(data) == [(None, "Only [PII] text.", None)]


def test_the_job_is_the_id() -> None:
    assert call(SPEAKERS).id == "job-9"


def test_a_word_without_text_is_passed_over_and_told() -> None:
    log = call(job(items=[word("Hi", 1.0), {"type": "pronunciation", "alternatives": None}, word("there", 2.0)]))

    assert [each.text for each in log.utterances] == ["Hi there"]
    assert log.notes == ["1 word(s) without text were skipped."]


def test_a_null_where_a_list_should_be_leaves_the_next_best() -> None:
    data = job(audio_segments=None, items=None, channel_labels={"channels": 5}, transcripts=[{"transcript": "Left."}])

    assert said(data) == [(None, "Left.", None)]


def test_a_segment_without_items_tells_the_speaker_by_its_times() -> None:
    segments = [
        {"start_time": "1.0", "end_time": "1.6", "speaker_label": "spk_0"},
        {"start_time": "2.0", "end_time": "2.6", "speaker_label": "spk_1"},
    ]
    items = [word("Hi", 1.0), mark("."), word("Hello", 2.0), mark("!")]
    data = job(items=items, speaker_labels={"segments": segments})

    (log,) = READER.read(Document(json.dumps(data)))

    assert [(said.label, said.text) for said in log.utterances] == [("spk_0", "Hi."), ("spk_1", "Hello!")]


def test_audio_segments_that_name_no_speaker_give_way_to_the_items_that_do() -> None:
    data = job(**SPEAKERS["results"], audio_segments=[{"transcript": "Hi. Hello!", "start_time": "1.0"}])

    (log,) = READER.read(Document(json.dumps(data)))

    assert [(said.label, said.text) for said in log.utterances] == [("spk_0", "Hi."), ("spk_1", "Hello!")]
