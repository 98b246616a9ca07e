from __future__ import annotations

import json
from typing import Any

import pytest

from bot.calls import formats
from bot.calls.document import Document
from bot.calls.formats import json_turns
from bot.calls.transcript import Transcript
from bot.errors import ReadError


def said(*turns: tuple[str, str], speaker: str = "speaker", text: str = "text") -> list[dict[str, Any]]:
    return [{speaker: who, text: words} for who, words in turns]


TALK = (("Agent", "Ash Gas, good day."), ("Customer", "I smell gas."), ("Agent", "Leave the house."))


def calls(value: object) -> list[Transcript]:
    return list(formats.read(Document(json.dumps(value))))


def sure(value: object) -> float:
    return json_turns.sure(Document(json.dumps(value)))


@pytest.mark.parametrize("text", ["text", "message", "content", "utterance", "transcript", "body", "value", "sentence"])
@pytest.mark.parametrize("speaker", ["speaker", "role", "from", "author", "participant", "sender", "speaker_label"])
def test_usual_keys_are_known(speaker: str, text: str) -> None:
    (call,) = calls({"id": 12, "list": said(*TALK, speaker=speaker, text=text)})

    assert (call.format, call.call) == ("json-turns", "12")
    assert [(turn.speaker, turn.text) for turn in call.turns] == [
        ("agent", "Ash Gas, good day."),
        ("customer", "I smell gas."),
        ("agent", "Leave the house."),
    ]


def test_the_longest_list_of_turns_is_taken_and_another_is_noted() -> None:
    (call,) = calls({"meta": 1, "notes": said(("Agent", "Urgent.")), "data": {"items": said(*TALK)}})

    assert len(call.turns) == 3
    assert "More turns, under 'notes', were skipped." in call.notes


def test_messages_of_a_language_model_have_roles() -> None:
    parts = [{"type": "text", "text": "I smell "}, {"type": "image_url"}, {"type": "text", "text": "gas."}]
    messages = [
        {"role": "system", "content": "You answer for Ash Gas."},
        {"role": "user", "content": parts},
        {"role": "assistant", "content": None},
        {"role": "assistant", "content": "Leave the house."},
    ]

    (call,) = calls({"messages": messages})

    assert [turn.speaker for turn in call.turns] == ["other", "customer", "agent"]
    assert call.turns[1].text == "I smell gas."


def test_humans_and_their_models_have_roles() -> None:
    turns = said(("human", "I smell gas."), ("gpt", "Leave the house."), speaker="from", text="value")

    (call,) = calls([{"id": "s1", "conversations": turns}])

    assert [turn.speaker for turn in call.turns] == ["customer", "agent"]


def test_a_speaker_that_is_an_object_gives_name_and_role() -> None:
    turns = [
        {"author": {"type": "agent", "name": "Ola"}, "body": "<p>Hi &amp; welcome</p>"},
        {"author": {"type": "user", "name": "Kim"}, "body": "I smell gas."},
    ]

    (call,) = calls({"thread": turns})

    assert [(turn.speaker, turn.name, turn.text) for turn in call.turns] == [
        ("agent", "Ola", "Hi & welcome"),
        ("customer", "Kim", "I smell gas."),
    ]


def test_names_alone_are_speakers_where_they_come_again() -> None:
    (call,) = calls(said(("Ola", "Hello."), ("Kim", "Hi."), ("Ola", "Go on."), speaker="name"))

    assert [turn.name for turn in call.turns] == ["Ola", "Kim", "Ola"]


def test_a_list_of_calls_is_several_calls() -> None:
    found = calls([{"conversation_id": "k1", "turns": said(*TALK)}, {"conversation_id": "k2", "turns": said(*TALK)}])

    assert [call.call for call in found] == ["k1", "k2"]


def test_ids_that_are_keys_are_the_ids_of_their_calls() -> None:
    found = calls({"k1": said(*TALK), "k2": {"log": said(*TALK)}})

    assert [call.call for call in found] == ["k1", "k2"]


@pytest.mark.parametrize(
    ("times", "starts"),
    [
        ([{"start": 1.5}, {"start": 3}], [1.5, 3.0]),
        ([{"start_ms": 1500}, {"start_ms": 3000}], [1.5, 3.0]),
        ([{"timestamp": "00:00:05"}, {"timestamp": "00:01:00"}], [5.0, 60.0]),
        ([{"createdAt": 1_700_000_000_000}, {"createdAt": 1_700_000_002_500}], [0.0, 2.5]),
        ([{"time": "2024-05-02T10:00:00Z"}, {"time": "2024-05-02T10:00:09Z"}], [0.0, 9.0]),
        ([{"offset": 1000}, {"offset": 250_000}], [1.0, 250.0]),
    ],
)
def test_times_are_seconds_whatever_their_unit(times: list[dict[str, object]], starts: list[float]) -> None:
    turns = [{**turn, **at} for turn, at in zip(said(*TALK[:2]), times, strict=True)]

    (call,) = calls({"turns": turns})

    assert [turn.start_s for turn in call.turns] == starts


@pytest.mark.parametrize("key", ["dialogue", "transcript", "text"])
def test_a_log_in_a_text_is_divided_at_its_speakers(key: str) -> None:
    found = calls(
        [{"id": 3, key: "Agent: Ash Gas.\nCustomer: I smell gas."}, {"id": 4, key: "Agent: Hi.\nCaller: Yes."}]
    )

    assert [(call.call, len(call.turns)) for call in found] == [("3", 2), ("4", 2)]
    assert found[0].turns[1].text == "I smell gas."


def test_a_list_of_lines_is_a_log() -> None:
    (call,) = calls({"dialogue": ["Agent: Ash Gas.", "Customer: I smell gas."]})

    assert [turn.speaker for turn in call.turns] == ["agent", "customer"]


def test_turns_are_preferred_to_their_words() -> None:
    words = [{"text": word, "speaker": "A"} for word in "one two three four five".split() * 5]
    turns = [{"speaker": "A", "text": "one two"}, {"speaker": "B", "text": "three"}]

    (call,) = calls({"words": words, "segments": turns})

    assert [turn.text for turn in call.turns] == ["one two", "three"]


def test_items_that_are_no_turn_are_passed_over_with_a_note() -> None:
    (call,) = calls({"turns": [*said(*TALK), 5, None, "noise", {"speaker": ["?"], "text": {"a": []}}]})

    assert len(call.turns) == 3
    assert "2 item(s) that aren't turns were skipped." in call.notes


@pytest.mark.parametrize(
    "value",
    [
        {"topics": [{"name": "Billing", "text": "All about bills."}, {"name": "Gas", "text": "All about gas."}]},
        {"queries": [{"query": "What was decided?", "answer": "Nothing."}]},
        {"products": [{"name": f"Oven {n}", "body": "A fine oven."} for n in range(5)]},
        {"recordings": [{"name": f"{n}.wav", "transcript": "Hello there.", "duration": 5} for n in range(3)]},
        {"custom_fields": [{"name": "size", "value": "XL"}, {"name": "size", "value": "M"}]},
        {"news": [{"author": f"Writer {n}", "content": "It rained again."} for n in range(5)]},
        [],
        [1, "a", None, [[]], {}],
        {"turns": None, "messages": 7, "text": ["x"]},
        3,
    ],
)
def test_what_is_no_conversation_is_left(value: object) -> None:
    assert sure(value) == 0.0


def test_a_kind_that_another_reader_knows_is_left_to_it() -> None:
    words = [{"p": 1, "s": 0, "e": 400, "w": "Hello.", "sp": "Agent"}]

    (call,) = calls({"transcript_detailed": words, "notes": said(*TALK)})

    assert call.format == "nice-cxone"


def test_json_without_turns_is_refused() -> None:
    with pytest.raises(ReadError, match="find a conversation in this JSON"):
        calls({"topics": [{"name": "Billing"}]})
