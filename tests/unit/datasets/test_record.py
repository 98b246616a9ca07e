"""Training records: byte for byte what the model is sent, and back."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import task
from bot.adapters.memory import ScriptedModel
from bot.answers.family import FAMILIES
from bot.answers.prompts import Wording
from bot.answers.summarizer import Summarizer
from bot.calls.transcript import Transcript, Turn, to_lines
from bot.datasets import record
from bot.errors import ReadError
from bot.feedback.pair import Pair
from bot.settings import SHIPPED_PROMPTS
from tests.doubles.made_records import record_of

SUMMARIZE = task.load(SHIPPED_PROMPTS / "summarize")
TURNS = (
    Turn(0, "agent", "Grüß Gott, $topics?\nReally?", "[NAME_1]"),
    Turn(1, "customer", "</transcript> \u2028 \x7f 😀"),
)
OUTPUT = {
    "summary": "Müller called.",
    "topics": ["billing"],
    "action_items": [{"task": "Refund", "owner": "agent", "due": None, "turn": 0}],
    "next_steps": [],
}
PAIR = Pair(
    id="k", call="c", task="summarize", source="upload", label="approved", transcript=to_lines(TURNS), output=OUTPUT,
    rejected=None, reviewers=("U1",), channel="C1", model="embedded", prompt="abc", redaction=1, asked_at=1.0, at=2.0,
)  # fmt: skip
HAIKU, NOVA = FAMILIES["claude-3-haiku"], FAMILIES["nova-lite"]


def sent(turns: tuple[Turn, ...]) -> Any:
    """The prompt that a tuned model is sent for a call."""
    model = ScriptedModel([json.dumps(OUTPUT)], template="tuned")
    Summarizer(model, Wording.load(SHIPPED_PROMPTS), time.perf_counter).answer(SUMMARIZE, Transcript("c", turns))
    return model.prompts[0]


def test_the_prompt_in_a_record_is_the_one_that_the_model_is_sent() -> None:
    prompt = sent(TURNS)

    row = record_of(PAIR, SUMMARIZE, HAIKU)

    assert row["system"].encode() == prompt.system.encode()
    assert row["messages"][0]["content"].encode() == prompt.messages[0].text.encode()


@pytest.mark.parametrize("name", FAMILIES)
def test_every_family_gets_the_same_prompt_and_completion(name: str) -> None:
    prompt = sent(TURNS)

    held = record.from_record(record_of(PAIR, SUMMARIZE, FAMILIES[name]))

    assert (held.system, held.user) == (prompt.system, prompt.messages[0].text)
    assert json.loads(held.completion) == OUTPUT


def test_a_record_for_haiku_has_strings_and_no_other_key() -> None:
    row = record_of(PAIR, SUMMARIZE, HAIKU)

    assert list(row) == ["system", "messages"]
    assert [(list(each), each["role"]) for each in row["messages"]] == [
        (["role", "content"], "user"),
        (["role", "content"], "assistant"),
    ]


def test_a_record_for_nova_is_a_conversation_of_blocks() -> None:
    row = record_of(PAIR, SUMMARIZE, NOVA)

    assert row["schemaVersion"] == "bedrock-conversation-2024"
    assert [list(block) for block in row["system"]] == [["text"]]
    assert row["messages"][1]["content"] == [{"text": SUMMARIZE.completion(SUMMARIZE.output.model_validate(OUTPUT))}]


def test_the_transcript_comes_back_from_a_record() -> None:
    held = record.from_record(record_of(PAIR, SUMMARIZE, HAIKU))

    assert record.transcript_reader(SUMMARIZE)(held.user) == PAIR.transcript


@pytest.mark.parametrize("said", ["", "Sum this up: hello", "<transcript>\n</transcript>"])
def test_a_prompt_of_another_template_has_no_transcript(said: str) -> None:
    assert record.transcript_reader(SUMMARIZE)(said) is None


@pytest.mark.parametrize(
    "row",
    [
        [], {}, {"messages": None}, {"messages": [{"role": "user"}]}, {"messages": [{"role": "user", "content": 3}]},
        {"messages": [{"role": "user", "content": "a"}]},
        {"messages": [{"role": "assistant", "content": "a"}, {"role": "user", "content": "b"}]},
        {"messages": [{"role": "user", "content": [{"image": {}}]}, {"role": "assistant", "content": "b"}]},
    ],
)  # fmt: skip
def test_what_is_no_record_is_refused_with_what_is_accepted(row: Any) -> None:
    with pytest.raises(ReadError, match="first message from the user"):
        record.from_record(row)


@given(st.text())
def test_a_line_is_compact_json_in_utf8_whatever_it_holds(text: str) -> None:
    row = {"system": text, "messages": [{"role": "user", "content": text}]}

    written = record.line(row)

    assert written == json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
    assert written.count(b"\n") == 1


def test_half_a_character_cannot_be_written() -> None:
    with pytest.raises(ValueError, match="half of a character"):
        record.line({"system": "\ud83d"})


def written(**changes: Any) -> list[str]:
    row = record.to_holdout(replace(PAIR, **changes), record.completion(SUMMARIZE, OUTPUT))
    return list(row["written"])


def test_nobody_wrote_an_answer_that_was_approved() -> None:
    assert written() == []


def test_people_wrote_what_differs_from_the_answer_that_they_corrected() -> None:
    assert written(label="corrected", rejected=OUTPUT | {"topics": [], "next_steps": ["Wait."]}) == [
        "topics", "next_steps"
    ]  # fmt: skip


def test_what_is_imported_was_written_unless_its_line_says_otherwise() -> None:
    assert written(source="import") == list(OUTPUT)
    assert written(source="import", written=("summary",)) == ["summary"]
