"""Turns word-level transcripts into utterances."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from bot.calls.reading import Utterance, from_segments
from bot.calls.reading.joining import joined


@dataclass(slots=True)
class Word:
    """One word of a word-level transcript. `glued` means no space before it (punctuation)."""

    text: str
    label: str | None = None
    start_s: float | None = None
    end_s: float | None = None
    glued: bool = False


LONG_RUN_WORDS = 120
PAUSE_S = 1.0
UNDIARISED = (
    f"The file names no change of speaker. Runs of over {LONG_RUN_WORDS} words were split at pauses and sentence ends."
)


def from_words(words: Iterable[Word], notes: list[str], *, channels: bool = False) -> list[Utterance]:
    """Joins each run of one speaker's words into an utterance. A note counts words without text.

    If the whole file has one speaker, long runs are split, because evidence points at turns. `channels` says that the
    labels are channels recorded side by side, which files often list one after the other. Each channel is cut at pauses
    and sentence ends, then sorted by time, so that words spoken at the same time don't mix.
    """
    words = list(words)
    kept = [word for word in words if word.text]
    if lost := len(words) - len(kept):
        notes.append(f"{lost} word(s) without text were skipped.")
    if channels and len({word.label for word in kept}) > 1:
        return from_segments(map(_utterance, _phrases(kept)))
    runs = [list(run) for _, run in groupby(kept, key=lambda word: word.label)]
    if len(runs) == 1 and len(runs[0]) > LONG_RUN_WORDS:
        runs = _divide(runs[0])
        notes.append(UNDIARISED)
    return [_utterance(run) for run in runs]


def _phrases(words: Iterable[Word]) -> list[list[Word]]:
    channels: dict[str | None, list[Word]] = {}
    for word in words:
        channels.setdefault(word.label, []).append(word)
    return [phrase for channel in channels.values() for phrase in _divide(channel, shortest=1)]


def _divide(words: Sequence[Word], shortest: int = LONG_RUN_WORDS // 4) -> list[list[Word]]:
    runs: list[list[Word]] = [[]]
    end_s = 0.0
    for word, following in zip(words, [*words[1:], None], strict=True):
        runs[-1].append(word)
        end_s = word.end_s or word.start_s or end_s  # punctuation has no time of its own
        if following is None or following.glued:
            continue
        pause = (following.start_s or 0.0) - end_s
        ends = word.text.endswith((".", "?", "!", "。", "？", "！"))
        if len(runs[-1]) >= LONG_RUN_WORDS or (len(runs[-1]) >= shortest and (ends or pause >= PAUSE_S)):
            runs.append([])
    return [run for run in runs if run]


def _utterance(run: Sequence[Word]) -> Utterance:
    pieces: list[str] = []
    for word in run:
        if word.glued and pieces:
            pieces[-1] += word.text
        else:
            pieces.append(word.text)
    starts = [word.start_s for word in run if word.start_s is not None]
    ends = [word.end_s for word in run if word.end_s is not None]
    return Utterance(joined(pieces), run[0].label, start_s=min(starts, default=None), end_s=max(ends, default=None))
