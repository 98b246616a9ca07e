"""Jobs, models and champions as pure rules."""

from __future__ import annotations

import re

import pytest

from bot.answers.family import FAMILIES
from bot.errors import JobRefused
from bot.models.audit import needs_approval
from bot.models.champion import Champion, Reign, role
from bot.models.custom_model import CustomModel
from bot.models.job import CustomizationJob, Look, Order, epochs, hyperparameters, job_name, looked

HAIKU = FAMILIES["claude-3-haiku"]
ORDER = Order(
    task="summarize", family="claude-3-haiku", base=HAIKU.base_model_id, dataset="d-1", place="s3://b/d-1", sha256="0",
    validation=True, hyperparameters={"epochCount": "3"},
)  # fmt: skip
JOB = CustomizationJob(name="j", order=ORDER, by="ana", at=1.0, id="arn")


def model(name: str, at: float, *, retired: bool = False) -> CustomModel:
    return CustomModel(id=name, task="summarize", family="embedded", job="j", dataset="d", at=at, retired=retired)


def champion(*names: str) -> Champion:
    found = Champion()
    for n, name in enumerate(names, 1):
        found = found.followed_by(Reign(model=name, answers=name, family="f", dataset="d", by="ana", at=float(n)))
    return found


def test_the_same_order_has_the_same_name_wherever_its_dataset_stands() -> None:
    elsewhere = ORDER.model_copy(update={"place": "s3://other/d-1"})

    assert job_name(ORDER, 1) == job_name(elsewhere, 1)


@pytest.mark.parametrize(
    "changed", [{"sha256": "1"}, {"dataset": "d-2"}, {"hyperparameters": {"epochCount": "4"}}, {"base": "b"}]
)
def test_another_order_has_another_name(changed: dict[str, object]) -> None:
    assert job_name(ORDER, 1) != job_name(ORDER.model_copy(update=changed), 1)


@pytest.mark.parametrize("task", ["summarize", "a task: with_odd/characters", "x" * 200, "ü"])
def test_a_name_is_one_that_jobs_and_models_of_bedrock_take(task: str) -> None:
    name = job_name(ORDER.model_copy(update={"task": task}), 12)

    assert re.fullmatch(r"([0-9a-zA-Z][_-]?){1,63}", name)
    assert len(name) <= 63


def test_what_has_ended_stays_as_it_ended() -> None:
    ended = looked(JOB, Look(status="Stopped"), 2.0)

    assert looked(ended, Look(status="Completed", model="m"), 3.0) == ended


def test_what_is_being_stopped_does_not_go_on() -> None:
    stopping = looked(JOB, Look(status="Stopping"), 2.0)

    assert looked(stopping, Look(status="InProgress", phase="training"), 3.0).look.status == "Stopping"


def test_a_hyperparameter_out_of_its_range_is_told_with_the_range() -> None:
    with pytest.raises(JobRefused, match=r"epochCount=11 is out of range: epochCount 1 to 10 \(2\)"):
        hyperparameters(HAIKU, {"epochCount": "11"})


@pytest.mark.parametrize("value", ["2.5", "many", ""])
def test_an_integer_must_be_one(value: str) -> None:
    with pytest.raises(JobRefused, match="out of range"):
        hyperparameters(HAIKU, {"epochCount": value})


def test_all_problems_are_told_at_once() -> None:
    with pytest.raises(JobRefused, match=r"(?s)no hyperparameter 'speed'.*batchSize=1 "):
        hyperparameters(HAIKU, {"speed": "1", "batchSize": "1"})


def test_epochs_are_those_that_were_chosen_else_the_familys() -> None:
    assert [epochs(HAIKU, {}), epochs(HAIKU, {"epochCount": "5"}), epochs(FAMILIES["embedded"], {})] == [2, 5, 1]


def test_the_newest_model_that_never_reigned_is_the_challenger() -> None:
    models = [model("c", 3.0), model("b", 2.0), model("a", 1.0)]

    assert [role(each, champion("b"), models) for each in models] == ["challenger", "champion", "none"]


def test_a_model_that_was_rolled_back_from_or_retired_is_no_challenger_while_it_reigned() -> None:
    models = [model("b", 2.0), model("a", 1.0)]
    retired = [model("b", 2.0, retired=True), model("a", 1.0)]

    assert role(models[1], champion("a", "b"), models) == "none"
    assert role(retired[0], Champion(), retired) == "none"


def test_a_roll_back_leads_to_the_champion_before() -> None:
    assert champion("a", "b").rolled_back(9.0).model == "a"


@pytest.mark.parametrize(
    ("approver", "two_person", "usd", "limit", "needed"),
    [
        ("", False, 5.0, None, False),
        ("", True, 0.0, None, True),
        ("ana", True, 0.0, None, True),
        ("bea", True, 0.0, None, False),
        ("", False, 5.0, 10.0, False),
        ("", False, 15.0, 10.0, True),
        ("bea", False, 15.0, 10.0, False),
        ("", False, None, 10.0, True),
    ],
)
def test_a_second_person_approves_where_it_is_asked_for_or_costs_more_than_the_limit(
    approver: str, two_person: bool, usd: float | None, limit: float | None, needed: bool
) -> None:
    found = needs_approval("ana", approver, two_person=two_person, usd=usd, limit=limit)

    assert bool(found) == needed
