import re
from typing import Any
from xml.etree import ElementTree

from bot import task
from bot.answers.summary import Summary
from bot.calls.transcript import Transcript
from bot.evaluation.attempt import Attempt
from bot.evaluation.evaluation import Evaluation, ModelAnswers, to_kept, without_words
from bot.evaluation.gate import decide
from bot.evaluation.holdout import Case
from bot.evaluation.metrics import fields, groups, measures
from bot.evaluation.report import chart, html, markdown
from bot.evaluation.scorecard import ScoreRow, scorecard
from bot.settings import SHIPPED_PROMPTS

SUMMARIZE = task.load(SHIPPED_PROMPTS / "summarize")
FIELDS = fields(Summary)


def evaluation(calls: int = 40, usd: float | None = None, against: bool = False) -> dict[str, Any]:
    """A challenger that answers all calls rightly, but the last, to which it gives no valid answer."""
    right = {"summary": "A <b>lamp</b> broke | fell.", "topics": ["returns"], "action_items": [], "next_steps": []}
    cases = [Case(Transcript(f"call-{n:02}", ()), Summary.model_validate(right)) for n in range(calls)]
    good = Attempt(right, "", 90, 10, counted=True, latency_ms=5)
    poor = Attempt(right | {"topics": ["weather"]}, "", 900, 10, counted=True, latency_ms=9)
    none = Attempt(None, "The reply holds no JSON object.", 90, 10, counted=True, latency_ms=5)
    before, after = [poor] * calls, [*[good] * (calls - 1), none]
    rows = [
        ScoreRow(case.call, groups(case.reference), measures(case, one, usd), measures(case, other, usd))
        for case, one, other in zip(cases, before, after, strict=True)
    ]
    card, probes = scorecard(FIELDS, rows), {"injection": (3, 4, 5)}
    third = (ModelAnswers("larger", (), ()), dict.fromkeys((field.name for field in FIELDS), 0.5)) if against else None
    models = ModelAnswers("old", tuple(before), ()), ModelAnswers("arn:new", tuple(after), ())
    return to_kept(Evaluation(SUMMARIZE, tuple(cases), *models, card, probes, decide(card, FIELDS, probes), third), 1.0)


def test_the_verdict_comes_first() -> None:
    found = evaluation()

    assert markdown(found).split("\n\n")[:2] == ["# Evaluation of arn:new for summarize", found["sentence"]]


def test_figures_stand_in_a_table_with_what_one_may_be_sure_of() -> None:
    row = next(line for line in markdown(evaluation()).splitlines() if line.startswith("| topics |"))

    assert re.fullmatch(r"\| topics \| 0\.0 \| 97\.5 \| \+97\.5 \| \+\d+\.\d to \+100\.0 \|", row)


def test_calls_that_moved_are_shown_with_what_was_wanted_and_both_answers() -> None:
    page = markdown(evaluation())

    better, worse = page.partition("## Calls that got better")[2].split("## Calls that got worse")
    assert better.count("### call-") == 10
    assert better.index("expected:") < better.index("current model:") < better.index("new model:")
    assert "no valid answer: The reply holds no JSON object." in worse


def test_the_calls_can_be_left_out() -> None:
    assert "lamp" not in markdown(evaluation(), calls=False)


def test_a_call_that_was_forgotten_says_so_and_keeps_its_figures() -> None:
    page = markdown(without_words(evaluation()))

    assert page.count("This call has been deleted.") == 11
    assert "### call-00: " in page


def test_an_unknown_price_is_said() -> None:
    assert "The cost per call is unknown" in markdown(evaluation())
    assert "The cost per call is unknown" not in markdown(evaluation(usd=0.001))


def test_a_third_model_is_a_column() -> None:
    assert "| larger |" in markdown(evaluation(against=True))


def test_a_page_needs_nothing_beside_it_and_shows_no_markup_of_a_call() -> None:
    page = html(evaluation())

    assert not re.search(r"<script|<link|(?:src|href)=", page)
    assert "<b>" not in page
    assert "A &lt;b&gt;lamp&lt;/b&gt; broke" in page


def test_the_chart_has_a_row_for_each_share_that_is_known() -> None:
    row = evaluation()
    known = [field for field in FIELDS if field.unit == "share" and row["fields"][field.name]["diff"] is not None]

    svg = ElementTree.fromstring(chart(row))

    assert len(svg.findall("circle")) == len(known)
    assert all(0 <= float(line.attrib[end]) <= 710 for line in svg.findall("line") for end in ("x1", "x2"))


def test_an_evaluation_of_no_calls_can_be_shown() -> None:
    card = scorecard(FIELDS, [])
    nobody = ModelAnswers("nobody", (), ())

    page = html(to_kept(Evaluation(SUMMARIZE, (), nobody, nobody, card, {}, decide(card, FIELDS, {})), 1.0))

    assert "Too few test calls to tell: 0," in page
