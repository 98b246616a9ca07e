"""What is written as a call log comes back as the same turns."""

from __future__ import annotations

import csv
import io
import json
import string

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.calls import formats
from bot.calls.document import Document
from bot.calls.transcript import SPEAKERS, Turn, from_lines, to_lines

Said = tuple[str, str]

words = st.text(alphabet=string.ascii_letters + "äßéøñ한日", min_size=1, max_size=8)
sentences = st.lists(words, min_size=1, max_size=8).map(" ".join).map(lambda text: text + ".")
speech = st.lists(sentences, min_size=2, max_size=12).map(
    lambda texts: [("Agent" if n % 2 == 0 else "Customer", text) for n, text in enumerate(texts)]
)
# Cells and JSON strings hold anything, so long as it is more than space and ends in none.
anything = st.text(
    alphabet=st.characters(exclude_categories=["C", "Z"], include_characters=" \n\"',;|"), min_size=1, max_size=40
)
cells = st.tuples(st.just("said "), anything, st.just(".")).map("".join)
free_speech = st.lists(cells, min_size=2, max_size=8).map(
    lambda texts: [("Agent" if n % 2 == 0 else "Customer", text) for n, text in enumerate(texts)]
)
# Turns have an index, and a role or a name that a line can hold.
names = st.none() | words
texts = st.text(alphabet=st.characters(exclude_categories=["C"], include_characters="\n\t"), max_size=60)
turns = st.lists(st.tuples(st.sampled_from(SPEAKERS), texts, names), max_size=8).map(
    lambda rows: tuple(Turn(n, speaker, text, name) for n, (speaker, text, name) in enumerate(rows))
)


def read(text: str, expected: str) -> list[tuple[str, str, float | None]]:
    (call,) = formats.read(Document.decode(text.encode()))
    assert call.format == expected
    return [(turn.speaker, turn.text, turn.start_s) for turn in call.turns]


def timed(said: list[Said]) -> list[tuple[str, str, float | None]]:
    """A turn each three and a half seconds."""
    return [(who.lower(), text, 3.5 * n) for n, (who, text) in enumerate(said)]


def untimed(said: list[Said]) -> list[tuple[str, str, float | None]]:
    return [(who.lower(), text, None) for who, text in said]


def clock(seconds: float, point: str) -> str:
    minutes, rest = divmod(seconds, 60)
    return f"00:{minutes:02.0f}:{rest:06.3f}".replace(".", point)


@given(speech)
def test_a_plain_log_comes_back(said: list[Said]) -> None:
    log = "\n".join(f"{who}: {text}" for who, text in said)

    assert read(log, "plain") == untimed(said)


@given(speech)
def test_a_plain_log_with_times_comes_back(said: list[Said]) -> None:
    log = "\n".join(f"[{clock(3.5 * n, '.')}] {who}: {text}" for n, (who, text) in enumerate(said))

    assert read(log, "plain") == timed(said)


@given(speech)
def test_webvtt_comes_back(said: list[Said]) -> None:
    cues = [
        f"{clock(3.5 * n, '.')} --> {clock(3.5 * n + 3, '.')}\n<v {who}>{text}</v>\n"
        for n, (who, text) in enumerate(said)
    ]

    assert read("\n".join(["WEBVTT\n", *cues]), "webvtt") == timed(said)


@given(speech)
def test_srt_comes_back(said: list[Said]) -> None:
    cues = [
        f"{n + 1}\n{clock(3.5 * n, ',')} --> {clock(3.5 * n + 3, ',')}\n{who}: {text}\n"
        for n, (who, text) in enumerate(said)
    ]

    assert read("\n".join(cues), "srt") == timed(said)


@given(free_speech, st.sampled_from(",;\t|"))
def test_a_table_comes_back(said: list[Said], delimiter: str) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow(["start_s", "speaker", "text"])
    writer.writerows([3.5 * n, *turn] for n, turn in enumerate(said))

    assert read(text.getvalue(), "table") == timed(said)


@given(free_speech, st.booleans())
def test_json_lines_come_back(said: list[Said], ascii_only: bool) -> None:
    rows = [{"start": 3.5 * n, "speaker": who, "text": text} for n, (who, text) in enumerate(said)]
    lines = "\n".join(json.dumps(row, ensure_ascii=ascii_only) for row in rows)

    assert read(lines, "json-lines") == timed(said)


@settings(max_examples=300)
@given(turns)
def test_the_lines_of_a_prompt_come_back(expected: tuple[Turn, ...]) -> None:
    assert from_lines(to_lines(expected)) == expected
