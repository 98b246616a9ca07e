"""A call-log file decoded: its text, its JSON, and the kinds of file that are refused before any reader looks."""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from bot.errors import ReadError

MAX_BYTES = 10_000_000
MAX_DEPTH = 200

ACCEPTED = "Wrapup reads text logs, captions (VTT, SRT), CSV and the JSON of call platforms."

# First bytes -> what it is and what to do instead.
_BINARY: tuple[tuple[re.Pattern[bytes], str, str], ...] = tuple(
    (re.compile(pattern, re.DOTALL), what, instead)
    for pattern, what, instead in (
        (rb"%PDF-", "this is a PDF", "Copy its text into a .txt file, or export the call as text."),
        (rb"PK\x03\x04.{0,4000}word/", "this is a Word document", "Save it as plain text (.txt) and send that."),
        (rb"PK\x03\x04.{0,4000}xl/", "this is an Excel workbook", "Save the sheet as CSV and send that."),
        (rb"PK[\x03\x05\x07]", "this is a ZIP archive", "Unpack it and send the call logs in it."),
        (
            rb"\x1f\x8b|BZh|\xfd7zXZ|7z\xbc\xaf|\x28\xb5\x2f\xfd|Rar!",
            "this is a compressed file",
            "Unpack it and send the call log in it.",
        ),
        (rb"\xd0\xcf\x11\xe0", "this is an old Office document", "Save it as plain text (.txt) and send that."),
        (rb"\{\\rtf", "this is a rich-text (RTF) document", "Save it as plain text (.txt) and send that."),
        (
            rb"RIFF....AVI |\x1aE\xdf\xa3|....ftyp(?!M4A)|\x00\x00\x01[\xb3\xba]|FLV\x01",
            "this is video",
            "Transcribe it first (Amazon Transcribe, Zoom, Teams) and send the transcript.",
        ),
        (
            rb"RIFF....WAVE|ID3|\xff[\xe2-\xff]|fLaC|OggS|....ftypM4A|FORM....AIF|#!AMR|\.snd",
            "this is audio",
            "Transcribe it first (Amazon Transcribe, Zoom, Teams) and send the transcript.",
        ),
        (rb"\x89PNG|\xff\xd8\xff|GIF8|RIFF....WEBP|BM.{4}\x00{4}", "this is a picture", "Send the call log as text."),
    )
)
_XML = re.compile(r"\s*<(\?xml|!DOCTYPE|!ENTITY|html[\s>]|[a-zA-Z][\w:.-]*\s+xmlns)", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufeff]")


@dataclass
class Document:
    """The text of one file; `notes` tells how it was decoded."""

    text: str
    notes: list[str] = field(default_factory=list)

    @classmethod
    def decode(cls, data: bytes, max_bytes: int = MAX_BYTES) -> Document:
        """The document in `data`. Raises ReadError for what is too large, empty, or no text."""
        if len(data) > max_bytes:
            raise ReadError(
                f"the file has {len(data) / 1e6:.1f} MB, over the limit of {max_bytes / 1e6:g} MB",
                accepted="Send the transcript alone, or split the export.",
            )
        if not data.strip(b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"):
            raise ReadError("the file is empty", accepted=ACCEPTED)
        text, note = _text(data)
        if _XML.match(text):
            raise ReadError("this is XML or HTML", "line 1", "Export the call as text, VTT, CSV or JSON. " + ACCEPTED)
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        return cls(_CONTROL.sub("", text), [note] if note else [])

    @cached_property
    def lines(self) -> list[str]:
        return self.text.split("\n")

    @cached_property
    def is_json(self) -> bool:
        """True where the text opens like JSON, whether it parses or not."""
        return bool(re.match(r'\s*(\{\s*("|\}|$)|\[\s*(\{|"|\]|\[|-?\d+\s*,|$))', self.text))

    @cached_property
    def is_json_lines(self) -> bool:
        """True where each of the first two filled lines is a JSON object of its own."""
        filled = [line for line in self.lines[:50] if line.strip()][:2]
        return len(filled) == 2 and all(
            line.lstrip().startswith("{") and line.rstrip().endswith("}") for line in filled
        )

    @cached_property
    def json(self) -> Any:
        """The parsed JSON, or None where this is no JSON. Raises ReadError where it is broken."""
        if not self.is_json or self.is_json_lines:
            return None
        value, end = parse_json(self.text)
        rest = self.text[end:].strip()
        if rest.strip("]}, \n\t"):
            line = self.text.count("\n", 0, end) + 1
            raise ReadError("the JSON goes on after its end", f"line {line}", "One JSON value a file, or JSON Lines.")
        if rest:
            self.notes.append(f"Stray brackets after the end of the JSON were passed over: {rest[:10]!r}.")
        return value


def parse_json(text: str, first_line: int = 1) -> tuple[Any, int]:
    """The JSON value at the start of `text` and where it ends. Raises ReadError with the line of the fault."""
    start = len(text) - len(text.lstrip())
    try:
        return _DECODER.raw_decode(text, start)
    except json.JSONDecodeError as error:
        place = f"line {first_line + error.lineno - 1}, column {error.colno}"
        raise ReadError(f"the JSON is broken: {error.msg}", place, ACCEPTED) from error
    except _BadNumber as error:
        line = first_line + text.count("\n", 0, max(text.find(str(error)), 0))
        raise ReadError(f"the JSON holds {str(error)[:20]}, which is no number", f"line {line}", ACCEPTED) from error
    except RecursionError as error:
        raise ReadError("the JSON is nested thousands deep", "line 1", ACCEPTED) from error


class _BadNumber(Exception):
    """NaN, an infinity or a number too long to hold; the text is the number."""


def _refuse(number: str) -> float:
    raise _BadNumber(number)


def _float(number: str) -> float:
    value = float(number)
    return value if math.isfinite(value) else _refuse(number)


def _int(number: str) -> int:
    return int(number) if len(number) < 100 else int(_refuse(number))


_DECODER = json.JSONDecoder(parse_constant=_refuse, parse_float=_float, parse_int=_int)


def _text(data: bytes) -> tuple[str, str]:
    for bom, encoding in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if data.startswith(bom) and (encoding == "utf-8" or not data.startswith((b"\xff\xfe\x00\x00",))):
            return data[len(bom) :].decode(encoding, "replace"), f"Read as {encoding.upper()} with a byte-order mark."
    for pattern, what, instead in _BINARY:
        if pattern.match(data):
            raise ReadError(what, accepted=instead)
    if encoding := _utf16_without_mark(data):
        return data.decode(encoding, "replace"), f"Read as {encoding.upper()}: it has no byte-order mark."
    try:
        text, note = data.decode("utf-8"), ""
    except UnicodeDecodeError:
        text, note = data.decode("cp1252", "replace"), "Read as Windows-1252: it is not valid UTF-8."
    if _is_binary(text):
        raise ReadError("this is a binary file, no text", accepted=ACCEPTED)
    return text, note


def _utf16_without_mark(data: bytes) -> str:
    """UTF-16 of mostly Latin text has a zero in nearly every other byte."""
    head = data[:4000]
    odd, even = head[1::2].count(0), head[0::2].count(0)
    if odd > len(head) * 0.35 and even < len(head) * 0.02:
        return "utf-16-le"
    if even > len(head) * 0.35 and odd < len(head) * 0.02:
        return "utf-16-be"
    return ""


def _is_binary(text: str) -> bool:
    head = text[:20_000]
    odd = sum(
        1
        for char in head
        if (char < " " and char not in "\t\n\r\x0c\x1b") or "\x7f" <= char <= "\x9f" or char == "\ufffd"
    )
    return odd > len(head) * 0.1
