from typing import Any, Literal

import pytest

from bot.answers.moderation import Moderation
from bot.answers.summary import Summary
from bot.calls.transcript import Transcript, Turn
from bot.evaluation.attempt import Attempt
from bot.evaluation.holdout import Case
from bot.evaluation.metrics import NOTHING, drafted, fields, groups, guesses, is_wording, measures
from bot.task import Output

CALL = Transcript(
    "c1",
    (Turn(0, "customer", "My lamp is broken."), Turn(1, "agent", "I'll send a new lamp and refund the postage today.")),
)
LAMP = {"task": "Send a new lamp", "owner": "agent", "due": None, "turn": 1}
REFUND = {"task": "Refund the postage", "owner": "agent", "due": "today", "turn": 1}
WANTED = {
    "summary": "The lamp is broken and a new one comes.",
    "topics": ["returns > broken", "delivery"],
    "action_items": [LAMP, REFUND],
    "next_steps": ["Send a new lamp.", "Refund the postage."],
}


def measured(**changed: Any) -> dict[str, tuple[float, float]]:
    """Of an answer that is the reference but for what is changed."""
    attempt = Attempt(WANTED | changed, "", 90, 10, counted=True, latency_ms=250)
    return measures(Case(CALL, Summary.model_validate(WANTED)), attempt, 0.5)


def moderated(given: int, wanted: int, *categories: str) -> dict[str, tuple[float, float]]:
    reference = Moderation.model_validate({"toxic": bool(wanted), "categories": list(categories)})
    attempt = Attempt(
        {"toxic": bool(given), "categories": ["insult"] if given else []}, "", 1, 1, counted=True, latency_ms=1
    )
    return measures(Case(CALL, reference), attempt, None)


def test_the_reference_itself_is_right_in_every_field() -> None:
    shares = {field.name for field in fields(Summary) if field.unit == "share"}

    assert {name: part / of for name, (part, of) in measured().items() if name in shares} == dict.fromkeys(shares, 1.0)


def test_topics_are_right_by_name_and_half_right_by_parent() -> None:
    found = measured(topics=["returns > late"])

    assert found["topics_f1"] == (0.0, 1.0)
    assert found["topics_hierarchical_f1"] == pytest.approx((2 * 1 / (2 + 3), 1.0))


def test_items_that_are_missing_cost_recall_and_items_too_many_cost_precision() -> None:
    few = measured(action_items=[LAMP])
    many = measured(action_items=[LAMP, REFUND, LAMP | {"task": "Write to the warehouse"}])

    assert (few["action_items_precision"], few["action_items_recall"]) == ((1.0, 1.0), (0.5, 1.0))
    assert many["action_items_precision"] == pytest.approx((2 / 3, 1.0))
    assert many["action_items_recall"] == (1.0, 1.0)
    assert many["action_items_f1"] == pytest.approx((2 * 2 / 5, 1.0))


def test_owners_are_judged_on_the_items_that_were_found() -> None:
    found = measured(action_items=[LAMP | {"owner": "customer"}, REFUND, LAMP | {"task": "Write to the warehouse"}])

    assert found["owner_accuracy"] == (1.0, 2.0)


def test_the_summary_is_judged_by_its_words_and_their_order() -> None:
    found = measured(summary="A new lamp comes.")

    assert found["summary_f1"] == pytest.approx((2 * 4 / (4 + 9), 1.0))
    assert found["summary_rouge_l"] == pytest.approx((2 * 3 / (4 + 9), 1.0))


def test_evidence_is_looked_for_in_the_call() -> None:
    assert measured(action_items=[LAMP, REFUND | {"turn": 7}])["evidence_rate"] == (1.0, 2.0)


def test_where_no_items_are_given_nothing_is_said_of_their_evidence_or_owners() -> None:
    found = measured(action_items=[])

    assert (found["evidence_rate"], found["owner_accuracy"], found["action_items_f1"]) == (NOTHING, NOTHING, (0.0, 1.0))


def test_an_invalid_answer_is_wrong_in_all_that_was_asked() -> None:
    invalid = Attempt(None, "The reply holds no JSON object.", 90, 10, counted=True, latency_ms=250)

    found = measures(Case(CALL, Summary.model_validate(WANTED)), invalid, None)

    assert {found[name] for name in ("valid", "topics_f1", "action_items_f1", "summary_f1", "next_steps_f1")} == {
        (0, 1)
    }


def test_tokens_cost_and_time_are_counted_a_query() -> None:
    found = measured()

    assert (found["tokens"], found["cost_usd"], found["latency_p50_ms"]) == ((100, 1), (0.5, 1), (250, 1))


def test_a_price_that_is_not_known_counts_as_nothing() -> None:
    assert moderated(1, 1)["cost_usd"] == NOTHING


def test_a_verdict_is_right_or_wrong() -> None:
    assert (moderated(1, 1)["accuracy"], moderated(1, 0)["accuracy"]) == ((1, 1), (0, 1))


@pytest.mark.parametrize(
    ("given", "wanted", "measure"),
    [(1, 1, (2, 2)), (1, 0, (0, 1)), (0, 1, (0, 1)), (0, 0, (0, 0))],
)
def test_f1_is_pooled_over_all_comments(given: int, wanted: int, measure: tuple[float, float]) -> None:
    assert moderated(given, wanted)["f1"] == measure


def test_each_category_has_an_f1_of_its_own() -> None:
    found = moderated(1, 1, "insult", "threat")

    assert (found["insult_f1"], found["threat_f1"], found["hate_f1"]) == ((2, 2), (0, 1), (0, 0))


def left(*written: str, **changed: Any) -> dict[str, tuple[float, float]]:
    """Of an answer to a call of which people wrote these fields alone."""
    case = Case(CALL, Summary.model_validate(WANTED), frozenset(written))
    return measures(case, Attempt(WANTED | changed, "", 90, 10, counted=True, latency_ms=250), None)


def test_words_that_nobody_wrote_are_no_yardstick() -> None:
    found = left(summary="Something else.", next_steps=["Wait."], action_items=[LAMP | {"task": "Mail one lamp"}])

    words = {field.name for field in fields(Summary) if field.words_of}
    assert words == {
        "action_items_precision", "action_items_recall", "action_items_f1", "summary_f1", "summary_rouge_l", "next_steps_f1"
    }  # fmt: skip
    assert not words & found.keys()


def test_words_that_people_wrote_are_compared() -> None:
    found = left("summary", summary="A new lamp comes.")

    assert found["summary_f1"] == pytest.approx((2 * 4 / (4 + 9), 1.0))
    assert "next_steps_f1" not in found


def test_labels_that_were_left_were_confirmed() -> None:
    found = left(topics=["delivery"], action_items=[LAMP | {"owner": "customer"}])

    assert found["topics_f1"] == pytest.approx((2 / 3, 1.0))
    assert found["owner_accuracy"] == (0.0, 1.0)


@pytest.mark.parametrize(("items", "right"), [([LAMP | {"task": "Mail one"}], 1.0), ([], 0.0)])
def test_that_there_is_something_to_do_was_confirmed_whatever_its_words(items: list[Any], right: float) -> None:
    assert left(action_items=items)["to_do_accuracy"] == (right, 1.0)


def test_of_an_invalid_answer_words_that_nobody_wrote_are_not_asked() -> None:
    invalid = Attempt(None, "The reply holds no JSON object.", 90, 10, counted=True, latency_ms=250)

    found = measures(Case(CALL, Summary.model_validate(WANTED), frozenset()), invalid, None)

    assert (found["topics_f1"], found["to_do_accuracy"], "summary_f1" in found) == ((0.0, 1.0), (0.0, 1.0), False)


def test_figures_of_words_that_were_corrected_are_named() -> None:
    summary = Summary.model_validate(WANTED)
    cases = [Case(CALL, summary, frozenset({"summary"}), corrected=True), Case(CALL, summary)]

    assert drafted(fields(Summary), cases) == {"summary_f1", "summary_rouge_l"}


class Step(Output):
    what: str
    done: bool


@pytest.mark.parametrize(
    ("name", "kind", "wording"),
    [
        ("reply", str, True),
        ("note", str | None, True),
        ("reasons", list[str], True),
        ("steps", list[Step], True),
        ("topics", list[str], False),
        ("severity", Literal["low", "high"], False),
        ("severities", list[Literal["low", "high"]], False),
        ("again", bool, False),
        ("stars", int | None, False),
    ],
)
def test_text_can_be_worded_in_many_ways_and_a_label_in_one(name: str, kind: Any, wording: bool) -> None:
    assert is_wording(name, kind) == wording


class Survey(Output):
    mood: str
    again: bool
    reasons: list[str]


def test_the_fields_of_a_task_of_ones_own_are_compared_by_what_they_are() -> None:
    wanted = Survey(mood="quite happy", again=True, reasons=["the price", "the speed"])
    given = {"mood": "happy", "again": False, "reasons": ["the price"]}

    found = measures(Case(CALL, wanted), Attempt(given, "", 1, 1, counted=True, latency_ms=1), None)

    assert [field.name for field in fields(Survey)][:3] == ["mood_agreement", "again_agreement", "reasons_agreement"]
    assert found["mood_agreement"] == pytest.approx((2 / 3, 1.0))
    assert found["again_agreement"] == (0.0, 1.0)
    assert found["reasons_agreement"] == pytest.approx((2 / 3, 1.0))


def test_a_call_is_about_its_topics_and_a_comment_about_its_categories() -> None:
    comments = [Moderation(toxic=True, categories=["threat"]), Moderation(toxic=False, categories=[])]

    assert groups(Summary.model_validate(WANTED)) == ("returns > broken", "delivery")
    assert [groups(each) for each in comments] == [("threat",), ("harmless",)]


def test_a_guess_is_the_commonest_topic_for_every_call() -> None:
    topics = [["login"], ["billing", "login"], ["billing", "billing"], ["login"]]

    found = guesses([Summary.model_validate(WANTED | {"topics": each}) for each in topics])

    assert found == [(1.0, 1.0), (pytest.approx(2 / 3), 1.0), (0.0, 1.0), (1.0, 1.0)]


def test_nothing_is_guessed_of_comments() -> None:
    assert guesses([Moderation(toxic=True, categories=[])]) == [NOTHING]
