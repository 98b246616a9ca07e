"""What charts hold."""

import pytest

from bot.models.job import CustomizationJob, Look, Loss, Order
from bot.retraining.chart import losses, scorecard, thinned, weeks

ORDER = Order(
    task="summarize", family="nova-lite", base="b", dataset="d-1", place="/d", sha256="0", validation=True,
    hyperparameters={},
)  # fmt: skip
SURE = {"champion": 0.893, "challenger": 0.96, "diff": 0.067, "low": 0.029, "high": 0.114}
UNKNOWN = dict.fromkeys(SURE)


def job(*values: float, of: str = "training") -> CustomizationJob:
    found = tuple(Loss.model_validate({"step": n + 1, "loss": loss, "of": of}) for n, loss in enumerate(values))
    return CustomizationJob(name="job-1", order=ORDER, by="a", at=1.0, look=Look(status="Completed", losses=found))


def test_losses_are_lines_of_what_was_measured_by_step() -> None:
    chart = losses(job(2.0, 1.0, of="validation"))

    assert chart is not None
    assert [(each.name, each.points) for each in chart.series] == [("validation", ((1.0, 2.0), (2.0, 1.0)))]


def test_a_job_without_losses_has_no_chart() -> None:
    assert losses(job()) is None


def test_losses_that_are_no_numbers_are_left_out() -> None:
    chart = losses(job(2.0, float("nan"), 1.0))

    assert chart is not None
    assert chart.series[0].points == ((1.0, 2.0), (3.0, 1.0))


def test_a_long_line_is_thinned_to_means_and_ends_where_it_ends() -> None:
    chart = losses(job(*(float(n) for n in range(1, 1_001))))
    assert chart is not None

    labels, series = thinned(chart, 20)

    assert (len(labels), labels[-1]) == (20, "1000")
    assert series["training"][:2] == [25.5, 75.5]


def test_a_line_with_fewer_points_than_another_keeps_its_value_between_them() -> None:
    both = job(4.0, 3.0, 2.0, 1.0)
    seldom = (Loss(step=2, loss=9.0, of="validation"), Loss(step=4, loss=8.0, of="validation"))
    chart = losses(both.model_copy(update={"look": Look(status="Completed", losses=both.look.losses + seldom)}))
    assert chart is not None

    _, series = thinned(chart, 20)

    assert series == {"training": [4.0, 3.0, 2.0, 1.0], "validation": [9.0, 9.0, 9.0, 8.0]}


def test_a_scorecard_compares_what_is_judged_and_tells_how_sure_it_is() -> None:
    row = {"task": "summarize", "fields": {"topics_f1": SURE, "owner_accuracy": UNKNOWN, "tokens": SURE}}

    chart = scorecard(row)

    assert chart is not None
    assert [each.points for each in chart.series] == [((0.0, 89.3),), ((0.0, 96.0),)]
    assert (chart.categories, chart.notes) == (("topics",), ("+6.7 points (95% interval +2.9 to +11.4)",))


def test_a_scorecard_of_no_calls_has_no_chart() -> None:
    assert scorecard({"task": "summarize", "fields": {"topics_f1": UNKNOWN}}) is None


def test_weeks_are_named_by_their_monday_and_have_a_bar_of_every_kind() -> None:
    chart = weeks({"pairs": {"2026-W48": 3, "2026-W47": 2}, "thumbs up": {"2026-W48": 5}})

    assert chart is not None
    assert chart.categories == ("16 Nov", "23 Nov")
    assert [(each.name, each.points) for each in chart.series] == [
        ("pairs", ((0.0, 2.0), (1.0, 3.0))),
        ("thumbs up", ((0.0, 0.0), (1.0, 5.0))),
    ]


def test_the_last_twelve_weeks_are_shown() -> None:
    chart = weeks({"pairs": {f"2026-W{n}": n for n in range(10, 49)}})

    assert chart is not None
    assert (len(chart.categories), chart.categories[-1]) == (12, "23 Nov")


@pytest.mark.parametrize("counts", [{}, {"pairs": {}}])
def test_without_a_week_there_is_no_chart(counts: dict[str, dict[str, int]]) -> None:
    assert weeks(counts) is None


def test_the_same_chart_has_the_same_digest_and_another_one_another() -> None:
    one, same, other = losses(job(1.0)), losses(job(1.0)), losses(job(2.0))

    assert one is not None
    assert same is not None
    assert other is not None
    assert (one.digest == same.digest, one.digest == other.digest) == (True, False)
