"""Prepares a call for the built-in model."""

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
    """A call's language and sentences. `rows` has their vectors, `topical` those for topics, `topical_by` who said these."""

    language: Language
    sentences: list[Sentence]
    rows: Floats
    topical: Floats
    topical_by: list[Sentence]

    @property
    def customers(self) -> NDArray[np.bool_]:
        """Marks the customer's topical rows, or all rows if the customer is unknown."""
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
    """Returns the vector scaled to length 1; zeros stay zeros."""
    length = float(np.linalg.norm(row))
    return row / length if length else np.zeros(SIZE)
