from __future__ import annotations

import pytest

from bot.calls import formats
from bot.calls.document import Document
from bot.errors import ReadError

WORDS = """;; made by hand
c1 A 0.99 0.51 hello 1.00
c1 A 1.56 0.15 there 0.98
c1 B 2.10 0.60 hi NA
c2 A 0.50 0.25 bye
"""


def test_a_file_is_a_call_and_a_channel_a_speaker() -> None:
    first, second = formats.read(Document(WORDS))

    assert first.format == "ctm"
    assert (first.call, second.call) == ("c1", "c2")
    assert [(turn.name, turn.text) for turn in first.turns] == [("A", "hello there"), ("B", "hi")]


def test_an_end_is_a_start_and_a_length() -> None:
    first, _ = formats.read(Document(WORDS))

    assert [(turn.start_s, turn.end_s) for turn in first.turns] == [(0.99, 1.71), (2.1, 2.7)]


def test_a_speaker_in_the_last_column_comes_before_the_channel() -> None:
    (call,) = formats.read(Document("f 1 0.0 0.2 yes 0.9 lex Jane\nf 1 0.3 0.2 no 0.9 lex unknown\n"))

    assert [(turn.name, turn.text) for turn in call.turns] == [("Jane", "yes"), (None, "no")]


def test_a_line_that_gives_no_word_is_noted() -> None:
    first, _ = formats.read(Document(WORDS + "c1 A x y\n"), "ctm")

    assert "1 line(s) without a word were skipped." in first.notes


def test_rttm_is_refused_because_it_has_no_words() -> None:
    rttm = "SPEAKER c1 1 1.040 3.828 <NA> <NA> 0 <NA> <NA>\nSPEAKER c1 1 5.392 2.869 <NA> <NA> 1 <NA> <NA>\n"

    with pytest.raises(ReadError, match=r"says who spoke when but has no words \(line 1\)"):
        list(formats.read(Document(rttm)))


def test_numbered_channels_are_told_apart() -> None:
    (call,) = formats.read(Document("f 1 0.0 0.2 yes 0.9\nf 2 0.3 0.2 no 0.9\n"))

    assert [(turn.name, turn.text) for turn in call.turns] == [("channel 1", "yes"), ("channel 2", "no")]
