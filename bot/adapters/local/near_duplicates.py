"""Finds near-duplicates among very many calls (locality-sensitive hashing)."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.datasets.minhash import ALIKE, BAND, BINS, agreeing

_CHUNK = 100_000
Numbers = NDArray[np.int64]


_CALL = np.dtype([("number", np.int64), ("side", np.uint8), ("id", np.uint64)])


def younger(signatures: Path, count: int, calls: Iterable[tuple[int, int, bytes]]) -> list[int]:
    """Returns the numbers of the calls to leave out: each nearly the same as an older one on another side that stays.

    `calls` are (number, side, id) from old to young; `count` is above all numbers. In each band, a call is compared with
    the oldest remaining one of each other side, until nothing more is left out. The result for a call depends only on
    older calls. Two calls with the same id count as nearly the same.
    """
    rows = np.fromiter(((number, side, int.from_bytes(id_[:8], "big")) for number, side, id_ in calls), _CALL)
    by_age = rows["number"].copy()
    age, side = np.zeros(count, np.int64), np.zeros(count, np.uint8)
    ids, out = np.zeros(count, np.uint64), np.zeros(count, np.bool_)
    age[by_age], side[by_age], ids[by_age] = np.arange(len(rows)), rows["side"], rows["id"]
    del rows
    while (edges := _edges(signatures, ids, age, side, by_age[~out[by_age]])).size:
        before = int(out.sum())
        for old, young in edges:
            if not out[old]:
                out[young] = True
        if int(out.sum()) == before:
            break
    return [int(number) for number in np.flatnonzero(out)]


def _edges(
    signatures: Path, ids: NDArray[np.uint64], age: Numbers, side: NDArray[np.uint8], by_age: Numbers
) -> Numbers:
    """Returns pairs of an older and a younger call that can't both stay, sorted by the younger one."""
    found = [_in_runs(ids, by_age, side, None)]
    for start in range(0, BINS - BAND + 1, BAND):  # one band in memory at a time
        band = _column(signatures, len(ids), start)
        found.append(_in_runs(band, by_age, side, signatures))
    edges = _distinct(np.concatenate(found))
    return edges[np.argsort(age[edges[:, 1]], kind="stable")]


def _distinct(edges: Numbers) -> Numbers:
    """Returns each edge once, because near-duplicates share many bands."""
    edges = edges[np.lexsort((edges[:, 0], edges[:, 1]))]
    fresh = np.ones(len(edges), np.bool_)
    fresh[1:] = (edges[1:] != edges[:-1]).any(axis=1)
    return edges[fresh]


def _column(signatures: Path, count: int, start: int) -> NDArray[np.uint64]:
    """Returns one band of all signatures as numbers."""
    column = np.zeros((count, 8), np.uint8)
    for first in range(0, count, _CHUNK):
        some = np.fromfile(signatures, np.uint8, min(_CHUNK, count - first) * BINS, offset=first * BINS)
        column[first : first + _CHUNK, :BAND] = some.reshape(-1, BINS)[:, start : start + BAND]
    return column.view(np.uint64).ravel()


def _in_runs(keys: NDArray[np.uint64], by_age: Numbers, side: NDArray[np.uint8], signatures: Path | None) -> Numbers:
    """Yields the edges between calls with the same key."""
    numbers = by_age[np.argsort(keys[by_age], kind="stable")]
    sorted_keys = keys[numbers]
    starts = (
        np.flatnonzero(np.concatenate(([True], sorted_keys[1:] != sorted_keys[:-1])))
        if len(numbers)
        else np.empty(0, np.int64)
    )
    if not len(starts):
        return np.empty((0, 2), np.int64)
    sides = side[numbers]
    mixed = np.minimum.reduceat(sides, starts) != np.maximum.reduceat(sides, starts)
    ends = np.append(starts[1:], len(numbers))
    found = [_in_run(numbers[a:b], side, signatures) for a, b in zip(starts[mixed], ends[mixed], strict=True)]
    return np.concatenate(found) if found else np.empty((0, 2), np.int64)


def _in_run(members: Numbers, side: NDArray[np.uint8], signatures: Path | None) -> Numbers:
    """Returns edges from each side's oldest member to younger members of other sides. Members go from old to young."""
    found = []
    for each in np.unique(side[members]):
        first = int(np.argmax(side[members] == each))
        oldest, others = members[first], members[first + 1 :]
        others = others[side[others] != each]
        if signatures is not None and len(others):
            others = others[_alike(signatures, oldest, others)]
        found.append(np.stack((np.full(len(others), oldest), others), axis=1))
    return np.concatenate(found)


def _alike(signatures: Path, oldest: int, others: Numbers) -> NDArray[np.bool_]:
    """Returns which others have enough in common with the oldest. Reads only the pages it needs."""
    rows = np.memmap(signatures, np.uint8, "r").reshape(-1, BINS)
    alike = np.empty(len(others), np.bool_)
    for start in range(0, len(others), _CHUNK):
        some = rows[others[start : start + _CHUNK]]
        alike[start : start + _CHUNK] = (some == rows[oldest]).sum(axis=1) >= agreeing(ALIKE)
    return alike
