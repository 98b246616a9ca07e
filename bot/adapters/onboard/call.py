"""A call as the embedded model takes it in: its language, its sentences, and their vectors."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.adapters.onboard.glosses import gloss
from bot.adapters.onboard.languages import ENGLISH, Language, language_of
from bot.adapters.onboard.regression import Floats
from bot.adapters.onboard.sentences import Sentence, sentences
from bot.adapters.onboard.vectors import SIZE, Vectors
from bot.calls.transcript import Turn


@dataclass(frozen=True, slots=True)
class Call:
    """`rows` has a vector for each sentence; `topical` those that topics are told by, each said by `topical_by`."""

    language: Language
    sentences: list[Sentence]
    rows: Floats
    topical: Floats
    topical_by: list[Sentence]

    @property
    def customers(self) -> NDArray[np.bool_]:
        """Which topical rows are the customer's: all of them where nobody is known to be the customer."""
        mask = np.array([sentence.speaker == "customer" for sentence in self.topical_by], np.bool_)
        return mask if mask.any() else np.ones(len(mask), np.bool_)


def take_in(turns: Iterable[Turn], vectors: Vectors) -> Call:
    turns = list(turns)
    language = language_of(turns)
    said = sentences(turns)
    rows = vectors.of([sentence.plain for sentence in said])
    if language is ENGLISH:
        return Call(language, said, rows, rows, said)
    glossed = [(words, sentence) for sentence in said if (words := gloss(sentence.text))]
    if not glossed:
        return Call(language, said, rows, rows, said)
    return Call(
        language, said, rows, vectors.of([words for words, _ in glossed]), [sentence for _, sentence in glossed]
    )


def unit(row: Floats) -> Floats:
    """The vector at length 1; zeros stay zeros."""
    length = float(np.linalg.norm(row))
    return row / length if length else np.zeros(SIZE)
