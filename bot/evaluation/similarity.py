"""Measures how similar two texts or lists are."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

# Chinese, Japanese and Korean count letter by letter: their words have no spaces, or have particles attached.
_TOKEN = re.compile(
    r"[\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W_\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+"
)
HALF = 0.5  # two entries say the same if they share half of their words


def tokens(text: str) -> list[str]:
    """Returns lower-case words without punctuation; single letters for Chinese, Japanese and Korean."""
    return _TOKEN.findall(unicodedata.normalize("NFKC", text).lower())


def token_f1(given: str, wanted: str) -> float:
    """Returns the harmonic mean of matching / given and matching / wanted tokens; 1 if both are empty."""
    mine, theirs = Counter(tokens(given)), Counter(tokens(wanted))
    return f1((mine & theirs).total(), mine.total(), theirs.total())


def rouge_l(given: str, wanted: str) -> float:
    """Returns the ROUGE-L F-measure without stemming: token F1 of what is in the same order."""
    mine, theirs = tokens(given), tokens(wanted)
    return f1(_common_in_order(mine, theirs), len(mine), len(theirs))


def names_f1(given: Sequence[str], wanted: Sequence[str]) -> float:
    """Returns F1 of two sets of names, ignoring case and spacing."""
    mine, theirs = ({_name(each) for each in names} for names in (given, wanted))
    return f1(len(mine & theirs), len(mine), len(theirs))


def hierarchical_f1(given: Sequence[str], wanted: Sequence[str]) -> float:
    """Returns the same, but "billing > refund" counts as "billing" and "billing > refund"."""
    return names_f1(_with_parents(given), _with_parents(wanted))


def matched(given: Sequence[str], wanted: Sequence[str]) -> list[tuple[int, int]]:
    """Returns indexes (given, wanted) of texts that say the same, each used once, with the highest total token F1."""
    likeness = [[each if (each := token_f1(one, other)) >= HALF else 0.0 for other in wanted] for one in given]
    return [(row, column) for row, column in best_assignment(likeness) if likeness[row][column]]


def f1(matching: float, given: float, wanted: float) -> float:
    """Returns 2 x matching / (given + wanted); 1 if nothing was wanted or given."""
    return 2 * matching / (given + wanted) if given + wanted else 1.0


def best_assignment(gain: Sequence[Sequence[float]]) -> list[tuple[int, int]]:
    """Returns (row, column) pairs with the highest total gain. No row or column repeats; the shorter side is used up.

    Uses the Hungarian method with potentials (Kuhn 1955, in Jonker and Volgenant's form).
    """
    if not gain or not gain[0]:
        return []
    if len(gain) > len(gain[0]):
        return sorted((row, column) for column, row in best_assignment(list(zip(*gain, strict=True))))
    row_of = _assigned([[-each for each in row] for row in gain])
    return sorted((row, column) for column, row in enumerate(row_of) if row >= 0)


def _assigned(cost: Sequence[Sequence[float]]) -> list[int]:
    """Returns the row of each column (-1: none) at the least total cost. Needs at most as many rows as columns."""
    columns = len(cost[0])
    row_price, column_price = [0.0] * len(cost), [0.0] * columns
    row_of = [-1] * columns
    for start in range(len(cost)):
        # Find the cheapest path from the new row to a free column, through rows that change columns.
        distance, before = [float("inf")] * columns, [-1] * columns
        done: list[int] = []
        row, last, so_far = start, -1, 0.0
        while True:
            for column in set(range(columns)) - set(done):
                length = so_far + cost[row][column] - row_price[row] - column_price[column]
                if length < distance[column]:
                    distance[column], before[column] = length, last
            last = min(set(range(columns)) - set(done), key=lambda column: (distance[column], column))
            so_far = distance[last]
            if row_of[last] < 0:
                break
            done.append(last)
            row = row_of[last]
        row_price[start] += so_far
        for column in done:
            row_price[row_of[column]] += so_far - distance[column]
            column_price[column] -= so_far - distance[column]
        while last >= 0:
            row_of[last] = row_of[before[last]] if before[last] >= 0 else start
            last = before[last]
    return row_of


def _common_in_order(one: Sequence[str], other: Sequence[str]) -> int:
    """Returns the length of the longest common subsequence, with one bit per token of `one` (Hyyrö 2004)."""
    places: dict[str, int] = {}
    for n, token in enumerate(one):
        places[token] = places.get(token, 0) | 1 << n
    full = row = (1 << len(one)) - 1
    for token in other:
        same = row & places.get(token, 0)
        row = ((row + same) | (row - same)) & full
    return len(one) - row.bit_count()


def _name(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _with_parents(names: Sequence[str]) -> list[str]:
    levels = [[_name(level) for level in name.split(">")] for name in names]
    return [" > ".join(each[: n + 1]) for each in levels for n in range(len(each))]
