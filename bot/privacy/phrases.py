"""Many phrases as one expression that is quick to search."""

from __future__ import annotations

import re


def phrases(listed: str) -> str:
    """An expression for any of the phrases, which are expressions themselves, divided by `;`, and begin with a letter.

    They are grouped by that letter: the expression then looks at one of 20 groups where it would try 100 phrases in turn,
    which is four times as fast. Of phrases with the same letter the earlier one wins.
    """
    groups: dict[str, list[str]] = {}
    for phrase in filter(None, (phrase.strip() for phrase in listed.split(";"))):
        assert phrase[0].isalnum(), phrase
        groups.setdefault(phrase[0], []).append(phrase[1:])
    return "(?:" + "|".join(f"{re.escape(first)}(?:{'|'.join(rest)})" for first, rest in groups.items()) + ")"


def words(listed: str) -> str:
    """The same, standing alone as words."""
    return rf"(?<![^\W_]){phrases(listed)}(?![^\W_])"
