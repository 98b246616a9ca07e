"""Splits a text into the word pieces that the sentence model was trained on (BERT, uncased)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

VOCABULARY = Path(__file__).with_name("vocab.txt")
LONGEST_WORD = 100  # characters; BERT treats longer words as unknown


class WordPiece:
    """Turns texts into at most `limit` token ids, including the start and end marks."""

    def __init__(self, vocabulary: Iterable[str], limit: int) -> None:
        self._ids = {piece: n for n, piece in enumerate(vocabulary)}
        self._limit = limit

    @classmethod
    def load(cls, limit: int) -> WordPiece:
        return cls(VOCABULARY.read_text("utf-8").splitlines(), limit)

    def ids(self, text: str) -> list[int]:
        pieces = [id_ for word in _words(text) for id_ in self._pieces(word)]
        return [self._ids["[CLS]"], *pieces[: self._limit - 2], self._ids["[SEP]"]]

    def _pieces(self, word: str) -> list[int]:
        """Takes the longest known piece from the left, repeatedly; gives one unknown token if that fails."""
        unknown = [self._ids["[UNK]"]]
        if len(word) > LONGEST_WORD:
            return unknown
        found: list[int] = []
        start = 0
        while start < len(word):
            mark = "##" if start else ""
            ends = range(len(word), start, -1)
            end = next((end for end in ends if mark + word[start:end] in self._ids), None)
            if end is None:
                return unknown
            found.append(self._ids[mark + word[start:end]])
            start = end
        return found


def _words(text: str) -> Iterator[str]:
    """Returns lower-case words without accents. Each punctuation mark and each ideograph is a word."""
    spaced = "".join(map(_spaced, text))
    plain = "".join(c for c in unicodedata.normalize("NFD", spaced) if unicodedata.category(c) != "Mn")
    for run in plain.lower().split():
        word = ""
        for character in run:
            if not _is_punctuation(character):
                word += character
                continue
            if word:
                yield word
            yield character
            word = ""
        if word:
            yield word


def _spaced(character: str) -> str:
    if character in "\t\n\r":
        return " "
    if character == "\ufffd" or unicodedata.category(character).startswith("C"):
        return ""
    if character.isspace():
        return " "
    return f" {character} " if _is_ideograph(character) else character


def _is_ideograph(character: str) -> bool:
    code = ord(character)
    return (
        0x4E00 <= code <= 0x9FFF or 0x3400 <= code <= 0x4DBF or 0xF900 <= code <= 0xFAFF or 0x20000 <= code <= 0x2FA1F
    )


def _is_punctuation(character: str) -> bool:
    return unicodedata.category(character).startswith("P") or character in "$+<=>^`|~"
