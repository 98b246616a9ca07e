"""What comes next in the loop of a task, in each state that it can be in."""

from __future__ import annotations

from typing import Any

import pytest

from bot.models.champion import Champion
from bot.retraining.next_step import Step, about, also, next_step, to_evaluate
from bot.retraining.pending import Agenda
from tests.doubles.made_loops import (
    APPROVAL,
    CHAMPION,
    DOING,
    DONE,
    MODEL,
    PROPOSAL,
    SERVED,
    STATES,
    UP,
    asked,
    job,
    judged,
    loop,
)

NEXT: dict[str, Step] = {
    "nothing": "collect",
    "too few for the family": "collect",
    "too few to judge": "start",
    "enough": "start",
    "under way": "wait",
    "trouble": "start",
    "proposed": "train",
    "at a price that is unknown": "train",
    "to be approved": "approve",
    "training": "wait",
    "stopping": "wait",
    "failed": "start",
    "stopped": "start",
    "trained": "serve",
    "asked for": "wait",
    "coming": "wait",
    "not answered yet": "wait",
    "not served": "serve",
    "served badly": "release",
    "served": "evaluate",
    "better": "promote",
    "worse": "release",
    "released": "collect",
    "worse, on board": "collect",
    "worse, and many new pairs": "start",
    "worse, and a canary": "wait",
    "better, and a canary that has won": "promote",
    "rolled back": "release",
    "better, and another is prepared": "train",
    "a canary that was stopped": "release",
    "promoted": "collect",
}


def test_every_state_has_its_next_step() -> None:
    assert {name: next_step(state).step for name, state in STATES.items()} == NEXT


def test_an_endpoint_that_is_there_is_not_said_to_take_half_an_hour() -> None:
    coming, there = (next_step(STATES[name]).text for name in ("coming", "not answered yet"))

    assert ("half an hour" in coming, "half an hour" in there) == (True, False)


@pytest.mark.parametrize(
    ("name", "told"), [("better", "/retrain canary"), ("better, and a canary that has won", "let the canary go on")]
)
def test_the_way_by_a_canary_is_named_where_there_is_none_yet(name: str, told: str) -> None:
    assert told in next_step(STATES[name]).text


def test_who_is_to_approve_is_told_where() -> None:
    assert "Another admin can do that here" in next_step(STATES["to be approved"]).text


def test_what_was_rolled_back_is_not_offered_first_again() -> None:
    back = Champion(left=SERVED.id, at=9.0)
    on_board = SERVED.model_copy(update={"endpoint": UP.model_copy(update={"since": None})})

    found = loop(job=DONE, challenger=on_board, judged=judged("promote"), champion=back, fresh=0)

    assert next_step(found).step == "collect"
    assert "promote" in also(found)
    assert "was rolled back" in next_step(found).text


@pytest.mark.parametrize("name", STATES)
def test_why_is_always_said(name: str) -> None:
    assert next_step(STATES[name]).text.endswith((".", "answers"))


@pytest.mark.parametrize("name", STATES)
def test_the_next_step_is_not_offered_twice(name: str) -> None:
    assert next_step(STATES[name]).step not in also(STATES[name])


@pytest.mark.parametrize("name", STATES)
def test_every_step_that_is_offered_is_about_something(name: str) -> None:
    state = STATES[name]
    offered = {next_step(state).step, *also(state)} - {"collect", "wait", "start"}

    assert all(about(state, step) for step in offered)


def test_few_pairs_are_told_with_how_many_more_it_takes() -> None:
    assert "at least 32 examples. Collect 12 more" in next_step(STATES["too few for the family"]).text


def test_a_running_job_can_be_stopped_once() -> None:
    assert ("stop" in also(STATES["training"]), "stop" in also(STATES["stopping"])) == (True, False)


def test_while_a_job_runs_no_other_is_started() -> None:
    assert "start" not in also(STATES["training"])


def test_a_model_that_was_refused_can_be_promoted_all_the_same() -> None:
    assert "promote" in also(STATES["worse"])


def test_only_what_was_promoted_can_be_rolled_back() -> None:
    assert [name for name, state in STATES.items() if "rollback" in also(state)] == ["promoted"]


def test_a_roll_back_is_offered_while_something_is_under_way() -> None:
    assert "rollback" in also(loop(champion=CHAMPION, agenda=Agenda(doing=DOING)))


def test_what_waits_for_approval_comes_before_the_proposal() -> None:
    assert about(asked(proposal=PROPOSAL, approval=APPROVAL), "approve") == "a1"


def test_what_answers_begins_to_be_evaluated_by_itself() -> None:
    assert to_evaluate(STATES["served"])


@pytest.mark.parametrize(
    "waits", [{"agenda": Agenda(proposal=PROPOSAL)}, {"agenda": Agenda(approval=APPROVAL)}, {"job": job()}]
)
def test_what_waits_for_somebody_holds_no_evaluation_up(waits: dict[str, Any]) -> None:
    assert to_evaluate(loop(**{"job": DONE, "challenger": SERVED} | waits))


def test_what_was_released_can_be_served_again_but_is_not_what_comes_next() -> None:
    assert ("serve" in also(STATES["released"]), "Collect about 30" in next_step(STATES["released"]).text) == (
        True,
        True,
    )


def test_an_evaluation_begins_by_itself_once() -> None:
    name = to_evaluate(STATES["served"])

    assert not to_evaluate(loop(job=DONE, challenger=SERVED, agenda=Agenda(judged=name)))


def test_against_another_champion_it_begins_anew() -> None:
    before = Agenda(judged=to_evaluate(STATES["served"]))

    assert to_evaluate(loop(job=DONE, challenger=SERVED, answering="another", agenda=before))


@pytest.mark.parametrize("name", ["trained", "not answered yet", "better", "worse", "under way"])
def test_nothing_is_evaluated_before_it_answers_or_twice(name: str) -> None:
    assert not to_evaluate(STATES[name])


def test_after_a_job_a_tenth_of_new_pairs_is_worth_another() -> None:
    few, many = (loop(job=job(status="Completed"), fresh=fresh) for fresh in (39, 40))

    assert (next_step(few).step, next_step(many).step) == ("collect", "start")


def test_of_very_many_pairs_it_takes_no_more_new_ones_than_are_counted() -> None:
    assert next_step(loop(job=job(status="Completed"), pairs=400_000, fresh=10_000)).step == "start"


@pytest.mark.parametrize("pairs", [300, 304, 306])
def test_how_many_more_pairs_it_takes_is_always_said(pairs: int) -> None:
    told = {next_step(loop(job=job(status="Completed"), pairs=pairs, fresh=fresh)).text for fresh in range(34)}

    assert all(told)


def test_a_challenger_without_a_verdict_for_this_champion_is_evaluated() -> None:
    assert next_step(loop(challenger=SERVED, judged=None)).step == "evaluate"
    assert next_step(loop(challenger=SERVED, judged=judged("too_few"))).step == "release"


def test_a_step_on_nothing_is_about_nothing() -> None:
    found = [about(loop(), step) for step in ("train", "approve", "stop", "rollback", "serve")]

    assert found == [""] * 5
    assert about(loop(challenger=MODEL), "serve") == MODEL.id
