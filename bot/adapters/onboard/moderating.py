"""Answers comments with the built-in model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.adapters.onboard.comments import Comments
from bot.adapters.onboard.learned import Learned
from bot.adapters.onboard.vectors import Vectors
from bot.answers.moderation import CATEGORIES
from bot.calls.transcript import Turn

TASK = "moderate"


@dataclass(frozen=True)
class Moderating:
    vectors: Vectors
    comments: Comments

    @classmethod
    def made(cls, vectors: Vectors, learned: Learned | None) -> Moderating:
        arrays = learned.arrays if learned else {}
        return cls(vectors, Comments(arrays["weights"], arrays["cutoffs"]) if learned else Comments.seeded())

    def answer(self, turns: Sequence[Turn]) -> dict[str, Any]:
        return self.comments.of(_text(turns), self.vectors)

    def fit(self, pairs: Sequence[tuple[Sequence[Turn], Mapping[str, Any]]]) -> Learned:
        """Learns from the pairs."""
        texts = [_text(turns) for turns, _ in pairs]
        learned = Comments.seeded().fitted(texts, [_labels(wanted) for _, wanted in pairs], self.vectors)
        return Learned.of(TASK, {"weights": learned.weights, "cutoffs": learned.cutoffs})


def _text(turns: Sequence[Turn]) -> str:
    return "\n".join(turn.text for turn in turns)


def _labels(wanted: Mapping[str, Any]) -> dict[str, bool]:
    """Returns the labels that an output judges, and how."""
    labels = {"toxic": wanted["toxic"]} if "toxic" in wanted else {}
    if "categories" in wanted:
        labels |= {name: name in wanted["categories"] for name in CATEGORIES}
    return labels
