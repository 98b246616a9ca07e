"""Call-log files in, transcripts out: finds the reader that is surest of a file.

Each module in this folder holds one `READER`; to add a format, add a file.
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
    """All readers by name."""
    modules = (importlib.import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__))
    return {module.READER.name: module.READER for module in modules}


def read(document: Document, format_name: str | None = None) -> Iterator[Transcript]:
    """The calls in a document, in its order. `format_name` forces a reader.

    Raises ReadError: no reader is sure of it, the reader finds it broken, or it holds no turns.
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
        raise ReadError(f"this file holds no turns of speech, read as {reader.about}", accepted=ACCEPTED)


def detect(document: Document) -> Reader:
    """The reader that is surest of the document. Raises ReadError where none is."""
    if document.is_json:
        _ = document.json  # a broken file is told here, once, with its place
    head = document.head
    sure, best = 0.0, None
    for reader in sorted(readers().values(), key=lambda reader: (reader.most, reader.name), reverse=True):
        if reader.most > sure and (found := reader.sure(head)) > sure:
            sure, best = found, reader
    if best is None or sure < SURE_ENOUGH:
        what = (
            "this JSON has none of the shapes of a call log"
            if document.is_json
            else "this is no call log that can be told apart"
        )
        raise ReadError(what, accepted=f'{ACCEPTED} A plain log has a line a turn: "Agent: Good morning."')
    return best


def _named(name: str) -> Reader:
    if name not in readers():
        raise ReadError(f"there is no format {name!r}", accepted=f"Formats: {', '.join(sorted(readers()))}.")
    return readers()[name]


def _calls(reader: Reader, document: Document) -> Iterable[CallLog]:
    """The reader's calls; a shape that the reader did not foresee is told as such, never as a traceback."""
    try:
        yield from reader.read(document)
    except (LookupError, TypeError, AttributeError, ValueError, ArithmeticError, RecursionError) as error:
        raise ReadError(
            f"this looks like {reader.about}, but its inside has another shape ({type(error).__name__})",
            accepted=ACCEPTED,
        ) from error
