"""Holds a call as turns of speech."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Literal

Reads = Literal["call", "comment"]  # what a task answers about
Speaker = Literal["agent", "customer", "other"]
SPEAKERS: tuple[Speaker, ...] = ("agent", "customer", "other")


@dataclass(frozen=True, slots=True)
class Turn:
    """What one speaker said before another spoke. Times are seconds from the start of the call."""

    index: int
    speaker: Speaker
    text: str
    name: str | None = None
    start_s: float | None = None
    end_s: float | None = None


@dataclass(frozen=True, slots=True)
class Transcript:
    """One call: its id, its turns (indexed from 0), and notes on what was inferred or left out."""

    call: str
    turns: tuple[Turn, ...]
    format: str = ""
    notes: tuple[str, ...] = ()

    @property
    def words(self) -> int:
        return sum(len(turn.text.split()) for turn in self.turns)


def content_id(turns: Iterable[Turn]) -> str:
    """Returns an id made from what was said and by whom, so the same call has the same id in any file."""
    digest = hashlib.sha256()
    for turn in turns:
        digest.update(f"{turn.speaker}\x1f{turn.name or ''}\x1f{turn.text}\x1e".encode("utf-8", "surrogatepass"))
    return f"call-{digest.hexdigest()[:16]}"


# A turn opens with its number in brackets. A line break inside a turn is followed by a tab, so nothing a caller says
# can look like another turn or like the end of the transcript.
_OPENING = re.compile(r"\[(\d+)\] (agent|customer|other)(?: \(([^)\n]*)\))?: ?")
_CLOSING = re.compile(r"<(\\*/transcript)")
_ESCAPED = re.compile(r"<\\(\\*/transcript)")


def to_lines(turns: Iterable[Turn]) -> str:
    """Returns the turns as the model reads them, one per line: `[3] agent (Jane): Good morning.`"""
    return "\n".join(_line(turn) for turn in turns)


def _line(turn: Turn) -> str:
    name = re.sub(r"[()\s]+", " ", turn.name).strip() if turn.name else ""
    text = turn.text.replace("\n", "\n\t")
    if "/transcript" in text:
        text = _CLOSING.sub(r"<\\\1", text)
    return f"[{turn.index}] {turn.speaker}{f' ({name})' if name else ''}: {text}"


def from_lines(text: str) -> tuple[Turn, ...]:
    """Reads back what `to_lines` wrote. Skips lines that belong to no turn."""
    turns: list[Turn] = []
    for line in text.split("\n"):
        if opening := _OPENING.match(line):
            index, speaker, name = opening.groups()
            turns.append(Turn(int(index), speaker, line[opening.end() :], name))  # type: ignore[arg-type]  # by the pattern
        elif line.startswith("\t") and turns:
            last = turns[-1]
            turns[-1] = Turn(last.index, last.speaker, f"{last.text}\n{line[1:]}", last.name)
    return tuple(
        replace(turn, text=_ESCAPED.sub(r"<\1", turn.text)) if "/transcript" in turn.text else turn for turn in turns
    )


def halves(turns: Sequence[Turn]) -> tuple[Sequence[Turn], Sequence[Turn]] | None:
    """Splits the turns into two parts of about the same length, or returns None if that isn't possible.

    A single turn is split at a space; both parts keep its index.
    """
    if len(turns) > 1:
        lengths = list(accumulate(len(turn.text) for turn in turns))
        middle = bisect_left(lengths, lengths[-1] / 2)
        cut = min(max(middle, 1), len(turns) - 1)
        return turns[:cut], turns[cut:]
    if not turns or len(turns[0].text) < 2:
        return None
    text = turns[0].text
    space = text.find(" ", len(text) // 2, -1)
    cut = space + 1 if space > 0 else len(text) // 2
    return [replace(turns[0], text=text[:cut])], [replace(turns[0], text=text[cut:])]
