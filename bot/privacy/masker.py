"""Replaces personal data in a call with numbered placeholders."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Any, Literal

from bot.calls.transcript import Turn
from bot.privacy import addresses, birthdates, east_asian_names, identifiers, names, numbers
from bot.privacy.cues import HAS_CJK, Cues
from bot.privacy.people import NamedPeople
from bot.privacy.span import MARK, OURS, Span, apart, lines_with_digits

REDACTION_VERSION = 2  # raise it whenever a change masks the same text differently
Mode = Literal["standard", "strict"]
Redact = Literal["off", "standard", "strict"]
_ROUNDS = 8  # a placeholder can reveal more personal data; real texts need three rounds at most


@dataclass(frozen=True, slots=True)
class Found:
    """`text[start:end]` is personal data of a type; `placeholder` replaces it."""

    type: str
    start: int
    end: int
    placeholder: str


class Masker:
    """Masks the texts of one call. `names` are its speakers' labels.

    The same value gets the same placeholder in all texts. Masking twice changes nothing.
    """

    def __init__(self, names: Iterable[str] = (), mode: Mode = "standard") -> None:
        self._strict = mode == "strict"
        self._people = NamedPeople()
        self._values: dict[tuple[str, str], int] = {}
        self._last: dict[str, int] = {}
        for name in names:
            self._meet(name)

    def mask(self, text: str) -> str:
        """Returns the text with a placeholder for everything personal."""
        return replaced(text, self.find(text))

    def find(self, text: str) -> list[Found]:
        """Returns what `mask` would replace, in order, with places in the original text."""
        self._reserve(text)
        found: list[Found] = []
        fresh = self._spans(text)
        for _ in range(_ROUNDS):
            if not fresh:
                break
            origin = _origin(found)
            new = [Found(span.type, *origin(span), self._placeholder(span)) for span in fresh]
            found = sorted(found + new, key=lambda item: item.start)
            fresh = self._laid_bare(replaced(text, found), found, new)
        return found

    def _laid_bare(self, masked: str, found: list[Found], new: list[Found]) -> list[Span]:
        """Returns what is personal in a masked text: near its `new` placeholders, and names learned since."""
        lowered = _lowered(masked)
        spans = [
            replace(span, start=span.start + start, end=span.end + start)
            for start, kept, end in _around(masked, found, new)
            for span in self._spans(masked[start:end])
            if span.start + start >= kept
        ]
        marks = [Span("", *match.span(), "") for match in MARK.finditer(masked)]
        known = names.known_spans(masked, lowered, self._people.tokens)
        return [span for span in apart([*marks, *spans, *known]) if span.type]

    def _meet(self, label: str) -> None:
        if parts := names.parts_of(label):
            self._people.number(" ".join(parts), self._free("NAME"))

    def _reserve(self, text: str) -> None:
        """Keeps numbers of placeholders already in the text from being used again."""
        for match in OURS.finditer(text):
            self._last[match[1]] = max(self._last.get(match[1], 0), int(match[2]))

    def _free(self, kind: str) -> Iterator[int]:
        for number in count(self._last.get(kind, 0) + 1):
            self._last[kind] = number
            yield number

    def _placeholder(self, span: Span) -> str:
        if span.type == "NAME":
            return f"[NAME_{self._people.number(span.value, self._free('NAME'))}]"
        key = (span.type, span.value)
        if key not in self._values:
            self._values[key] = next(self._free(span.type))
        return f"[{span.type}_{self._values[key]}]"

    def _spans(self, text: str) -> list[Span]:
        """Returns what is personal in the text. If two readings overlap, the surer one wins."""
        lowered = _lowered(text)
        cues = Cues(lowered)
        lines = lines_with_digits(text)
        marks = [Span("", *match.span(), "") for match in MARK.finditer(text)]
        readings = [
            *marks,
            *identifiers.spans(text, lowered, cues, lines),
            *birthdates.spans(lowered, cues, self._strict),
            *addresses.spans(text, lowered, lines),
            *numbers.spans(text, lowered, cues, lines, self._strict),
            *(east_asian_names.spans(text) if HAS_CJK.search(text) else ()),
            *names.spans(text, lowered, self._people.tokens, self._strict),
        ]
        return [span for span in apart(readings) if span.type]


def mask_pair(
    turns: Sequence[Turn], output: dict[str, Any], mode: Mode = "standard"
) -> tuple[tuple[Turn, ...], dict[str, Any]]:
    """Masks the turns and the output with the same placeholders.

    A question in one turn can decide what the next turn's answer is. Speakers' names are masked, keys of the output aren't.
    """
    masker = Masker([turn.name for turn in turns if turn.name], mode)
    texts = _masked_together(masker, [turn.text for turn in turns])
    masked = tuple(
        replace(turn, text=text, name=masker.mask(turn.name) if turn.name else turn.name)
        for turn, text in zip(turns, texts, strict=True)
    )
    return masked, _each_string(output, masker.mask)


def _masked_together(masker: Masker, texts: list[str]) -> list[str]:
    """Masks all texts as one, because a line can decide what the next one holds.

    A number dictated over several texts is masked in each of them.
    """
    found = masker.find("\n".join(texts))
    masked, first, at = [], 0, 0
    for text in texts:
        end = at + len(text)
        while first < len(found) and found[first].end <= at:
            first += 1
        upto = first
        while upto < len(found) and found[upto].start < end:
            upto += 1
        masked.append(replaced(text, [_within(item, at, end) for item in found[first:upto]]))
        at = end + 1
    return masked


def _within(found: Found, start: int, end: int) -> Found:
    """Returns the part of `found` between two places, counted from `start`."""
    return replace(found, start=max(found.start, start) - start, end=min(found.end, end) - start)


def _each_string(value: Any, mask: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, dict):
        return {key: _each_string(item, mask) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_each_string(item, mask) for item in value]
    return value


def _lowered(text: str) -> str:
    """Returns the text in lower case with the same length, so places in both agree."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(small if len(small := letter.lower()) == 1 else letter for letter in text)


def replaced(text: str, found: Sequence[Found]) -> str:
    """Returns the text with each of `found` replaced; they must be sorted and not overlap."""
    pieces, at = [], 0
    for item in found:
        pieces += [text[at : item.start], item.placeholder]
        at = item.end
    return "".join([*pieces, text[at:]])


def _origin(found: Sequence[Found]) -> Callable[[Span], tuple[int, int]]:
    """Returns a function from a span in the masked text to its places in the original text."""
    ends, shifts = [], [0]  # where each placeholder ends, and how much longer the text is by then
    for item in found:
        shifts.append(shifts[-1] + len(item.placeholder) - (item.end - item.start))
        ends.append(item.end + shifts[-1])

    def origin(span: Span) -> tuple[int, int]:
        shift = shifts[bisect_right(ends, span.start)]
        return span.start - shift, span.end - shift

    return origin


def _around(masked: str, found: Sequence[Found], new: Sequence[Found]) -> Iterator[tuple[int, int, int]]:
    """Yields the lines around the new placeholders as (start, first place where a finding counts, end).

    One line before and after is enough, because no rule looks further.
    """
    fresh, shift, upto = set(new), 0, -1
    start = kept = end = -1
    for item in found:
        at = item.start + shift
        shift += len(item.placeholder) - (item.end - item.start)
        if item not in fresh or at < upto:
            continue
        first = masked.rfind("\n", 0, at) + 1
        last = masked.find("\n", at)
        after = masked.find("\n", last + 1) if last >= 0 else -1
        after = len(masked) if after < 0 else after
        if end < first:
            if end >= 0:
                yield start, kept, end
            start, kept = masked.rfind("\n", 0, max(0, first - 1)) + 1, first
        end, upto = after, last if last >= 0 else len(masked)
    if end >= 0:
        yield start, kept, end
