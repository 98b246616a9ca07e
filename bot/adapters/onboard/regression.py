"""Fits linear models that correct a given score."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

STEPS = 200
FOLDS = 4


def logistic(x: Floats, y: Floats, offset: Floats, l2: float) -> Floats:
    """Returns one column of weights per label, for `offset + x @ weights`. NaN in `y` is a label nobody judged.

    Full batch, accelerated gradient, from zero: the same data give the same weights.
    """
    if not x.any():
        return np.zeros((x.shape[1], y.shape[1]))
    if x.shape[0] < x.shape[1]:
        short, back = _shortened(x)
        return back @ logistic(short, y, offset, l2)
    known = ~np.isnan(y)
    wanted = np.where(known, y, 0.0)
    step = 1.0 / (0.25 * float(np.linalg.eigvalsh(x.T @ x)[-1]) + l2)
    weights: Floats = np.zeros((x.shape[1], y.shape[1]))
    ahead: Floats = weights
    for n in range(STEPS):
        error = np.where(known, _chance(offset + x @ ahead) - wanted, 0.0)
        after: Floats = ahead - step * (x.T @ error + l2 * ahead)
        ahead, weights = np.add(after, n / (n + 3) * (after - weights), dtype=np.float64), after
    return weights


def ridge(x: Floats, y: Floats, l2: float) -> Floats:
    """Returns ridge-regression weights for `y`. A larger `l2` pulls them closer to zero."""
    return np.asarray(np.linalg.solve(x.T @ x + l2 * np.eye(x.shape[1]), x.T @ y), dtype=np.float64)


def _chance(score: Floats) -> Floats:
    """The logistic function."""
    chances: Floats = 0.5 * (1.0 + np.tanh(0.5 * score))
    return chances


def out_of_fold(groups: NDArray[np.int64], fit: Callable[[NDArray[np.bool_]], Floats]) -> Floats:
    """Scores each row by a model that saw no row of its group. `fit` gets the rows to learn from, and scores all."""
    folds = list(_folds(groups))
    scores = [np.where(held[:, None], fit(~held), 0.0) for held in folds]
    total: Floats = np.sum(scores, axis=0)
    return total


def best_cutoff(score: Floats, y: Floats, least: float, most: float) -> float:
    """Returns the cut-off between `least` and `most` with the highest F1; the middle one if several tie."""
    cutoffs = np.round(np.linspace(least, most, 61), 6)
    quality = np.array([f1(np.round(score, 6) >= cutoff, y) for cutoff in cutoffs])
    best = np.flatnonzero(quality == quality.max())
    return float(cutoffs[best[len(best) // 2]])


def f1(chosen: NDArray[np.bool_], y: Floats) -> float:
    """Returns 2 x hits / (chosen + wanted); 0 if nothing is chosen or wanted."""
    return round(2 * float(y[chosen].sum()) / max(int(chosen.sum()) + float(y.sum()), 1.0), 6)


def _folds(groups: NDArray[np.int64]) -> Iterator[NDArray[np.bool_]]:
    for fold in range(FOLDS):
        yield groups % FOLDS == fold


def _shortened(x: Floats) -> tuple[Floats, Floats]:
    """Returns fewer columns with the same products between rows, and the matrix that converts the weights back.

    Nothing is lost, because weights are sums of rows. A step costs rows x rows, not rows x columns.
    """
    values, vectors = np.linalg.eigh(x @ x.T)
    used = values > values[-1] * 1e-10
    roots = np.sqrt(values[used])
    return vectors[:, used] * roots, x.T @ (vectors[:, used] / roots)
