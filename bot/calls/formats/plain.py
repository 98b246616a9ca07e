"""Reads text as people type and paste it, with a speaker before each turn."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.calls.document import Document
from bot.calls.reading import CallLog, Reader, Utterance
from bot.calls.reading.clock import times
from bot.calls.reading.labelled_lines import LABELLED, STAMPED, one_line_a_turn, speakers_in, take_apart
from bot.calls.reading.labels import is_field, is_name

NO_SPEAKERS = "I found no speakers. The whole text is one turn."
HEAD_LINES = 200

_RULE = re.compile(r"\s*(?:[-=*_~#]{3}.*[-=*_~#]{3}\s*|[-=*_~#\s]*)$")
_KIND = r"(?:call|conversation|transcript|contact|ticket|case|chat|session|interaction)"
_HEADING = re.compile(rf"\s*(?:[-=*#~]{{2,}}\s*{_KIND}\b.{{0,60}}|{_KIND}\s+#?\d+\s*[:：]?\s*)$", re.IGNORECASE)
_ID = re.compile(
    rf"\W*((?:{_KIND}[ _-]?(?:id|number|no\.?|ref(?:erence)?)|ticket|case)\s*[:：#]+|{_KIND}\s*#)\s*"
    r"#?(\S{0,60}?\d\S{0,60}?)[-=*#~\s]*$",
    re.IGNORECASE,
)


def sure(document: Document) -> float:
    if document.is_json or document.is_json_lines:
        return 0.0
    lines = one_line_a_turn("\n".join(document.first_lines(HEAD_LINES))).split("\n")
    if known := speakers_in(lines):
        filled = [line for line in lines if line.strip()]
        labelled = sum(take_apart(line)[0] in known for line in filled)
        return 0.3 + 0.4 * labelled / len(filled)
    return 0.3 if _is_timed(lines) else 0.25 if _is_prose(lines) else 0.0


def read(document: Document) -> Iterator[CallLog]:
    text = one_line_a_turn(document.text)
    return _calls(text, text.split("\n"))


def split(text: str) -> list[Utterance]:
    """Returns the turns in a text; one turn without a label if no speakers are found."""
    return [said for log in read(Document(text)) for said in log.utterances]


def _calls(text: str, lines: Sequence[str]) -> Iterator[CallLog]:
    known = speakers_in(lines)
    timed = not known and _is_timed(lines[:HEAD_LINES])
    if not known and not timed:
        yield CallLog([Utterance(text.strip())], notes=[NO_SPEAKERS])
        return
    call = _Call(_header(lines, known))
    for n, line in enumerate(lines):
        label, stamp, rest = take_apart(line, known)
        if label in known and n >= call.header:
            call.take(label, stamp, rest)
        elif timed and (stamped := STAMPED.match(line)):
            call.take(None, stamped[1], stamped[2] or "")
        elif call.turns and call.is_next(line):
            yield call.log()
            call = _Call(n + _header(lines[n : n + 20], known), call.key)
            call.go_on(line)
        else:
            call.go_on(line)
    yield call.log()


class _Call:
    """Gathers the lines of one call. Lines up to number `header` are not turns."""

    def __init__(self, header: int, key: str = "") -> None:
        self.header, self.key, self.id = header, key, ""
        self.turns: list[Utterance] = []
        self.stamps: list[str | None] = []
        self.more: dict[int, list[str]] = {}
        self.before: list[str] = []

    def is_next(self, line: str) -> bool:
        """True if a heading opens another call: "--- Call 2 ---", or a "Call ID:" like the one above this call."""
        return bool(_HEADING.match(line) or (self.key and (found := _ID.match(line)) and _key(found) == self.key))

    def take(self, label: str | None, stamp: str | None, text: str) -> None:
        self.turns.append(Utterance(text, label))
        self.stamps.append(stamp)

    def go_on(self, line: str) -> None:
        """Adds a line that opens no turn to the turn before, or to the lines above the first turn."""
        if self.turns:
            if line and not _RULE.match(line):
                self.more.setdefault(len(self.turns) - 1, []).append(line.strip())
            return
        if found := _ID.match(line):
            self.key, self.id = self.key or _key(found), self.id or found[2]
        if line and not _RULE.match(line):
            self.before.append(line.strip())

    def log(self) -> CallLog:
        for n, lines in self.more.items():
            self.turns[n].text = "\n".join(filter(None, [self.turns[n].text, *lines]))
        for said, start in zip(self.turns, times(self.stamps), strict=True):
            said.start_s = start
        shown = "; ".join(self.before)
        notes = [f"{len(self.before)} line(s) before the first turn were skipped: {shown:.200}"] if shown else []
        return CallLog(self.turns, self.id or None, notes)


def _key(found: re.Match[str]) -> str:
    return " ".join(found[1].lower().split())


def _header(lines: Sequence[str], known: frozenset[str]) -> int:
    """Counts the lines of fields above the turns, where "Agent: Jane Doe" is a field too."""
    end = next((n for n, line in enumerate(lines[:30]) if n and _RULE.match(line)), 0)
    fields = [turn for line in lines[:end] if (turn := LABELLED.match(line))]
    keys = [turn[2].strip() for turn in fields]
    if len(set(keys)) < max(end - 1, 2) or len(keys) > len(set(keys)) or not any(map(is_field, keys)):
        return 0
    values = [turn[4] for turn, key in zip(fields, keys, strict=True) if key in known]
    follows = any(take_apart(line)[0] in known for line in lines[end : end + 20])
    return end if follows and all(is_name(value) and value[-1:] not in ".?!" for value in values) else 0


def _is_timed(lines: Sequence[str]) -> bool:
    filled = [line for line in lines if line.strip()]
    timed = [found for line in filled if (found := STAMPED.match(line))]
    return len(timed) > 1 and 2 * len(timed) >= len(filled) and _is_prose([found[2] or "" for found in timed])


def _is_prose(lines: Sequence[str]) -> bool:
    """True for sentences; false for tables, logs and lists of numbers."""
    tokens = " ".join(lines).split()
    words = sum(sum(map(str.isalpha, token)) >= 0.6 * len(token) for token in tokens)
    tabular = sum(line.count("\t") + line.count("|") + line.count(";") > 1 for line in lines)
    letters = sum(len(token) for token in tokens)
    return (
        letters > 4
        and (len(tokens) > 1 or not tokens[0].isascii())
        and words >= 0.75 * len(tokens)
        and 3 * tabular <= len(lines)
    )


READER = Reader("plain", "plain text", sure, read)
