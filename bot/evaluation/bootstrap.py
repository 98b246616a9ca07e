"""Estimates how sure it is that two models differ, by a paired bootstrap."""

# Uses numpy, because 10,000 draws of 200 calls and a dozen fields take minutes in plain Python.

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
Ratio = tuple[float, float]

RESAMPLES = 10_000
LOW, HIGH = 2.5, 97.5
CELLS = 4_000_000  # draws x calls in memory at once: 32 MB
FEWEST_APART = 6  # calls: five all pointing one way happen by chance once in sixteen tries


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure for two models and its difference, with a 95% interval; `p` is two-sided.

    Values are None if no call measures it.
    """

    champion: float | None = None
    challenger: float | None = None
    diff: float | None = None
    low: float | None = None
    high: float | None = None
    p: float = 1.0


def ratios(
    champion: Sequence[Sequence[Ratio]],
    challenger: Sequence[Sequence[Ratio]],
    seed: int,
    resamples: int = RESAMPLES,
) -> list[Difference]:
    """Returns the difference of sum / sum for each column. Rows are calls, in the same order for both models."""
    if not champion:
        return []
    a, b = (np.array(rows, np.float64) for rows in (champion, challenger))  # calls x columns x 2
    draws = [np.round(_ratio(counts, b) - _ratio(counts, a), 9) for counts in _draws(len(a), seed, resamples)]
    drawn = np.concatenate(draws)
    once = np.ones((1, len(a)))
    before, after = _ratio(once, a)[0], _ratio(once, b)[0]
    apart = (np.abs(a - b) > 1e-9).any(axis=2).sum(axis=0)
    return [_difference(before[n], after[n], drawn[:, n], int(apart[n])) for n in range(a.shape[1])]


def quantile(
    champion: Sequence[float], challenger: Sequence[float], share: float, seed: int, resamples: int = RESAMPLES
) -> Difference:
    """Returns the difference of the value that `share` of the calls don't exceed."""
    a, b = np.array(champion, np.float64), np.array(challenger, np.float64)
    draws = [_quantile(counts, b, share) - _quantile(counts, a, share) for counts in _draws(len(a), seed, resamples)]
    once = np.ones((1, len(a)))
    before, after = float(_quantile(once, a, share)[0]), float(_quantile(once, b, share)[0])
    return _difference(before, after, np.concatenate(draws), int((a != b).sum()))


def _draws(calls: int, seed: int, resamples: int) -> Iterator[Matrix]:
    """Yields how often each call is drawn: one row per draw, some rows at a time."""
    random = np.random.default_rng(seed)
    step = max(CELLS // calls, 1)
    for start in range(0, resamples, step):
        size = min(step, resamples - start)
        drawn = random.integers(0, calls, (size, calls)) + calls * np.arange(size)[:, None]
        yield np.bincount(drawn.ravel(), minlength=size * calls).reshape(size, calls).astype(np.float64)


def _ratio(counts: Matrix, measures: Matrix) -> Matrix:
    """Returns draws x columns; NaN if no drawn call measures a column."""
    with np.errstate(invalid="ignore"):
        found: Matrix = (counts @ measures[:, :, 0]) / (counts @ measures[:, :, 1])
    return found


def _quantile(counts: Matrix, values: Matrix, share: float) -> Matrix:
    order = np.argsort(values, kind="stable")
    reached = counts[:, order].cumsum(axis=1) >= ceil(share * len(values) - 1e-9)
    found: Matrix = values[order][reached.argmax(axis=1)]
    return found


def _difference(before: float, after: float, drawn: Matrix, apart: int) -> Difference:
    champion, challenger = _known(before), _known(after)
    drawn = drawn[~np.isnan(drawn)]
    if champion is None or challenger is None or not drawn.size:
        return Difference(champion, challenger)
    low, high = np.percentile(drawn, (LOW, HIGH))
    p = 2 * (min((drawn <= 0).sum(), (drawn >= 0).sum()) + 1) / (drawn.size + 1)
    return Difference(
        champion,
        challenger,
        _known(after - before),
        _known(low),
        _known(high),
        p=min(float(p), 1.0) if apart >= FEWEST_APART else 1.0,
    )


def _known(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), 6) + 0.0  # + 0.0 turns -0.0 into 0.0
