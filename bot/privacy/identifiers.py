"""Finds personal data by its form: e-mail addresses, IBANs, IP addresses, national ids, keys."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from stdnum import iban

from bot.privacy.cues import Cues
from bot.privacy.span import LineSpans, Span, each
from bot.privacy.spoken import WORDS, runs

# Addresses are found from the domain backwards, so a text full of @ can't make the search slow.
_DOMAIN = re.compile(r"@(?:[\w-]{1,63}\.){1,5}[A-Za-z]{2,18}(?![A-Za-z])")
_MAILBOX_BACKWARDS = re.compile(r"(?![.'’-])[A-Za-z0-9_.+'’-]{1,64}")
_DOT = r"(?:dot|punkt|point(?= (?:com|net|org|fr|eu|ch|ca|info)(?!\w)| \w+ point)|punto|ドット|점|닷)"
_TOP = r"(?:com|net|org|edu|gov|co|io|de|fr|uk|jp|kr|us|eu|ch|at|be|ca|info|biz|me|ai|app|dev|law|online|shop|tv|mil|es|it|nl|pl|in|ie|au|nz)"
_AT = re.compile(
    rf"(?<!\S)(?:at|@|ät|arobase|アットマーク|골뱅이) {{1,2}}[\w-]{{1,40}}(?: [\w-]{{1,40}})?"
    rf"(?:(?: {_DOT} |\.)[\w-]{{1,40}}){{0,2}}?(?: {_DOT} |\.){_TOP}(?:(?: {_DOT} |\.){_TOP})?(?![A-Za-z0-9])"
)
_JOINING = frozenset("dot punkt point punto ドット 점 닷 underscore unterstrich dash hyphen minus tiret plus".split())
_NO_MAILBOX = frozenset(
    "look looking looked order ordered shop shopping buy bought us me it that them available online visit find found check"
    " site page website store work works sign signed go went up here see and is are was e-mail email mail".split()
)
_IBAN = re.compile(r"(?<![A-Za-z0-9_-])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?(?![\w-])", re.IGNORECASE)
_IBAN_GROUPED = re.compile(r"[A-Z]{2}\d{2}(?: [A-Z0-9]{4}){3,7}(?: [A-Z0-9]{1,3})?(?!\w)")
_IBAN_SPOKEN = re.compile(r"\biban\b[^\n]{0,40}?\b(?P<country>[a-z][ .-]{0,2}[a-z])[ .,-]{1,2}(?=\w)")
_IP4 = re.compile(r"(?<![A-Za-z0-9_.])(?:\d{1,3}\.){3}\d{1,3}(?![A-Za-z0-9_]|\.\d)")
_IP6 = re.compile(r"(?<![A-Za-z0-9_:])(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4}(?![A-Za-z0-9_:])")
_VERSION = re.compile(r"(?:version|firmware|build|release|\bv|os|seriennummer|serial number)\W*$", re.IGNORECASE)
_KEY = re.compile(
    r"(?<![\w-])(?:sk[-_](?:[a-z]+[-_])?[A-Za-z0-9_-]{16,}|(?:AKIA|ASIA)[A-Z0-9]{16}|gh[pousr]_[A-Za-z0-9]{20,}"
    r"|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[abeprs]-[A-Za-z0-9-]{10,}|AIza[\w-]{30,}|(?:pk|rk)_(?:live|test)_\w{16,}"
    r"|eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}|SG\.[\w-]{16,}\.[\w-]{16,}|ya29\.[\w-]{20,}|hf_[A-Za-z0-9]{20,})"
)
_NINO = re.compile(
    r"(?<!\w)(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d\d ?\d\d ?\d\d ?[A-D](?!\w)", re.IGNORECASE
)
_PENSION = re.compile(r"(?<!\w)\d\d ?\d{6} ?[A-Z] ?\d{3}(?!\w)")
_SECRET_LEAD = re.compile(
    r"(?: (?:number|code|value|phrase))?(?:\s?[:=]|(?:\s|')(?:is|was|ist|lautet|est|s|to)(?=\s)|\s?[은는이가は])?\s{0,2}[\"'“„«]?"
)
_SECRET_VALUE = re.compile(r"(?:capital|uppercase|upper case|lower case) [^,;.!?\n]{1,60}|[^\s\"“”»]{3,80}")
_NO_SECRET = frozenset(
    "not the a an my your in on for to too wrong incorrect correct right invalid valid expired required needed reset changed"
    " broken missing protected locked weak strong ok okay fine good bad working also still now here there that this it what"
    " and or but so because please only always never case-sensitive falsch richtig nicht incorrect pas bon no yes".split()
)


def spans(text: str, lowered: str, cues: Cues, lines: LineSpans) -> Iterator[Span]:
    """Yields every identifier, the surest first."""
    for match in each(_KEY, text, lines):
        yield Span("SECRET", *match.span(), match[0])
    if "@" in text:
        yield from _emails(text)
    yield from _spoken_emails(lowered)
    yield from _ibans(text, lowered, lines)
    yield from _addresses(text, lines)
    for pattern in (_NINO, _PENSION):
        for match in each(pattern, text, lines):
            yield Span("SSN", *match.span(), match[0].replace(" ", "").upper())
    yield from _secrets(text, cues)


def _emails(text: str) -> Iterator[Span]:
    for domain in _DOMAIN.finditer(text):
        at = domain.start()
        if mailbox := _MAILBOX_BACKWARDS.match(text[max(0, at - 64) : at][::-1]):
            start = at - len(mailbox[0].rstrip(".'’-"))
            yield Span("EMAIL", start, domain.end(), text[start : domain.end()].casefold())


def _ibans(text: str, lowered: str, lines: LineSpans) -> Iterator[Span]:
    for match in each(_IBAN, text, lines):
        said = match[0]
        while " " in said and not iban.is_valid(
            said, check_country=False
        ):  # the words after an IBAN can look like more groups of it
            said = said.rpartition(" ")[0]
        grouped = _IBAN_GROUPED.match(match[0])  # an IBAN with a misheard digit is still personal
        if (
            not iban.is_valid(said, check_country=False)
            and grouped
            and not _VERSION.search(text[max(0, match.start() - 24) : match.start()])
        ):
            said = grouped[0]
        elif not iban.is_valid(said, check_country=False):
            continue
        yield Span("IBAN", match.start(), match.start() + len(said), said.replace(" ", "").upper())
    for match in _IBAN_SPOKEN.finditer(lowered) if "iban" in lowered else ():
        run = next(runs(lowered[match.end() : match.end() + 300]), None)
        if run and run.start == 0 and 12 <= len(run.digits) <= 30:
            value = re.sub(r"\W", "", match["country"]).upper() + run.digits
            yield Span("IBAN", match.start("country"), match.end() + run.end, value)


def _spoken_emails(lowered: str) -> Iterator[Span]:
    for at in _AT.finditer(lowered):
        start = _mailbox_start(lowered, at.start())
        if start < at.start():
            said = lowered[start : at.end()]
            yield Span("EMAIL", start, at.end(), _as_written(said))


def _mailbox_start(lowered: str, end: int) -> int:
    """Finds the start of the mailbox that ends at `end`: a word, and what dots, digits and letters join to it."""
    start, joined, plain = end, True, False
    for word in reversed(list(re.finditer(r"\S+", lowered[max(0, end - 80) : end]))):
        said, place = word[0].strip(",:;\"'("), max(0, end - 80) + word.start()
        if said in _JOINING:
            joined = True
        elif said.isdecimal() or said in WORDS or (len(said) == 1 and said.isalpha() and not (plain and said in "ai")):
            joined = False if plain else joined
        elif joined and said not in _NO_MAILBOX and re.fullmatch(r"[\w.+-]+", said):
            joined, plain = False, True
        else:
            break
        start = place + word[0].index(said)
        if word[0][-1] in ",:;" and place + len(word[0]) < end - 1:
            return place + len(word[0])
    return start


def _as_written(said: str) -> str:
    """Writes `jane dot doe at gmail dot com` as `jane.doe@gmail.com`, so both get the same placeholder."""
    said = re.sub(r"\s(?:at|@|ät|arobase|アットマーク|골뱅이)\s", "@", said)
    said = re.sub(rf"\s?{_DOT}\s", ".", said)
    said = re.sub(r"\s(?:underscore|unterstrich)\s", "_", said)
    said = re.sub(r"\s(?:dash|hyphen|minus|tiret)\s", "-", said)
    return re.sub(r"\s", "", said)


def _addresses(text: str, lines: LineSpans) -> Iterator[Span]:
    candidates = [*each(_IP4, text, lines)] + ([*each(_IP6, text, lines)] if text.count(":") > 1 else [])
    for match in candidates:
        try:
            address = ipaddress.ip_address(match[0])
        except ValueError:
            continue
        if not _VERSION.search(text, max(0, match.start() - 24), match.start()) and match[0] != "::":
            yield Span("IP", *match.span(), str(address))


def _secrets(text: str, cues: Cues) -> Iterator[Span]:
    """Yields passwords and other secrets after the word that announces them."""
    for cue in cues.all:
        if cue.kind != "SECRET":
            continue
        lead = _SECRET_LEAD.match(text, cue.end)
        value = _SECRET_VALUE.match(text, lead.end()) if lead else None
        if lead and value and _is_secret(value[0], text[cue.start : cue.end].lower(), lead[0].strip()):
            said = value[0].rstrip(".,;:?)!" if value[0][-2:-1].islower() or value[0][-2:-1].isspace() else ".,;:?)")
            yield Span("SECRET", value.start(), value.start() + len(said), said)


def _is_secret(value: str, cue: str, lead: str) -> bool:
    bare = value.strip(".,;:?!)").casefold()
    if len(bare) < 3 or bare in _NO_SECRET or value.startswith("["):
        return False
    mixed = bool(re.search(r"\d", value)) or bool(re.search(r"[a-z][A-Z]|\w[^\w\s.,'’]\w", value))
    if cue.startswith(("memorable", "security answer", "pass", "kennwort", "mot de passe", "パスワード")) and lead:
        return mixed or not bare.endswith(("ed", "ing")) or value.startswith(("capital", "upper", "lower"))
    return mixed and (bool(lead) or len(bare) >= 8)
