"""Finds people's names by their context and by lists of names."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType

from bot.privacy.name_contexts import (
    ANY_WORD,
    ASKED,
    BRANDS,
    FILLER,
    LABEL,
    LEAD,
    LEAD_KINDS,
    LETTERS,
    NAME_NEAR,
    NEXT,
    NO_NAME,
    NO_PERSON_AFTER,
    NO_PERSON_BEFORE,
    PARTICLES,
    ROLES,
    SIGNED,
    SPELLED,
    SPELLED_AS,
    TITLED,
    WORD,
)
from bot.privacy.name_lists import name_lists
from bot.privacy.span import Span

NameSpan = tuple[int, int]
Accepts = Callable[[str, re.Match[str]], bool]  # whether the word at this place of the text is a name


def spans(text: str, lowered: str, known: Collection[str], strict: bool) -> Iterator[Span]:
    """Yields every name. `known` are parts of names, in lower case, from earlier texts of the call.

    A name that one place reveals (`my name is xiomara`) is found everywhere else.
    """
    brands = [match.span() for match in BRANDS.finditer(lowered)]
    told = dict(found for found in _told(text, lowered, strict) if not _within(found, brands))
    for start, end in told.items():
        yield _span(lowered, start, end)
    known = {part for start, end in told.items() for part in _parts(lowered[start:end])} | set(known)
    yield from known_spans(text, lowered, known, brands, told)
    for start, end in _spelled(text, lowered, known):
        yield Span("NAME", start, end, _joined(lowered[start:end]))


def known_spans(
    text: str,
    lowered: str,
    known: Collection[str],
    brands: Collection[NameSpan] = (),
    told: Mapping[int, int] = MappingProxyType({}),
) -> Iterator[Span]:
    """Yields the names in the lists or in `known`, except those already `told` (start to end)."""
    brands = brands or [match.span() for match in BRANDS.finditer(lowered)]
    for start, end in _listed(text, lowered, known, told):
        if not _within((start, end), brands):
            yield _span(lowered, start, end)


def parts_of(name: str) -> list[str]:
    """Returns the parts of a speaker's label that name a person; none for "Agent" or "Speaker 1"."""
    words = [match[0] for match in WORD.finditer(name)]
    lowered = [word.lower() for word in words]
    if any(word in NO_NAME or word in ROLES for word in lowered):
        lowered = [word for word in lowered if word in name_lists().listed]
    return [word for word in lowered if len(word) > 1]


def _span(lowered: str, start: int, end: int) -> Span:
    return Span("NAME", start, end, " ".join(_parts(lowered[start:end])) or lowered[start:end])


def _parts(name: str) -> list[str]:
    return [match[0] for match in WORD.finditer(name) if match[0] not in PARTICLES]


def _within(found: NameSpan, spans_of: Collection[NameSpan]) -> bool:
    return any(start < found[1] and found[0] < end for start, end in spans_of)


def _spreads(part: str) -> bool:
    """True if a name revealed in one place is a name everywhere: it isn't a word too."""
    lists = name_lists()
    is_word = part in lists.ambiguous_given or part in lists.word_surnames
    return len(part) > 2 and part not in NO_NAME and not is_word


def _told(text: str, lowered: str, strict: bool) -> Iterator[NameSpan]:
    accepts = _ACCEPTS | {"introduced": _is_capital, "greeted": _is_capital} if strict else _ACCEPTS
    for match in LEAD.finditer(lowered):
        yield from _taken(text, _after(lowered, match.end()), accepts[_lead_kind(match[0])])
    for match in TITLED.finditer(text):
        yield from _taken(text, match.end(), _is_titled)
    for match in ASKED.finditer(lowered) if "\n" in lowered else ():
        yield from _taken(text, match.end(), _is_answer)
    for match in SIGNED.finditer(text):
        yield from _taken(text, match.start("name"), _is_told)
    for match in LABEL.finditer(text):
        parts = parts_of(match["name"])
        if match["name"][0].isupper() and parts and (strict or any(part in name_lists().given for part in parts)):
            yield match.span("name")


@lru_cache(maxsize=1024)
def _lead_kind(phrase: str) -> str:
    return next(kind for kind, pattern in LEAD_KINDS if pattern.fullmatch(phrase))


def _after(lowered: str, at: int) -> int:
    while at < len(lowered) and lowered[at] in " ,\n":
        at += 1
    filler = FILLER.match(lowered, at)
    return filler.end() if filler else at


def _taken(text: str, at: int, accepts: Accepts) -> Iterator[NameSpan]:
    """Yields the name that begins at `at`, if `accepts` says its first word is one."""
    first = WORD.match(text, at)
    if not first or len(first[0]) < 2 or first[0].lower() in NO_NAME or not accepts(text, first):
        return
    if NO_PERSON_AFTER.match(text, first.end()):
        return
    yield at, _extended(text, first)


def _extended(text: str, first: re.Match[str]) -> int:
    """Returns the end of the name that begins with `first`, up to three parts later."""
    end = at = first.end()
    for _ in range(3):
        gap = NEXT.match(text, at)
        word = WORD.match(text, gap.end()) if gap else None
        if not word or not gap or ("." in gap[0] and not re.search(r"(?<![^\W_])[A-Za-z]$", text[at - 2 : at])):
            break
        if _continues(first[0], word[0]):
            end = at = word.end()
        elif word[0].lower() in PARTICLES:
            at = word.end()
        else:
            break
    return end


def _continues(first: str, word: str) -> bool:
    """True if `word` continues the name `first`: capitalised like it, or a listed name in lower case."""
    part = word.lower()
    if len(word) == 1:
        return word.isupper() and first[0].isupper() and word != "I"
    if part in NO_NAME:
        return False
    if first[0].isupper():
        return word[0].isupper() and (first.isupper() or not word.isupper())
    return part in name_lists().surnames or part in name_lists().listed


def _is_told(_text: str, _word: re.Match[str]) -> bool:
    return True


def _is_capital(_text: str, word: re.Match[str]) -> bool:
    return word[0][0].isupper()


def _is_listed(_text: str, word: re.Match[str]) -> bool:
    lowered, lists = word[0].lower(), name_lists()
    return lowered in lists.clear_given or (word[0][0].isupper() and lowered in lists.listed)


def _is_introduced(text: str, word: re.Match[str]) -> bool:
    """True for `this is Latoya with Allied` and `I'm Gareth Llewellyn,`: listed, or capitalised before a surname."""
    if _is_listed(text, word):
        return True
    if not word[0][0].isupper() or word[0].isupper():
        return False
    lowered, lists = word[0].lower(), name_lists()
    return (
        lowered in lists.given
        or lowered in lists.surnames
        or bool(re.match(r" [A-Z][a-z'’-]+(?:[,.;]|$| and)", text[word.end() : word.end() + 30]))
    )


def _is_greeted(text: str, word: re.Match[str]) -> bool:
    if _is_listed(text, word):
        return True
    return (
        word[0][0].isupper()
        and word[0].lower() in name_lists().given
        and bool(re.match(r"[,.!?\n]|$", text[word.end() : word.end() + 1]))
    )


def _is_titled(text: str, word: re.Match[str]) -> bool:
    lowered, lists = word[0].lower(), name_lists()
    if word[0][0].isupper() or lowered in lists.listed or lowered in lists.surnames:
        return True
    return text[word.start() - 2 : word.start()] == ". " and text[word.start() - 4].islower()


def _is_answer(text: str, word: re.Match[str]) -> bool:
    if _is_listed(text, word):
        return True
    rest = re.match(r"[^\n.?!,]*", text[word.end() : word.end() + 40])
    return word[0][0].isupper() and rest is not None and len(rest[0].split()) <= 2


_ACCEPTS: dict[str, Accepts] = {
    "told": _is_told,
    "labelled": _is_capital,
    "introduced": _is_introduced,
    "greeted": _is_greeted,
}


def _listed(text: str, lowered: str, known: Collection[str], told: Mapping[int, int]) -> Iterator[NameSpan]:
    """Yields listed and known names, each with the parts that follow."""
    lists = name_lists()
    upto = 0
    for match in _occurrences(lowered, known):
        start = match.start()
        upto = max(upto, told.get(start, 0))
        if start < upto:
            continue
        start = (
            _before_surname(text, start) if match[0] in lists.clear_surnames and match[0] not in lists.given else start
        )
        first = WORD.match(text, start)
        if (
            first
            and (start < match.start() or _stands(text, match, known))
            and not NO_PERSON_AFTER.match(text, first.end())
            and not NO_PERSON_BEFORE.search(text, max(0, start - 12), start)
        ):
            upto = _extended(text, first)
            yield start, upto


def _occurrences(lowered: str, known: Collection[str]) -> Iterator[re.Match[str]]:
    """Yields the words of the text that are listed or known names.

    Looking up the set of words first is faster than looking up each occurrence.
    """
    words, lists = set(ANY_WORD.findall(lowered)), name_lists()
    names = words & lists.given | words & lists.clear_surnames | words.intersection(known)
    if len(names) > 60:
        yield from (match for match in WORD.finditer(lowered) if match[0] in names)
    elif names:
        longest_first = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
        pattern = rf"(?<![^\W_])(?<!{LETTERS}['’-])(?:{longest_first})(?![^\W_]|['’-](?!s(?![^\W_])){LETTERS})"
        yield from re.finditer(pattern, lowered)


def _before_surname(text: str, start: int) -> int:
    """Returns where the name with this surname begins: at the capitalised word before, if there is one."""
    before = re.search(r"(?<![\w.'’-])([A-Z][a-z'’-]+) $", text[max(0, start - 24) : start])
    if not before or not text[start].isupper() or before[1].lower() in NO_NAME:
        return start
    return start - len(before[0])


def _stands(text: str, match: re.Match[str], known: Collection[str]) -> bool:
    """True if a known or listed word is a name at this place."""
    word, capital, lists = match[0], text[match.start()].isupper(), name_lists()
    if word in lists.clear_given or (word in known and _spreads(word)):
        return True
    if not capital or word in NO_NAME:
        return False
    if word in lists.capitalised_given:
        return True
    following = re.match(r" ([A-Z][a-z'’-]+)", text[match.end() : match.end() + 30])
    if following and word in lists.ambiguous_given and following[1].lower() in lists.clear_surnames:
        return True
    if word not in known:
        return False
    inside = re.search(r"[^.?!:\n ] $", text[max(0, match.start() - 2) : match.start()])
    return bool(inside) or bool(following and following[1].lower() in known)


def _spelled(text: str, lowered: str, known: Collection[str]) -> Iterator[NameSpan]:
    for pattern in (SPELLED_AS, SPELLED):
        for match in pattern.finditer(text):
            near = NAME_NEAR.search(lowered, max(0, match.start() - 60), match.start())
            joined = "" if near else _joined(match[0].lower())
            if near or joined in name_lists().listed or joined in known:
                yield match.span()


def _joined(spelled: str) -> str:
    return "".join(match[1] for match in re.finditer(rf"(?<![\w])({LETTERS})(?!\w)", spelled))
