"""Measures how much two texts have in common."""

from __future__ import annotations

from bot.answers.evidence import telling_words


def overlap(one: str, other: str) -> float:
    """Returns F1 of the meaningful words: 0 if none is shared, 1 if all are."""
    mine, theirs = telling_words(one), telling_words(other)
    shared = len(mine & theirs)
    return 2 * shared / (len(mine) + len(theirs)) if shared else 0.0
