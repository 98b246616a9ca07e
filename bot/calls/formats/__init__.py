"""Finds the reader that fits a call-log file best.

To add a format, add a module with a `READER` to this folder.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache

from bot.calls.assemble import assemble
from bot.calls.document import ACCEPTED, Document
from bot.calls.reading import CallLog, Reader
from bot.calls.transcript import Transcript
from bot.errors import ReadError

SURE_ENOUGH = 0.2


@cache
def readers() -> dict[str, Reader]:
    """Returns all readers by name."""
    modules = (importlib.import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__))
    return {module.READER.name: module.READER for module in modules}


def read(document: Document, format_name: str | None = None) -> Iterator[Transcript]:
    """Yields the calls in a document, in its order. `format_name` forces a reader.

    Raises ReadError if no reader fits, the file is broken, or it has no turns.
    """
    reader = _named(format_name) if format_name else detect(document)
    notes = document.notes
    found = 0
    taken: Counter[str] = Counter()
    for log in _calls(reader, document):
        transcript = assemble(log, reader.name, notes, taken)
        notes = []
        if transcript.turns:
            found += 1
            yield transcript
    if not found:
        raise ReadError(f"I found no speech in this file, read as {reader.about}", accepted=ACCEPTED)


def detect(document: Document) -> Reader:
    """Returns the reader that is surest of the document. Raises ReadError if none is."""
    if document.is_json:
        _ = document.json  # raises ReadError with the place if the JSON is broken
    head = document.head
    sure, best = 0.0, None
    for reader in sorted(readers().values(), key=lambda reader: (reader.most, reader.name), reverse=True):
        if reader.most > sure and (found := reader.sure(head)) > sure:
            sure, best = found, reader
    if best is None or sure < SURE_ENOUGH:
        what = "I can't find a conversation in this JSON" if document.is_json else "I can't find a conversation in this"
        raise ReadError(what, accepted=f'{ACCEPTED} A plain log has one turn per line: "Agent: Good morning."')
    return best


def _named(name: str) -> Reader:
    if name not in readers():
        raise ReadError(f"I don't know a format {name!r}", accepted=f"Formats: {', '.join(sorted(readers()))}.")
    return readers()[name]


def _calls(reader: Reader, document: Document) -> Iterable[CallLog]:
    """Yields the reader's calls. An unexpected shape becomes a ReadError, never a traceback."""
    try:
        yield from reader.read(document)
    except (LookupError, TypeError, AttributeError, ValueError, ArithmeticError, RecursionError) as error:
        raise ReadError(
            f"this looks like {reader.about}, but I can't read all of it ({type(error).__name__})",
            accepted=ACCEPTED,
        ) from error
