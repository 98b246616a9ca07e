"""Reads e-mail: a message, an mbox or a pasted thread."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from email import message_from_string, policy
from email.message import EmailMessage

from bot.calls.document import Document
from bot.calls.reading import CallLog, Reader, Utterance
from bot.calls.reading.markup import from_html
from bot.calls.reading.quoted_replies import QuotedMail, attribution, date_seconds, name_in, unroll

_HEADER = re.compile(
    r"(From|To|Cc|Subject|Date|Message-ID|MIME-Version|Received|Return-Path|Reply-To|Delivered-To|X-[\w-]+):",
    re.IGNORECASE,
)
_MBOX = re.compile(r"(?m)^(?=From \S+@?\S* .*\d{4}[^\n]*\n[A-Z][\w-]+:)")
# The line that Outlook draws above a quoted message.
_RULE = re.compile(r"(?:^|\n)[ \t]*[_-]{8,}\s*$")
_REPLY = re.compile(r"^\s*((re|fwd?|aw|wg|sv|tr|antw)\s*(\[\d+\])?:\s*)+", re.IGNORECASE)


def sure(document: Document) -> float:
    if document.is_json or document.is_json_lines:
        return 0.0
    if _is_message(document.text[:20_000]):
        return 0.95
    lines = [line.strip("> \t") for line in document.first_lines(400)]
    return 0.8 if any(attribution(lines, n) for n in range(len(lines))) else 0.0


def read(document: Document) -> Iterator[CallLog]:
    text = document.text.lstrip()
    if not _is_message(text[:20_000]):
        yield _log(unroll(text, QuotedMail()), None)
        return
    parsed = [_parse(raw) for raw in _MBOX.split(text) if raw.strip()]
    threads: dict[str, list[tuple[EmailMessage, QuotedMail]]] = {}
    sent = [(message, _sender(message)) for message in parsed]
    for message, newest in sorted(sent, key=lambda pair: pair[1].when or 0.0):
        threads.setdefault(_REPLY.sub("", _header(message, "Subject")).strip(), []).append((message, newest))
    for messages in threads.values():
        yield _log(_thread(messages), _header(messages[0][0], "Message-ID").strip(" <>\n"))


def _parse(raw: str) -> EmailMessage:
    """Parses the message. If it has no parts or encodings, only its headers: a full parse is slow."""
    raw = raw.partition("\n")[2] if raw.startswith("From ") else raw
    head, gap, body = raw.partition("\n\n")
    if "\ncontent-" in f"\n{head.lower()}":
        return message_from_string(raw, policy=policy.default)
    message = message_from_string(head + gap, policy=policy.default)
    message.set_payload(body)
    return message


def _thread(messages: Iterable[tuple[EmailMessage, QuotedMail]]) -> list[QuotedMail]:
    """Returns what the messages say, oldest first. Quotes of an earlier message appear once."""
    thread: list[QuotedMail] = []
    known: set[str] = set()
    for message, sender in messages:
        *quoted, newest = unroll(_body(message), sender)
        new = [*(said for said in quoted if _words(said) not in known), newest]
        thread += new
        known.update(map(_words, new))
    return thread


def _is_message(head: str) -> bool:
    """True if the text opens with the headers of a message."""
    if _MBOX.match(head):
        return True
    headers = head.lstrip().split("\n\n", 1)[0].split("\n")
    keys = {found[1].lower() for line in headers if (found := _HEADER.match(line))}
    sender = next((line for line in headers if line.lower().startswith("from:")), "")
    return (
        "from" in keys and len(keys) > 1 and ("@" in sender or bool(keys & {"subject", "message-id", "mime-version"}))
    )


def _sender(message: EmailMessage) -> QuotedMail:
    return QuotedMail(name_in(_header(message, "From")), date_seconds(_header(message, "Date")))


def _header(message: EmailMessage, name: str) -> str:
    """Returns the header as text. Only encoded ones get the library's full parse, which is slow."""
    raw = next((value for key, value in message.raw_items() if key.lower() == name.lower()), "")
    return str(message[name]) if "=?" in raw else " ".join(raw.split())


def _body(message: EmailMessage) -> str:
    if not any(key.lower().startswith("content-") for key, _ in message.raw_items()):
        return str(message.get_payload())
    part = message.get_body(("plain", "html"))
    if part is None:
        return ""
    encoded = str(part.get("Content-Transfer-Encoding", "")).strip().lower() in ("base64", "quoted-printable")
    # The document is text already. Decode only what the message itself encodes.
    text = str(part.get_content() if encoded else part.get_payload())
    return from_html(text) if part.get_content_type() == "text/html" else text


def _words(said: QuotedMail) -> str:
    return " ".join(filter(None, (" ".join(line.split()) for line in said.lines)))


def _log(messages: list[QuotedMail], call: str | None) -> CallLog:
    """Drops times that are later than the next message's: quoted times are often local, without a zone."""
    utterances: list[Utterance] = []
    latest = math.inf
    for said in reversed(messages):
        when = said.when if said.when is not None and said.when <= latest else None
        latest = latest if when is None else when
        utterances.append(Utterance(_RULE.sub("", "\n".join(said.lines)).strip(), said.who, start_s=when))
    return CallLog(utterances[::-1], call or None)


READER = Reader("email", "an e-mail thread", sure, read)
