"""Reads the cues and speakers that all captions (WebVTT, SRT) share."""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from bot.calls.document import Document
from bot.calls.reading import Utterance, merge_runs
from bot.calls.reading.clock import seconds
from bot.calls.reading.joining import joined
from bot.calls.reading.labels import COLON, LABEL, known_speakers

_CLOCK = r"-?\d[\d:.,]*"
_COLON_MILLISECONDS = re.compile(r"(?<=\d:\d\d:\d\d):(?=\d{3}$)")
_TIMES = re.compile(rf"[ \t]*({_CLOCK})[ \t]*-->[ \t]*({_CLOCK})")
_UNSPOKEN = re.compile(r"NOTE\b|STYLE\b|REGION\b|WEBVTT\b")
_VOICE = re.compile(r"<v(?:\.[^ \t<>]*)?[ \t]([^<>]*)>")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>|<\d[\d:.]*>|\{\\[^{}]*\}")
_NAMED = re.compile(rf"(?:>>+|-)?[ \t]*\[?({LABEL})\]?[ \t]*{COLON}[ \t]*(.*)")
_NUMBERED = re.compile(r"[\[(]((?:speaker|spk)[ _]?\w{1,3})[\])][ \t]+(.*)", re.IGNORECASE)


@dataclass(slots=True)
class CaptionCue:
    """The lines between one pair of times and the next empty line. The times are None if the file has none."""

    start_s: float | None = None
    end_s: float | None = None
    lines: list[str] = field(default_factory=list)


def has_times(document: Document) -> bool:
    return any("-->" in line and _TIMES.match(line) for line in document.first_lines(100))


def cues(lines: Iterable[str]) -> Iterator[CaptionCue]:
    """Yields the cues in order, also words without a time if they follow a number or the first cue.

    One empty line between the times and the words is allowed, because some programs leave it.
    """
    cue, timed, gap = CaptionCue(), False, False
    for line in [*lines, "", ""]:
        times = _TIMES.match(line) if "-->" in line else None
        if times and cue.lines and (cue.start_s is None or gap or cue.lines[-1].strip().isdigit()):
            cue.lines.pop()  # the line above the times is the cue's own id
        if not times and line.strip():
            cue.lines.append(line)
            continue
        if not times and cue.start_s is not None and not cue.lines and not gap:
            gap = True
            continue
        if cue.start_s is not None or _is_spoken(cue.lines, timed):
            yield cue
        cue, gap = CaptionCue(_seconds(times[1]), _seconds(times[2])) if times else CaptionCue(), False
        timed = timed or bool(times)


def _seconds(clock: str) -> float | None:
    return seconds(_COLON_MILLISECONDS.sub(".", clock) if clock.count(":") == 3 else clock)


def _is_spoken(lines: list[str], timed: bool) -> bool:
    """True if a block without times is words: no header, no comment, no lone cue id."""
    if numbered := bool(lines) and lines[0].strip().isdigit():
        del lines[0]
    return bool(lines) and (timed or numbered) and not _UNSPOKEN.match(lines[0])


def utterances(found: Iterable[CaptionCue]) -> list[Utterance]:
    """Returns what the cues say; consecutive cues of one named speaker become one utterance.

    A speaker is named by a voice tag (<v Jane>), by the words before a colon (Zoom), or in JSON (Teams metadata).
    """
    said = [utterance for cue in found for utterance in _voices(cue)]
    counts = Counter(label for each in said if not each.label and (label := _named(each.text)[0]))
    known = known_speakers(counts, all_labelled=2 * counts.total() >= len(said))
    return merge_runs(_with_labels(said, known))


def _voices(cue: CaptionCue) -> Iterator[Utterance]:
    text = "\n".join(cue.lines)
    if text.startswith("{") and (spoken := _teams_metadata(text)):
        yield Utterance(spoken[1], spoken[0], start_s=cue.start_s, end_s=cue.end_s)
        return
    before, *voices = _VOICE.split(text) if "<v" in text else [text]
    for label, part in [(None, before), *zip(voices[::2], voices[1::2], strict=True)]:
        who = _plain(label) if label else None
        for line in _joined(filter(None, map(_plain, part.split("\n")))):
            yield Utterance(line, who, start_s=cue.start_s, end_s=cue.end_s)


def _joined(lines: Iterable[str]) -> list[str]:
    """Joins the lines of a cue, but starts a new text at each line that can open with a speaker."""
    texts: list[str] = []
    for line in lines:
        if texts and not _named(line)[0]:
            texts[-1] = joined([texts[-1], line])
        else:
            texts.append(line)
    return texts


def _named(text: str) -> tuple[str, str]:
    found = _NAMED.match(text) if ":" in text or "：" in text else None
    found = found or (_NUMBERED.match(text) if text[:1] in "[(" else None)
    return (found[1].strip(), found[2]) if found else ("", text)


def _with_labels(said: Iterable[Utterance], known: frozenset[str]) -> Iterator[Utterance]:
    """Gives a cue without a name the previous speaker, if the file names speakers before a colon."""
    speaker = None
    for utterance in said:
        label, text = _named(utterance.text) if known and not utterance.label else ("", "")
        if label in known:
            utterance.label, utterance.text = label, text
            speaker = label
        elif known and not utterance.label:
            utterance.label = speaker
        yield utterance


def _teams_metadata(text: str) -> tuple[str | None, str] | None:
    try:
        body = json.loads(text)
        return body.get("speakerName") or None, str(body["spokenText"])
    except (ValueError, KeyError, RecursionError):
        return None


def _plain(text: str) -> str:
    if "<" in text or "{" in text:
        text = _TAG.sub("", text)
    return (html.unescape(text) if "&" in text else text).replace("\xa0", " ").strip()
