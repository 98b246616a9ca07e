"""Whatever a file holds, a reader gives transcripts that are fit to store, or says in a sentence why not."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.calls import formats
from bot.calls.document import Document
from bot.errors import ReadError

READERS = sorted(formats.readers())
# Keys that readers look for, so that random JSON gets far into them.
KEYS = """results transcript transcripts items words speaker speaker_label speaker_labels segments start_time end_time start end text
content utterances channels alternatives punctuated_word monologues elements conversation_parts source author body author_id
comments ticket tickets audits events id type role name phrases participants messages message sentences callTranscripts records
data detail sender payload entries userId Transcript ParticipantId ParticipantRole BeginOffsetMillis Content JobName metadata
audio_segments transcript_segments confidence value ts created_at html_body data transcription_text speakerId topic from to
parameters timestamp duration statistics audioItems conversation dialogue turns call_id results_index offset""".split()
LINES = """Agent: Hello, how can I help you?|Customer: It broke.|[00:12] Jane Doe: Yes|00:00:01,000 --> 00:00:02,000|WEBVTT|1|Note: x
12:01:44 PM <nick> hi|* nick waves|**Agent:** Hello|# Customer|From: a@example.com|On Mon, 1 Jan 2024 at 10:00, Jo wrote:|> quoted
speaker,text|Agent,"Hi, you"|"open|c1 A 0.99 0.51 hello 1.00|token|speaker|ts|endTs|File type = "ooTextFile"|"TextGrid"|{"speaker": "A"}
--- Call 2 ---|<v Jane>Hello|Call ID: 77|:|::|1:2:3|- - -|\t|[|]|{|-->|<|担当者：はい|99:99:99|Subject: x|Date: Mon""".replace(
    "\n", "|"
).split("|")

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.just(10**400)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(
        [
            "",
            "0",
            "1.5",
            "AGENT",
            "agent",
            "customer",
            "spk_0",
            "00:01",
            "2024-01-02T03:04:05Z",
            "\ud800",
            "1e308",
            "pronunciation",
        ]
    )
    | st.text(max_size=12)
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=4), inner, max_size=6)
    ),
    max_leaves=25,
)
logs = st.lists(st.sampled_from(LINES) | st.text(max_size=20), max_size=12).map("\n".join)


def check(data: bytes, name: str | None) -> None:
    try:
        found = list(formats.read(Document.decode(data), name))
    except ReadError as error:
        refusal = error
        found = []
    assert found or str(refusal).encode()
    for call in found:
        assert call.turns
        assert len({each.call for each in found}) == len(found)
        assert "\n".join([call.call, *call.notes, *(f"{turn.name} {turn.text}" for turn in call.turns)]).encode()
        assert [turn.index for turn in call.turns] == list(range(len(call.turns)))
        assert all(turn.text.strip() for turn in call.turns)
        starts = [turn.start_s for turn in call.turns if turn.start_s is not None]
        assert starts == sorted(starts)
        assert all(start >= 0 for start in starts)
        assert all(turn.end_s is None or turn.start_s is None or turn.end_s >= turn.start_s for turn in call.turns)


@pytest.mark.parametrize("name", [*READERS, None])
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(name: str | None, data: bytes) -> None:
    check(data, name)


@pytest.mark.parametrize("name", [*READERS, None])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(value=values)
def test_any_json_is_read_or_refused(name: str | None, value: object) -> None:
    check(json.dumps(value).encode(), name)


@pytest.mark.parametrize("name", [*READERS, None])
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rows=st.lists(values, min_size=2, max_size=4))
def test_any_json_lines_are_read_or_refused(name: str | None, rows: list[object]) -> None:
    check("\n".join(map(json.dumps, rows)).encode(), name)


@pytest.mark.parametrize("name", [*READERS, None])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=logs)
def test_any_lines_of_a_log_are_read_or_refused(name: str | None, text: str) -> None:
    check(text.encode("utf-8", "surrogatepass"), name)


@settings(max_examples=200, deadline=None)
@given(text=logs)
def test_every_reader_says_how_sure_it_is_of_any_text(text: str) -> None:
    document = Document(text)

    assert all(0 <= reader.sure(document) <= 1 for reader in formats.readers().values() if not document.is_json)
