"""Names in Korean and Japanese, told by what follows or leads them (님, 씨, 様, さん, と申します)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.privacy.span import Span

_KO_SURNAME = "김이박정최조강윤장임한오서신권황안송류전홍고문양손배백허유남심노하곽성차주우구나민진지엄원천방공현함변염여추도소석선설마길연위표명기반왕금옥육인맹제모"
_KO_FULL = rf"(?:남궁|황보|제갈|선우|독고|[{_KO_SURNAME}])[가-힣]{{2}}"
_KO_GIVEN = (
    "건우|경수|광수|도윤|도현|동현|민석|민수|민재|민준|상철|상현|상호|상훈|서준|성민|성수|성진|성현|성호|성훈|승민|승현|시우|영수|영식|영진|영철|영호"
    "|예준|우진|재현|재호|정수|정호|정훈|주원|준서|준영|준혁|준호|지후|지훈|진우|진호|현우|현준|경숙|경희|명숙|미경|미숙|미영|미정|민서|민지|보람|서연"
    "|서영|서윤|서현|선영|수민|수빈|수진|순옥|순자|아름|영미|영숙|영자|영희|예원|예은|예지|예진|유진|윤서|은경|은서|은영|은정|은주|은지|정숙|정희|지민"
    "|지아|지연|지영|지우|지원|지은|지현|지혜|채원|하윤|하은|현숙|현정|현주|현지|혜진|하늘|세훈|우성|태현|태희|소연|다은|윤아|지수|동욱|상우|태영"
)
_KO_TITLE = r"님|씨|군|양|고객|선생님|과장|대리|팀장|부장|차장|사장님|상담원|상담사|기사님|매니저|사원|주임"
_KO_END = r"입니다|이라고|라고|인데요|이에요|예요|이고요?|이요|입니다만|이랑"
_KO_LEAD = r"저는|저|제 이름은|이름은|성함은|성함이|상담사|상담원|담당자|담당|기사|예금주는|명의는|명의자는"
_KO = re.compile(
    rf"(?<![가-힣])(?P<a>{_KO_FULL}|(?:{_KO_GIVEN}))(?= ?(?:{_KO_TITLE})(?![a-z]))"
    rf"|(?<![가-힣])(?:{_KO_LEAD}) (?:[가-힣]{{2,6}} )?(?P<b>{_KO_FULL}|{_KO_GIVEN})(?={_KO_END}|[ ,.]|$)"
    rf"|(?<![가-힣])(?P<c>{_KO_FULL})(?=이라고 합|라고 합|입니다[.,]? ?(?:무엇|반갑|전화))"
)
_KO_NO_NAME = re.compile(
    r"고객|손님|선생|사장|부모|하나님|회원|담당|상담|기사|어머|아버|할머|할아|주문|전화|주소|문의|여기|저희|우리|지금|오늘|내일|어제|안녕|이거|그거|한국|서울|고맙|감사|무슨|어떤|제가|이름|번호|배송|정말|진짜"
)

_JA_SURNAME = (
    "佐藤|鈴木|高橋|田中|伊藤|渡辺|渡邊|渡部|山本|中村|小林|加藤|吉田|山田|佐々木|松本|井上|木村|斎藤|斉藤|齋藤|清水|山崎|阿部|池田|橋本|山下"
    "|中島|前田|藤田|後藤|小川|岡田|長谷川|村上|近藤|石井|遠藤|坂本|青木|藤井|西村|福田|太田|三浦|藤原|松田|岡本|中川|中野|原田|小野|田村|竹内"
    "|金子|和田|中山|石田|上田|森田|柴田|酒井|工藤|横山|宮崎|宮本|内田|高木|安藤|谷口|大野|丸山|今井|高田|河野|藤本|村田|武田|上野|杉山|増田|小島"
    "|平野|大塚|千葉|久保|松井|岩崎|桜井|野口|松尾|野村|木下|菊地|菊池|佐野|大西|杉本|新井|浜田|市川|古川|水野|小松|島田|山口|石川|福島|岡崎"
)
_JA_PLACES = frozenset("千葉 山口 石川 福島 宮崎 岡崎 上野 中野 大塚 市川 福田 山形 三浦".split())
_JA_SHORT = "林|森|原|東|関|辻|岡|堀|星|南|菅|谷"
_JA_HONORIFIC = "様|さま|さん|氏|くん|ちゃん|先生|と申し|といい|と言い|と名乗"
_JA = re.compile(
    rf"(?P<a>(?:{_JA_SURNAME})(?:[ 　]?(?:[一-龯々]{{1,3}}?|[ぁ-ん]{{2,4}}?|[ァ-ヶー]{{2,5}}?))?)(?={_JA_HONORIFIC}|です|でございます|だと|でした)"
    rf"|(?<![一-龯々])(?P<b>(?:{_JA_SHORT})(?:[ 　]?[一-龯々]{{1,2}})?)(?={_JA_HONORIFIC})"
    rf"|(?P<c>[一-龯々]{{2,5}}|[ァ-ヶー]{{2,8}})(?=様|さま|さん|と申し|と言い)"
    rf"|(?:名前は|氏名は|名義は|担当の|担当は|担当者は)(?P<d>[一-龯々]{{2,5}}|[ァ-ヶー・]{{2,10}})(?=です|と|で|が|に|、|。|$)"
    rf"|(?<![一-龯々])(?P<e>{_JA_SURNAME})(?=[とがはにをへ、](?![一-龯]{{0,2}}[県市区駅]))"
)
_JA_NO_NAME = re.compile(
    r"客|皆|奥|神|王|業者|医者|母|父|兄|姉|子供|弊社|御社|担当|店員|社長|部長|電話|オペレーター?$|スタッフ|ユーザー|メーカー|サポート|センター|郵便|花屋|本屋|お"
)


def spans(text: str) -> Iterator[Span]:
    """Every Korean and Japanese name of `text` that its context tells."""
    for match in _KO.finditer(text):
        name = match[match.lastgroup or 0]
        if not _KO_NO_NAME.match(name):
            yield Span("NAME", *match.span(match.lastgroup or 0), _korean(name))
    for match in _JA.finditer(text):
        name = match[match.lastgroup or 0]
        if not _JA_NO_NAME.search(name) and not (match.lastgroup == "e" and name in _JA_PLACES):
            yield Span("NAME", *match.span(match.lastgroup or 0), _japanese(name))


def _korean(name: str) -> str:
    """Surname and given name apart: 김민수 is the 민수 of later lines."""
    return f"{name[:-2]} {name[-2:]}".strip() if len(name) > 2 else name


def _japanese(name: str) -> str:
    surname = re.match(_JA_SURNAME, name)
    return f"{surname[0]} {name[surname.end() :].strip()}".strip() if surname else name.replace(" ", "")
