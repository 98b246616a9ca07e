import json
from typing import Any

import pytest

from bot import task
from bot.answers.summary import Summary
from bot.calls.transcript import Turn
from bot.errors import ReadError
from bot.evaluation.holdout import read
from bot.settings import SHIPPED_PROMPTS

SUMMARIZE = task.load(SHIPPED_PROMPTS / "summarize")
OUTPUT = {"summary": "A lamp broke.", "topics": ["returns"], "action_items": [], "next_steps": []}


def line(**changed: Any) -> str:
    row = {"call": "c1", "task": "summarize", "transcript": "[0] customer: My lamp broke.", "output": OUTPUT}
    return json.dumps(row | {"label": "corrected", "fold": 3} | changed)


def test_a_line_is_a_call_and_the_output_that_is_wanted() -> None:
    (case,) = read([line()], SUMMARIZE)

    assert (case.call, case.transcript.turns) == ("c1", (Turn(0, "customer", "My lamp broke."),))
    assert case.reference == Summary.model_validate(OUTPUT)


def test_calls_of_other_tasks_and_blank_lines_are_passed_over() -> None:
    assert read([line(task="moderate", output={"toxic": False}), "\n"], SUMMARIZE) == []


def test_the_last_line_of_a_call_counts() -> None:
    (case,) = read([line(), line(output=OUTPUT | {"topics": ["billing"]})], SUMMARIZE)

    assert case.reference == Summary.model_validate(OUTPUT | {"topics": ["billing"]})


@pytest.mark.parametrize(
    "broken", ["{", "[]", "null", '{"task": "summarize"}', line(transcript=None), line(output={}), line(written=3)]
)
def test_a_broken_line_is_told_with_its_number_and_without_its_words(broken: str) -> None:
    with pytest.raises(ReadError, match=r"\(line 2\)") as refused:
        read([line(), broken], SUMMARIZE)

    assert "lamp" not in str(refused.value)


def test_fields_that_nobody_wrote_are_told_apart() -> None:
    (case,) = read([line(written=["topics"])], SUMMARIZE)

    assert (case.is_written("topics"), case.is_written("summary"), case.corrected) == (True, False, True)


def test_a_line_that_does_not_say_what_was_written_counts_as_written_throughout() -> None:
    (case,) = read([line()], SUMMARIZE)

    assert (case.is_written("summary"), case.corrected) == (True, False)
