from __future__ import annotations

import json
import time

import pytest

from bot.calls import formats
from bot.calls.document import Document
from bot.calls.formats import json_lines
from bot.calls.transcript import Transcript
from bot.errors import ReadError

FIRST = {
    "id": "call-a",
    "channel": "voice",
    "turns": [
        {"speaker": "agent", "text": "Elm Post, good morning.", "start": 1.5},
        {"speaker": "customer", "text": "My parcel is lost.", "start": 4},
        {"speaker": "other", "text": "Record opened.", "name": "system action"},
    ],
    "labels": {"topic": "parcel", "summaries": ["A parcel is lost."]},
}
SECOND = {"id": "call-b", "turns": [{"speaker": "customer", "text": "Hello?"}, {"speaker": "agent", "text": "Hello."}]}
TURNS = [
    {"call_id": "x", "speaker": "agent", "text": "Elm Post."},
    {"call_id": "y", "speaker": "customer", "text": "Anyone?"},
    {"call_id": "x", "speaker": "customer", "text": "Good morning."},
]


def lines(*values: object) -> str:
    return "\n".join(value if isinstance(value, str) else json.dumps(value) for value in values)


def calls(*values: object) -> list[Transcript]:
    return list(formats.read(Document(lines(*values))))


def test_a_call_a_line_keeps_ids_speakers_and_words() -> None:
    first, second = calls(FIRST, SECOND)

    assert (first.call, second.call) == ("call-a", "call-b")
    assert first.format == "json-lines"
    assert [turn.speaker for turn in first.turns] == ["agent", "customer", "other"]
    assert second.turns[-1].text == "Hello."


def test_a_name_beside_the_speaker_is_kept_as_the_name() -> None:
    first, _ = calls(FIRST, SECOND)

    assert [turn.name for turn in first.turns] == [None, None, "system action"]


def test_starts_are_seconds() -> None:
    first, _ = calls(FIRST, SECOND)

    assert [turn.start_s for turn in first.turns] == [1.5, 4.0, None]


def test_an_other_without_a_name_is_not_taken_for_the_customer() -> None:
    only = {"id": "c", "turns": [{"speaker": "agent", "text": "Hello."}, {"speaker": "other", "text": "Tone."}]}

    call, _ = calls(only, SECOND)

    assert [turn.speaker for turn in call.turns] == ["agent", "other"]


def test_a_turn_a_line_is_grouped_by_its_call() -> None:
    found = calls(*TURNS)

    assert [(call.call, len(call.turns)) for call in found] == [("x", 2), ("y", 1)]


def test_turns_without_a_call_are_one_call() -> None:
    (call,) = calls({"role": "user", "content": "Hi."}, {"role": "assistant", "content": "Hello, how can I help?"})

    assert [turn.speaker for turn in call.turns] == ["customer", "agent"]


def test_a_line_that_another_reader_knows_is_read_by_it() -> None:
    words = [{"p": 1, "s": 0, "e": 400, "w": "Hello.", "sp": "Agent"}]
    export = [{"mediaId": number, "plainText": "", "transcript_detailed": words} for number in (5, 6)]

    found = calls(*export)

    assert [(call.call, call.turns[0].speaker) for call in found] == [("5", "agent"), ("6", "agent")]


def test_a_broken_line_is_told_on_the_call_that_follows() -> None:
    _, second = calls(FIRST, '{"id": "call-c", "turns": [}', SECOND)

    assert any(note.startswith("Line 2 was skipped: the JSON is broken") for note in second.notes)


def test_a_broken_line_at_the_end_is_told_on_the_last_call() -> None:
    first, last = calls(SECOND, {**SECOND, "id": "call-c"}, '{"id": "call-d", "tur')

    assert first.notes == ()
    assert any(note.startswith("Line 3 was skipped") for note in last.notes)


def test_a_line_that_holds_no_call_is_told() -> None:
    _, second = calls(FIRST, {"id": "call-c", "turns": None}, SECOND)

    assert second.notes == ("Line 2 was skipped: it holds no call.",)


def test_of_many_broken_lines_the_first_few_are_told() -> None:
    _, second = calls(FIRST, *["{broken}"] * 9, SECOND)

    assert len(second.notes) == 6
    assert second.notes[-1] == "4 more line(s) were skipped."


def test_where_every_line_is_broken_the_first_is_named() -> None:
    with pytest.raises(ReadError, match=r"line 2, column \d+"):
        calls("", "{'id': 1}", "{'id': 2}")


def test_calls_are_given_one_by_one() -> None:
    document = Document(lines(*[FIRST] * 3, "{broken}", *[SECOND] * 3))

    found = json_lines.read(document)

    assert next(iter(found)).notes == []
    assert len(list(found)) == 5


def test_comments_of_a_data_set_are_no_calls() -> None:
    with pytest.raises(ReadError, match="no speech in this file"):
        calls({"id": 1, "text": "What a day."}, {"id": 2, "text": "Indeed."})


def test_many_lines_without_a_call_are_refused_soon() -> None:
    text = "\n".join(f'{{"word": "hi", "n": {n}}}' for n in range(100_000))
    start = time.process_time()

    with pytest.raises(ReadError):
        list(formats.read(Document(text)))

    assert time.process_time() - start < 2
