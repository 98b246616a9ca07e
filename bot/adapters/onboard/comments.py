"""Classifies toxic comments."""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bot.adapters.onboard.abuse import HARMLESS, PATTERNS, TELLS_TOXIC, TYPICAL
from bot.adapters.onboard.regression import Floats, best_cutoff, f1, logistic, out_of_fold
from bot.adapters.onboard.vectors import SIZE, Vectors
from bot.answers.moderation import CATEGORIES

L2 = 0.2
BUCKETS = 8_192
SEED_SCALE = 0.3
LIKENESS = 2.0
DOUBT = -0.5
MOST_HITS = 3
LABELS = ("toxic", *CATEGORIES)
WIDTH = SIZE + BUCKETS + len(LABELS) + 1


@dataclass(frozen=True)
class Comments:
    """Learned weights, one column per label, and each label's cut-off score."""

    weights: Floats
    cutoffs: Floats

    @classmethod
    def seeded(cls) -> Comments:
        return cls(np.zeros((WIDTH, len(LABELS))), np.zeros(len(LABELS)))

    def scores(self, texts: Sequence[str], vectors: Vectors) -> Floats:
        """Returns one row per text and one column per label. A label applies if its score reaches the cut-off."""
        x, seed = _features(texts, vectors)
        return np.round(seed + x @ self.weights, 6)

    def of(self, text: str, vectors: Vectors) -> dict[str, Any]:
        """Returns the answer for one comment. A comment that isn't toxic has no categories."""
        toxic, *rest = (self.scores([text], vectors)[0] >= self.cutoffs).tolist()
        return {
            "toxic": toxic,
            "categories": [name for name, given in zip(CATEGORIES, rest, strict=True) if given and toxic],
        }

    def fitted(self, texts: Sequence[str], labels: Sequence[Mapping[str, bool]], vectors: Vectors) -> Comments:
        """Returns a classifier trained on labelled comments. A label missing in a mapping was not judged.

        A category keeps its seed rule if that does better on unseen comments.
        """
        x, seed = _features(texts, vectors)
        y = np.array([[float(given[name]) if name in given else np.nan for name in LABELS] for given in labels])
        weights = logistic(x, y, seed, L2)
        groups = np.arange(len(texts))
        scores = out_of_fold(groups, lambda rows: seed + x @ logistic(x[rows], y[rows], seed[rows], L2))
        cutoffs = np.zeros(len(LABELS))
        for n in range(1, len(LABELS)):
            known = ~np.isnan(y[:, n])
            wanted = y[known, n]
            cutoffs[n] = best_cutoff(scores[known, n], wanted, -1.5, 1.5)
            if f1(scores[known, n] >= cutoffs[n], wanted) <= f1(seed[known, n] >= 0, wanted):
                weights[:, n] = cutoffs[n] = 0.0
        return Comments(weights, cutoffs)


def _features(texts: Sequence[str], vectors: Vectors) -> tuple[Floats, Floats]:
    """Returns the features to learn from, and the seed scores."""
    rows = vectors.of(texts)
    seed = _seed(texts, rows, vectors)
    grams = np.array([_grams(text) for text in texts]).reshape(-1, BUCKETS)
    return np.hstack([rows, grams, SEED_SCALE * seed, np.ones((len(texts), 1))]), seed


def _seed(texts: Sequence[str], rows: Floats, vectors: Vectors) -> Floats:
    """Scores each label by its words, and by likeness to its typical comment rather than to harmless ones."""
    counts = [[len(set(map(str.lower, PATTERNS[name].findall(text)))) for name in CATEGORIES] for text in texts]
    hits = np.array(counts, np.float64).reshape(-1, len(CATEGORIES))
    toxic = hits @ np.array([TELLS_TOXIC[name] for name in CATEGORIES])
    like = rows @ vectors.of([TYPICAL[name] for name in CATEGORIES]).T
    like = like - (rows @ vectors.of(HARMLESS).T).mean(axis=1, keepdims=True)
    words = np.minimum(np.column_stack([toxic, hits]), MOST_HITS)
    seed: Floats = words + LIKENESS * np.column_stack([like.max(axis=1), like]) + DOUBT
    return seed


def _grams(text: str) -> Floats:
    """Hashes words and runs of 2 to 5 letters to buckets, at unit length. crc32 is the same on every machine."""
    counts = np.zeros(BUCKETS)
    for word in re.findall(r"[^\W_]+|[^\w\s]+", text.lower()):
        marked = f" {word} "
        runs = [marked[n : n + size] for size in range(2, 6) for n in range(len(marked) - size + 1)]
        for gram in (f"={word}", *runs):
            counts[zlib.crc32(gram.encode()) % BUCKETS] += 1.0
    counts = np.sqrt(counts)
    length = float(np.linalg.norm(counts))
    return counts / length if length else counts
