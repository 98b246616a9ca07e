"""Chooses a call's topics from the taxonomy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.adapters.onboard.call import Call, unit
from bot.adapters.onboard.regression import Floats, logistic
from bot.adapters.onboard.vectors import SIZE, Vectors
from bot.task import Topic

SCALE = 30.0  # scales likeness, which differs only by hundredths between labels, for logistic regression
L2 = 0.02
LIKEST, SHARE = 3, 0.2  # sentences that decide a label: three, or a fifth of a longer call
WHOLE = 0.5  # weight of the whole call's likeness beside them
MARGIN = 0.06  # a label within this share of the best one is given too
OPENING = 4  # the customer's first sentences, which mostly say why they call
WIDTH = 3 * SIZE


@dataclass(frozen=True)
class Topics:
    """The labels, a vector for each one's meaning, and learned weights.

    `centre` is what all calls have in common; weights count from there.
    """

    names: tuple[str, ...]
    meanings: Floats
    weights: Floats
    centre: Floats

    @classmethod
    def seeded(cls, taxonomy: Sequence[Topic], vectors: Vectors) -> Topics:
        """Returns topics that know only the taxonomy."""
        meanings = vectors.of([topic.meaning for topic in taxonomy])
        weights = np.zeros((WIDTH, len(taxonomy)))
        return cls(tuple(topic.name for topic in taxonomy), meanings, weights, np.zeros(WIDTH))

    def joined_by(self, names: Sequence[str], vectors: Vectors) -> Topics:
        """Adds labels outside the taxonomy, known only by name."""
        new = [name for name in dict.fromkeys(names) if name not in self.names]
        meanings = np.vstack([self.meanings, vectors.of(new)])
        weights = np.hstack([self.weights, np.zeros((WIDTH, len(new)))])
        return Topics((*self.names, *new), meanings, weights, self.centre)

    def taught(self, names: Sequence[str], weights: Floats, centre: Floats, vectors: Vectors) -> Topics:
        """Adds weights learned for labels with these names, even names outside the taxonomy."""
        joined = self.joined_by(names, vectors)
        joined.weights[:, [joined.names.index(name) for name in names]] = weights
        return Topics(joined.names, joined.meanings, joined.weights, centre)

    def of(self, call: Call) -> list[str]:
        """Returns the likeliest name, then every other one above 50%, likeliest first."""
        if not self.names or not len(call.topical):
            return []
        scores = np.round(self._seed(call) + (_features(call) - self.centre) @ self.weights, 6)
        ranked = np.argsort(-scores, kind="stable")
        return [self.names[n] for place, n in enumerate(ranked) if place == 0 or scores[n] >= 0]

    def fitted(self, calls: Sequence[Call], topics: Sequence[Sequence[str]]) -> Topics:
        """Returns the same labels, trained on people's topics for these calls."""
        x = np.array([_features(call) for call in calls])
        y = np.array([[float(name in given) for name in self.names] for given in topics])
        offset = np.array([self._seed(call) for call in calls])
        centre = x.mean(axis=0)
        return Topics(self.names, self.meanings, logistic(x - centre, y, offset, L2), centre)

    def _seed(self, call: Call) -> Floats:
        """Returns how close the call's likeness to each label is to the best one's."""
        most = max(LIKEST, round(SHARE * len(call.topical)))
        likest = np.sort(call.topical @ self.meanings.T, axis=0)[-most:].mean(axis=0)
        likeness = (likest + WHOLE * (self.meanings @ unit(call.topical.sum(axis=0)))) / (1 + WHOLE)
        score: Floats = SCALE * (likeness - (1 - MARGIN) * likeness.max())
        return score


def _features(call: Call) -> Floats:
    """Returns the vectors of the whole call, of the customer's words, and of the customer's first words."""
    customers = call.topical[call.customers]
    parts = [unit(part.sum(axis=0)) for part in (call.topical, customers, customers[:OPENING])]
    features: Floats = np.concatenate(parts) / np.sqrt(3)
    return features
