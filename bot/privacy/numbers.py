"""Decides whether a run of digits is personal, and of which type."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import phonenumbers
from stdnum import luhn
from stdnum.de import idnr
from stdnum.fr import nir
from stdnum.jp import in_ as my_number

from bot.privacy.cues import HAS_CJK, Cues
from bot.privacy.span import LineSpans, Span, each
from bot.privacy.spoken import Run, cjk_runs, runs

COUNTRIES = ("US", "GB", "DE", "FR", "KR", "JP")

# Groups of digits and their separators. Skips money, decimals, dates with slashes and times.
_RUN = re.compile(r"(?<![A-Za-z0-9_À-ÿ.,:/$€£¥₩%+-])(?:\+|\(\+?)?\d(?:[ .()–-]{0,2}\d)*(?![\d%€])")
_SLASHED = re.compile(r"(?<![\w/])0\d{2,4}/\d{4,8}(?!\w)")
_MONEY = re.compile(
    r"[,.:/]\d|\s?(?:%|€|\$|£|₩|¥|원|円|dollars?|euros?|pounds?|credits?|usd|percent|prozent)", re.IGNORECASE
)
_ALNUM = re.compile(
    r"(?<![A-Za-z0-9_.-])(?=[A-Za-z_-]{0,24}\d)[A-Za-z0-9_]{1,30}(?:-[A-Za-z0-9]{1,30}){0,6}(?![A-Za-z0-9_-])"
)
_DATE = re.compile(r"(?:19|20)\d\d[-.]\d{1,2}[-.]\d{1,2}|\d{1,2}[-.]\d{1,2}[-.](?:19|20)?\d\d")
_PHONE_SHAPE = re.compile(
    r"\+\d[\d ().–-]{7,20}"
    r"|(?:1[-. ])?\(\d{3}\) ?\d{3}[-. ]?\d{4}"
    r"|(?:1[-. ])?\d{3}[-. ]\d{3}[-. ]\d{4}"
    r"|\(?0\d[\d ().–-]{7,16}"
)
_ID_SHAPE = re.compile(
    r"\d{3}-\d{2}-\d{4}|\d{6}-[1-8]\d{6}|[12] \d\d \d\d \d[\dAB] \d{3} \d{3}(?: \d\d)?|\d\d \d{3} \d{3} \d{3}"
)
_CARD_SHAPE = re.compile(r"\d{4}([ -])\d{4}\1\d{4}\1\d{4}|3\d{3}([ -])\d{6}\2\d{5}")
_MINE = re.compile(
    r"\W{1,3}(?:is|was|that's|'s) (?:my|the|our|his|her) (?:[a-z]+ )?(?:number|cell|mobile|phone|landline|line|one)\b|, (?:that's )?my (?:number|cell|mobile|phone)\b"
)
_LENGTHS = {"PHONE": (7, 15), "CARD": (12, 19), "SSN": (9, 15), "ACCOUNT": (4, 24), "SECRET": (3, 12), "DOB": (6, 8)}


def spans(text: str, lowered: str, cues: Cues, lines: LineSpans, strict: bool) -> Iterator[Span]:
    """Yields every personal number, written or spoken."""
    for match in each(_RUN, text, lines):
        if match.end() - match.start() > 2 and not _MONEY.match(text, match.end()):
            yield from _written(text, match.start(), match.end(), cues, strict)
    for match in each(_SLASHED, text, lines):
        if _valid_phone(_digits(match[0])):
            yield Span("PHONE", *match.span(), _digits(match[0]))
    for run in runs(lowered):
        yield from _spoken(lowered, run, cues, strict)
    for run in cjk_runs(text) if HAS_CJK.search(text) else ():
        yield from _spoken(lowered, run, cues, strict)
    yield from _alphanumeric(text, cues, lines)
    yield from _user_names(text, lowered, cues)


_USER_NAME = re.compile(
    r"(?:\s?[:=]|\sis)?\s(?=[\w.-]{0,30}[\d_.])(?P<name>[A-Za-z0-9][\w.-]{2,40}[A-Za-z0-9])(?![\w@-])"
)


def _user_names(text: str, lowered: str, cues: Cues) -> Iterator[Span]:
    for cue in cues.all:
        asked = cue.kind == "ACCOUNT" and lowered.startswith(("user", "log"), cue.start)
        if asked and (match := _USER_NAME.match(text, cue.end)):
            yield Span("ACCOUNT", *match.span("name"), match["name"].casefold())


def _digits(text: str) -> str:
    return "".join(letter for letter in text if letter.isdecimal())


def _written(text: str, start: int, end: int, cues: Cues, strict: bool) -> Iterator[Span]:
    said = text[start:end]
    digits = _digits(said)
    if len(digits) < 3 or _DATE.fullmatch(said):
        return
    cue = cues.before(start)
    if cue and cue.kind == "SECRET" and not _told_at_once(text[cue.end : start]):
        cue = None
    kind = _by_shape(said, digits, cue.kind if cue else "") or _by_cue(digits, cue.kind if cue else "", text, start)
    if not kind and len(digits) == 7 and _MINE.match(text, end):
        kind = "PHONE"
    if not kind and strict and len(digits) >= 4 and not re.fullmatch("(?:19|20)\\d\\d", said):
        kind = "ACCOUNT"
    if kind:
        yield Span(kind, start, end, _value(kind, digits))


def _told_at_once(between: str) -> bool:
    """True if a password follows its word closely, or another password ("7402 or 9503")."""
    _, mark, rest = between.rpartition("[SECRET_")
    return len(between) <= 45 and (not mark or len(rest) <= 16)


def _by_shape(said: str, digits: str, cue: str) -> str:
    """Returns what the digits look like by themselves."""
    if _CARD_SHAPE.fullmatch(said) and cue not in {"KEEP", "ACCOUNT"}:
        return "CARD"
    if 13 <= len(digits) <= 19 and digits[0] in "23456" and luhn.is_valid(digits):
        return "CARD" if cue != "KEEP" and not (len(digits) == 15 and nir.is_valid(digits)) else ""
    if _ID_SHAPE.fullmatch(said) and cue not in {"PHONE", "ACCOUNT"}:
        return "SSN" if "-" in said or nir.is_valid(digits) or idnr.is_valid(digits) or cue == "SSN" else ""
    if _PHONE_SHAPE.fullmatch(said) and cue not in {"ACCOUNT", "SSN", "SECRET", "CARD"}:
        return "PHONE" if said.startswith("+") or _possible(digits) else ""
    if digits[0] == "0" and said == digits and not cue and len(digits) in {10, 11} and _valid_phone(digits):
        return "PHONE"
    return ""


def _by_cue(digits: str, cue: str, text: str, start: int) -> str:
    """Returns what the word beside the digits says they are."""
    if cue not in _LENGTHS:
        return "SSN" if not cue and len(digits) == 12 and my_number.is_valid(digits) and text[start] != "0" else ""
    low, high = _LENGTHS[cue]
    if cue == "SSN" and len(digits) == 4 and "last" in text[max(0, start - 40) : start].lower():
        return "SSN"
    if cue == "ACCOUNT" and re.fullmatch(r"(?:19|20)\d\d", digits):
        return ""
    return cue if low <= len(digits) <= high else ""


def _possible(digits: str) -> bool:
    """True for the shape of a US number (people also say area codes that don't exist), or a valid number elsewhere."""
    return (len(digits) == 10 and digits[0] != "0") or (len(digits) == 11 and digits[0] == "1") or _valid_phone(digits)


@lru_cache(maxsize=4096)
def _valid_phone(digits: str) -> bool:
    for country in COUNTRIES:
        try:
            number = phonenumbers.parse(digits, country)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return True
    return False


def _value(kind: str, digits: str) -> str:
    """Returns the same value for a phone number with or without its country code."""
    return digits[-8:] if kind == "PHONE" and len(digits) > 8 else digits


def _spoken(lowered: str, run: Run, cues: Cues, strict: bool) -> Iterator[Span]:
    digits, cue = run.digits, cues.before(run.start)
    said, kind = lowered[run.start : run.end], cue.kind if cue else ""
    if len(re.findall(r" (?:dot|punkt|point) ", said)) == 3 and len(digits) >= 4:
        kind = "IP"
    elif kind in _LENGTHS:
        kind = _by_cue(digits, kind, lowered, run.start)
    elif kind != "KEEP" and run.tokens >= 5:
        kind = _said_alone(digits) or ("PHONE" if len(digits) == 7 and _MINE.match(lowered, run.end) else "")
    if strict and kind in {"", "KEEP"} and run.tokens >= 4:
        kind = "ACCOUNT"
    if kind and kind != "KEEP":
        yield Span(kind, run.start, run.end, _value(kind, digits))


def _said_alone(digits: str) -> str:
    if 13 <= len(digits) <= 19 and luhn.is_valid(digits):
        return "CARD"
    if (len(digits) == 10 and digits[0] not in "01") or (9 <= len(digits) <= 12 and _valid_phone(digits)):
        return "PHONE"
    return ""


def _alphanumeric(text: str, cues: Cues, lines: LineSpans) -> Iterator[Span]:
    """Yields member numbers, licences and user names: letters and digits after a word for one."""
    for match in each(_ALNUM, text, lines):
        said = match[0]
        if (
            len(said) < 4
            or said.isdecimal()
            or re.fullmatch(r"\d+(?:st|nd|rd|th|am|pm|gb|mb|mg|x|h|s|k)", said.lower())
        ):
            continue
        cue = cues.before(match.start())
        if cue and cue.kind in {"ACCOUNT", "SECRET", "SSN"} and match.start() - cue.end <= 30:
            yield Span(cue.kind, *match.span(), said.casefold())
