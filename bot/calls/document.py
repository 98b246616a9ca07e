"""Decodes a call-log file, or says why it can't be read."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Any

from bot.errors import ReadError

MAX_BYTES = 10_000_000
# A file whose average line is shorter than this holds no speech. Searching it for some would take long.
LEAST_BYTES_A_LINE = 20
MAX_DEPTH = 200
HEAD_CHARS = 50_000
HEAD_LINES = 50

ACCEPTED = "Wrapup reads text logs, captions (VTT, SRT), CSV and the JSON of call platforms."

_TRANSCRIBE = "Transcribe it first (Amazon Transcribe, Zoom, Teams) and send the transcript."
_AS_TEXT = "Save it as plain text (.txt) and send that."
# First bytes -> what it is and what to do instead.
_BINARY: tuple[tuple[re.Pattern[bytes], str, str], ...] = tuple(
    (re.compile(pattern, re.DOTALL), what, instead)
    for pattern, what, instead in (
        (rb"\s{0,20}%PDF-", "this is a PDF", "Copy its text into a .txt file, or export the call as text."),
        (rb"PK\x03\x04.*word/", "this is a Word document", _AS_TEXT),
        (rb"PK\x03\x04.*xl/", "this is an Excel workbook", "Save the sheet as CSV and send that."),
        (rb"PK\x03\x04.*(ppt/|vnd\.oasis|\[Content_Types\]\.xml)", "this is an office document", _AS_TEXT),
        (rb"PK(\x03\x04|\x05\x06|\x07\x08)", "this is a ZIP archive", "Unpack it and send the call logs in it."),
        (
            rb"\x1f\x8b|BZh\d|\xfd7zXZ|7z\xbc\xaf|\x28\xb5\x2f\xfd|Rar!\x1a|.{257}ustar",
            "this is a compressed file or an archive",
            "Unpack it and send the call log in it.",
        ),
        (rb"\xd0\xcf\x11\xe0", "this is an old Office document", _AS_TEXT),
        (rb"\{\\rtf", "this is a rich-text (RTF) document", _AS_TEXT),
        (
            rb"\x89PNG|\xff\xd8\xff|GIF8[79]a|RIFF....WEBP|BM.{4}\x00{4}|II\*\x00|MM\x00\*|....ftyp(hei|mif|avif)",
            "this is a picture",
            "Send the call log as text.",
        ),
        (
            rb"RIFF....AVI |\x1aE\xdf\xa3|....ftyp(?!M4A)|\x00\x00\x01[\xb3\xba]|FLV\x01|\x30\x26\xb2\x75",
            "this is video",
            _TRANSCRIBE,
        ),
        (
            rb"R(IFF|F64)....WAVE|ID3[\x02-\x04]|\xff[\xe2-\xf7\xf9-\xfd]|fLaC\x00|OggS\x00|....ftypM4A|FORM....AIF|#!AMR|\.snd\x00",
            "this is audio",
            _TRANSCRIBE,
        ),
        (rb"SQLite format 3\x00|PAR1|Obj\x01", "this is a database or data file", "Export the calls as CSV or JSON."),
    )
)
_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_TAGS = "html|head|body|div|table|meta|style|script|span|ul|ol"
_XML = re.compile(rf"\s*<(\?xml|!DOCTYPE|!ENTITY|!--|({_TAGS})[\s>]|[a-z][\w:.-]*\s+xmlns)", re.IGNORECASE)
_ROOT = re.compile(r"\s*<([a-zA-Z][\w:.-]{0,100})[\s>]")
_CONTROL = re.compile(r"\x1b\[[\d;?]{0,20}[A-Za-z]|[\x00-\x08\x0e-\x1f\x7f\ufeff]")
# Maps the stand-in for each byte that isn't UTF-8 to its Windows-1252 character.
_STRAY = re.compile(r"[\udc80-\udcff]")
_WESTERN = {0xDC00 + byte: bytes([byte]).decode("cp1252", "replace") for byte in range(0x80, 0x100)}


@dataclass
class Document:
    """The text of one file. `notes` say how it was decoded."""

    text: str
    notes: list[str] = field(default_factory=list)

    @classmethod
    def decode(cls, data: bytes, max_bytes: int = MAX_BYTES) -> Document:
        """Decodes `data`. Raises ReadError if it is too large, empty, or not text."""
        if len(data) > max_bytes:
            raise ReadError(
                f"the file is over the limit of {max_bytes / 1e6:g} MB",
                accepted="Send the transcript alone, or split the export.",
            )
        if not data.strip(b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"):
            raise ReadError("the file is empty", accepted=ACCEPTED)
        text, notes = _text(data)
        if _is_markup(text):
            raise ReadError("this is XML or HTML", "line 1", "Export the call as text, VTT, CSV or JSON. " + ACCEPTED)
        text, dropped = _CONTROL.subn("", _with_line_feeds(text))
        if not text.strip():
            raise ReadError("the file is empty", accepted=ACCEPTED)
        if dropped:
            notes.append(f"{dropped} control character(s) were removed.")
        document = cls(text, notes)
        if text.count("\n") > max_bytes / LEAST_BYTES_A_LINE and (document.is_json_lines or not document.is_json):
            raise ReadError(
                f"the file has {text.count(chr(10)):,} lines, more than any call log",
                accepted="Split it into single calls.",
            )
        return document

    @property
    def lines(self) -> Iterator[str]:
        """Yields the lines one at a time, because a list of them would double the memory."""
        start = 0
        while (end := self.text.find("\n", start)) >= 0:
            yield self.text[start:end]
            start = end + 1
        yield self.text[start:]

    def first_lines(self, count: int) -> list[str]:
        return list(islice(self.lines, count))

    @cached_property
    def head(self) -> Document:
        """The part that decides the format: the first characters or JSON Lines, or all of a JSON file."""
        if len(self.text) <= HEAD_CHARS:
            return self
        if self.is_json_lines:
            return Document("\n".join(self.first_lines(HEAD_LINES)))
        return self if self.is_json else Document(self.text[:HEAD_CHARS])

    @cached_property
    def is_json(self) -> bool:
        """True if the text opens like JSON, whether it parses or not."""
        return bool(re.match(r'\s*(\{\s*("|\}|$)|\[\s*(\{|"|\]|\[|-?\d+\s*,|$))', self.text))

    @cached_property
    def is_json_lines(self) -> bool:
        """True if each of the first two filled lines is a JSON object."""
        filled = [line for line in self.first_lines(HEAD_LINES) if line.strip()][:2]
        return len(filled) == 2 and all(
            line.lstrip().startswith("{") and line.rstrip().endswith("}") for line in filled
        )

    @cached_property
    def json(self) -> Any:
        """The parsed JSON, or None if this isn't JSON. Raises ReadError if it is broken."""
        if not self.is_json or self.is_json_lines:
            return None
        value, end = parse_json(self.text)
        rest = self.text[end:].strip()
        if rest.strip("]}, \n\t"):
            line = self.text.count("\n", 0, self.text.index(rest, end)) + 1
            raise ReadError(
                "there is more text after the end of the JSON",
                f"line {line}",
                "Send one JSON value per file, or JSON Lines.",
            )
        if rest:
            self.notes.append(f"Stray brackets after the end of the JSON were skipped: {rest[:10]!r}.")
        return value


def parse_json(text: str, first_line: int = 1) -> tuple[Any, int]:
    """Returns the JSON value at the start of `text` and where it ends. Raises ReadError with the faulty line."""
    start = len(text) - len(text.lstrip())
    try:
        value, end = _DECODER.raw_decode(text, start)
    except json.JSONDecodeError as error:
        place = f"line {first_line + error.lineno - 1}, column {error.colno}"
        raise ReadError(f"the JSON is broken: {error.msg}", place, ACCEPTED) from error
    except _BadNumber as error:
        found = re.search(rf"[\[:,\s]{re.escape(str(error)[:50])}", text)
        raise _no_number(str(error), text, found, first_line) from error
    except ValueError as error:  # of int(), which takes some thousand digits
        found = _LONG_NUMBER.search(text)
        raise _no_number(found[0] if found else "a number", text, found, first_line) from error
    except RecursionError as error:
        raise _too_deep(first_line) from error
    if _is_deep(value, text):
        raise _too_deep(first_line)
    return value, end


def _no_number(number: str, text: str, found: re.Match[str] | None, first_line: int) -> ReadError:
    line = first_line + text.count("\n", 0, found.end() if found else 0)
    return ReadError(f"the JSON holds {number[:20]}, which isn't a number", f"line {line}", ACCEPTED)


def _too_deep(line: int) -> ReadError:
    return ReadError(f"the JSON is nested more than {MAX_DEPTH} levels deep", f"line {line}", ACCEPTED)


def _is_deep(value: Any, text: str) -> bool:
    """Goes level by level: recursion would overflow the stack on deep JSON."""
    if text.count("[") + text.count("{") <= MAX_DEPTH:
        return False
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer if isinstance(outer, list) else ())
            if isinstance(inner, dict | list)
        ]
        if not level:
            return False
    return True


class _BadNumber(Exception):
    """The JSON holds NaN or an infinity. The message is that number."""


def _refuse(number: str) -> float:
    raise _BadNumber(number)


def _float(number: str) -> float:
    value = float(number)
    return value if math.isfinite(value) else _refuse(number)


# Not strict, because hand-made files have line breaks inside strings.
_DECODER = json.JSONDecoder(parse_constant=_refuse, parse_float=_float, strict=False)
_LONG_NUMBER = re.compile(r"(?<!\d)\d{1000}")


def _with_line_feeds(text: str) -> str:
    for other in ("\r\n", "\r", "\x0b", "\x0c"):
        text = text.replace(other, "\n")
    return text


def _is_markup(text: str) -> bool:
    root = _ROOT.match(text)
    return bool(_XML.match(text) or (root and text.rstrip().endswith(f"</{root[1]}>")))


def _text(data: bytes) -> tuple[str, list[str]]:
    for mark, encoding in _MARKS:
        if data.startswith(mark) and encoding != "utf-8":
            return data[len(mark) :].decode(encoding, "replace"), [
                f"Read as {encoding.upper()} with a byte-order mark."
            ]
    for pattern, what, instead in _BINARY:
        if pattern.match(data):
            raise ReadError(what, accepted=instead)
    if encoding := _utf16_without_mark(data):
        return data.decode(encoding, "replace"), [f"Read as {encoding.upper()}, without a byte-order mark."]
    text = data.decode("utf-8", "surrogateescape")
    if _is_binary(text):
        raise ReadError("this is a binary file, not text", accepted=ACCEPTED)
    if text.startswith("\ufeff"):
        return _with_strays(data[3:], text[1:], ["Read as UTF-8 with a byte-order mark."])
    return _with_strays(data, text, [])


def _with_strays(data: bytes, text: str, notes: list[str]) -> tuple[str, list[str]]:
    """Reads stray bytes as Windows-1252, or the whole text if they are most of what isn't ASCII."""
    if text.isascii() or not (strays := len(_STRAY.findall(text))):
        return text, notes
    if strays > 0.3 * len(data.translate(None, b" \t\r\n")):
        raise ReadError(
            "the encoding is neither UTF-8 nor Western text",
            accepted="Save the file as UTF-8 and send that.",
        )
    if 2 * strays > len(re.findall(r"[^\x00-\x7f]", text)):
        return data.decode("cp1252", "replace"), [*notes, "Read as Windows-1252, because it isn't valid UTF-8."]
    return text.translate(_WESTERN), [*notes, f"{strays} byte(s) aren't UTF-8 and were read as Windows-1252."]


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
    return odd > len(head) * 0.05
