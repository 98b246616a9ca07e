"""Splits an e-mail with quoted replies into the messages of the thread."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parseaddr, parsedate_to_datetime

_QUOTES = re.compile(r"((?:>[ ]?)*)(.*)")
_WROTE = re.compile(
    r"(?:On|Le|El|Il)\s(?P<when>.{5,90}\d(?:\s?[AaPp]\.?[Mm]\.?)?(?:\s?[+-]\d{4})?),?\s+(?P<who>[^\d\s].{1,90}?)\s*"
    r"(?:wrote|a écrit|escribió|ha scritto)\s?:$|"
    r"Am\s(?P<when_de>.{5,90}\d)(?:\s?Uhr)?,?\s+schrieb\s+(?P<who_de>.{2,90}?)\s?:$"
)
_DIVIDER = re.compile(
    r"\s*-{3,}\s*(?:Original Message|Forwarded message|Ursprüngliche Nachricht|Weitergeleitete Nachricht|"
    r"Message d'origine|Mensaje original)\s*-{3,}$",
    re.IGNORECASE,
)
_FIELD = re.compile(
    r"\*?(From|Von|De|Sent|Gesendet|Envoyé|Enviado|Date|Datum|To|An|À|Para|Cc|Subject|Betreff|Objet|Asunto)\s?:\*?\s*(.+)$",
    re.IGNORECASE,
)
_SENDER = frozenset({"from", "von", "de"})
_SENT = ("sent", "gesendet", "envoyé", "enviado", "date", "datum")
_BESIDE_DATE = re.compile(r"^(?:mon|tue|wed|thu|fri|sat|sun)\w*\.?,?\s|,|\b(?:at|um)\b", re.IGNORECASE)
_DATES = (
    "%b %d %Y %I:%M %p",
    "%B %d %Y %I:%M %p",
    "%d %b %Y %H:%M",
    "%d %B %Y %H:%M",
    "%d.%m.%Y %H:%M",
    "%Y-%m-%d %H:%M",
)


# No thread is longer. Anything quoted deeper stays in the last message.
MOST_QUOTED = 500


@dataclass
class QuotedMail:
    """One message of a thread. Its time is None if the text doesn't say it clearly."""

    who: str | None = None
    when: float | None = None
    lines: list[str] = field(default_factory=list)


def unroll(text: str, newest: QuotedMail) -> list[QuotedMail]:
    """Returns the messages in a body, oldest first. "X wrote:" or a block of From and Sent starts a quoted message.

    Programs either mark the quoted message with one more ">", or don't mark it; then all text below it is older.
    """
    lines = [(found[1].count(">"), found[2]) for line in text.split("\n") if (found := _QUOTES.match(line))]
    texts = [line for _, line in lines]
    said = {0: newest}
    unmarked = 0
    n = 0
    while n < len(lines):
        depth, line = lines[n]
        if len(said) < MOST_QUOTED and (older := attribution(texts, n)):
            said[depth + unmarked + 1], taken = older
            n += taken
            unmarked += next((after <= depth for after, line in lines[n : n + 9] if line.strip()), False)
        else:
            said.setdefault(depth + unmarked, QuotedMail()).lines.append(line)
            n += 1
    return [said[level] for level in sorted(said, reverse=True) if not level or any(map(str.strip, said[level].lines))]


def attribution(lines: Sequence[str], n: int) -> tuple[QuotedMail, int] | None:
    """Returns the sender and time that line `n` gives for the message below, and how many lines give it."""
    line = lines[n].strip()
    if line.startswith(("On ", "Am ", "Le ", "El ", "Il ")):
        for taken, sentence in ((1, line), (2, " ".join(lines[n : n + 2]).strip())):
            if sentence.endswith(":") and (found := _WROTE.match(sentence)):
                who, when = found["who"] or found["who_de"], found["when"] or found["when_de"]
                return QuotedMail(name_in(who), date_seconds(when)), taken
        return None
    divided = bool(_DIVIDER.match(line))
    start = n + divided
    while divided and start < len(lines) and not lines[start].strip():
        start += 1
    fields: dict[str, str] = {}
    for each in lines[start : start + 8]:
        if not (found := _FIELD.match(each.strip())):
            break
        fields[found[1].lower()] = found[2]
    sender = next((fields[key] for key in fields if key in _SENDER), "")
    if not divided and (len(fields) < 3 or not sender or not ("@" in sender or set(_SENT[:4]) & set(fields))):
        return None
    when = next((date_seconds(fields[key]) for key in _SENT if key in fields), None)
    return QuotedMail(name_in(sender), when), start + len(fields) - n


def date_seconds(text: str) -> float | None:
    """Returns seconds since 1970, or None if the text isn't a date. A time without a zone counts as UTC."""
    try:
        moment = parsedate_to_datetime(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (TypeError, ValueError, OverflowError):
        text = " ".join(_BESIDE_DATE.sub(" ", text.replace("\u202f", " ")).split())
    for form in _DATES:
        with suppress(ValueError):
            return datetime.strptime(text, form).replace(tzinfo=UTC).timestamp()
    return None


def name_in(sender: str) -> str | None:
    name, address = parseaddr(sender) if "@" in sender else (sender.strip(" <>*"), "")
    return name or address or None
