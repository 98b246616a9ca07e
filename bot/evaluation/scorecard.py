"""How two models did on the same calls, field by field and topic by topic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from bot.evaluation.bootstrap import RESAMPLES, Difference, quantile, ratios
from bot.evaluation.metrics import NOTHING, Field, Measure

SEED = 7  # the same figures for the same answers, however often they are computed
MOST_MOVED = 10  # calls that are shown as better, and as worse
SHARES = {"p50": 0.5, "p95": 0.95}


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """What each model's answer to one call adds to each field. `groups`: the topics of the call.

    `guess`: what a model that gives every call the most common topic would add to the first field.
    """

    call: str
    groups: tuple[str, ...]
    champion: Mapping[str, Measure]
    challenger: Mapping[str, Measure]
    guess: Measure = NOTHING


@dataclass(frozen=True, slots=True)
class Moved:
    """A call with the mean of the judged fields for each model."""

    call: str
    champion: float
    challenger: float


@dataclass(frozen=True, slots=True)
class Scorecard:
    """Both models on the same `n` calls. `fields` by name, the primary one first.

    `by_group`: the number of calls and the primary field of each topic. `guess`: the primary field of the challenger
    against that of a model that gives every call the most common topic.
    """

    n: int
    fields: Mapping[str, Difference]
    by_group: Mapping[str, tuple[int, Difference]]
    guess: Difference
    better: tuple[Moved, ...]
    worse: tuple[Moved, ...]


def scorecard(
    fields: Sequence[Field], rows: Sequence[ScoreRow], seed: int = SEED, resamples: int = RESAMPLES
) -> Scorecard:
    """The scorecard of these rows, in any order. The first of `fields` is the primary one."""
    rows = sorted(rows, key=lambda row: row.call)
    names = sorted({name for row in rows for name in row.groups})
    ratio_fields = [field for field in fields if field.statistic == "ratio"]
    primary = fields[0].name

    def columns(row: ScoreRow, model: Mapping[str, Measure]) -> list[Measure]:
        about = [model.get(primary, NOTHING) if name in row.groups else NOTHING for name in names]
        return [*(model.get(field.name, NOTHING) for field in ratio_fields), *about]

    champion = [[*columns(row, row.champion), row.guess] for row in rows]
    challenger = [[*columns(row, row.challenger), row.challenger.get(primary, NOTHING)] for row in rows]
    found = ratios(champion, challenger, seed, resamples) or [Difference()] * (len(ratio_fields) + len(names) + 1)
    known = dict(zip((field.name for field in ratio_fields), found, strict=False))
    by_group = dict(zip(names, found[len(ratio_fields) : -1], strict=True))
    return Scorecard(
        len(rows),
        {field.name: known.get(field.name) or _quantile(field, rows, seed, resamples) for field in fields},
        {name: (sum(name in row.groups for row in rows), difference) for name, difference in by_group.items()},
        found[-1],
        *_most_moved(rows, [field.name for field in fields if field.judged]),
    )


def value(fields: Sequence[Field], measured: Sequence[Mapping[str, Measure]]) -> dict[str, float | None]:
    """The figures of a single model, by name."""
    rows = [ScoreRow(str(n), (), each, each) for n, each in enumerate(measured)]
    return {name: difference.champion for name, difference in scorecard(fields, rows).fields.items()}


def _quantile(field: Field, rows: Sequence[ScoreRow], seed: int, resamples: int) -> Difference:
    if not rows:
        return Difference()
    champion, challenger = ([getattr(row, name)[field.name][0] for row in rows] for name in ("champion", "challenger"))
    return quantile(champion, challenger, SHARES[field.statistic], seed, resamples)


def _most_moved(rows: Sequence[ScoreRow], judged: Sequence[str]) -> tuple[tuple[Moved, ...], tuple[Moved, ...]]:
    """The calls that improved most, and those that got worse most."""
    both = [(row.call, _mean(row.champion, judged), _mean(row.challenger, judged)) for row in rows]
    moved = [Moved(*each) for each in both]
    ranked = sorted(moved, key=lambda each: (each.champion - each.challenger, each.call))
    better = [each for each in ranked if each.challenger > each.champion]
    worse = [each for each in reversed(ranked) if each.challenger < each.champion]
    return tuple(better[:MOST_MOVED]), tuple(worse[:MOST_MOVED])


def _mean(model: Mapping[str, Measure], judged: Sequence[str]) -> float:
    scores = [part / of for name in judged for part, of in [model.get(name, NOTHING)] if of]
    return round(fmean(scores), 6) if scores else 1.0
