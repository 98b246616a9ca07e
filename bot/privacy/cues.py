"""Knows the words that say what the number beside them is."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

from bot.privacy.phrases import phrases, words

REACH = 70  # characters between a cue and its number: "the code that you sent me a minute ago is"
REACH_OF_QUESTION = 100  # from the cue in one line to the answer in the next

# KEEP: numbers that a summary needs, so they stay. The nearest cue decides.
_LATIN = {
    "DOB": "date of birth; birth ?date; birth ?day; d\\.o\\.b; dob; born; geburts\\w*; geboren; date de naissance; née?",
    "SECRET": "pass ?words?; pass ?code; pass ?phrase; pin; cvv2?; cvc2?; security code; verification code; access code"
    "; auth\\w* code; otp; one[- ]time (?:code|password|pin); code (?:you|i|we|they|that|is); code on the back; 2fa; digits on the back; passwort"
    "; kennwort; tan; geheimzahl; mot de passe; code (?:pin|secret|confidentiel|de vérification); api key; access key"
    "; secret key; token; client secret; memorable word; security answer",
    "SSN": "social(?:'s)?(?: security)?; ssn; national insurance; ni number; nino; nhs; taxpayer; tax id; itin; steuer-?id\\w*"
    "; steuerliche\\w*; identifikationsnummer; sozialversicherung\\w*; rentenversicherung\\w*; sécurité sociale; sécu",
    "ACCOUNT": "accounts?; acct; routing; sort code; member(?:ship)?; policy; customer (?:number|id|no|reference|ref)"
    "; client (?:number|id); passport; licen[sc]e; medical record; mrn; patient id; frequent flyer; user ?names?; user id"
    "; log(?:ged)? ?in as; kontonummer; konto; bankleitzahl; blz; kundennummer; vertragsnummer; versicherungsnummer"
    "; ausweis\\w*; numéro client; numéro de compte; client; compte; passeport; loyalty",
    "CARD": "credit cards?; debit cards?; cards?(?: number)?; visa; mastercard; amex; kreditkarte; karte; kartennummer; carte"
    "; sixteen digits; 16 digits",
    "PHONE": "phone; telephone; mobile; cell(?:phone)?; landline; fax; tel; call(?:ing)?(?: (?:me|him|her|us|back))* (?:at|on)"
    "; reach (?:me|you|him|her|us|them); text (?:me|him|her|us|you); can text; ring me; area code; whats ?app; handy\\w*"
    "; telefon\\w*; rufnummer; erreichen; mobilnummer; téléphone; portable; appelez; number to call",
    "KEEP": "promo code is; discount code is; coupon code is; voucher code is; error code is; booking code is; reservation code is; zip code is; confirmation code is; country code is; product code is; order; tickets?; invoice; tracking; serial; part; model; reservation; booking; confirmation; ref(?:erence)?"
    "; version; firmware; build; case; job; ext(?:ension)?; flight; train; room; gate; seat; promo; coupon; parcel; shipment"
    "; packages?; items?; sku; amount; balance; total; price; cost; group number; bestell\\w*; rechnung\\w*; seriennummer"
    "; auftrag\\w*; commande; facture; référence; street; avenue; expir\\w+",
}
_CJK = {
    "KEEP": "(?:주문|송장|예약|접수|상품|모델|운송장) ?(?:번호)?|가격|(?:注文|予約|製造|追跡|伝票|受付|お問い合わせ)(?:番号)?|型番",
    "SSN": "주민(?:등록)?번호|マイナンバー|個人番号",
    "ACCOUNT": "계좌 ?(?:번호)?|회원 ?번호|고객 ?번호|(?:여권|면허) ?(?:번호)?|口座(?:番号)?|会員番号|お客様番号|顧客番号|免許証?(?:番号)?|旅券(?:番号)?",
    "SECRET": "비밀번호|인증번호|암호|핀번호|暗証番号|パスワード|認証コード|認証番号|ワンタイム",
    "DOB": "생년월일|생일|生年月日|誕生日|生まれ|태어",
    "CARD": "카드 ?(?:번호)?|カード(?:番号)?",
    "PHONE": "전화|핸드폰|휴대폰|연락|번호|電話|携帯|番号",
}
_LATIN_CUE = re.compile(r"(?<!\[)" + words(";".join(_LATIN.values())))  # [CARD_1] isn't a cue
_KINDS = [(kind, re.compile(phrases(listed))) for kind, listed in _LATIN.items()]
_CJK_CUE = re.compile("|".join(f"(?P<{kind}>{words})" for kind, words in _CJK.items()))
HAS_CJK = re.compile("[぀-ヿ一-鿿가-힣]")


@dataclass(frozen=True, slots=True)
class Announcement:
    kind: str
    start: int
    end: int


class Cues:
    """Finds the cue that applies at a place in a text."""

    def __init__(self, lowered: str) -> None:
        self._text = lowered
        found = [Announcement(_kind(match[0]), *match.span()) for match in _LATIN_CUE.finditer(lowered)]
        if HAS_CJK.search(lowered):
            found += [Announcement(str(match.lastgroup), *match.span()) for match in _CJK_CUE.finditer(lowered)]
            found.sort(key=lambda cue: cue.end)
        self.all = found
        self._ends = [cue.end for cue in found]

    def before(self, start: int) -> Announcement | None:
        """Returns the nearest cue before `start`, in its line or in the line before (a question)."""
        at = bisect_right(self._ends, start) - 1
        if at < 0 or start - self._ends[at] > REACH_OF_QUESTION:
            return None
        cue = self.all[at]
        between = self._text[cue.end : start]
        lines = between.count("\n")
        if lines == 0:
            return cue if len(between) <= REACH else None
        own = between.rpartition("\n")[2]
        return cue if lines == 1 and len(own) <= 40 else None


@lru_cache(maxsize=4096)
def _kind(phrase: str) -> str:
    return next(kind for kind, pattern in _KINDS if pattern.fullmatch(phrase))
