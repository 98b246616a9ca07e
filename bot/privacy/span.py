"""Holds a piece of text that is personal data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

TYPES = ("NAME", "PHONE", "EMAIL", "CARD", "IBAN", "SSN", "ADDRESS", "DOB", "IP", "ACCOUNT", "SECRET")

# Our own placeholders, and those of other tools: [PII], [NAME], [PERSON_NAME], ****, XXXX.
MARK = re.compile(r"\[[A-Z]{2,20}(?:[_ -][A-Z]{1,20}){0,3}(?:_\d{1,6})?\]|\*{3,}")
OURS = re.compile(rf"\[({'|'.join(TYPES)})_(\d{{1,6}})\]")


@dataclass(frozen=True, slots=True)
class Span:
    """`text[start:end]` is of a type. `value` is the same for all spellings, so they share a placeholder."""

    type: str
    start: int
    end: int
    value: str


LineSpans = list[tuple[int, int]]
_DIGIT = re.compile(r"\d")


def lines_with_digits(text: str) -> LineSpans:
    """Returns the places of lines with a digit. Most lines have none, so number rules skip them."""
    lines: LineSpans = []
    at = 0
    while digit := _DIGIT.search(text, at):
        start, end = text.rfind("\n", 0, digit.start()) + 1, text.find("\n", digit.start())
        end = len(text) if end < 0 else end
        if lines and lines[-1][1] >= start - 1:
            start = lines.pop()[0]
        lines.append((start, end))
        at = end
    return lines


def each(pattern: re.Pattern[str], text: str, lines: Iterable[tuple[int, int]]) -> Iterator[re.Match[str]]:
    """Yields every match of `pattern` in these lines of `text`."""
    for start, end in lines:
        yield from pattern.finditer(text, start, end)


def apart(spans: list[Span]) -> list[Span]:
    """Returns the spans that don't overlap an earlier one in the list, sorted by place."""
    taken: list[Span] = []
    claimed: dict[int, list[Span]] = {}
    for span in spans:
        cells = range(span.start >> 6, (span.end >> 6) + 1)
        if any(span.start < other.end and other.start < span.end for cell in cells for other in claimed.get(cell, ())):
            continue
        taken.append(span)
        for cell in cells:
            claimed.setdefault(cell, []).append(span)
    return sorted(taken, key=lambda span: span.start)
