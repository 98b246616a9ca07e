"""The card of an evaluation."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.answers.moderation import Moderation
from bot.answers.summary import Summary
from bot.errors import UnknownAnswer
from bot.queue.request import ScorecardRequest
from bot.retraining.chart import scorecard
from bot.task import Output
from handlers.retrain.charts import drawn
from handlers.retrain.scorecard import message, page
from handlers.slack.message import Message
from tests.doubles.made_scorecards import ARN, DIFFERENCE, UNKNOWN, row
from tests.doubles.slack_limits import problems


def words(shown: Message) -> str:
    return json.dumps(shown.blocks, ensure_ascii=False)


def test_the_verdict_comes_first() -> None:
    shown = message(row())

    assert shown.text == "Promote the new model: it got better."
    assert shown.blocks[0]["text"]["text"] == "✅ Promote the new model: it got better."


def test_the_figures_stand_in_columns() -> None:
    (table,) = [b["text"]["text"] for b in message(row()).blocks if "```" in str(b)]
    lines = table.splitlines()

    assert lines[2].split() == ["topics", "89.3", "96.0", "+6.7", "+2.9", "to", "+11.4"]
    assert {line.find("96.0") for line in lines[2:]} == {lines[2].find("96.0")}


def test_what_a_query_takes_is_told_in_a_sentence() -> None:
    told = words(message(row()))

    assert "Tokens per call: 4,079 with the current model, 467 with the new one (-89%). The cost is unknown." in told


def test_a_known_price_is_told() -> None:
    dear = row()["fields"] | {"cost_usd": {**DIFFERENCE, "champion": 0.0012, "challenger": 0.0001}}

    told = words(message(row(fields=dear, cost_known=True)))

    assert "Cost per call: $0.001200 with the current model, $0.000100 with the new one." in told


def test_what_costs_nothing_is_told_without_a_figure() -> None:
    free = row()["fields"] | {"cost_usd": {**DIFFERENCE, "champion": 0.0, "challenger": 0.0}}

    told = words(message(row(fields=free, cost_known=True)))

    assert "Both are free." in told


def test_probes_are_told_by_kind() -> None:
    assert "injection: 5 of 6 by the current model, 6 by the new one" in words(message(row()))


def test_a_reason_to_promote_all_the_same_is_shown_and_cannot_format() -> None:
    told = words(message(row(verdict="refuse"), override="it is *cheap* <!channel>"))

    assert "Promoted despite the result" in told
    assert "<!channel>" not in told


def test_a_third_model_is_named_with_its_first_figure() -> None:
    third = {"model": "larger", "fields": dict.fromkeys(row()["fields"], 0.9)}

    assert "larger with the long prompt · topics: 90.0" in words(message(row(against=third)))


def test_no_word_of_a_call_is_on_the_card() -> None:
    assert "lamp" not in words(message(row()))


def test_the_button_names_the_evaluation_and_how_many_calls_moved() -> None:
    (press,) = message(row()).blocks[-1]["elements"]

    assert press["text"]["text"] == "See the calls: 1 better, 0 worse"
    assert json.loads(press["value"]) == ["summarize", "amazon.nova-lite-v1:0", ARN]


def test_without_calls_that_moved_there_is_no_button() -> None:
    assert all(block["type"] != "actions" for block in message(row(better=[])).blocks)


@pytest.mark.parametrize("output", [Summary, Moderation])
@pytest.mark.parametrize("verdict", ["promote", "refuse", "too_few"])
def test_the_card_keeps_slacks_limits_with_its_chart(output: type[Output], verdict: str) -> None:
    found = row(output, verdict=verdict, sentence="Keep the current model: " + "it is so. " * 300)

    shown = drawn(message(found, override="why " * 900, request="r" * 400), [scorecard(found)], "native")

    assert problems({"text": shown.text, "blocks": shown.blocks}) == []
    assert "data_visualization" in words(shown)


def test_an_evaluation_of_no_calls_has_a_card() -> None:
    nothing = dict.fromkeys(row()["fields"], UNKNOWN)

    shown = message(row(fields=nothing, n=0, verdict="too_few", better=[], probes={}))

    assert problems({"text": shown.text, "blocks": shown.blocks}) == []


class Kept:
    """A registry with one evaluation."""

    def scorecard(self, task: str, champion: str, challenger: str) -> dict[str, Any] | None:
        return row() if champion == "amazon.nova-lite-v1:0" else None


def asked(champion: str) -> ScorecardRequest:
    return ScorecardRequest(
        id="r", team="T", channel="D", user="U", at=1.0, task="summarize", champion=champion, challenger=ARN
    )


def test_the_page_shows_the_calls() -> None:
    name, content = page(asked("amazon.nova-lite-v1:0"), Kept())  # type: ignore[arg-type]  # one method of many

    assert name == "scorecard-summarize-1970-01-01-000000.html"
    assert "My lamp broke." in content


def test_an_evaluation_that_is_not_kept_is_told() -> None:
    with pytest.raises(UnknownAnswer, match="Evaluate the model again"):
        page(asked("another"), Kept())  # type: ignore[arg-type]  # one method of many
