"""Reads the calls or comments in the files that a command names."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.calls import formats
from bot.calls.comments import read_comments
from bot.calls.document import ACCEPTED, Document
from bot.calls.transcript import Reads, Transcript
from bot.errors import ReadError

STDIN = "-"


@dataclass(frozen=True, slots=True)
class Taken:
    """One call in a file, or why the file (or the rest of it) could not be read."""

    file: str
    found: Transcript | ReadError


def files(names: Iterable[str]) -> list[str]:
    """Returns the named files; a folder stands for all files below it, sorted by name."""
    return [file for name in names for file in (_below(Path(name)) or [name])]


def _below(folder: Path) -> list[str]:
    """Returns every file below the folder except hidden ones; none if it isn't a folder."""
    return [
        str(path)
        for path in sorted(folder.rglob("*") if folder.is_dir() else ())
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    ]


def take(file: str, reads: Reads, format_name: str | None, max_bytes: int) -> Iterator[Taken]:
    """Yields what is in one file, in its order; last a ReadError if reading ends early."""
    try:
        data = _bytes(file, max_bytes)
    except ReadError as error:
        yield Taken(file, error)
    else:
        yield from read(file, data, reads, format_name, max_bytes)


def read(file: str, data: bytes, reads: Reads, format_name: str | None, max_bytes: int) -> Iterator[Taken]:
    """Yields what is in a file's bytes, in its order; last a ReadError if reading ends early."""
    try:
        document = Document.decode(data, max_bytes)
        for transcript in read_comments(document) if reads == "comment" else formats.read(document, format_name):
            yield Taken(file, transcript)
    except ReadError as error:
        yield Taken(file, error)


def text(file: str, max_bytes: int) -> str:
    """Returns the whole file as text. Raises ReadError if it isn't text or can't be opened."""
    return Document.decode(_bytes(file, max_bytes), max_bytes).text


def _bytes(file: str, max_bytes: int) -> bytes:
    """Reads at most one byte more than allowed, so a huge file costs no memory."""
    try:
        if file == STDIN:
            return sys.stdin.buffer.read(max_bytes + 1)
        if Path(file).is_dir():
            raise ReadError("the folder has no files in it", accepted=ACCEPTED)
        with Path(file).open("rb") as opened:
            return opened.read(max_bytes + 1)
    except OSError as error:
        raise ReadError(f"the file can't be opened: {(error.strerror or 'unknown fault').lower()}") from error
