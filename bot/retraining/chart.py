"""Charts as data: the losses of a job, the figures of two models, counts by week."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from bot.evaluation.metrics import named
from bot.models.job import CustomizationJob

WEEKS = 12  # the latest weeks that are shown
MODELS = {"champion": "current model", "challenger": "new model"}
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Series:
    """Points (x, y), ordered by x. For bars, x is the number of the category."""

    name: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A line or bar chart. `categories`: the names of the bars (none for lines). `notes`: a text beside each, or none."""

    title: str
    kind: Literal["line", "bar"]
    x_label: str
    y_label: str
    series: tuple[Series, ...]
    categories: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """Twelve hex digits, the same for the same chart."""
        return hashlib.sha256(repr(self).encode("utf-8", "surrogatepass")).hexdigest()[:12]


def losses(job: CustomizationJob) -> Chart | None:
    """Loss by step, for training and validation; None if the job has reported none."""
    found = sorted((each for each in job.look.losses if math.isfinite(each.loss)), key=lambda each: each.step)
    lines = [
        Series(kind, tuple((float(each.step), each.loss) for each in found if each.of == kind))
        for kind in ("training", "validation")
    ]
    shown = tuple(line for line in lines if line.points)
    return Chart(f"Loss of {job.name}", "line", "step", "loss", shown) if shown else None


def scorecard(row: Mapping[str, Any]) -> Chart | None:
    """The judged figures of both models as percentages, with the difference and its 95% interval as notes.

    `row` is that of bot.evaluation.evaluation. None if no figure is known.
    """
    known = [(named(name), each) for name, each in row["fields"].items() if each["diff"] is not None]
    judged = [(field, each) for field, each in known if field.judged]
    if not judged:
        return None
    bars = tuple(_bars(name, [100 * each[side] for _, each in judged]) for side, name in MODELS.items())
    names = tuple(field.label.removeprefix("the category ") for field, _ in judged)
    notes = tuple(_sure(each) for _, each in judged)
    return Chart(f"Current and new model, {row['task']}", "bar", "figure", "percent", bars, names, notes)


def weeks(counts: Mapping[str, Mapping[str, int]]) -> Chart | None:
    """Counts by kind of feedback and ISO week (2026-W48), for the last twelve weeks that have any."""
    shown = sorted({week for by_week in counts.values() for week in by_week})[-WEEKS:]
    bars = tuple(_bars(kind, [float(by_week.get(week, 0)) for week in shown]) for kind, by_week in counts.items())
    return Chart("Feedback by week", "bar", "week of", "count", bars, tuple(map(monday, shown))) if shown else None


def monday(week: str) -> str:
    """The first day of an ISO week such as "2026-W48", as "23 Nov"."""
    year, number = week.split("-W")
    day = date.fromisocalendar(int(year), int(number), 1)
    return f"{day.day} {day:%b}"


def thinned(chart: Chart, most: int) -> tuple[list[str], dict[str, list[float]]]:
    """At most `most` labels along the x-axis, and the value of every series at each of them.

    For lines, a value is the mean of the points since the label before; if there are none, the value before is repeated.
    """
    if chart.kind == "bar":
        return list(chart.categories[:most]), {each.name: [y for _, y in each.points[:most]] for each in chart.series}
    steps = sorted({x for each in chart.series for x, _ in each.points})
    ends = [steps[(n + 1) * len(steps) // most - 1] for n in range(most)] if len(steps) > most else steps
    return [f"{end:g}" for end in ends], {each.name: _at(each.points, ends) for each in chart.series}


def _at(points: Sequence[Point], ends: Sequence[float]) -> list[float]:
    values, value, start = [], points[0][1], -math.inf
    for end in ends:
        here = [y for x, y in points if start < x <= end]
        value = sum(here) / len(here) if here else value
        values.append(value)
        start = end
    return values


def _bars(name: str, values: Sequence[float]) -> Series:
    return Series(name, tuple((float(n), round(value, 2)) for n, value in enumerate(values)))


def _sure(each: Mapping[str, float]) -> str:
    diff, low, high = (f"{100 * each[key]:+.1f}" for key in ("diff", "low", "high"))
    return f"{diff} points (95% interval {low} to {high})"
