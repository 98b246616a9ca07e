"""Shows texts and lists as inputs of a form, and reads them back.

A value that nobody touched comes back exactly as it was, because each input is compared with what it showed. An input
that shows something is required, so that Slack never sends an empty one; people type `none` to empty it. So a missing
value always means unchanged: a long form had no room for the input, or the client left it out because nobody touched it.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from handlers.feedback.forms.lines import BadLine, Items, Texts, flat_line
from handlers.slack.fields import title
from handlers.slack.mrkdwn import NOTHING, Block, clean, clip, plain, units

PIECE = 2500  # most characters that an input shows at first, so that there is room to write
MOST = 3000  # characters, Slack's limit for an input
EMPTIED = frozenset({"none", "-", "–"})
Values = Mapping[str, Any]


class BadInput(ValueError):
    """People wrote something that isn't valid: a sentence about each mistake, by the block id of its input."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(*errors.values())
        self.errors = dict(errors)


@dataclass(frozen=True, slots=True)
class Piece:
    """The part of a longer text that one input shows, and the white space before the next part."""

    block: str
    text: str
    gap: str


def split(label: str, text: str) -> list[Piece]:
    """The text, cut into as many inputs as it needs, if possible at the end of a line or a word."""
    parts: list[tuple[str, str]] = []
    while units(text[: PIECE + 1]) > PIECE:
        cut = len(text[:PIECE].encode("utf-16-le")[: 2 * PIECE].decode("utf-16-le", "ignore"))
        line = text.rfind("\n", cut // 2, cut)
        space = max(text.rfind(" ", 0, cut), line)
        at = line if line > 0 else space if space > 0 else cut
        piece, rest = text[:at].rstrip(), text[at:].lstrip()
        parts.append((piece, text[len(piece) : len(text) - len(rest)]))
        text = rest
    parts.append((text, ""))
    many = len(parts) > 1
    return [Piece(f"{label} {n}/{len(parts)}" if many else label, *part) for n, part in enumerate(parts, 1)]


def sent(pieces: Sequence[Piece], label: str, values: Values, gap: str) -> Sequence[Piece]:
    """The pieces that the inputs show. They differ if the form was filled again after it had been sent."""
    known = {piece.block for piece in pieces}
    there = [block for block in values if block == label or re.fullmatch(rf"{re.escape(label)} \d+/\d+", block)]
    return pieces if known.issuperset(there) else [Piece(block, "", gap) for block in there]


def now(pieces: Sequence[Piece], values: Values) -> list[str] | None:
    """The text of each input; None if nobody changed any."""
    texts = [_now(piece, values) for piece in pieces]
    return None if texts == [piece.text for piece in pieces] else texts


def _now(piece: Piece, values: Values) -> str:
    value = state(values, piece.block).get("value")
    if value is None or (said := value.replace("\r\n", "\n").rstrip()).strip() == piece.text:
        return piece.text
    return "" if said.strip().casefold() in EMPTIED else said


def state(values: Values, block: str) -> Mapping[str, Any]:
    """Slack's state of the element of an input; empty if the view has no input with this block id."""
    return next(iter((values.get(block) or {}).values()), None) or {}


def entry(block: str, element: Block, hint: str = "", *, optional: bool) -> Block:
    """An input whose label is its block id."""
    label = {"type": "plain_text", "text": block}
    told = {"hint": plain(hint, 2000)} if hint else {}
    return {"type": "input", "block_id": block, "optional": optional, "label": label, "element": element, **told}


def whole(pieces: Sequence[Piece], texts: Sequence[str]) -> str:
    """The text of all inputs together, without those that people emptied."""
    return "".join(text + piece.gap for piece, text in zip(pieces, texts, strict=True) if text).strip()


def writing(piece: Piece, hint: str) -> Block:
    """An input to write in. If it shows something, it is required."""
    element = {"type": "plain_text_input", "action_id": "value", "multiline": True, "max_length": MOST}
    if piece.text:
        element["initial_value"] = piece.text
    return entry(piece.block, element, hint, optional=not piece.text)


@dataclass(frozen=True, slots=True)
class Text:
    """A text; a long one has several inputs."""

    label: str

    def _pieces(self, value: Any) -> list[Piece]:
        return split(self.label, _shown(value or ""))

    def blocks(self, value: Any) -> list[Block]:
        pieces = self._pieces(value)
        return [writing(each, 'Type "none" to remove this part.' if len(pieces) > 1 else "") for each in pieces]

    def read(self, value: Any, values: Values) -> Any:
        pieces = sent(self._pieces(value), self.label, values, " ")
        texts = now(pieces, values)
        if texts is None:
            return value
        return whole(pieces, texts)

    def place(self, value: Any, values: Values, path: Sequence[Any]) -> tuple[str, str]:
        return self._pieces(value)[0].block, ""


@dataclass(frozen=True, slots=True)
class Json:
    """Any other value as JSON."""

    label: str

    def _pieces(self, value: Any) -> list[Piece]:
        return split(self.label, json.dumps(value, indent=1))

    def blocks(self, value: Any) -> list[Block]:
        return [writing(each, "As JSON.") for each in self._pieces(value)]

    def read(self, value: Any, values: Values) -> Any:
        pieces = sent(self._pieces(value), self.label, values, " ")
        texts = now(pieces, values)
        if texts is None:
            return value
        try:
            return json.loads(whole(pieces, texts) or "null")
        except (ValueError, RecursionError) as error:
            line = f": look at line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
            raise BadInput({pieces[0].block: f"This isn't valid JSON{line}."}) from error

    def place(self, value: Any, values: Values, path: Sequence[Any]) -> tuple[str, str]:
        return self._pieces(value)[0].block, ", ".join(title(str(each)) for each in path)


@dataclass(frozen=True, slots=True)
class LinesInput:
    """A list with one line for each item. People can add, remove and reorder lines."""

    label: str
    codec: Texts | Items

    def _pieces(self, value: Any) -> list[Piece]:
        return split(self.label, "\n".join(map(self.codec.line, value)))

    def blocks(self, value: Any) -> list[Block]:
        pieces = self._pieces(value)
        emptied = ' Type "none" to clear the list.' if value else ""
        return [writing(each, self.codec.hint + emptied) for each in pieces]

    def read(self, value: Any, values: Values) -> Any:
        pieces = sent(self._pieces(value), self.label, values, "\n")
        texts = now(pieces, values)
        if texts is None:
            return value
        known: dict[str, deque[Any]] = defaultdict(deque)
        for each in value:
            known[self.codec.line(each)].append(each)
        read: list[Any] = []
        errors: dict[str, list[str]] = defaultdict(list)
        for block, number, line in _lines(pieces, texts):
            try:
                read.append(known[line].popleft() if known.get(line) else self.codec.read(line))
            except BadLine as error:
                errors[block].append(f"Line {number}: {error}.")
        if errors:
            raise BadInput({block: told(sentences) for block, sentences in errors.items()})
        return read

    def place(self, value: Any, values: Values, path: Sequence[Any]) -> tuple[str, str]:
        pieces = sent(self._pieces(value), self.label, values, "\n")
        lines = _lines(pieces, now(pieces, values) or [piece.text for piece in pieces])
        if not path or path[0] not in range(len(lines)):
            return pieces[0].block, ""
        block, number, _ = lines[path[0]]
        return block, ", ".join([f"Line {number}", *map(str, path[1:])])


def _lines(pieces: Sequence[Piece], texts: Sequence[str]) -> list[tuple[str, int, str]]:
    """Each line that isn't empty, with its block id and its number there."""
    raw = _unbroken(zip(pieces, texts, strict=True))
    return [(block, number, flat_line(line)) for block, number, line in raw if line.strip()]


def _unbroken(parts: Iterable[tuple[Piece, str]]) -> Iterator[tuple[str, int, str]]:
    """The lines of all inputs. A line that was cut continues in the next input."""
    held: tuple[str, int, str] | None = None
    for piece, text in parts:
        for number, line in enumerate(text.split("\n"), 1):
            if held and number > 1:
                yield held
            held = (held[0], held[1], held[2] + line) if held and number == 1 else (piece.block, number, line)
        if held and "\n" in piece.gap:
            yield held
            held = None
        elif held:
            held = (held[0], held[1], held[2] + piece.gap)
    if held:
        yield held


def _shown(text: str) -> str:
    """The text as an input shows it; empty if nothing is visible."""
    return "" if clean(text) == NOTHING else clean(text)


def told(sentences: Sequence[str]) -> str:
    """The sentences for one input: only the first three, because Slack shows them in small print."""
    more = f" There are {len(sentences) - 3} more like this." if len(sentences) > 3 else ""
    return clip(" ".join(sentences[:3]), 400, units) + more
