"""How much two texts have in common."""

from __future__ import annotations

from bot.answers.evidence import telling_words


def overlap(one: str, other: str) -> float:
    """F1 of the words that carry meaning: 0 where none is shared, 1 where all are."""
    mine, theirs = telling_words(one), telling_words(other)
    shared = len(mine & theirs)
    return 2 * shared / (len(mine) + len(theirs)) if shared else 0.0
