from __future__ import annotations

import gzip
import io
import json
import time
import zipfile
from contextlib import suppress

import pytest

from bot.calls import formats
from bot.calls.document import MAX_BYTES, Document, parse_json
from bot.errors import ReadError

LOG = "Agent: Grüße, wie kann ich Ihnen helfen?\nCustomer: Das Café “Zoë” ist zu.\n"


def archive(*names: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as opened:
        for name in names:
            opened.writestr(name, "<x/>")
    return data.getvalue()


def test_utf_8_is_read_without_a_note() -> None:
    document = Document.decode(LOG.encode())

    assert document.text == LOG
    assert document.notes == []


@pytest.mark.parametrize(
    ("data", "note"),
    [
        (b"\xef\xbb\xbf" + LOG.encode(), "Read as UTF-8 with a byte-order mark."),
        (b"\xff\xfe" + LOG.encode("utf-16-le"), "Read as UTF-16-LE with a byte-order mark."),
        (b"\xfe\xff" + LOG.encode("utf-16-be"), "Read as UTF-16-BE with a byte-order mark."),
        (b"\xff\xfe\x00\x00" + LOG.encode("utf-32-le"), "Read as UTF-32-LE with a byte-order mark."),
        (LOG.encode("utf-16-le"), "Read as UTF-16-LE, without a byte-order mark."),
        (LOG.encode("utf-16-be"), "Read as UTF-16-BE, without a byte-order mark."),
        (LOG.encode("cp1252"), "Read as Windows-1252, because it isn't valid UTF-8."),
        (LOG.encode() * 3 + b"Agent: \x80 5\n", "1 byte(s) aren't UTF-8 and were read as Windows-1252."),
    ],
)
def test_other_encodings_are_read_and_noted(data: bytes, note: str) -> None:
    document = Document.decode(data)

    assert document.text.startswith(LOG)
    assert document.notes == [note]


def test_stray_bytes_of_windows_1252_are_read_among_utf_8() -> None:
    document = Document.decode(LOG.encode() + b"Agent: \x80 5\n")

    assert document.text == LOG + "Agent: € 5\n"


def test_an_encoding_that_cannot_be_told_is_refused() -> None:
    data = "担当者: お電話ありがとうございます。\n顧客: 荷物が届きません。\n".encode("shift_jis")

    with pytest.raises(ReadError, match=r"neither UTF-8 nor Western text\. Save the file as UTF-8"):
        Document.decode(data)


def test_control_characters_are_left_out_and_counted() -> None:
    document = Document.decode(b"Agent: \x1b[31mred\x1b[0m\x00\x07\r\nCustomer: new\x0cpage\r")

    assert document.text == "Agent: red\nCustomer: new\npage\n"
    assert document.notes == ["4 control character(s) were removed."]


@pytest.mark.parametrize(
    "data", [b"", b" \n\t", b"\xef\xbb\xbf\n", b"\xff\xfe\n\x00", b"\x00\x00\x00", "\u00a0\n".encode()]
)
def test_a_file_without_anything_is_empty(data: bytes) -> None:
    with pytest.raises(ReadError, match="the file is empty"):
        Document.decode(data)


def test_a_file_over_the_limit_is_refused() -> None:
    with pytest.raises(ReadError, match=r"over the limit of 10 MB"):
        Document.decode(b"x" * (MAX_BYTES + 1))


@pytest.mark.parametrize(
    ("data", "what", "instead"),
    [
        (b"%PDF-1.7\n", "a PDF", "Copy its text"),
        (archive("[Content_Types].xml", "_rels/.rels", "word/document.xml"), "a Word document", "plain text"),
        (archive("[Content_Types].xml", "xl/workbook.xml"), "an Excel workbook", "as CSV"),
        (archive("[Content_Types].xml", "ppt/presentation.xml"), "an office document", "plain text"),
        (archive("[Content_Types].xml", "_rels/.rels"), "an office document", "plain text"),
        (archive("calls/1.txt"), "a ZIP archive", "Unpack it"),
        (gzip.compress(LOG.encode()), "a compressed file", "Unpack it"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "an old Office document", "plain text"),
        (b"{\\rtf1\\ansi", "rich-text", "plain text"),
        (b"\x89PNG\r\n\x1a\n", "a picture", "as text"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "a picture", "as text"),
        (b"\x00\x00\x00\x18ftypheic", "a picture", "as text"),
        (b"\x00\x00\x00\x18ftypmp42", "video", "Transcribe it"),
        (b"ID3\x04\x00\x00", "audio", "Transcribe it"),
        (b"\xff\xfb\x90\x64\x00", "audio", "Transcribe it"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", "audio", "Transcribe it"),
        (b"SQLite format 3\x00", "a database", "as CSV or JSON"),
        (bytes(range(256)) * 4, "a binary file", "Wrapup reads text logs"),
        (
            b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><l>&b;</l>',
            "XML or HTML",
            "Export",
        ),
        (b"<!doctype html><p>Hi", "XML or HTML", "Export"),
        (b"<call><turn>Hi</turn></call>\n", "XML or HTML", "Export"),
    ],
)
def test_files_that_are_no_text_are_refused_with_what_to_do_instead(data: bytes, what: str, instead: str) -> None:
    with pytest.raises(ReadError, match=f"this is .*{what}.*{instead}"):
        Document.decode(data)


@pytest.mark.parametrize("text", ["ID3 tags are gone, I said.", "BZhang: hello", "<jo> my <p> tag is broken", "PK: hi"])
def test_text_that_begins_like_another_kind_of_file_is_read(text: str) -> None:
    assert Document.decode(text.encode()).text == text


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"a": 1,\n "b": }', r"the JSON is broken: Expecting value \(line 2, column 7\)"),
        ('{"a": "x', r"Unterminated string starting at \(line 1, column 7\)"),
        ('{"a": "NaN",\n "b": NaN}', r"holds NaN, which isn't a number \(line 2\)"),
        ('{"a":\n -Infinity}', r"holds -Infinity, which isn't a number \(line 2\)"),
        ('[{"a": 1e999}]', r"holds 1e999, which isn't a number \(line 1\)"),
        ('{"a":\n' + "9" * 5000 + "}", r"holds 99999999999999999999, which isn't a number \(line 2\)"),
        ('{"a": 1}\noops', r"more text after the end of the JSON \(line 2\)"),
        ('{"a":' * 201 + "1" + "}" * 201, r"nested more than 200 levels deep \(line 1\)"),
        ("[" * 100_000, r"nested more than 200 levels deep \(line 1\)"),
    ],
)
def test_broken_json_is_told_with_its_place(text: str, reason: str) -> None:
    with pytest.raises(ReadError, match=reason):
        _ = Document.decode(text.encode()).json


def test_json_as_deep_as_allowed_is_read() -> None:
    value, _ = parse_json("[" * 200 + "]" * 200)

    assert json.dumps(value) == "[" * 200 + "]" * 200


def test_a_line_break_inside_a_string_is_no_fault() -> None:
    value, _ = parse_json('{"text": "one\ntwo"}')

    assert value == {"text": "one\ntwo"}


def test_the_place_in_a_later_line_of_json_lines_counts_from_the_first() -> None:
    with pytest.raises(ReadError, match="line 7"):
        parse_json('{"a": NaN}', first_line=7)


@pytest.mark.parametrize(
    "part", ["[", '{"a":', "a", " ", "a: ", ",", '"', "00:00 ", "<a ", "**a ", "> ", "\\u0041", "1,"]
)
def test_a_hostile_file_in_one_line_is_refused_or_read_quickly(part: str) -> None:
    data = b"x" + (part * (MAX_BYTES // 2 // len(part))).encode() + b"x"
    started = time.process_time()

    with suppress(ReadError):
        list(formats.read(Document.decode(data)))

    assert time.process_time() - started < 2


def test_a_word_document_is_known_by_what_stands_late_in_it() -> None:
    with pytest.raises(ReadError, match="Word document"):
        Document.decode(b"PK\x03\x04" + b"\x01" * 20_000 + b"word/document.xml")
