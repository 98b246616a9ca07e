"""Reads NIST CTM: one word per line, with file, channel, start and length."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.calls.document import Document
from bot.calls.reading import CallLog, Reader
from bot.calls.reading.words import Word, from_words
from bot.errors import ReadError

_NUMBER = r"\d{1,9}(?:\.\d*)?"
_WORD = re.compile(
    rf"\s*(\S+)\s+(\S+)\s+({_NUMBER})\s+({_NUMBER})\s+(\S+)(?:\s+(?:-?[\d.]+|NA))?(?:\s+(\S+)(?:\s+(\S+))?)?\s*$"
)
_RTTM = re.compile(r"\s*(SPEAKER|LEXEME|SPKR-INFO|NON-SPEECH|NOSCORE|SEGMENT)(\s+\S+){7,}\s*$")


def sure(document: Document) -> float:
    if document.is_json or document.is_json_lines:
        return 0.0
    head = [line for line in document.first_lines(50) if _holds(line)][:20]
    fits = (all(pattern.match(line) for line in head) for pattern in (_RTTM, _WORD))
    return 0.95 if head and any(fits) else 0.0


def read(document: Document) -> Iterator[CallLog]:
    calls: dict[str, list[Word]] = {}
    lost = 0
    for number, line in enumerate(document.lines, 1):
        if not _holds(line):
            continue
        if _RTTM.match(line):
            raise ReadError(
                "this is RTTM, which says who spoke when but has no words",
                f"line {number}",
                "Send its CTM file instead.",
            )
        if not (found := _WORD.match(line)):
            lost += 1
            continue
        call, channel, start, length, word, _, speaker = found.groups()
        at = float(start)
        calls.setdefault(call, []).append(
            Word(word, _known(speaker) or _channel(channel), at, round(at + float(length), 3))
        )
    notes = [f"{lost} line(s) without a word were skipped."] if lost else []
    for call, words in calls.items():
        _name_channels(words)
        yield CallLog(from_words(words, notes, channels=True), call, notes)
        notes = []


def _channel(channel: str) -> str:
    return f"channel {channel}" if channel.isdigit() else channel


def _name_channels(words: list[Word]) -> None:
    """Removes the label of a call's only channel, because it doesn't tell speakers apart."""
    channels = {word.label for word in words if word.label and word.label.startswith("channel ")}
    if len(channels) == 1:
        for word in words:
            word.label = None if word.label in channels else word.label


def _holds(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith(";;")


def _known(speaker: str | None) -> str | None:
    return None if speaker in ("unknown", "NA", "<NA>") else speaker


READER = Reader("ctm", "a CTM word list", sure, read)
