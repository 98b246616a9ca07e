"""The card of the loop, in each state that the loop can be in."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.models.champion import Champion, Reign
from bot.models.prices import Bill
from bot.retraining.pending import Agenda
from handlers.retrain import card as loop_cards
from handlers.retrain.charts import drawn
from tests.doubles.made_loops import (
    APPROVAL,
    CHAMPION,
    DONE,
    PROPOSAL,
    SERVED,
    STATES,
    TROUBLE,
    asked,
    job,
    judged,
    loop,
    standing,
)
from tests.doubles.made_scorecards import row
from tests.doubles.slack_limits import problems

BILL = Bill(since=0.0, hours=3.4, usd_hour=22.0, usd=74.8)
BILLS = {SERVED.id: BILL, "old": BILL}


def shown(**changed: Any) -> str:
    return json.dumps(loop_cards.card(loop(**changed), "r1").blocks, ensure_ascii=False)


def buttons(name: str) -> list[dict[str, Any]]:
    return [each for each in loop_cards.card(STATES[name], "r1").blocks[-1]["elements"] if each["type"] == "button"]


@pytest.mark.parametrize("name", STATES)
def test_every_card_keeps_slacks_limits(name: str) -> None:
    card = loop_cards.card(STATES[name], "r" * 200, BILLS)

    assert not problems({"text": card.text, "blocks": card.blocks})


def test_a_card_with_figures_charts_and_long_words_keeps_them_too() -> None:
    reign = Reign(
        model="a" * 200, answers="a" * 200, family="f", dataset="d", by="U1", at=1.0, reason="*<!here>*" * 300
    )
    state = loop(
        job=DONE, challenger=SERVED, judged=judged("refuse"), scorecard=row(), champion=Champion().followed_by(reign),
        agenda=Agenda(trouble=TROUBLE.model_copy(update={"text": "ä" * 9000})), weeks=STATES["promoted"].weeks,
    )  # fmt: skip

    card = drawn(loop_cards.card(state, "r1", BILLS), loop_cards.charts(state, "native"), "native")

    assert not problems({"text": card.text, "blocks": card.blocks})
    assert "<!here>" not in json.dumps(card.blocks)


@pytest.mark.parametrize("name", STATES)
def test_there_is_one_primary_button_at_most_and_it_comes_first(name: str) -> None:
    primary = [each.get("style") == "primary" for each in buttons(name)]

    assert sum(primary) <= 1
    assert not any(primary[1:])


@pytest.mark.parametrize(("name", "step"), [("proposed", "train"), ("trained", "serve"), ("better", "promote"),
                                            ("worse", "release"), ("to be approved", "approve")])  # fmt: skip
def test_what_costs_or_changes_who_answers_is_asked_for_twice(name: str, step: str) -> None:
    (first, *_) = buttons(name)

    assert (first["action_id"], "confirm" in first) == (f"step_{step}", True)


def test_a_start_tells_what_it_takes_before_it_is_confirmed() -> None:
    told = buttons("proposed")[0]["confirm"]["text"]["text"]

    assert told == "412 examples, 96,000 tokens x 2 epochs, about $3.10. Serving the model then costs $22.00 an hour."


def test_an_unknown_price_is_said_with_why() -> None:
    told = json.dumps(loop_cards.card(STATES["at a price that is unknown"], "r1").blocks)

    assert "cost unknown. The price file has none. The hourly cost of serving the model is unknown" in told


def test_a_promotion_that_no_verdict_speaks_for_opens_a_form() -> None:
    (press,) = [each for each in buttons("worse") if each["action_id"] == "step_promote"]

    assert ("confirm" in press, press["text"]["text"]) == (False, "Promote…")


@pytest.mark.parametrize("name", ["better", "rolled back", "better, and another is prepared"])
def test_a_promotion_that_a_verdict_speaks_for_is_asked_for_twice(name: str) -> None:
    (press,) = [each for each in buttons(name) if each["action_id"] == "step_promote"]

    assert ("confirm" in press, press["text"]["text"]) == (True, "Promote")


def test_what_a_press_is_about_stands_in_its_button() -> None:
    assert json.loads(buttons("proposed")[0]["value"]) == {"task": "summarize", "of": "p1"}


def test_a_promotion_against_the_verdict_shows_its_reason_and_who_gave_it() -> None:
    reign = CHAMPION.reigns[0].model_copy(update={"reason": "The team wants it"})

    told = shown(champion=Champion().followed_by(reign))

    assert "<@U0PRIYA> promoted this model despite its result: The team wants it" in told


def test_the_verdict_on_who_answers_is_told_as_why_it_was_promoted() -> None:
    verdict = judged("promote").model_copy(update={"sentence": "Promote the new model: it got better, on 40 calls."})

    told = shown(job=DONE, champion=CHAMPION, before="base", crowned=verdict)

    assert "✅ Promoted because it got better, on 40 calls." in told


def test_the_verdict_that_was_overruled_is_told_as_one() -> None:
    told = shown(job=DONE, champion=CHAMPION, before="base", crowned=judged("refuse"))

    assert "⚖️ Result before it was promoted: It is so." in told


def test_a_command_in_a_refusal_stands_as_code_and_nothing_else_formats() -> None:
    trouble = TROUBLE.model_copy(update={"text": "Release it first: `wrapup models release *m*`. <!here>"})

    told = shown(agenda=Agenda(trouble=trouble))

    assert "`wrapup models release \u2217m\u2217`. &lt;!here&gt;" in told


def test_who_stopped_a_canary_is_named_by_a_mention() -> None:
    told = shown(challenger=SERVED, judged=judged("promote"), canary=standing("stopped", "U0PRIYA stopped it."))

    assert "<@U0PRIYA> stopped it." in told


def test_the_verdict_stands_there_with_its_figures_and_the_way_to_the_calls() -> None:
    told = shown(challenger=SERVED, judged=judged("promote"), scorecard=row())

    assert "Promote the new model: it got better." in told
    assert "moved_calls" in told


def test_a_figure_that_is_the_same_for_sure_is_as_before() -> None:
    same = {"champion": 1.0, "challenger": 1.0, "diff": 0.0, "low": 0.0, "high": 0.0}
    figures = row()["fields"] | {"topics_f1": same}

    told = shown(challenger=SERVED, judged=judged("promote"), scorecard=row(fields=figures))

    assert "100.0, unchanged" in told


def test_what_is_billed_is_told_to_the_hour_so_that_the_card_does_not_tick() -> None:
    later = Bill(since=0.0, hours=3.9, usd_hour=22.0, usd=85.8)
    one, other = (loop_cards.card(STATES["served"], "r1", {SERVED.id: bill}).blocks for bill in (BILL, later))

    assert one == other
    assert "3 hours, about $66 so far ($22.00 an hour)" in json.dumps(one)


def test_what_else_costs_by_the_hour_stands_there_with_what_it_is_for() -> None:
    champion, older = (SERVED.model_copy(update={"id": each, "job": f"job-of-{each}"}) for each in ("old", "older"))
    state = loop(challenger=SERVED, champion=CHAMPION, billing=(SERVED, champion, older))

    told = json.dumps(loop_cards.card(state, "r1", BILLS | {"older": BILL}).blocks)

    assert "old: 3 hours, about $66 so far ($22.00 an hour). This is the current model." in told
    assert "`wrapup models release job-of-older --yes` stops the cost." in told


def test_who_approves_of_a_promotion_is_told_of_which_model_and_why_against_the_verdict() -> None:
    approval = APPROVAL.model_copy(update={"step": "promote", "what": "m1", "override": "The team wants it"})
    state = asked(proposal=PROPOSAL, approval=approval)

    (press, *_) = [each for each in loop_cards.card(state, "r1").blocks[-1]["elements"] if each["type"] == "button"]

    assert "promote m1, despite its result: The team wants it" in json.dumps(loop_cards.card(state, "r1").blocks)
    assert press["confirm"]["text"]["text"] == "m1 will answer instead of base."


@pytest.mark.parametrize("step", ["release", "retire"])
def test_what_stays_billed_is_said_before_a_model_is_released(step: str) -> None:
    (press,) = [each for each in buttons("worse") if each["action_id"] == f"step_{step}"]

    assert "AWS bills its storage until you delete it there." in press["confirm"]["text"]["text"]


def test_why_a_step_did_not_come_off_stands_there() -> None:
    assert "Start the job: The quota is 0." in json.dumps(loop_cards.card(asked(trouble=TROUBLE), "r1").blocks)


def test_why_a_job_cannot_be_looked_at_stands_there() -> None:
    waits = job().model_copy(update={"fault": "The credentials need a right."})

    assert "The credentials need a right." in shown(job=waits)


def test_what_people_said_of_the_champion_is_told_by_week() -> None:
    told = json.dumps(loop_cards.card(STATES["promoted"], "r1").blocks, ensure_ascii=False)

    assert "👍 12 approved · ✏️ 3 corrected · 👎 1 rejected (since 16 Nov)" in told


def test_pictures_are_not_made_of_what_changes_with_every_vote() -> None:
    state = loop(job=DONE, weeks=STATES["promoted"].weeks)

    assert [len(loop_cards.charts(state, style)) for style in ("native", "image")] == [2, 1]


def test_a_person_of_a_shell_is_named_and_not_mentioned() -> None:
    champion = Champion().followed_by(CHAMPION.reigns[0].model_copy(update={"by": "root"}))

    assert "promoted by root on" in shown(champion=champion)


def test_a_canary_shows_how_both_arms_do_and_can_be_stopped() -> None:
    card = json.dumps(loop_cards.card(STATES["worse, and a canary"], "r1").blocks, ensure_ascii=False)

    assert "*Canary*: the new model answers 10% of calls in <#C1>, <#C2>. It is so." in card
    assert "1,180 calls · 👍 160 · ✏️ 10 · 👎 30" in card
    assert "120 calls, 2 of them unanswered · 👍 8 · ✏️ 0 · 👎 4 · ⚖️ 1" in card
    assert "step_end_canary" in card


def test_a_canary_that_was_stopped_cannot_be_stopped_again() -> None:
    card = json.dumps(loop_cards.card(STATES["a canary that was stopped"], "r1").blocks, ensure_ascii=False)

    assert ("✋ *Canary*" in card, "step_end_canary" in card) == (True, False)
