from __future__ import annotations

import pytest

from bot.calls import formats
from bot.calls.document import Document
from bot.errors import ReadError

HEADER = "token|speaker|ts|endTs|punctuation|case|tags"
WORDS = f"""{HEADER}
Good|2|4.2|4.4|||
day|2|4.4|4.7|.||
It|1|5.0|5.1||UC|['0:X']
cost|1|5.1|5.3|||
42|1|5.3|5.6|%||
"""


def test_tokens_of_one_speaker_are_a_turn_with_their_punctuation() -> None:
    (call,) = formats.read(Document(WORDS))

    assert call.format == "rev-nlp"
    assert [(turn.text, turn.start_s, turn.end_s) for turn in call.turns] == [
        ("Good day.", 4.2, 4.7),
        ("It cost 42%", 5.0, 5.6),
    ]


def test_times_may_be_missing() -> None:
    (call,) = formats.read(Document(f"{HEADER}\nYes|0|||.|UC|[]\nNo|1|||.|UC|[]\n"))

    assert [(turn.text, turn.start_s) for turn in call.turns] == [("Yes.", None), ("No.", None)]


def test_punctuation_before_a_token_has_a_column_of_its_own() -> None:
    header = "token|speaker|ts|endTs|punctuation|prepunctuation|case|tags"

    (call,) = formats.read(Document(f'{header}\nwell|1|||"|"|LC|[]\nyes|1|||||LC|[]\n'))

    assert call.turns[0].text == '"well" yes'


def test_another_header_is_refused() -> None:
    with pytest.raises(ReadError, match="columns token, speaker, ts and endTs is missing"):
        list(formats.read(Document("token|speaker\nYes|1\n"), "rev-nlp"))
