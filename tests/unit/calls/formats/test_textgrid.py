from __future__ import annotations

import pytest

from bot.calls import formats
from bot.calls.document import Document
from bot.errors import ReadError

LONG = """File type = "ooTextFile"
Object class = "TextGrid"

xmin = 0
xmax = 9.5
tiers? <exists>
size = 2
item []:
    item [1]:
        class = "IntervalTier"
        name = "Agent"
        xmin = 0
        xmax = 9.5
        intervals: size = 2
        intervals [1]:
            xmin = 0
            xmax = 2.5
            text = "Is it 3 or ""four""? <UNSURE>Say</UNSURE> it."
        intervals [2]:
            xmin = 2.5
            xmax = 9.5
            text = ""
    item [2]:
        class = "IntervalTier"
        name = "Customer"
        xmin = 0
        xmax = 9.5
        intervals: size = 2
        intervals [1]:
            xmin = 2.75
            xmax = 4
            text = "<UNIN/>"
        intervals [2]:
            xmin = 4
            xmax = 9.5
            text = "Four! Not 3,
I said."
"""
SHORT = """File type = "ooTextFile"
Object class = "TextGrid"

0
9.5
<exists>
1
"TextTier"
"Caller"
0
9.5
1
3.25 ! a comment with a "quote
"Hello there."
"""


def test_a_tier_is_a_speaker_and_an_interval_with_words_a_turn() -> None:
    (call,) = formats.read(Document(LONG))

    assert call.format == "textgrid"
    assert [(turn.speaker, turn.text) for turn in call.turns] == [
        ("agent", 'Is it 3 or "four"? Say it.'),
        ("customer", "Four! Not 3, I said."),
    ]


def test_times_are_those_of_the_intervals() -> None:
    (call,) = formats.read(Document(LONG))

    assert [(turn.start_s, turn.end_s) for turn in call.turns] == [(0.0, 2.5), (4.0, 9.5)]


def test_marks_are_taken_out_and_noted() -> None:
    (call,) = formats.read(Document(LONG))

    assert call.notes == ("3 mark(s) such as <UNSURE> were removed from the text.",)


def test_the_short_form_with_points_is_read() -> None:
    (call,) = formats.read(Document(SHORT))

    assert [(turn.speaker, turn.text, turn.start_s, turn.end_s) for turn in call.turns] == [
        ("customer", "Hello there.", 3.25, None)
    ]


def test_utf_16_is_read() -> None:
    (call,) = formats.read(Document.decode(b"\xfe\xff" + LONG.encode("utf-16-be")))

    assert len(call.turns) == 2


def test_single_words_are_joined_and_sounds_passed_over() -> None:
    words = '0 1 "Good" 1 2 "morning" 2 3 "Jo"'
    text = SHORT.partition("1\n")[0] + f'2 "IntervalTier" "words" 0 3 3 {words} "IntervalTier" "phones" 0 3 1 0 3 "g"'

    (call,) = formats.read(Document(text))

    assert [turn.text for turn in call.turns] == ["Good morning Jo"]
    assert "The tier phones was skipped: it holds sounds, not words." in call.notes


def test_a_file_that_is_cut_off_is_told_with_its_line() -> None:
    with pytest.raises(ReadError, match=r"is cut off or damaged \(line 28\)"):
        list(formats.read(Document("\n".join(LONG.split("\n")[:29]))))
