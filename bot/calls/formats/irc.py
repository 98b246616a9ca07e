"""Reads IRC-style chat logs, with a nick in angle brackets before each line."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.calls.document import Document
from bot.calls.reading import CallLog, Reader, Utterance
from bot.calls.reading.clock import STAMP, times

# HexChat writes month and day before the time; other clients write seconds since 1970.
_WHEN = rf"\s*(?:(?:[A-Z][a-z]{{2}} [ \d]\d )?{STAMP}\s*|(\d{{10}})\s+)?"
_SAID = re.compile(rf"{_WHEN}<[ @+~&%]?([^<>\s][^<>\n]{{0,39}})>(?:[ \t]+(.*))?$")
# WeeChat separates its columns with tabs.
_COLUMNS = re.compile(rf"{_WHEN}\t[ @+~&%]?([^\W\d][^\s<>]{{0,39}})\t(.*)$")
_ACTION = re.compile(rf"{_WHEN}\*\s+([^\s*]+)\s+(.+)")
_EVENT = re.compile(rf"{_WHEN}(?:===|\*\*\*|-!-|--?>|<--?(?=\s)|\*\s*$|---\s|--\t|=!=)")
_EVENT_ACTION = re.compile(
    r"(?:has |have )?(?:joined|left|quit|parted|sets? mode|changed? the topic|set the topic|is now known as)\b"
)


def sure(document: Document) -> float:
    if document.is_json or document.is_json_lines:
        return 0.0
    filled = [line for line in document.first_lines(200) if line.strip()]
    said = sum(bool(_said(line)) for line in filled)
    known = sum(bool(_said(line) or _EVENT.match(line) or _ACTION.match(line)) for line in filled)
    return 0.9 if said > 1 and 5 * said >= len(filled) and 4 * known >= 3 * len(filled) else 0.0


def read(document: Document) -> Iterator[CallLog]:
    said: list[tuple[str, str | None, list[str]]] = []
    dropped = 0
    for line in document.lines:
        if found := _said(line):
            said.append((found[3], found[1] or found[2], [found[4] or ""]))
        elif (action := _ACTION.match(line)) and not _EVENT_ACTION.match(action[4]):
            said.append((action[3], action[1] or action[2], [action[4]]))
        elif action or _EVENT.match(line) or not said:
            dropped += bool(line.strip())
        else:
            said[-1][2].append(line.strip())
    starts = times([stamp for _, stamp, _ in said], of_day=True)
    notes = [f"{dropped} line(s) of joins, parts and other events were skipped."] if dropped else []
    yield CallLog(
        [
            Utterance("\n".join(filter(None, parts)), nick.strip(), start_s=start)
            for (nick, _, parts), start in zip(said, starts, strict=True)
        ],
        notes=notes,
    )


def _said(line: str) -> re.Match[str] | None:
    if "<" in line and (found := _SAID.match(line)):
        return found
    return _COLUMNS.match(line) if "\t" in line else None


READER = Reader("irc", "an IRC chat log", sure, read)
