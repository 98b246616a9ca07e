"""Finds numbers said in words, in English, German, French, Korean and Japanese."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.privacy.phrases import phrases

_EN = dict(zip("zero one two three four five six seven eight nine".split(), "0123456789", strict=True))
_EN |= {"oh": "0", "o": "0", "nought": "0"}
_TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
_TENS = dict(zip("twenty thirty forty fifty sixty seventy eighty ninety".split(), range(20, 100, 10), strict=True))

_DE_UNITS = dict(zip("null eins zwei drei vier fünf sechs sieben acht neun".split(), range(10), strict=True)) | {
    "zwo": 2
}
_DE_TEENS = "zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn".split()
_DE_TENS = "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig".split()

_FR_UNITS = "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize".split()
_FR_TEENS = ["dix-sept", "dix-huit", "dix-neuf"]
_FR_TENS = {20: "vingt", 30: "trente", 40: "quarante", 50: "cinquante", 60: "soixante", 80: "quatre-vingt"}


def _german() -> Iterator[tuple[str, str]]:
    yield from ((word, str(value)) for word, value in _DE_UNITS.items())
    yield from ((word, str(value)) for value, word in enumerate(_DE_TEENS, 10))
    for value, ten in enumerate(_DE_TENS, 2):
        yield ten, f"{value}0"
        for unit, digit in (_DE_UNITS | {"ein": 1}).items():
            if digit:
                yield f"{unit}und{ten}", f"{value}{digit}"


def _french() -> Iterator[tuple[str, str]]:
    below_twenty = dict(enumerate([*_FR_UNITS, *_FR_TEENS]))
    yield from ((word, str(value)) for value, word in below_twenty.items())
    for ten, word in _FR_TENS.items():
        yield word, str(ten)
        for unit in range(1, 20 if ten in {60, 80} else 10):
            joint = "-et-" if unit in {1, 11} and ten != 80 else "-"
            yield f"{word}{joint}{below_twenty[unit]}", str(ten + unit)
    yield "quatre-vingts", "80"


WORDS: dict[str, str] = dict(_french()) | dict(_german()) | _EN | {word: str(n) for n, word in enumerate(_TEENS, 10)}
WORDS |= {word: str(value) for word, value in _TENS.items()}
_TIMES = {"double": 2, "triple": 3, "doppel": 2}

_WORD = phrases(";".join(word.replace("-", "[- ]") for word in sorted(WORDS, key=len, reverse=True)))
_TOKEN = re.compile(
    rf"(?:(?P<times>{'|'.join(_TIMES)})[ -])?(?P<word>{_WORD})(?P<hundred>[ -](?:hundred|thousand))?(?![^\W_])|(?P<digits>\d{{1,6}})(?!\w)"
)
_GAP = re.compile(r"[\s,.–-]{1,3}(?:(?:and|und|dot|punkt|point|dash) )?")
_OPENING = re.compile(rf"(?<![^\W_])(?:{_WORD}(?![^\W_])|(?:double|triple|doppel)[- ]{_WORD}(?![^\W_]))")
_DIGITS_BEFORE = re.compile(r"(?:(?<![\w.,])\d{1,4}[ ,-]{1,2}){1,3}$")

_KO = dict(zip("공영일이삼사오육륙칠팔구", "001234566789", strict=True))
_KO_RUN = re.compile(r"(?<![가-힣])(?:[공영일이삼사오육륙칠팔구](?:에|의)?[ -]?){3,}")
_KO_ENDING = re.compile(r"이(?=에요|예요|고|야|요|라|입|$)|[ -]+$")
_JA = dict(zip("〇零一二三四五六七八九", "00123456789", strict=True)) | {
    "ゼロ": "0", "れい": "0", "まる": "0", "いち": "1", "に": "2", "さん": "3", "よん": "4", "し": "4", "ご": "5",
    "ろく": "6", "なな": "7", "しち": "7", "はち": "8", "きゅう": "9", "く": "9",
}  # fmt: skip
_JA_TOKEN = "|".join(sorted(_JA, key=len, reverse=True))
_JA_RUN = re.compile(rf"(?:(?:{_JA_TOKEN})(?:の(?={_JA_TOKEN}))?[ 　、-]?){{4,}}")


@dataclass(frozen=True, slots=True)
class Run:
    """A run of spoken numbers: its place, its digits and its number of words."""

    start: int
    end: int
    digits: str
    tokens: int


def runs(lowered: str) -> Iterator[Run]:
    """Yields every run of three or more digits that is at least partly in words."""
    at = 0
    while opening := _OPENING.search(lowered, at):
        before = _DIGITS_BEFORE.search(lowered, max(at, opening.start() - 15), opening.start())
        run = _run(lowered, before.start() if before else opening.start())
        at = max(run.end, opening.end()) if run else opening.end()
        if run and len(run.digits) >= 3:
            yield run


def _run(lowered: str, start: int) -> Run | None:
    digits, end, at, tokens, ten = "", start, start, 0, False
    while token := _TOKEN.match(lowered, at):
        said = _said(token)
        # "forty two" is 42, "forty twelve" 4012
        joins = ten and len(said) == 1 and said != "0" and lowered[at - 1] in " -"
        digits = digits[:-1] + said if joins else digits + said
        ten = (token["word"] or "") in _TENS and not joins
        end, tokens = token.end(), tokens + 1
        gap = _GAP.match(lowered, end)
        if gap is None:
            break
        at = gap.end()
    return Run(start, end, digits, tokens) if tokens else None


def _said(token: re.Match[str]) -> str:
    if token["digits"]:
        return token["digits"]
    said = WORDS[token["word"].replace(" ", "-")] * _TIMES.get(token["times"] or "", 1)
    hundred = (token["hundred"] or "").strip(" -")
    return said + {"hundred": "00", "thousand": "000"}.get(hundred, "")


def cjk_runs(text: str) -> Iterator[Run]:
    """Yields the same for digits spelled out in Korean or Japanese."""
    for match in _KO_RUN.finditer(text):
        said = match[0]
        if ending := _KO_ENDING.search(text, match.end() - 2, match.end() + 2):
            said = text[match.start() : min(match.end(), ending.start())]
        digits = "".join(_KO.get(letter, "") for letter in said)
        yield Run(match.start(), match.start() + len(said.rstrip(" -")), digits, len(digits))
    for match in _JA_RUN.finditer(text):
        digits = "".join(_JA[token] for token in re.findall(_JA_TOKEN, match[0]))
        yield Run(match.start(), match.start() + len(match[0].rstrip(" 　、-")), digits, len(digits))
