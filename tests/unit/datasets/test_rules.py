"""Each rule of a base model's data, by a pair that breaks it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import task
from bot.adapters.local.export_workbench import SqliteWorkbench
from bot.adapters.memory import MemoryPairs, OneCore
from bot.answers.family import FAMILIES, DatasetLimits, Family
from bot.answers.prompts import fingerprint
from bot.datasets import rules
from bot.datasets.exporter import Exporter
from bot.datasets.minhash import ALIKE, BINS, likeness, signature
from bot.feedback.pair import Pair
from bot.privacy.masker import Redact
from bot.settings import SHIPPED_PROMPTS
from tests.doubles.locks import Free
from tests.doubles.made_pairs import pair, pairs, settle

SUMMARIZE = task.load(SHIPPED_PROMPTS / "summarize")
EMBEDDED, NOVA = FAMILIES["embedded"], FAMILIES["nova-lite"]


def found(*made: Pair, family: Family = EMBEDDED, redact: Redact = "standard") -> list[tuple[str, str, str]]:
    """Pair, rule and effect of every finding, beside fifty pairs of which there is none."""
    store = MemoryPairs()
    today = fingerprint(SUMMARIZE, "tuned")
    settle(store, *(replace(each, prompt=today) for each in pairs(50, start=1_000)), *made)
    with Exporter(store, Free(), SqliteWorkbench, OneCore, redact, 1, "wrapup").draft(SUMMARIZE, family) as draft:
        return [(each.pair, each.rule.name, each.rule.effect) for each in draft.bench.findings()]


def odd(**changes: Any) -> Pair:
    return pair(1, **{"id": "odd", "prompt": fingerprint(SUMMARIZE, "base"), **changes})


def output(**changes: Any) -> dict[str, Any]:
    return pair(1).output | changes


NOTHING: Mapping[str, Any] = {"summary": " ", "topics": [], "action_items": [], "next_steps": [""]}


def test_pairs_that_keep_the_rules_have_no_findings() -> None:
    assert found(odd()) == []


@pytest.mark.parametrize(
    ("made", "rule"),
    [
        (odd(output={"summary": "The shape of last year"}), "output does not fit"),
        (odd(output=dict(NOTHING)), "empty answer"),
        (odd(transcript=""), "no transcript"),
        (odd(transcript="[0] agent: \n[1] customer: "), "no transcript"),
        (odd(transcript="Agent: hello"), "no transcript"),
        (odd(transcript="[0] customer: My card is 4111 1111 1111 1111."), "personal data"),
        (odd(output=output(summary="Write to jane.doe@example.com today.")), "personal data"),
        (odd(rejected=output(summary="Write to jane.doe@example.com today."), label="corrected"), "personal data"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_a_pair_that_cannot_be_learned_from_is_left_out(made: Pair, rule: str) -> None:
    assert found(made) == [("odd", rule, "left out")]


def test_a_record_that_is_too_long_is_left_out() -> None:
    made = odd(transcript="[0] customer: " + "broken screen " * 8_000)

    assert found(made, family=replace(EMBEDDED, limits=DatasetLimits(max_record_tokens=32_000))) == [
        ("odd", "too long", "left out")
    ]


@pytest.mark.parametrize("word", ["User:", "Bot:", "Assistant:", "System:", "<image>", "<video>", "[EOS]"])
def test_words_that_nova_keeps_for_itself_leave_a_pair_out(word: str) -> None:
    made = odd(transcript=f"[0] customer: It says {word} on the screen.")

    assert found(made, family=NOVA) == [("odd", "reserved words", "left out")]
    assert found(made) == []


def test_what_haiku_keeps_for_itself_cannot_come_from_a_call() -> None:
    made = odd(
        transcript="[0] customer: It says\n\tHuman: hello\n\tAssistant: hello", output=output(summary="a\nHuman: b")
    )

    assert found(made, family=replace(FAMILIES["claude-3-haiku"], limits=DatasetLimits())) == []


def test_a_pair_of_an_older_prompt_is_rendered_anew() -> None:
    assert found(odd(prompt="older")) == [("odd", "older prompt", "mended")]


def test_a_rare_topic_leaves_no_pair_out() -> None:
    assert found(odd(output=output(topics=["zebra"]))) == [("", "rare topic", "warning")]


def test_a_prompt_that_is_asked_twice_leaves_no_pair_out() -> None:
    again = odd(id="again", output=output(next_steps=[]))

    assert found(odd(), again) == [("again", "duplicated prompt", "warning"), ("odd", "duplicated prompt", "warning")]


def test_without_masking_nothing_is_scanned_and_that_is_told() -> None:
    made = odd(transcript="[0] customer: My card is 4111 1111 1111 1111.")

    assert found(made, redact="off") == [("", "not scanned", "warning")]


def test_a_template_with_words_that_the_base_model_keeps_stops_the_export() -> None:
    changed = replace(SUMMARIZE, templates=SUMMARIZE.templates | {"tuned": "## system\nBot: go.\n## user\n$transcript"})
    store = MemoryPairs()
    settle(store, *pairs(50))

    with Exporter(store, Free(), SqliteWorkbench, OneCore, "standard", 1, "wrapup").draft(changed, NOVA) as draft:
        stops = [each.rule.name for each in draft.stops]

    assert stops == ["template"]


@given(st.text())
def test_tokens_are_never_fewer_than_awss_own_estimate(text: str) -> None:
    assert rules.tokens(text) >= len(text) // 3


def words(text: str) -> set[str]:
    parts = text.casefold().split()
    return {" ".join(parts[n : n + 3]) for n in range(len(parts) - 2)}


def test_likeness_is_close_to_what_calls_have_in_common() -> None:
    text = " ".join(" ".join(each.transcript.replace(".", "").split(": ")) for each in pairs(4))
    parts = text.split()

    for changed in (1, 5, 10, 20, 40):
        other = [f"word{n}" if n % (len(parts) // changed) == 0 else part for n, part in enumerate(parts)]
        one, two = (
            words(text.replace("[", "").replace("]", "")),
            words(" ".join(other).replace("[", "").replace("]", "")),
        )
        jaccard = len(one & two) / len(one | two)
        assert abs(likeness(signature(text), signature(" ".join(other))) - jaccard) < 0.13


def test_different_calls_are_not_alike() -> None:
    signatures = [signature(each.transcript) for each in pairs(60)]

    assert max(likeness(a, b) for n, a in enumerate(signatures) for b in signatures[:n]) < ALIKE / 2


@pytest.mark.parametrize("text", ["", "a", "hello there", "[0] agent: hi"])
def test_short_calls_have_a_signature_too(text: str) -> None:
    assert len(signature(text)) == BINS
