"""Masking: personal data out, typed and numbered placeholders in, the same for the same thing throughout a call."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Any, Literal

from bot.privacy import addresses, birthdates, east_asian_names, identifiers, names, numbers
from bot.privacy.cues import HAS_CJK, Cues
from bot.privacy.people import People
from bot.privacy.span import MARK, OURS, Span, apart
from bot.transcript import Turn

REDACTION_VERSION = 1  # raised whenever the same text would be masked otherwise
Mode = Literal["standard", "strict"]
_ROUNDS = 8  # what a placeholder lays bare is masked too; texts that need more than three are made up


@dataclass(frozen=True, slots=True)
class Found:
    """`text[start:end]` is personal data of a type, and `placeholder` stands in its place."""

    type: str
    start: int
    end: int
    placeholder: str


class Masker:
    """Masks the texts of one call; `names` are its speakers' labels.

    Placeholders stay the same over all its texts. Masking twice changes nothing.
    """

    def __init__(self, names: Iterable[str] = (), mode: Mode = "standard") -> None:
        self._strict = mode == "strict"
        self._people = People()
        self._values: dict[tuple[str, str], int] = {}
        self._last: dict[str, int] = {}
        for name in names:
            self._meet(name)

    def mask(self, text: str) -> str:
        """`text` with a placeholder for everything personal."""
        return replaced(text, self.find(text))

    def find(self, text: str) -> list[Found]:
        """What `mask` would replace, in the order of the text; places are those of `text`."""
        self._reserve(text)
        found: list[Found] = []
        for _ in range(_ROUNDS):
            masked, origin = _masked(text, found)
            fresh = [Found(span.type, *origin(span), self._placeholder(span)) for span in self._spans(masked)]
            if not fresh:
                break
            found = sorted(found + fresh, key=lambda item: item.start)
        return found

    def _meet(self, label: str) -> None:
        if parts := names.parts_of(label):
            self._people.number(" ".join(parts), self._free("NAME"))

    def _reserve(self, text: str) -> None:
        """Numbers that the text itself uses are not given to anything else."""
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
        """What is personal in `text`, without overlaps; where two readings overlap, the surer one stands."""
        lowered = _lowered(text)
        cues = Cues(lowered)
        marks = [Span("", *match.span(), "") for match in MARK.finditer(text)]
        readings = [
            *marks,
            *identifiers.spans(text, lowered, cues),
            *birthdates.spans(lowered, cues),
            *addresses.spans(text, lowered),
            *numbers.spans(text, lowered, cues, self._strict),
            *(east_asian_names.spans(text) if HAS_CJK.search(text) else ()),
            *names.spans(text, lowered, self._people.tokens, self._strict),
        ]
        return [span for span in apart(readings) if span.type]


def mask_pair(
    turns: Sequence[Turn], output: dict[str, Any], mode: Mode = "standard"
) -> tuple[tuple[Turn, ...], dict[str, Any]]:
    """The turns and the output with personal data masked, with the same placeholders in both.

    A question in one turn tells what the answer in the next one is. Speakers' names are masked; keys of the output are not.
    """
    masker = Masker([turn.name for turn in turns if turn.name], mode)
    texts = _masked_together(masker, [turn.text for turn in turns])
    masked = tuple(
        replace(turn, text=text, name=masker.mask(turn.name) if turn.name else turn.name)
        for turn, text in zip(turns, texts, strict=True)
    )
    return masked, _each_string(output, masker.mask)


def _masked_together(masker: Masker, texts: list[str]) -> list[str]:
    """Each text masked as a part of all, so that one line can tell what the next one holds."""
    whole, starts, at = "\n".join(texts), [], 0
    for text in texts:
        starts.append(at)
        at += len(text) + 1
    found = masker.find(whole)
    masked, taken = [], 0
    for text, start in zip(texts, starts, strict=True):
        mine = []
        while taken < len(found) and found[taken].start < start + len(text):
            mine.append(replace(found[taken], start=found[taken].start - start, end=found[taken].end - start))
            taken += 1
        masked.append(replaced(text, mine))
    return masked


def _each_string(value: Any, mask: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, dict):
        return {key: _each_string(item, mask) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_each_string(item, mask) for item in value]
    return value


def _lowered(text: str) -> str:
    """Lower case of the same length, so that places in one are places in the other."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(small if len(small := letter.lower()) == 1 else letter for letter in text)


def replaced(text: str, found: Sequence[Found]) -> str:
    """`text` with the placeholder of each of `found`, which are in order and apart."""
    pieces, at = [], 0
    for item in found:
        pieces += [text[at : item.start], item.placeholder]
        at = item.end
    return "".join([*pieces, text[at:]])


def _masked(text: str, found: Sequence[Found]) -> tuple[str, Callable[[Span], tuple[int, int]]]:
    """`text` with what is found so far replaced, and a function from places there to places in `text`."""
    shifts = []  # where a placeholder ends in the masked text, and how much longer the text has become up to there
    grown = 0
    for item in found:
        grown += len(item.placeholder) - (item.end - item.start)
        shifts.append((item.end + grown, grown))

    def origin(span: Span) -> tuple[int, int]:
        shift = 0
        for end, grown in shifts:
            if end > span.start:
                break
            shift = grown
        return span.start - shift, span.end - shift

    return replaced(text, found), origin
