"""Splits a line of a log into speaker, time and words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable

from bot.calls.reading.clock import STAMP
from bot.calls.reading.labels import COLON, LABEL, is_name, known_speakers
from bot.calls.speaker import role_of

# Label, time, text. Whether the label is a speaker is only known after all lines were seen.
LabelledLine = tuple[str | None, str | None, str]

# Characters that a time at the start of a line can begin with.
_OPENS_STAMP = frozenset("[(0123456789")
LABELLED = re.compile(rf"[ \t]*(?:{STAMP}[ \t,|-]*)?\[?({LABEL})\]?[ \t]*(?:{STAMP})?[ \t]*{COLON}[ \t]*(.*)")
_LEAD = re.compile(rf"{STAMP}[ \t]*")
_ROLE_FIRST = re.compile(rf"[ \t]*(?:{STAMP}[ \t]*)?(?:\[({LABEL})\]|({LABEL})(?:[ \t]+[-–—|>][ \t]+|\t+|>))[ \t]*(.*)")
_ROLE_MARK = re.compile(r"[\]>\t]|[ \t][-–—|][ \t]")
_ALONE = re.compile(rf"[ \t]*(?:{STAMP}[ \t,|-]*\[?({LABEL})\]?|\[?({LABEL})\]?[ \t,|]+{STAMP})[ \t]*$")
STAMPED = re.compile(rf"[ \t]*{STAMP}(?:[ \t]+(.*))?$")
_FROM = re.compile(r"From\s+(\S.*?)(?:\s+to\s+.+)?$", re.IGNORECASE)
_NAME_THEN_TIME = re.compile(rf"(?m)^[ \t]*({LABEL})[ \t]*\n[ \t]*({STAMP})[ \t]*$")
# The time since the start in Salesforce's chats: "( 1h 2m 3s ) Jane: ..."
_SPAN = re.compile(r"(?m)^[ \t]*\( (?:(\d{1,3})h )?(?:(\d{1,3})m )?(\d{1,5})s \)(?=[ \t])")
_INLINE_ROLE = re.compile(rf"(?<=\S)[ \t]+(?=\[?([^\W\d_][\w]*(?: \d+)?)\]?[ \t]*{COLON}[ \t])")


def take_apart(line: str, known: Container[str] = ()) -> LabelledLine:
    """Splits a line into label, time and text; fast if it opens with a label in `known`."""
    lead = _LEAD.match(line) if line[:1] in _OPENS_STAMP else None
    head, colon, rest = (line[lead.end() :] if lead else line).partition(": ")
    if colon and head in known:
        return head, lead and lead[1], rest.strip()
    if ":" in line or "：" in line:
        if (turn := LABELLED.match(line)) and not (" - " in turn[2] and role_of(turn[2].split(" - ")[0])):
            return _label(turn[2]), turn[1] or turn[3], turn[4].strip()
        if alone := _ALONE.match(line):
            label = _label(alone[2] or alone[3])
            return label if is_name(label) else None, alone[1] or alone[4], ""
    if (
        _ROLE_MARK.search(line)
        and (first := _ROLE_FIRST.match(line))
        and is_name(label := first[2] or first[3])
        and role_of(label)
    ):
        return _label(label), first[1], first[4].strip()
    return None, None, line


def _label(text: str) -> str:
    if sender := _FROM.match(text):
        text = sender[1]
    return " ".join(text.split())


def speakers_in(lines: Iterable[str]) -> frozenset[str]:
    counts: Counter[str] = Counter()
    timed: set[str] = set()
    filled = 0
    for line in lines:
        filled += bool(line)
        label, stamp, _ = take_apart(line, counts)
        if label:
            counts[label] += 1
            if stamp:
                timed.add(label)
    known = known_speakers(counts, timed)
    # Somebody who speaks once in a short call needs a turn of their own. A list ("Basic: $10") inside a turn doesn't,
    # nor does a field that appears once above turns that all have times.
    mostly_timed = 2 * sum(counts[label] for label in timed) > counts.total()
    open_to_names = (len(known) < 2 or not any(map(role_of, known))) and not mostly_timed
    labelled = len(counts) > 1 and counts.total() >= (0.5 if known else 0.9) * filled
    return known_speakers(counts, timed, all_labelled=True) if open_to_names and labelled else known


def one_line_a_turn(text: str) -> str:
    """Puts each turn on one line, with its speaker and a clock time."""
    if "s ) " in text[:2000]:
        text = _SPAN.sub(_as_clock, text)
    if "\n" not in text.strip():
        return _INLINE_ROLE.sub(lambda found: "\n" if role_of(found[1]) else found[0], text)
    return _NAME_THEN_TIME.sub(lambda found: f"{found[1]} {found[2]}" if is_name(found[1]) else found[0], text)


def _as_clock(span: re.Match[str]) -> str:
    hours, minutes, rest = (int(part or 0) for part in span.groups())
    return f"[{hours + minutes // 60}:{minutes % 60 + rest // 60:02}:{rest % 60:02}]"
