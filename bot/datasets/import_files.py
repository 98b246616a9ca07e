"""Reads the rows of a file to import, JSON Lines or a table."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import chain, dropwhile, islice
from typing import BinaryIO

from bot.calls.document import Document
from bot.datasets.import_rows import ACCEPTED, ImportRow, row_of
from bot.errors import ReadError

HEAD_LINES = 5  # enough to detect the format
LINES = (".jsonl", ".json", ".ndjson")
COLUMNS = ("prompt", "completion")
DELIMITERS = ",;\t|"
_TOO_LONG = b"\xed\xbf\xbf"  # marks a line that was too long to read; never occurs in a text

NumberedRow = tuple[int, ImportRow | ReadError]


def read(opened: BinaryIO, name: str, max_bytes: int, columns: tuple[str, str] = COLUMNS) -> Iterator[NumberedRow]:
    """Yields the rows of JSON Lines, or of a table with two `columns`, by the number of their (first) line.

    Only one row is in memory at a time. A line of more than `max_bytes` is refused.
    """
    lines = dropwhile(lambda each: not each[1].strip(), _lines(opened, max_bytes))
    head = list(islice(lines, HEAD_LINES))
    whole = chain(head, lines)
    if name.endswith(LINES) or any(line.lstrip().startswith(b"{") for _, line in head):
        yield from _json(whole)
    elif head:
        csv.field_size_limit(max(csv.field_size_limit(), max_bytes))
        yield from _table(whole, columns)


def _lines(opened: BinaryIO, most: int) -> Iterator[tuple[int, bytes]]:
    """Yields each line with its number, `_TOO_LONG` for a too long one. Drops a byte-order mark."""
    number, mark = 0, b"\xef\xbb\xbf"
    while line := opened.readline(most + 1):
        number += 1
        if len(line) > most:
            while line and not line.endswith(b"\n"):
                line = opened.readline(most)
            line = _TOO_LONG
        yield number, line.removeprefix(mark) if number == 1 else line


def _json(lines: Iterable[tuple[int, bytes]]) -> Iterator[NumberedRow]:
    for number, line in lines:
        if line.strip():
            try:
                yield number, row_of(line) if line != _TOO_LONG else _too_long()
            except ReadError as error:
                yield number, error


def _table(lines: Iterator[tuple[int, bytes]], columns: tuple[str, str]) -> Iterator[NumberedRow]:
    number, first = next(lines)
    header, delimiter = _header(first.decode("utf-8", "replace"), columns)
    if delimiter:
        places = [header.index(name) for name in columns]
        for number, cells in _rows(lines, delimiter):
            yield number, cells if isinstance(cells, ReadError) else _row(cells, places)
        return
    try:
        Document.decode(first[:4096])
    except ReadError as error:  # says so if it is a PDF, an archive or UTF-16
        yield number, ReadError(error.reason, accepted=ACCEPTED)
    else:
        wanted = " and ".join(map(repr, columns))
        yield number, ReadError(f"this is neither JSON Lines nor a table with the columns {wanted}", accepted=ACCEPTED)


def _header(line: str, columns: tuple[str, str]) -> tuple[list[str], str]:
    """Returns a header's names and their delimiter, "" if the columns aren't there."""
    for delimiter in DELIMITERS:
        header = [name.strip(' "\r\n') for name in line.split(delimiter)]
        if all(name in header for name in columns):
            return header, delimiter
    return [], ""


def _rows(lines: Iterator[tuple[int, bytes]], delimiter: str) -> Iterator[tuple[int, list[str] | ReadError]]:
    """Yields the cells of each row, by its first line. After a broken row it continues on the next line."""
    back: deque[tuple[int, bytes]] = deque()
    taken: list[tuple[int, bytes]] = []

    def texts() -> Iterator[str]:
        while line := back.popleft() if back else next(lines, None):
            taken.append(line)
            yield line[1].decode("utf-8", "surrogateescape")

    while True:
        taken.clear()
        try:
            cells = next(csv.reader(texts(), delimiter=delimiter, strict=True), None)
        except csv.Error:
            back.extendleft(reversed(taken[1:]))
            yield (
                taken[0][0],
                ReadError("this isn't a row of a table", accepted='Put a cell with " in quotes, and double the ".'),
            )
        else:
            if cells is None:
                return
            if cells:
                yield taken[0][0], cells


def _row(cells: list[str], places: list[int]) -> ImportRow | ReadError:
    if any(_TOO_LONG.decode("utf-8", "surrogateescape") in cell for cell in cells):
        return _too_long()
    if len(cells) <= max(places):
        return ReadError(f"this row has {len(cells)} cell(s), fewer than the header")
    prompt, completion = (cells[place] for place in places)
    try:
        (prompt + completion).encode()
    except UnicodeEncodeError:
        return ReadError("this row isn't UTF-8", accepted="Save the file as UTF-8.")
    return ImportRow(prompt, completion)


def _too_long() -> ReadError:
    return ReadError("this line is too long", accepted="WRAPUP_MAX_BYTES sets the limit.")
