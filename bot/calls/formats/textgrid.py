"""Reads Praat TextGrids as Praat does: only free-standing numbers and strings count.

A library was no choice: they read from paths, not from text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.calls.document import Document
from bot.calls.reading import CallLog, Reader, Utterance, by_time
from bot.calls.reading.clock import seconds
from bot.calls.reading.words import Word, from_words
from bot.errors import ReadError

_HEADER = re.compile(r'\s*(File type\s*=\s*)?"ooTextFile[^"\n]*"\s*(Object class\s*=\s*)?"TextGrid')
# A string with doubled quotes inside, a comment, or a number. Praat ignores text in brackets or after a letter.
_TOKEN = re.compile(r'(?<!\S)(?:"([^"]*(?:""[^"]*)*)"|!.*|(-?\d[\d.]*(?:[eE][-+]?\d+)?)(?=\s|$))')
_TAG = re.compile(r"</?[A-Za-z][^<>\n]*>")
_SOUNDS = re.compile(r"\bphon(e|eme|es|emes)\b", re.IGNORECASE)


def sure(document: Document) -> float:
    return 0.95 if _HEADER.match(document.text[:1000]) else 0.0


def read(document: Document) -> Iterator[CallLog]:
    notes: list[str] = []
    spoken: list[Utterance] = []
    marks = 0
    for tier, start, end, text in _intervals(document.text):
        if _SOUNDS.search(tier):
            note = f"The tier {tier} was skipped: it holds sounds, not words."
            notes += [] if note in notes else [note]
            continue
        said, found = _TAG.subn("", text)
        marks += found
        if said.strip():
            spoken.append(Utterance(" ".join(said.split()), tier or None, start_s=start, end_s=end))
    if marks:
        notes.append(f"{marks} mark(s) such as <UNSURE> were removed from the text.")
    if sum(" " not in said.text for said in spoken) > 0.9 * len(spoken):
        words = (Word(said.text, said.label, said.start_s, said.end_s) for said in spoken)
        yield CallLog(from_words(words, notes, channels=True), notes=notes)
    else:
        yield CallLog(by_time(spoken), notes=notes)


def _intervals(text: str) -> Iterator[tuple[str, float | None, float | None, str]]:
    """Yields tier, start, end and text of each interval; a point has no end."""
    found = (token for token in _TOKEN.finditer(text) if token.lastindex)
    place = 0

    def take(group: int) -> str:
        nonlocal place
        token = next(found)
        place = token.start()
        if token[group] is None:
            raise ValueError
        return token[group]

    def number() -> float:
        return round(seconds(take(2)) or 0.0, 3)

    def string() -> str:
        return take(1).replace('""', '"')

    try:
        string(), string(), number(), number()
        for _ in range(int(number())):
            is_points = string() == "TextTier"
            tier, _, _, size = string(), number(), number(), number()
            for _ in range(int(size)):
                yield tier, number(), None if is_points else number(), string()
    except (StopIteration, ValueError) as error:
        line = text.count("\n", 0, place) + 1
        raise ReadError("the TextGrid is cut off or damaged", f"line {line}", "Save it again from Praat.") from error


READER = Reader("textgrid", "a Praat TextGrid", sure, read)
