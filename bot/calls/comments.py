"""Reads the comments to moderate, from a text or from JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from bot.calls.assemble import assemble
from bot.calls.document import Document, parse_json
from bot.calls.reading import CallLog, Utterance
from bot.calls.transcript import Transcript
from bot.errors import ReadError

ACCEPTED = 'Send plain text, or one line per comment: {"id": "1", "text": "..."}.'
TEXT_KEYS = ("text", "comment", "body")


def read_comments(document: Document) -> Iterator[Transcript]:
    """Yields each comment as a transcript of one turn. Raises ReadError if there is no comment."""
    found: list[tuple[str | None, str]] = []
    unread: list[str] = []
    for place, value in _values(document):
        text = _text(value)
        if text.strip():
            found.append((_id(value), text))
        else:
            unread.append(place)
    if not found:
        raise ReadError("no comment in this file has a text", accepted=ACCEPTED)
    notes = [*document.notes]
    if unread:
        notes.append(f"{len(unread)} comment(s) were skipped, broken or without a text: {', '.join(unread[:20])}.")
    taken: Counter[str] = Counter()
    for comment, text in found:
        log = CallLog([Utterance(text, speaker="other")], comment)
        yield assemble(log, "comments", notes, taken)
        notes = []


def _values(document: Document) -> Iterator[tuple[str, Any]]:
    """Yields each comment's place, with its JSON value or its text; None for a broken line."""
    if not document.is_json:
        yield "line 1", document.text
    elif _is_a_line_each(document):
        for n, line in enumerate(document.lines, 1):
            if line.strip():
                yield f"line {n}", _line(line)
    elif isinstance(document.json, list):
        yield from ((f"comment {n}", value) for n, value in enumerate(document.json, 1))
    else:
        yield "line 1", document.json


def _is_a_line_each(document: Document) -> bool:
    """True for JSON Lines, even if the first line is broken."""
    if document.is_json_lines:
        return True
    return document.text.lstrip().startswith("{") and any(
        _line(line) is not None for line in document.first_lines(20)[1:] if line.strip().startswith("{")
    )


def _line(line: str) -> Any:
    try:
        value, end = parse_json(line)
    except ReadError:
        return None
    return value if not line[end:].strip() else None


def _text(value: Any) -> str:
    if isinstance(value, dict):
        value = next((value[key] for key in TEXT_KEYS if isinstance(value.get(key), str)), None)
    return value if isinstance(value, str) else ""


def _id(value: Any) -> str | None:
    given = value.get("id") if isinstance(value, dict) else None
    return str(given) if isinstance(given, str | int) and not isinstance(given, bool) else None
