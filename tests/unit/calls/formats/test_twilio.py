from __future__ import annotations

import json
from typing import Any

from bot.calls import formats
from bot.calls.document import Document
from bot.calls.formats import twilio
from bot.calls.transcript import Transcript

SID = "GT" + "0a" * 16


def sentence(index: int, channel: int, text: str, start: object, end: object) -> dict[str, Any]:
    return {
        "media_channel": channel,
        "sentence_index": index,
        "start_time": start,
        "end_time": end,
        "transcript": text,
        "sid": f"GX{index}",
        "confidence": "0.91",
    }


def page(*sentences: dict[str, Any]) -> dict[str, Any]:
    url = f"https://intelligence.twilio.com/v2/Transcripts/{SID}/Sentences?Page=0"
    return {"sentences": list(sentences), "meta": {"page": 0, "url": url, "key": "sentences"}}


FIRST = sentence(0, 2, "Thank you for calling Birch Bikes.", "0.4", "2.1")
SECOND = sentence(1, 1, "My gears slip.", 2.6, 3.9)
THIRD = sentence(2, 2, "Which bike is it?", 4.0, 5.0)


def calls(value: object) -> list[Transcript]:
    return list(formats.read(Document(json.dumps(value))))


def test_pages_of_a_transcript_are_one_call_in_the_order_of_the_sentences() -> None:
    pages = [page(THIRD), page(SECOND, FIRST)]

    (call,) = calls(pages)

    assert call.format == "twilio"
    assert call.call == SID
    assert [turn.text.split()[0] for turn in call.turns] == ["Thank", "My", "Which"]


def test_times_may_be_texts_or_numbers() -> None:
    (call,) = calls(page(FIRST, SECOND))

    assert [(turn.start_s, turn.end_s) for turn in call.turns] == [(0.4, 2.1), (2.6, 3.9)]


def test_roles_and_names_come_from_the_participants_of_the_channels() -> None:
    people = [
        {"channel_participant": 1, "role": "Customer", "full_name": "Ada Nowak"},
        {"channel_participant": 2, "role": "Agent"},
    ]
    whole = {"transcript": {"sid": SID, "channel": {"participants": people}}, "sentences": [FIRST, SECOND]}

    (call,) = calls(whole)

    assert [(turn.speaker, turn.name) for turn in call.turns] == [("agent", None), ("customer", "Ada Nowak")]


def test_without_participants_the_channels_are_the_speakers() -> None:
    (log,) = twilio.read(Document(json.dumps([SECOND, THIRD])))

    assert [(said.label, said.speaker) for said in log.utterances] == [("channel 1", None), ("channel 2", None)]


def test_sentences_that_are_broken_are_passed_over_with_a_note() -> None:
    (call,) = calls(page(FIRST, "lost", sentence(3, 1, "", None, None)))  # type: ignore[arg-type]  # the point

    assert [turn.text for turn in call.turns] == ["Thank you for calling Birch Bikes."]
    assert "1 item(s) that are not JSON objects were skipped." in call.notes


def test_another_list_of_sentences_is_not_twilios() -> None:
    other = Document(json.dumps({"sentences": [{"text": "Hello.", "start": 0}]}))

    assert twilio.sure(other) == 0.0


def test_keys_may_be_in_camel_case() -> None:
    sentences = [
        {"mediaChannel": 2, "sentenceIndex": 1, "startTime": "2.5", "endTime": "3.0", "transcript": "Hello."},
        {"mediaChannel": 1, "sentenceIndex": 0, "startTime": "0.5", "endTime": "1.0", "transcript": "Hi."},
    ]

    (call,) = calls(sentences)

    assert call.format == "twilio"
    assert [(turn.name, turn.text, turn.start_s) for turn in call.turns] == [
        ("channel 1", "Hi.", 0.5),
        ("channel 2", "Hello.", 2.5),
    ]
