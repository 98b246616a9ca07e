"""What a reader of call logs is, with the small parts that readers share."""

from __future__ import annotations

import html
import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html.parser import HTMLParser
from itertools import groupby

from bot.document import Document
from bot.transcript import Speaker


@dataclass(slots=True)
class Utterance:
    """One stretch of speech as the file gives it.

    `label` is what the file calls the speaker ("Agent", "spk_0", "Jane Doe"). `speaker` is set only where the file
    itself tells the role. Times are seconds from the start of the call.
    """

    text: str
    label: str | None = None
    speaker: Speaker | None = None
    start_s: float | None = None
    end_s: float | None = None


@dataclass(slots=True)
class CallLog:
    """One call as a file gives it; `id` only where the file has one; `notes` for what was inferred or left out."""

    utterances: list[Utterance]
    id: str | None = None
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Reader:
    """One kind of call-log file.

    `sure(document)` says from 0 (not mine) to 1 (surely mine), by content alone, cheaply. `read(document)` gives the
    calls, raising ReadError where the file is of this kind and broken.
    """

    name: str
    about: str
    sure: Callable[[Document], float]
    read: Callable[[Document], Iterable[CallLog]]


@dataclass(slots=True)
class Word:
    """One word of a word-level transcript; `glued` joins it to the word before without a space (punctuation)."""

    text: str
    label: str | None = None
    start_s: float | None = None
    end_s: float | None = None
    glued: bool = False


LONG_RUN_WORDS = 120
PAUSE_S = 1.0
UNDIARISED = f"The file tells no change of speaker: runs of over {LONG_RUN_WORDS} words were divided at pauses and sentence ends."


def from_words(words: Iterable[Word], notes: list[str]) -> list[Utterance]:
    """Runs of one speaker's words as utterances.

    Where the whole file has one speaker, long runs are divided so that a turn stays a place one can point at.
    """
    runs = [list(run) for _, run in groupby(words, key=lambda word: word.label)]
    if len(runs) == 1 and len(runs[0]) > LONG_RUN_WORDS:
        runs = _divide(runs[0])
        notes.append(UNDIARISED)
    return [_utterance(run) for run in runs]


def _divide(words: Sequence[Word]) -> list[list[Word]]:
    runs: list[list[Word]] = [[]]
    for word, following in zip(words, [*words[1:], None], strict=True):
        runs[-1].append(word)
        if following is None or following.glued:
            continue
        pause = (following.start_s or 0.0) - (word.end_s or word.start_s or 0.0)
        ends = word.text.endswith((".", "?", "!", "。"))
        if len(runs[-1]) >= LONG_RUN_WORDS or (len(runs[-1]) >= LONG_RUN_WORDS // 4 and (ends or pause >= PAUSE_S)):
            runs.append([])
    return [run for run in runs if run]


def _utterance(run: Sequence[Word]) -> Utterance:
    text = "".join(word.text if word.glued or not n else f" {word.text}" for n, word in enumerate(run))
    starts = [word.start_s for word in run if word.start_s is not None]
    ends = [word.end_s for word in run if word.end_s is not None]
    return Utterance(text, run[0].label, start_s=min(starts, default=None), end_s=max(ends, default=None))


def merge_runs(utterances: Iterable[Utterance]) -> list[Utterance]:
    """Consecutive utterances of one named speaker as one; those without a speaker stay apart."""
    merged: list[Utterance] = []
    for utterance in utterances:
        last = merged[-1] if merged else None
        if last and utterance.label and last.label == utterance.label and last.speaker == utterance.speaker:
            last.text = f"{last.text} {utterance.text}"
            last.end_s = utterance.end_s if utterance.end_s is not None else last.end_s
        else:
            merged.append(utterance)
    return merged


_CLOCK = re.compile(r"^\s*(-)?(?:(\d+):)?(\d{1,3}):(\d{1,2}(?:[.,]\d+)?)\s*$")


def seconds(value: object, per_second: float = 1.0) -> float | None:
    """Seconds from a number, a number as text ("4.87", "4.87s"), a clock ("00:01:02.5") or an ISO date and time.

    `per_second` is how many of the file's units make a second (1000 for milliseconds); clocks and dates ignore it.
    Dates give seconds since 1970. What cannot be read gives None.
    """
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        number = float(value) / per_second if abs(value) < 1e18 else math.nan
        return number if math.isfinite(number) else None
    text = str(value).strip()
    if clock := _CLOCK.match(text):
        minus, hours, minutes, rest = clock.groups()
        total = int(hours or 0) * 3600 + int(minutes) * 60 + float(rest.replace(",", "."))
        return -total if minus else total
    try:
        return seconds(float(text.removesuffix("s")), per_second)
    except ValueError:
        return _date_seconds(text)


def _date_seconds(text: str) -> float | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


class _Text(HTMLParser):
    BREAKS = frozenset({"br", "p", "div", "li", "tr", "h1", "h2", "h3", "blockquote"})
    SILENT = frozenset({"script", "style", "head"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in self.SILENT
        if tag in self.BREAKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in self.SILENT and self.silent > 0
        if tag in self.BREAKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.parts.append(data)


def from_html(text: str) -> str:
    """The words of an HTML fragment (help desks keep messages as HTML); text without tags comes back unescaped."""
    if "<" not in text:
        return html.unescape(text).strip()
    parser = _Text()
    parser.feed(text)
    parser.close()
    return re.sub(r"[ \t\xa0]*\n\s*", "\n", "".join(parser.parts)).strip()
