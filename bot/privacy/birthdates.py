"""Finds dates of birth: dates beside a word that says so."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.privacy.cues import Cues
from bot.privacy.span import Span
from bot.privacy.spoken import WORDS, runs

_MONTH = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec"
    r"|januar|februar|märz|mai|juni|juli|oktober|dezember"
    r"|janvier|février|mars|avril|juin|juillet|août|septembre|octobre|novembre|décembre)"
)
_ORDINAL = (
    r"(?:(?:twenty|thirty)[ -]?)?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth"
    r"|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth)"
)
_DAY = rf"(?:\d{{1,2}}(?:st|nd|rd|th|er|\.)?|{_ORDINAL}|[a-zäöüß]{{3,20}}te[nr]?)"
_NUMBER = "|".join(re.escape(word) for word in sorted(WORDS, key=len, reverse=True))
_YEAR = rf"(?:(?:19|20)\d\d|'?\d\d|(?:(?:{_NUMBER}|hundred|thousand|and)[ -]?){{1,6}}|[a-zäöüß]*(?:hundert|tausend)[a-zäöüß]*)"
_DATE = re.compile(
    rf"(?<!\w)(?:(?:19|20)\d\d[-/.]\d{{1,2}}[-/.]\d{{1,2}}|\d{{1,2}}[-/.]\d{{1,2}}[-/.](?:\d{{4}}|\d{{2}})"
    rf"|{_DAY} (?:of )?{_MONTH}(?:,? (?:of )?{_YEAR})?|{_MONTH} (?:the )?{_DAY}(?:,? (?:of )?{_YEAR})?"
    rf"|{_MONTH} (?:19|20)\d\d)(?!\w)"
    r"|(?:(?:19|20)\d\d|(?:昭和|平成|令和|大正)\d{1,2})\s?[年년]\s?\d{1,2}\s?[月월]\s?\d{1,2}\s?[日일]"
    r"|(?<!\d)\d{8}(?!\d)|(?<!\d)\d{6}(?!\d)"
    r"|(?<=in )(?:19|20)\d\d(?!\w)"
)
_AFTER, _BEFORE = 60, 45


# If this date is masked already, a later date in the line is a different one.
_TOLD = re.compile(r"\[dob_\d")
_TOLD_BEFORE = re.compile(r"\[dob_\d{1,6}\][\s(,]{0,3}$")
_AGE = re.compile(
    r"(?<![\w.,])(?:\d{1,3}[ -]{1,3}(?:years?|yrs?)[ -]old|aged? \d{1,3}|\d{1,3} jahre alt|\d{1,3} ans)(?!\w)"
)


def spans(lowered: str, cues: Cues, strict: bool) -> Iterator[Span]:
    """Yields every date of birth, before or after its word; ages too if `strict`."""
    if strict:
        yield from (Span("DOB", *match.span(), match[0]) for match in _AGE.finditer(lowered))
    for cue in cues.all:
        if cue.kind != "DOB":
            continue
        start, end = max(0, cue.start - _BEFORE), min(len(lowered), cue.end + _AFTER)
        if _TOLD_BEFORE.search(lowered, start, cue.start):
            continue
        found = _last(lowered, start, cue.start) or _DATE.search(lowered, cue.end, end)
        if _TOLD.search(lowered, cue.end, found.start() if found and found.start() > cue.end else end):
            continue
        if found:
            yield Span("DOB", *found.span(), re.sub(r"\W", "", found[0]))
            continue
        for run in runs(lowered[cue.end : cue.end + _AFTER]):
            if 5 <= len(run.digits) <= 8:
                yield Span("DOB", cue.end + run.start, cue.end + run.end, run.digits)
                break


def _last(lowered: str, start: int, end: int) -> re.Match[str] | None:
    """Finds the date just before `end`: `am 3. März 1985 geboren`."""
    found = list(_DATE.finditer(lowered, start, end))
    return found[-1] if found and re.fullmatch(r"[\s(,]{0,3}|に", lowered[found[-1].end() : end]) else None
