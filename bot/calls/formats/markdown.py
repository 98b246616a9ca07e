"""Reads Markdown scripts, with speakers in bold or as headings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from bot.calls.document import Document
from bot.calls.formats.plain import split
from bot.calls.reading import CallLog, Reader
from bot.calls.reading.labels import COLON, LABEL, known_speakers
from bot.calls.speaker import role_of

_ITEM = r"[ \t]*(?:>[ \t]*)*(?:[-*+][ \t]+|\d+[.)][ \t]+)?"
_TIME = r"[\[(]?\d[\d:., APMapm]*[\])]?[ \t]*"
_AFTER = r"(?P<time>[ \t]*[\[(][\d:., APMapm]+[\])])?"
_BOLD = re.compile(
    rf"(?m)^{_ITEM}(?P<before>{_TIME})?(?P<mark>\*\*|__|\*|_)(?P<inside>{_TIME})?(?P<label>{LABEL})"
    rf"(?:{COLON}[ \t]*(?P=mark)|(?P=mark){_AFTER}[ \t]*{COLON})[ \t]*"
)
# Without a colon: before the words, or alone on the line above.
_BARE = re.compile(
    rf"(?m)^{_ITEM}(?P<before>{_TIME})?(?P<mark>\*\*|__)(?P<inside>{_TIME})?(?P<label>{LABEL})(?P=mark){_AFTER}"
    r"(?=[ \t\n])[ \t]*(?:[-–—|>]+[ \t]+)?"
)
_HEADING = re.compile(r"(?m)^[ \t]{0,3}#{1,6}[ \t]+(\S.{0,299}?)[ \t#]*$")
# Each alternative ends where the next could begin, so a hostile file can't make matching slow.
_DIRECTION = re.compile(
    r"<span\b(?:(?!<span\b).)*?</span>|<!--(?:(?!<!--).)*?-->|"
    r"^[ \t]*(?P<mark>\*|_)(?![\s*_])(?:(?!\n[ \t]*(?:\n|[*_]+[^\s*_])).)+?(?P=mark)[ \t]*$|"
    r"^[ \t]*[\[(][^\d\n][^\])\n]*[\])][ \t]*$",
    re.DOTALL | re.MULTILINE,
)
_RULE = re.compile(r"(?m)^[ \t]*(?:[-*_][ \t]*){3,}$")
_LINK = re.compile(r"!?\[([^\[\]\n]{0,300})\]\([^)\s]{0,1000}\)")
_UNDERLINED = re.compile(r"(?<!\w)(_{1,2})(?=\S)([^_\n]{1,300})(?<=\S)\1(?!\w)")
_MARKS = re.compile(r"(?m)^[ \t]*(?:>[ \t]?)+|(?<=\S)\*{1,4}|\*{1,4}(?=\S)|(?<!\w)`|`(?!\w)|\\(?=[*_#\[\]().!-])")
# A line that can contain a mark. Most lines have none after the speakers are taken out, so this saves time.
_MARKED = re.compile(r"(?m)^[^\n>*_`\\-]*+[>*_`\\-].*")


def sure(document: Document) -> float:
    if document.is_json or document.is_json_lines:
        return 0.0
    text = "\n".join(document.first_lines(300))
    bold = Counter(" ".join(found["label"].split()) for found in _BOLD.finditer(text))
    return 0.8 if known_speakers(bold) or len(_heading_speakers(text)) > 1 or len(_bare_speakers(text)) > 1 else 0.0


def read(document: Document) -> Iterator[CallLog]:
    text, directions = _DIRECTION.subn("", _LINK.sub(r"\1", document.text))
    speakers = _heading_speakers(text)
    headings = [found[1] for found in _HEADING.finditer(text) if _label(found[1]) not in speakers]
    text = _BOLD.sub(_as_plain, text)
    if bare := _bare_speakers(text):
        text = _BARE.sub(lambda found: _as_plain(found) if found["label"].strip() in bare else found[0], text)
    text = _HEADING.sub(lambda found: f"{label}:" if (label := _label(found[1])) in speakers else "", text)
    yield CallLog(split(_MARKED.sub(_without_marks, text)), notes=list(_notes(directions, headings)))


def _without_marks(line: re.Match[str]) -> str:
    return _MARKS.sub("", _UNDERLINED.sub(r"\2", _RULE.sub("", line[0])))


def _as_plain(found: re.Match[str]) -> str:
    return f"{found['before'] or found['inside'] or ''}{found['label']}{found['time'] or ''}: "


def _bare_speakers(text: str) -> frozenset[str]:
    """Finds bold speakers without a colon. If none of them is a role, the bold is only emphasis."""
    known = known_speakers(Counter(found["label"].strip() for found in _BARE.finditer(text)))
    return known if any(map(role_of, known)) else frozenset()


def _heading_speakers(text: str) -> frozenset[str]:
    return known_speakers(Counter(_label(found[1]) for found in _HEADING.finditer(text)))


def _label(heading: str) -> str:
    return " ".join(heading.strip("*_ ").removesuffix(":").strip("*_ ").split())


def _notes(directions: int, headings: list[str]) -> Iterator[str]:
    if directions:
        yield f"{directions} stage direction(s) were skipped."
    if headings:
        yield f"{len(headings)} heading(s) were skipped: {'; '.join(headings):.200}"


READER = Reader("markdown", "a Markdown script", sure, read)
