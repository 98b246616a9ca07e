"""Rows to import: their shapes, the task that a completion fits, the transcript in a prompt, and which of them stand."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import task
from bot.answers.prompts import fingerprint, frame
from bot.calls.transcript import Turn
from bot.datasets.import_rows import ImportRow, Reading, row_of, standing
from bot.errors import ReadError
from bot.settings import SHIPPED_PROMPTS

TASKS = {name: task.load(SHIPPED_PROMPTS / name) for name in ("moderate", "summarize")}
READING = Reading(TASKS)
SUMMARY = {"summary": "Short.", "topics": [], "action_items": [], "next_steps": []}
LINES = "[0] agent: Hello\n[1] customer (Ann): Hi\n\tthere"
TURNS = (Turn(0, "agent", "Hello"), Turn(1, "customer", "Hi\nthere", "Ann"))
SYSTEM, USER = frame(TASKS["summarize"], "tuned").texts(LINES)


def row(**value: Any) -> ImportRow:
    return row_of(json.dumps(value).encode())


@pytest.mark.parametrize(
    "value",
    [
        {"system": "s", "messages": [{"role": "user", "content": "u"}, {"role": "assistant", "content": "a"}]},
        {"schemaVersion": "bedrock-conversation-2024", "system": [{"text": "s"}], "messages": [
            {"role": "user", "content": [{"text": "u"}]}, {"role": "assistant", "content": [{"text": "a"}]}]},
    ],
)  # fmt: skip
def test_a_record_of_either_shape_is_a_row(value: dict[str, Any]) -> None:
    assert row(**value) == ImportRow("u", "a", "s")


def test_a_prompt_with_its_completion_is_a_row() -> None:
    assert row(prompt="u", completion="a") == ImportRow("u", "a")


def test_a_held_out_call_keeps_its_task_and_label() -> None:
    found = row(call="c", task="summarize", transcript=LINES, output=SUMMARY, label="corrected")

    assert found == ImportRow("", SUMMARY, lines=LINES, task="summarize", label="corrected")


def test_a_preference_holds_the_answer_that_was_corrected() -> None:
    found = row(system="s", prompt="u", chosen="a", rejected="b")

    assert found == ImportRow("u", "a", "s", rejected="b", label="corrected")


@pytest.mark.parametrize(
    "line", [b"", b"{", b"[]", b"3", b"{}", b'{"prompt": 3, "completion": ""}', b'{"prompt": "\xff"}', b"[" * 9999]
)
def test_a_line_of_no_known_shape_is_refused_with_what_is_accepted(line: bytes) -> None:
    with pytest.raises(ReadError, match="A line is a training record"):
        row_of(line)


@given(st.binary())
def test_any_line_is_a_row_or_refused(line: bytes) -> None:
    try:
        found = row_of(line)
    except ReadError as error:
        assert error.reason  # noqa: PT017
    else:
        assert isinstance(found, ImportRow)


def test_the_task_is_the_one_whose_schema_the_completion_fits() -> None:
    names = [READING.fit(json.dumps(each), "")[0].name for each in (SUMMARY, {"toxic": True, "categories": ["hate"]})]

    assert names == ["summarize", "moderate"]


def test_what_fits_two_tasks_asks_for_a_name() -> None:
    twins = Reading({"a": TASKS["summarize"], "b": TASKS["summarize"]})

    with pytest.raises(ReadError, match="--task"):
        twins.fit(SUMMARY, "")


@pytest.mark.parametrize(
    ("completion", "named", "reason"),
    [
        ("hello", "", "isn't JSON"),
        ("[]", "", "isn't a JSON object"),
        ({"summary": ""}, "", "summarize: "),
        (SUMMARY, "moderate", "moderate: toxic: Field required"),
        (SUMMARY, "sing", "no task 'sing'"),
        ({**SUMMARY, "mood": "good"}, "summarize", "mood"),
    ],
)
def test_a_completion_that_fits_no_task_is_refused_with_the_reason(completion: Any, named: str, reason: str) -> None:
    with pytest.raises(ReadError, match=reason):
        READING.fit(completion, named)


@pytest.mark.parametrize(
    "found",
    [
        ImportRow(USER, SUMMARY, SYSTEM),
        ImportRow("", SUMMARY, lines=LINES),
        ImportRow(f"Some older wording.\n<transcript>\n{LINES}\n</transcript>\nAnswer in JSON.", SUMMARY),
    ],
)
def test_the_turns_come_back_from_what_our_templates_made(found: ImportRow) -> None:
    assert READING.turns(found, TASKS["summarize"]) == TURNS


def test_a_prompt_of_nobodys_template_holds_no_lines() -> None:
    assert READING.turns(ImportRow("Agent: Hello\nCustomer: Hi", SUMMARY), TASKS["summarize"]) is None


@pytest.mark.parametrize("lines", ["", "hello", f"{LINES}\nhello", f"hello\n{LINES}", f"{LINES}\n"])
def test_lines_that_are_no_turns_are_refused_and_never_passed_over(lines: str) -> None:
    with pytest.raises(ReadError, match="lines that aren't turns"):
        READING.turns(ImportRow("", SUMMARY, lines=lines), TASKS["summarize"])


def test_only_todays_template_has_its_fingerprint() -> None:
    rows = [ImportRow(USER, SUMMARY, SYSTEM), ImportRow("", SUMMARY, lines=LINES), ImportRow(USER, SUMMARY, "older")]

    prompts = [READING.prompt_of(each, TASKS["summarize"]) for each in rows]

    assert prompts == [fingerprint(TASKS["summarize"], "tuned")] * 2 + [""]


@dataclass(frozen=True)
class Version:
    content: str
    source: str = "import"
    reviewers: tuple[str, ...] = ()
    at: float = 1.0


ASKED = Version("asked", "upload", ("U1",), 2.0)


@pytest.mark.parametrize(
    ("versions", "stand"),
    [
        ([], []),
        ([Version("a")], ["a"]),
        ([Version("a"), Version("a")], ["a", "a"]),
        ([ASKED, Version("b", "paste", ("U2",))], ["asked", "b"]),
        ([Version("a"), Version("b")], []),
        ([Version("a"), ASKED], ["asked"]),
        ([Version("a"), Version("b", reviewers=("U2",))], ["b"]),
        ([Version("a", reviewers=("U2",), at=1.0), Version("b", reviewers=("U2",), at=3.0)], ["b"]),
        ([Version("a", reviewers=("U2",), at=3.0), ASKED], ["a"]),
        ([Version("a", reviewers=("U2",), at=1.0), ASKED], ["asked"]),
    ],
)
def test_who_stands_by_an_output_last_settles_a_conflict_with_an_import(
    versions: list[Version], stand: list[str]
) -> None:
    assert [each.content for each in standing(versions)] == stand
    assert sorted(each.content for each in standing(reversed(versions))) == sorted(stand)
