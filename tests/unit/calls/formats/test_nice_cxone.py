from __future__ import annotations

import json

from bot.calls import formats
from bot.calls.document import Document
from bot.calls.formats import nice_cxone
from bot.calls.transcript import Transcript

SAID = [("Agent", "Good"), ("Agent", "morning."), ("Customer", "My"), ("Customer", "router"), ("Agent", "Yes?")]
WORDS = [
    {"p": n, "c": 0.88, "s": 1000 * n, "e": 1000 * n + 400, "w": word, "sp": speaker}
    for n, (speaker, word) in enumerate(SAID, 1)
]


def calls(value: object) -> list[Transcript]:
    return list(formats.read(Document(json.dumps(value))))


def test_runs_of_one_speakers_words_are_turns() -> None:
    (call,) = calls({"mediaId": "77", "plainText": "", "transcript_detailed": WORDS})

    assert call.format == "nice-cxone"
    assert call.call == "77"
    assert [(turn.speaker, turn.text) for turn in call.turns] == [
        ("agent", "Good morning."),
        ("customer", "My router"),
        ("agent", "Yes?"),
    ]


def test_times_are_milliseconds_of_the_recording() -> None:
    (call,) = calls({"transcript_detailed": WORDS})

    assert (call.turns[0].start_s, call.turns[0].end_s) == (1.0, 2.4)


def test_two_who_speak_at_once_are_nobodys_role() -> None:
    both = [*WORDS, {"p": 6, "s": 9000, "e": 9100, "w": "Sorry", "sp": "Simultaneous"}]

    (call,) = calls({"transcript_detailed": both})

    assert (call.turns[-1].speaker, call.turns[-1].name) == ("other", "Simultaneous")


def test_without_words_the_plain_text_is_read() -> None:
    (call,) = calls({"plainText": "Good morning.\nMy router blinks.", "transcript_detailed": None})

    assert [turn.text for turn in call.turns] == ["Good morning.", "My router blinks."]
    assert "transcript_detailed is empty. Read from plainText, which doesn't say who speaks." in call.notes


def test_words_that_are_broken_are_passed_over_with_a_note() -> None:
    (call,) = calls({"transcript_detailed": [*WORDS[:2], 7, {"w": None, "sp": []}]})

    assert call.turns[0].text == "Good morning."
    assert "1 item(s) that are not JSON objects were skipped." in call.notes


def test_words_of_another_kind_are_not_nices() -> None:
    assert nice_cxone.sure(Document('{"transcript_detailed": [{"word": "Good"}]}')) == 0.0
