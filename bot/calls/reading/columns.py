"""Works out the layout of a table of calls."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Literal

from bot.calls.reading.clock import TIME
from bot.calls.speaker import role_of
from bot.errors import ReadError

ColumnKind = Literal["text", "title", "requester", "call", "role", "speaker", "start", "end", "id", "public", "part"]
# Names are compared in lower case, letters and digits only, without units. The first name found counts.
_NAMES: dict[ColumnKind, str] = {
    "text": "text utterance message messagetext messagebody content transcript transcription transcripttext calltranscript "
    "chattranscript sentence spokentext plainbody textbody body htmlbody comment commentbody speech said caption "
    "dialogue dialog conversation chat log nachricht texto texte mensaje 内容 본문 내용 description",
    "title": "subject shortdescription",
    "requester": "requestername requester requesteremail requesterid customername contactname",
    "call": "ticketnumber casenumber callid conversationid contactid ticketid sessionid interactionid meetingid callsid dialogueid dialogid threadid "
    "chatid transcriptid caseid recordingid call conversation ticket case session dialogue thread",
    "role": "role speakerrole participantrole speakertype participanttype sendertype authortype usertype direction",
    "speaker": "speaker speakername speakerlabel participant participantname sendername sender authorname author displayname "
    "fromname from name username user nick channel party sprecher hablante locuteur 화자 話者 speakerid participantid senderid "
    "authorid userid actorid",
    "start": "start starttime begin begintime startoffset offset timestamp time ts at createdat created sentat datetime datesent date "
    "messagetime zeit uhrzeit hora heure",
    "end": "end endtime stop stoptime endoffset endts",
    "id": "id",
    "public": "public ispublic",
    "part": "parttype messagetype",
}
# Endings of the column name if only one column holds texts ("Message Content", "customerMessage").
_TEXT_ENDS = frozenset("text message content transcript transcription utterance body dialogue conversation log".split())
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_CLOCK = re.compile(rf"\s*(?:{TIME}|\d+(?:\.\d+)?)\s*")
_MILLISECONDS = "ms|msec|msecs|millis|milliseconds"
_UNIT = re.compile(
    rf"^({'|'.join(_NAMES[kind].replace(' ', '|') for kind in ('start', 'end'))})({_MILLISECONDS}|s|sec|secs|seconds|utc|gmt)$"
)

DELIMITERS = ",;\t|"
HEAD_LINES = 60
_LOOKED_AT = 5
# Added after the last row: if it doesn't come back as a row, a quote was left open. No document holds a NUL.
_END = "\x00end"


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table is laid out. `line` is the header's, from 1; `even` if nearly all rows are as wide as the header."""

    delimiter: str
    line: int
    header: list[str]
    columns: dict[ColumnKind, int]
    even: bool

    @property
    def in_milliseconds(self) -> bool:
        """True if the name of the time column says so."""
        name = _plain(self.header[self.columns["start"]]) if "start" in self.columns else ""
        return bool(re.search(rf"({_MILLISECONDS})$", name))


def layout(lines: Sequence[str]) -> Layout | None:
    """Returns the layout that recognises most column names, or None if this isn't a table."""
    found = [each for delimiter in DELIMITERS for each in _layouts(lines, delimiter)]
    return max(found, key=lambda each: ("text" in each.columns, len(each.columns), len(each.header)), default=None)


def rows(text: str, delimiter: str, *, cut: bool = False) -> Iterator[tuple[int, list[str]]]:
    """Yields the rows that aren't empty, each with the line on which it ends.

    Raises ReadError if a quote is never closed, unless the text was `cut` off.
    """
    # The limit holds for the whole process, so only ever raise it.
    csv.field_size_limit(max(csv.field_size_limit(), len(text) + 10))
    reader = csv.reader(chain(io.StringIO(text.replace("\r", "\n")), [_END]), delimiter=delimiter)
    line = 0
    for row in reader:
        if row and row[-1].endswith(_END) and row != [_END]:
            if cut:
                return
            raise ReadError("a quote is never closed", f"line {line + 1}", 'Double the quotes inside a cell ("").')
        line = reader.line_num
        if any(row) and row != [_END]:
            yield line, row


def _layouts(lines: Sequence[str], delimiter: str) -> Iterator[Layout]:
    """Yields a layout for each of the first rows that can be a header."""
    head = list(rows("\n".join(lines[:HEAD_LINES]), delimiter, cut=True))
    if bare := _without_header([row for _, row in head]):
        yield Layout(delimiter, 0, [""] * len(head[-1][1]), bare, even=True)
        return
    for n, (line, row) in enumerate(head[:_LOOKED_AT]):
        if any(": " in cell or cell.rstrip().endswith((".", "?", "!", ":")) for cell in row):  # a sentence
            continue
        columns = _columns(row)
        below = head[n + 1 :]
        if len(row) == 1:  # one column: only quotes show that this is a table
            if "text" in columns and line < len(lines) and lines[line].startswith('"'):
                yield Layout(delimiter, line, row, columns, even=True)
        elif (below or "text" in columns) and 2 * sum(len(other) > 1 for _, other in below) >= len(below):
            width = max(n for n, cell in enumerate(row, 1) if cell)  # a delimiter can end just the header
            even = sum(width <= len(other) <= len(row) for _, other in below) >= 0.9 * len(below)
            yield Layout(delimiter, line, row, columns, even)


def _columns(header: Sequence[str]) -> dict[ColumnKind, int]:
    names = [_UNIT.sub(r"\1", _plain(cell)) for cell in header]
    found: dict[ColumnKind, int] = {}
    for kind, known in _NAMES.items():
        free = [name for name in known.split() if name in names and names.index(name) not in found.values()]
        if free:
            found[kind] = names.index(free[0])
    if "text" not in found and len(ends := [n for n, cell in enumerate(header) if _last_word(cell) in _TEXT_ENDS]) == 1:
        found = {kind: n for kind, n in found.items() if n != ends[0]} | {"text": ends[0]}
    if "text" in found and names[found["text"]] == "description" and "title" not in found:
        del found["text"]  # of a thing, not of a ticket
    if found.keys() & {"speaker", "role"}:
        found.pop("title", None)  # of each message, not of a ticket
    return found


def _without_header(rows_: Sequence[Sequence[str]]) -> dict[ColumnKind, int]:
    """Returns the columns of a table without a header: the one with roles, and the longest for the texts."""
    widths = Counter(map(len, rows_))
    width, count = widths.most_common(1)[0] if widths else (0, 0)
    even = [row for row in rows_ if len(row) == width]
    if len(even) < 2 or width < 2 or count < 0.8 * len(rows_):
        return {}
    columns = list(zip(*even, strict=True))
    roles = [
        n for n, cells in enumerate(columns) if len({role_of(cell) for cell in cells}) > 1 and all(map(role_of, cells))
    ]
    longest = max(range(width), key=lambda n: sum(map(len, columns[n])))
    if not roles or longest == roles[0]:
        return {}
    starts = [n for n, cells in enumerate(columns) if all(map(_CLOCK.fullmatch, cells))]
    found: dict[ColumnKind, int] = {"text": longest, "speaker": roles[0]}
    return found | ({"start": starts[0]} if starts else {})


def _last_word(name: str) -> str:
    words = re.findall(r"[^\W\d_]+", _CAMEL.sub(" ", name))
    return words[-1].lower() if len(words) > 1 else ""


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.lower())
