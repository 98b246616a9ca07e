"""Importing: each line checked, masked, added once, and told of."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import task
from bot.adapters.memory import MemoryPairs
from bot.answers.family import FAMILIES
from bot.answers.prompts import frame
from bot.calls.files import read as read_log
from bot.calls.transcript import Transcript, to_lines
from bot.datasets import record
from bot.datasets.dataset import side_of
from bot.datasets.import_files import read
from bot.datasets.importer import ImportChoice, Importer, ImportOutcome
from bot.feedback.pair import Pair, call_hash, from_json, to_json
from bot.privacy import REDACTION_VERSION, mask_pair
from bot.settings import SHIPPED_PROMPTS
from tests.doubles.made_records import record_of

TASKS = {name: task.load(SHIPPED_PROMPTS / name) for name in ("moderate", "summarize")}
SUMMARY = {"summary": "Jane Miller wants a refund.", "topics": ["refund"], "action_items": [], "next_steps": []}
OTHER = {**SUMMARY, "summary": "A refund is wanted."}
LOG = "Agent: Hello, this is Tom.\nCustomer: My name is Jane Miller, mail me at jane@example.com.\nAgent: I will, Jane."
MASKED = "[0] agent: Good morning [NAME_1], mail to [EMAIL_1]?\n[1] customer ([NAME_1]): Yes, by [DATE_1]"
PAIR = Pair(
    id="k", call="c", task="summarize", source="upload", label="corrected", transcript=MASKED, output=OTHER,
    rejected={**OTHER, "summary": "Nothing."}, reviewers=("U1",), channel="C1", model="embedded", prompt="abc", redaction=1,
    asked_at=1.0, at=2.0,
)  # fmt: skip
MAX = 10_000


class Desk:
    """An importer on pairs in memory."""

    def __init__(self, masked: bool = True) -> None:
        self.pairs = MemoryPairs()
        mask = partial(mask_pair, mode="standard") if masked else None
        self.importer = Importer(self.pairs, TASKS, mask, REDACTION_VERSION, MAX, lambda: 50.0)

    def take(self, data: bytes, name: str = "a.jsonl", **choice: Any) -> list[ImportOutcome]:
        return list(self.importer.take(read(BytesIO(data), name, MAX), ImportChoice(**choice)))

    def rows(self, *rows: dict[str, Any], **choice: Any) -> list[ImportOutcome]:
        return self.take(lines(rows), **choice)


def lines(rows: Iterable[dict[str, Any]]) -> bytes:
    return b"".join(map(record.line, rows))


def plain(prompt: str = LOG, output: dict[str, Any] = SUMMARY) -> dict[str, Any]:
    return {"prompt": prompt, "completion": json.dumps(output)}


def preference(pair: Pair) -> dict[str, Any]:
    system, user = frame(TASKS["summarize"], "tuned").texts(pair.transcript)
    return {
        "system": system,
        "prompt": user,
        "chosen": json.dumps(pair.output),
        "rejected": json.dumps(pair.rejected),
    }


def states(outcomes: Iterable[ImportOutcome]) -> list[tuple[int, str]]:
    return [(each.line, each.state) for each in outcomes]


SHAPES = {
    "haiku": record_of(PAIR, TASKS["summarize"], FAMILIES["claude-3-haiku"]),
    "conversation": record_of(PAIR, TASKS["summarize"], FAMILIES["nova-lite"]),
    "held out": record.to_holdout(PAIR, json.dumps(OTHER)),
    "preference": preference(PAIR),
    "prompt": {"prompt": frame(TASKS["summarize"], "tuned").texts(MASKED)[1], "completion": json.dumps(OTHER)},
}


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_gives_the_transcript_byte_for_byte_and_so_the_side_it_came_from(shape: str) -> None:
    desk = Desk()

    assert states(desk.rows(SHAPES[shape])) == [(1, "taken")]

    (pair,) = desk.pairs.all()
    assert (pair.transcript, pair.output, pair.task) == (PAIR.transcript, PAIR.output, PAIR.task)
    assert side_of(pair.transcript, "seed") == side_of(PAIR.transcript, "seed")


def test_an_import_says_where_it_comes_from() -> None:
    desk = Desk()

    desk.rows(SHAPES["haiku"], reviewer="U7")

    (pair,) = desk.pairs.all()
    assert (pair.source, pair.label, pair.reviewers, pair.at) == ("import", "approved", ("U7",), 50.0)
    assert pair.call == call_hash(MASKED)
    assert pair.id == f"import:{pair.content[:32]}#0"


@pytest.mark.parametrize(
    "changes",
    [{}, {"label": "approved", "rejected": None}, {"label": "approved", "rejected": None, "source": "import"}],
    ids=["corrected", "approved", "imported"],
)
def test_a_held_out_line_that_was_imported_is_exported_as_the_same_bytes(changes: dict[str, Any]) -> None:
    desk, row = Desk(), record.to_holdout(replace(PAIR, **changes), json.dumps(OTHER))

    desk.rows(row)

    (pair,) = desk.pairs.all()
    assert record.line(record.to_holdout(from_json(to_json(pair)), json.dumps(OTHER))) == record.line(row)


def test_a_preference_brings_the_answer_that_was_corrected_wherever_it_stands() -> None:
    desks = [Desk(), Desk()]

    desks[0].rows(SHAPES["haiku"], SHAPES["preference"])
    desks[1].rows(SHAPES["preference"], SHAPES["haiku"])

    for desk in desks:
        (pair,) = desk.pairs.all()
        assert (pair.label, pair.rejected) == ("corrected", PAIR.rejected)


def test_what_is_imported_is_masked() -> None:
    desk = Desk()

    desk.rows(plain())

    (pair,) = desk.pairs.all()
    assert (pair.redaction, pair.output["summary"]) == (REDACTION_VERSION, "[NAME_2] wants a refund.")
    assert "Miller" not in pair.transcript
    assert "[EMAIL_1]" in pair.transcript


def test_without_masking_the_pair_says_so() -> None:
    desk = Desk(masked=False)

    desk.rows(plain())

    assert [(pair.redaction, pair.output) for pair in desk.pairs.all()] == [(0, SUMMARY)]


def test_a_plain_call_log_is_read_as_one() -> None:
    desk = Desk()

    desk.rows(plain())

    (pair,) = desk.pairs.all()
    assert [line.split(":")[0] for line in pair.transcript.splitlines()] == ["[0] agent", "[1] customer", "[2] agent"]


@pytest.mark.parametrize(
    "log", ["The line drops every evening. We swapped the router.", "0:01 My line drops.\n0:09 I see."]
)
def test_a_log_that_names_no_speaker_is_read_as_it_is_where_answers_are_asked_for(log: str) -> None:
    desk = Desk(masked=False)

    desk.rows(plain(log))

    (taken,) = read_log("", log.encode(), "call", None, MAX)
    assert isinstance(taken.found, Transcript)
    assert [pair.transcript for pair in desk.pairs.all()] == [to_lines(taken.found.turns)]


def test_a_comment_is_read_as_one() -> None:
    desk = Desk()

    (told,) = desk.rows(plain("What a lovely day.", {"toxic": False, "categories": []}))

    assert (told.state, told.task) == ("taken", "moderate")


@pytest.mark.parametrize(
    ("prompt", "reason"),
    [
        ("", "I can't read the prompt: the file is empty"),
        ("%PDF-1.7 ...", "I can't read the prompt: this is a PDF"),
        ('{"question": "why"}', "I can't read the prompt: I can't find a conversation in this JSON"),
        ("17 | 4 | 9\n12 | 3 | 8", "I can't read the prompt: I can't find a conversation in this"),
    ],
)
def test_a_prompt_that_is_no_call_log_is_refused_with_the_reason(prompt: str, reason: str) -> None:
    (told,) = Desk().rows(plain(prompt))

    assert (told.state, told.reason.startswith(reason)) == ("refused", True)


def test_a_broken_line_stops_nothing_else() -> None:
    desk = Desk()

    told = desk.take(b"{broken\n\n" + lines([plain()]) + b"\xff\xfe\n" + lines([plain(output=OTHER)]))

    assert states(told) == [(1, "refused"), (3, "taken"), (4, "refused"), (5, "conflict")]


def test_a_rerun_adds_nothing() -> None:
    desk = Desk()

    told = [states(desk.rows(plain(), SHAPES["haiku"])) for _ in range(2)]

    assert told == [[(1, "taken"), (2, "taken")], [(1, "known"), (2, "known")]]
    assert len(list(desk.pairs.all())) == 2


def test_more_lines_than_are_added_at_once_are_told_in_their_order() -> None:
    rows = [plain(f"Agent: Hello number {n}.\nCustomer: Hi.") for n in range(450)]

    told = Desk(masked=False).rows(*rows)

    assert states(told) == [(n, "taken") for n in range(1, 451)]


def test_a_reviewer_who_stands_by_an_output_takes_it_out_of_conflict() -> None:
    desk = Desk()
    desk.rows(plain(), plain(output=OTHER))

    (told,) = desk.rows(plain(output=OTHER), reviewer="U1")

    assert (told.state, told.reason) == ("taken", "It replaces the other outputs of the same call.")


def test_a_forgotten_call_is_refused() -> None:
    desk = Desk()
    desk.rows(SHAPES["haiku"])
    (pair,) = desk.pairs.all()
    desk.pairs.forget(pair.call, [pair.id])

    (told,) = desk.rows(SHAPES["held out"])

    assert (told.state, told.reason) == ("refused", "This call was forgotten and must not come back.")


def test_a_topic_outside_of_the_taxonomy_is_a_label() -> None:
    desk = Desk()

    (told,) = desk.rows(plain(output={**SUMMARY, "topics": ["refund", "space travel"]}))

    assert (told.state, told.labels) == ("taken", ("space travel",))
    assert [pair.output["topics"] for pair in desk.pairs.all()] == [["refund", "space travel"]]


def test_a_task_that_is_named_is_the_only_one() -> None:
    told = Desk().rows(plain(), SHAPES["held out"], task="moderate")

    assert [each.state for each in told] == ["refused", "refused"]
    assert "not 'moderate'" in told[1].reason


def test_a_number_that_no_file_can_hold_is_refused() -> None:
    item = {"task": "x", "owner": "agent", "due": None, "turn": 10**30}

    (told,) = Desk().rows(plain(output={**SUMMARY, "action_items": [item]}))

    assert told.state == "refused"


def test_a_trial_run_tells_the_same_and_adds_nothing() -> None:
    rows = [plain(), plain(), plain(output=OTHER), {"prompt": 1, "completion": 2}]
    trial, real = Desk(), Desk()

    assert states(trial.rows(*rows, dry_run=True)) == states(real.rows(*rows))
    assert (len(list(trial.pairs.all())), len(list(real.pairs.all()))) == (0, 2)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_table_with_the_two_columns_is_read_whatever_stands_between(delimiter: str) -> None:
    completion = json.dumps(SUMMARY).replace('"', '""')
    table = delimiter.join(["id", "prompt", "completion"]) + "\n" + delimiter.join(["1", f'"{LOG}"', f'"{completion}"'])
    desk = Desk()

    assert states(desk.take(b"\xef\xbb\xbf" + table.encode(), "a.csv")) == [(2, "taken")]


def test_other_columns_can_be_named() -> None:
    table = b"log,answer\nx,y\n"

    (found,) = read(BytesIO(table), "a.csv", MAX, ("log", "answer"))

    assert (found[0], getattr(found[1], "prompt", "")) == (2, "x")


def test_a_stray_quote_breaks_its_own_row_alone() -> None:
    table = b'prompt,completion\n"a,b\nc,d\n"e\n\nf",g\nh\n\xff,i\nj,k\n'

    found = [(number, getattr(row, "prompt", "refused")) for number, row in read(BytesIO(table), "a.csv", MAX)]

    assert found == [(2, "refused"), (3, "c"), (4, "e\n\nf"), (7, "refused"), (8, "refused"), (9, "j")]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\n", "this is a PDF"),
        (b"PK\x03\x04 something", "ZIP"),
        (b"Agent: Hello\nCustomer: Hi\n", "neither JSON Lines nor a table with the columns 'prompt' and 'completion'"),
    ],
)
def test_a_file_that_is_something_else_is_refused_once(data: bytes, reason: str) -> None:
    (told,) = Desk().take(data, "a.txt")

    assert (told.state, reason in told.reason) == ("refused", True)


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv", "-"])
@pytest.mark.parametrize("data", [b"", b"\n \n\n"])
def test_an_empty_file_has_no_lines(name: str, data: bytes) -> None:
    assert Desk().take(data, name) == []


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv"])
def test_a_line_over_the_limit_is_refused_and_the_next_one_read(name: str) -> None:
    head = b"prompt,completion\n" if name == "a.csv" else b""
    end = b"x,{}" if name == "a.csv" else b"{}"

    told = Desk().take(head + b"x" * (3 * MAX) + b"\n" + end, name)

    assert [each.state for each in told] == ["refused", "refused"]
    assert "too long" in told[0].reason
    assert "too long" not in told[1].reason


@given(st.one_of(st.binary(), st.lists(st.sampled_from([b'"', b",", b"\n", b"a", b"{}", b"\xff", b"prompt,completion\n"])).map(b"".join)), st.sampled_from(["a.jsonl", "a.csv", "-"]))  # fmt: skip
@settings(max_examples=300)
def test_any_bytes_end_in_a_report(data: bytes, name: str) -> None:
    told = Desk().take(data, name)

    assert all(each.state == "refused" and each.reason for each in told)
    assert len({each.line for each in told}) == len(told)
