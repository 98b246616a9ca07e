"""Finds Korean and Japanese names by the words around them (님, 씨, 様, さん, と申します)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from bot.privacy.name_lists import sections
from bot.privacy.span import Span

_KO_TITLE = r"님|씨|군|양|고객|선생님|과장|대리|팀장|부장|차장|사장님|상담원|상담사|기사님|매니저|사원|주임"
_KO_END = r"입니다|이라고|라고|인데요|이에요|예요|이고요?|이요|입니다만|이랑"
_KO_LEAD = r"저는|저|제 이름은|이름은|성함은|성함이|상담사|상담원|담당자|담당|기사|예금주는|명의는|명의자는"
_KO_NO_NAME = re.compile(
    r"고객|손님|선생|사장|부모|하나님|회원|담당|상담|기사|어머|아버|할머|할아|주문|전화|주소|문의|여기|저희|우리|지금|오늘|내일|어제|안녕|이거|그거|한국|서울|고맙|감사|무슨|어떤|제가|이름|번호|배송|정말|진짜"
)

_JA_HONORIFIC = "様|さま|さん|氏|くん|ちゃん|先生|と申し|といい|と言い|と名乗"
_JA_NO_NAME = re.compile(
    r"客|皆|奥|神|王|業者|医者|母|父|兄|姉|子供|弊社|御社|担当|店員|社長|部長|電話|オペレーター?$|スタッフ|ユーザー|メーカー|サポート|センター|郵便|花屋|本屋|お"
)


def spans(text: str) -> Iterator[Span]:
    """Yields the Korean and Japanese names that their context reveals."""
    for match in _korean_names().finditer(text):
        name = match[match.lastgroup or 0]
        if not _KO_NO_NAME.match(name):
            yield Span("NAME", *match.span(match.lastgroup or 0), _korean(name))
    for match in _japanese_names().finditer(text):
        name = match[match.lastgroup or 0]
        if not _JA_NO_NAME.search(name) and not (match.lastgroup == "e" and name in _japanese_places()):
            yield Span("NAME", *match.span(match.lastgroup or 0), _japanese(name))


def _korean(name: str) -> str:
    """Separates surname and given name: 김민수 is the 민수 of later lines."""
    return f"{name[:-2]} {name[-2:]}".strip() if len(name) > 2 else name


def _japanese(name: str) -> str:
    surname = re.match(_japanese_surnames(), name)
    return f"{surname[0]} {name[surname.end() :].strip()}".strip() if surname else name.replace(" ", "")


@cache
def _korean_names() -> re.Pattern[str]:
    lists = sections("east_asian_names.txt")
    long = "|".join(name for name in lists["korean surnames"] if len(name) > 1)
    one_letter = "".join(name for name in lists["korean surnames"] if len(name) == 1)
    full = rf"(?:{long}|[{one_letter}])[가-힣]{{2}}"
    given = "|".join(lists["korean given names"])
    return re.compile(
        rf"(?<![가-힣])(?P<a>{full}|(?:{given}))(?= ?(?:{_KO_TITLE})(?![a-z]))"
        rf"|(?<![가-힣])(?:{_KO_LEAD}) (?:[가-힣]{{2,6}} )?(?P<b>{full}|{given})(?={_KO_END}|[ ,.]|$)"
        rf"|(?<![가-힣])(?P<c>{full})(?=이라고 합|라고 합|입니다[.,]? ?(?:무엇|반갑|전화))"
    )


@cache
def _japanese_names() -> re.Pattern[str]:
    surnames, short = _japanese_surnames(), "|".join(sections("east_asian_names.txt")["japanese short surnames"])
    return re.compile(
        rf"(?P<a>(?:{surnames})(?:[ 　]?(?:[一-龯々]{{1,3}}?|[ぁ-ん]{{2,4}}?|[ァ-ヶー]{{2,5}}?))?)(?={_JA_HONORIFIC}|です|でございます|だと|でした)"
        rf"|(?<![一-龯々])(?P<b>(?:{short})(?:[ 　]?[一-龯々]{{1,2}})?)(?={_JA_HONORIFIC})"
        rf"|(?P<c>[一-龯々]{{2,5}}|[ァ-ヶー]{{2,8}})(?=様|さま|さん|と申し|と言い)"
        rf"|(?:名前は|氏名は|名義は|担当の|担当は|担当者は)(?P<d>[一-龯々]{{2,5}}|[ァ-ヶー・]{{2,10}})(?=です|と|で|が|に|、|。|$)"
        rf"|(?<![一-龯々])(?P<e>{surnames})(?=[とがはにをへ、](?![一-龯]{{0,2}}[県市区駅]))"
    )


@cache
def _japanese_surnames() -> str:
    return "|".join(sections("east_asian_names.txt")["japanese surnames"])


@cache
def _japanese_places() -> frozenset[str]:
    return frozenset(sections("east_asian_names.txt")["japanese places"])
