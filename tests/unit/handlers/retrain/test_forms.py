"""The forms of the loop."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.answers.family import FAMILIES
from bot.settings import read
from bot.wiring import Wiring
from handlers.retrain import forms
from tests.doubles.made_loops import STATES
from tests.doubles.slack_limits import problems

HAIKU, EMBEDDED = FAMILIES["claude-3-haiku"], FAMILIES["embedded"]
TASKS = list(Wiring(read({})).answers.tasks.values())


def filled(**values: str) -> dict[str, Any]:
    """What Slack sends of the form with these in its fields."""
    return {"state": {"values": {name: {"value": {"value": value}} for name, value in values.items()}}}


@pytest.mark.parametrize("family", FAMILIES.values(), ids=lambda each: each.name)
def test_the_form_keeps_slacks_limits(family: Any) -> None:
    assert not problems(forms.start_modal(family, TASKS, "summarize", "C1"))


@pytest.mark.parametrize("family", FAMILIES.values(), ids=lambda each: each.name)
def test_every_hyperparameter_is_explained(family: Any) -> None:
    assert {each.name for each in family.hyperparameters} <= forms.EXPLAINED.keys()


def test_a_field_has_its_range_its_default_and_a_sentence() -> None:
    form = forms.start_modal(HAIKU, TASKS, "summarize", "C1")
    (epochs,) = [block for block in form["blocks"] if block.get("block_id") == "epochCount"]

    assert (epochs["label"]["text"], epochs["element"]["initial_value"]) == ("Epoch count", "2")
    assert epochs["hint"]["text"].endswith("A whole number from 1 to 10. The default is 2.")


@pytest.mark.parametrize("value", ["0", "11", "2.5", "two", "nan"])
def test_what_is_out_of_range_is_told_at_its_field(value: str) -> None:
    given = forms.given(filled(epochCount=value, batchSize="32"))

    assert list(forms.problems(HAIKU, given)) == ["epochCount"]


def test_what_fits_is_taken_and_what_is_empty_left_to_the_family() -> None:
    given = forms.given(filled(epochCount=" 3 ", batchSize="", learningRateMultiplier="0.5"))

    assert (given, forms.problems(HAIKU, given)) == ({"epochCount": "3", "learningRateMultiplier": "0.5"}, {})


def test_a_job_may_go_on_from_a_model_of_ours() -> None:
    models = [
        f"arn:aws:bedrock:us-east-1:111122223333:custom-model/amazon.nova-lite-v1:0:300k/{n:012}" for n in range(120)
    ]

    form = forms.start_modal(HAIKU, TASKS, "summarize", "C1", models)

    assert not problems(form)
    assert models[0] in json.dumps(form)


@pytest.mark.parametrize(("chosen", "base"), [("arn:m", "arn:m"), (forms.AT_THE_BEGINNING, "")])
def test_what_to_go_on_from_is_no_hyperparameter(chosen: str, base: str) -> None:
    view = filled(epochCount="3")
    view["state"]["values"]["base"] = {"base": {"selected_option": {"value": chosen}}}

    assert (forms.base_of(view), forms.given(view)) == (base, {"epochCount": "3"})


def test_the_form_begins_with_the_task_that_was_asked_for() -> None:
    form = forms.start_modal(EMBEDDED, TASKS, "moderate", "C1")
    (task,) = [block for block in form["blocks"] if block.get("block_id") == "task"]

    assert task["element"]["initial_option"]["value"] == "moderate"
    assert json.loads(form["private_metadata"]) == {"task": "moderate", "channel": "C1"}


@pytest.mark.parametrize("name", ["worse", "served"])
def test_a_promotion_against_the_verdict_asks_for_a_reason(name: str) -> None:
    form = forms.promote_modal(STATES[name], "C1")

    assert not problems(form)
    assert not next(block for block in form["blocks"] if block["type"] == "input").get("optional")
