import random
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answers.moderation import Moderation
from bot.answers.summary import Summary
from bot.evaluation.bootstrap import Difference, quantile, ratios
from bot.evaluation.gate import Gate, decide, holm
from bot.evaluation.metrics import Measure, fields
from bot.evaluation.scorecard import ScoreRow, scorecard, value

FIELDS = fields(Summary)
NAMES = [field.name for field in FIELDS]
SAFE = {"injection": (5, 5, 6)}
SHARE = st.sampled_from([0.0, 0.25, 0.5, 1.0]).map(lambda share: (share, 1.0))
MODEL = st.fixed_dictionaries(dict.fromkeys(NAMES, SHARE))
ROWS = st.lists(st.tuples(MODEL, MODEL), min_size=1, max_size=40).map(
    lambda models: [ScoreRow(f"c{n:02}", ("ab"[n % 2],), *each) for n, each in enumerate(models)]
)


def model(rng: random.Random, mean: float = 0.5, **changed: float) -> dict[str, Measure]:
    found = {name: (min(max(rng.gauss(mean, 0.1), 0.0), 1.0), 1.0) for name in NAMES}
    fixed = {"valid": 1.0, "tokens": 100.0, "latency_p50_ms": 9.0, "latency_p95_ms": 9.0} | changed
    return found | {name: (number, 1.0) for name, number in fixed.items()}


def rows(n: int = 60, better_by: float = 0.0, **challenger: float) -> list[ScoreRow]:
    rng = random.Random(1)
    return [ScoreRow(f"c{k}", ("billing",), model(rng), model(rng, 0.5 + better_by, **challenger)) for k in range(n)]


def test_a_figure_is_the_sum_of_what_calls_add_by_the_sum_of_what_they_could() -> None:
    (found,) = ratios([[(1, 2)], [(0, 0)]], [[(2, 2)], [(1, 2)]], seed=1)

    assert (found.champion, found.challenger, found.diff) == (0.5, 0.75, 0.25)


def test_an_interval_is_as_wide_as_theory_says() -> None:
    rng = random.Random(3)
    gains = [rng.gauss(0.05, 0.2) for _ in range(200)]

    (found,) = ratios([[(0.0, 1.0)]] * 200, [[(gain, 1.0)] for gain in gains], seed=1)

    assert found.low is not None
    assert found.high is not None
    assert found.high - found.low == pytest.approx(2 * 1.96 * 0.2 / 200**0.5, rel=0.15)


def test_a_difference_on_fewer_than_six_calls_is_never_sure() -> None:
    five, six = (ratios([[(0.0, 1.0)]] * 30, [[(float(k < n), 1.0)] for k in range(30)], seed=1)[0] for n in (5, 6))

    assert (five.p, six.p < 0.05) == (1.0, True)


def test_a_field_that_no_call_speaks_of_has_no_figure() -> None:
    assert ratios([[(0, 0)]], [[(0, 0)]], seed=1) == [Difference()]


def test_quantiles_are_values_that_were_measured() -> None:
    found = quantile([1, 2, 3, 100], [2, 2, 3, 4], 0.5, seed=1)

    assert (found.champion, found.challenger, found.diff) == (2, 2, 0)


@settings(max_examples=15, deadline=None)
@given(ROWS)
def test_a_model_is_never_promoted_over_itself(some: list[ScoreRow]) -> None:
    card = scorecard(FIELDS, [replace(row, challenger=row.champion) for row in some])

    assert {(each.diff, each.low, each.high) for each in card.fields.values()} == {(0.0, 0.0, 0.0)}
    assert decide(card, FIELDS, SAFE, Gate(fewest=1)).verdict == "refuse"


@settings(max_examples=15, deadline=None)
@given(ROWS)
def test_models_that_change_places_change_the_signs(some: list[ScoreRow]) -> None:
    one = scorecard(FIELDS, some).fields
    other = scorecard(FIELDS, [replace(row, champion=row.challenger, challenger=row.champion) for row in some]).fields

    for name, (sign, end, opposite) in product(NAMES, [(-1, "diff", "diff"), (-1, "low", "high")]):
        assert getattr(one[name], end) == pytest.approx(sign * getattr(other[name], opposite), abs=2e-6)


@settings(max_examples=15, deadline=None)
@given(ROWS, st.randoms())
def test_the_order_of_calls_does_not_matter(some: list[ScoreRow], rng: random.Random) -> None:
    assert scorecard(FIELDS, rng.sample(some, len(some))) == scorecard(FIELDS, some)


def test_the_same_seed_gives_the_same_bytes() -> None:
    assert repr(scorecard(FIELDS, rows(), seed=3)) == repr(scorecard(FIELDS, rows(), seed=3))


def test_each_topic_has_the_primary_field_on_its_own_calls() -> None:
    some = [replace(row, groups=("billing",) if n < 20 else ("login",)) for n, row in enumerate(rows())]

    card = scorecard(FIELDS, some)

    (calls, found), alone = card.by_group["billing"], scorecard(FIELDS, some[:20]).fields["topics_f1"]
    assert (calls, found.champion, found.diff) == (20, alone.champion, alone.diff)


def test_the_ten_calls_that_moved_most_are_named() -> None:
    card = scorecard(FIELDS, rows())

    assert (len(card.better), len(card.worse)) == (10, 10)
    assert all(each.challenger > each.champion for each in card.better)
    assert all(each.challenger < each.champion for each in card.worse)


def test_an_evaluation_of_no_calls_has_no_figures() -> None:
    assert set(scorecard(FIELDS, []).fields.values()) == {Difference()}


def test_the_figures_of_one_model_alone() -> None:
    measured = [row.champion for row in rows(4)]

    assert value(FIELDS, measured)["topics_f1"] == scorecard(FIELDS, rows(4)).fields["topics_f1"].champion


def verdict(some: list[ScoreRow], **gate: float) -> str:
    return decide(scorecard(FIELDS, some), FIELDS, SAFE, Gate(**gate)).verdict  # type: ignore[arg-type]


def test_a_model_that_is_better_for_sure_is_promoted() -> None:
    decision = decide(scorecard(FIELDS, rows(better_by=0.2)), FIELDS, SAFE)

    assert decision.verdict == "promote"
    assert decision.sentence.startswith("Promote the new model: it got better (topics: ")


def test_below_thirty_calls_nothing_can_be_told() -> None:
    decision = decide(scorecard(FIELDS, rows(29, better_by=0.2)), FIELDS, SAFE)

    assert (decision.verdict, decision.sentence) == (
        "too_few", "Too few test calls to tell: 29, and at least 30 are needed."
    )  # fmt: skip


def test_a_model_that_is_no_better_is_refused() -> None:
    decision = decide(scorecard(FIELDS, rows(400)), FIELDS, SAFE)

    assert decision.verdict == "refuse"
    assert "shows no clear improvement (topics:" in decision.sentence


def test_a_model_whose_primary_field_may_be_worse_is_refused() -> None:
    decision = decide(scorecard(FIELDS, rows(better_by=-0.05)), FIELDS, SAFE)

    assert "may be worse by more than the 3 points allowed" in decision.sentence


def test_the_margin_can_be_chosen() -> None:
    cheaper = rows(400, tokens=50.0)

    assert (verdict(cheaper, margin=0.05), verdict(cheaper, margin=0.0)) == ("promote", "refuse")


def test_a_model_that_does_as_well_on_far_fewer_tokens_is_promoted() -> None:
    decision = decide(scorecard(FIELDS, rows(400, tokens=15.0)), FIELDS, SAFE)

    assert "it takes 85% fewer tokens per call" in decision.sentence


def test_tokens_that_were_counted_in_another_way_promote_nobody() -> None:
    card = scorecard(FIELDS, rows(400, tokens=15.0))

    assert decide(card, FIELDS, SAFE, same_tokens=False).verdict == "refuse"


def test_a_field_that_got_worse_for_sure_refuses_a_better_model() -> None:
    decision = decide(scorecard(FIELDS, rows(better_by=0.2, owner_accuracy=0.3)), FIELDS, SAFE)

    assert decision.verdict == "refuse"
    assert "got worse (owners of action items: " in decision.sentence


def test_a_gain_in_words_that_were_corrected_promotes_nobody() -> None:
    card = scorecard(FIELDS, rows(400, next_steps_f1=0.9))

    found = [decide(card, FIELDS, SAFE, drafted=names) for names in ((), {"next_steps_f1"})]

    assert [each.verdict for each in found] == ["promote", "refuse"]
    assert "improved only where people had corrected a model's words (next steps)" in found[1].sentence


def test_a_loss_in_words_that_were_corrected_counts() -> None:
    card = scorecard(FIELDS, rows(better_by=0.2, next_steps_f1=0.1))

    decision = decide(card, FIELDS, SAFE, drafted={"next_steps_f1"})

    assert "got worse (next steps: " in decision.sentence


def test_fewer_valid_answers_refuse_a_better_model() -> None:
    some = rows(better_by=0.2)
    some[0] = replace(some[0], challenger={**some[0].challenger, "valid": (0.0, 1.0)})

    decision = decide(scorecard(FIELDS, some), FIELDS, SAFE)

    assert "gave a valid answer to 98.3 of 100 calls, the current model to 100.0" in decision.sentence


def test_a_model_that_does_worse_on_the_safety_probes_is_refused() -> None:
    probes = {"injection": (5, 4, 6), "harm": (3, 3, 3)}

    decision = decide(scorecard(FIELDS, rows(better_by=0.2)), FIELDS, probes)

    assert decision.verdict == "refuse"
    assert "safety tests (injection): it passed 7 of 9, the current model 8" in decision.sentence


def test_a_model_that_is_worse_than_a_guess_is_refused_though_the_champion_is_worse_still() -> None:
    some = [replace(row, guess=(float(n % 5 > 0), 1.0)) for n, row in enumerate(rows(better_by=0.2))]

    decision = decide(scorecard(FIELDS, some), FIELDS, SAFE)

    assert decision.verdict == "refuse"
    assert "may be worse than giving every call the most common topic (topics: 80.0 that way, " in decision.sentence


def test_moderation_is_judged_by_its_verdicts_first() -> None:
    assert fields(Moderation)[0].name == "accuracy"


def test_holm_corrects_for_how_many_were_looked_at() -> None:
    assert holm({"a": 0.01, "b": 0.04, "c": 0.03}) == pytest.approx({"a": 0.03, "c": 0.06, "b": 0.06})
