"""Reads tables (CSV, TSV) with a turn per row or a call per cell."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from math import isfinite

from bot.calls.document import Document
from bot.calls.formats import json_turns
from bot.calls.formats.plain import split
from bot.calls.reading import CallLog, Reader, Utterance
from bot.calls.reading.clock import seconds, times
from bot.calls.reading.columns import HEAD_LINES, ColumnKind, Layout, layout, rows
from bot.calls.reading.markup import from_html
from bot.calls.speaker import role_of
from bot.calls.transcript import Speaker
from bot.errors import ReadError

NEEDED = "A table needs a header row with a column named text (or message, body, transcript). The columns speaker, time and call_id are read too."
_ROLES: dict[str, Speaker] = {"lead": "customer", "human": "customer", "inbound": "customer", "incoming": "customer"}
_ROLES |= {"ai": "agent", "team": "agent", "outbound": "agent", "outgoing": "agent"}
_DAY_S, _EPOCH_S, _EPOCH_MS = 86_400, 1e8, 1e11
# Nobody speaks six words a second for long, and hardly anybody under six in a thousand seconds.
_WORDS_A_MS = 0.006

_Row = dict[ColumnKind, str]


def sure(document: Document) -> float:
    if document.is_json or document.is_json_lines or not (table := layout(document.first_lines(HEAD_LINES + 1))):
        return 0.0
    if "text" in table.columns:
        return 0.9 if len(table.columns) > 1 else 0.85 if table.even else 0.0
    wide = table.even and len(table.header) > 2
    return 0.4 if wide and table.columns else 0.28 if wide and document.text.count("\n") > 2 else 0.0


def read(document: Document) -> Iterator[CallLog]:
    table = layout(document.first_lines(HEAD_LINES + 1))
    if not table or "text" not in table.columns:
        has = f": its columns are {', '.join(filter(None, table.header)):.200}" if table else ""
        raise ReadError(f"this table has no column of speech{has}", f"line {table.line if table else 1}", NEEDED)
    notes: list[str] = []
    said = list(_said(document, table, notes))
    for call, utterances in _logs(said) if _are_logs(said) else _grouped(said, table):
        yield CallLog(utterances, call or None, notes)
        notes = []


def _said(document: Document, table: Layout, notes: list[str]) -> Iterator[_Row]:
    """Returns the known cells of each row with a text, and notes what was skipped."""
    width, last = len(table.header), table.columns["text"] == len(table.header) - 1
    silent = inside = 0
    for line, row in rows(document.text, table.delimiter):
        if line <= table.line or not any(cell.strip("-: ") for cell in row):  # a rule below the header, as in Markdown
            continue
        if last and len(row) > width:  # the text was not quoted
            row[width - 1 :] = [table.delimiter.join(row[width - 1 :])]
        cells: _Row = {kind: row[n].strip() for kind, n in table.columns.items() if n < len(row)}
        if not cells.get("text"):
            silent += 1
            continue
        inside += _is_inside(cells)
        yield cells
    if silent:
        notes.append(f"{silent} row(s) without a text were skipped.")
    if inside:
        notes.append(f"{inside} internal note(s) are among the turns. The customer did not see them.")


def _is_inside(row: _Row) -> bool:
    return row.get("public", "").lower() in ("false", "0", "no") or row.get("part", "").lower() == "note"


def _are_logs(said: Sequence[_Row]) -> bool:
    """True if each text cell holds a whole call."""
    some = said[:20]
    return 2 * sum(len({each.label for each in _log(row["text"])} - {None}) > 1 for row in some) > len(some)


def _logs(said: Sequence[_Row]) -> Iterator[tuple[str, list[Utterance]]]:
    return ((row.get("call") or row.get("id", ""), _log(row["text"])) for row in said)


def _log(text: str) -> list[Utterance]:
    """Returns the turns in a cell: JSON, or a plain log that can have HTML line breaks."""
    if text.startswith(("[", "{")) and (turns := _from_json(text)):
        return turns
    if "</" in text or "<br" in text:
        text = from_html(text)
    return split(text) if ":" in text or "：" in text else [Utterance(text)]


def _from_json(text: str) -> list[Utterance]:
    document = Document(text)
    try:
        return [said for log in json_turns.read(document) for said in log.utterances] if document.is_json else []
    except ReadError:
        return []


def _grouped(said: Sequence[_Row], table: Layout) -> Iterator[tuple[str, list[Utterance]]]:
    """Groups the turns by call; they can be far apart. A row without a call's id belongs to the call above."""
    ids = {row.get("id") for row in said}
    key: ColumnKind = (
        "call" if "call" in table.columns or (len(ids) == len(said) and "title" not in table.columns) else "id"
    )
    calls: dict[str, list[_Row]] = {}
    call = ""
    for row in said:
        call = row.get(key) or call
        calls.setdefault(call, []).append(row)
    unit = 1000 if table.in_milliseconds else _per_second(calls.values())
    return (
        (call, [*map(_utterance, turns, _times(turns, "start", unit), _times(turns, "end", unit))])
        for call, turns in calls.items()
    )


def _per_second(calls: Collection[Sequence[_Row]]) -> float:
    """Guesses the time units per second from the length of the calls and the number of words in them."""
    lasts = [max((_number(row.get("start")) for row in turns), default=0.0) for turns in calls]
    words = sum(row["text"].count(" ") + 1 for turns in calls for row in turns)
    last, total = max(lasts, default=0.0), sum(lasts)
    if last < _EPOCH_S:
        return 1000 if last > _DAY_S or (words < _WORDS_A_MS * total and last >= 1000) else 1
    return 1 if last < _EPOCH_MS else 1000


def _number(value: str | None) -> float:
    """Returns a finite number, or 0 for anything else, also a clock or a date."""
    try:
        number = float(value or 0)
    except ValueError:
        return 0.0
    return number if isfinite(number) else 0.0


def _times(turns: Sequence[_Row], kind: ColumnKind, unit: float) -> list[float | None]:
    stamps = [row.get(kind, "").removesuffix(" UTC") for row in turns]
    if not any(stamps):
        return [None] * len(stamps)
    if any(":" in stamp for stamp in stamps):
        return times([stamp or None for stamp in stamps])
    return [seconds(stamp, unit) for stamp in stamps]


def _utterance(row: _Row, start: float | None, end: float | None) -> Utterance:
    text, word = row["text"], row.get("role", "")
    if "</" in text or "<br" in text:
        text = from_html(text)
    if title := row.get("title"):
        text = text if text.startswith(title) else f"{title}\n{text}"
        return Utterance(text, row.get("requester") or None, "customer", start)
    role = _ROLES.get(word.lower()) or role_of(word) or ("agent" if _is_inside(row) else None)
    return Utterance(text, row.get("speaker") or role or word or None, role, start, end)


READER = Reader("table", "a table (CSV)", sure, read)
