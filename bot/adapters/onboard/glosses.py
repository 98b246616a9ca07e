"""Translates common service words into English, the sentence model's only language."""

from __future__ import annotations

import re

# Stems, found anywhere in a word because of German compounds and Korean and Japanese endings.
_GLOSSES: tuple[tuple[str, str], ...] = (
    ("rechnung|청구|요금|請求|料金", "bill, charge on the account"),
    ("abgebucht|abbuchung|berechnet|인출|引き落とし", "charged"),
    ("erstatt|rückzahl|geld zurück|환불|返金", "refund, money back"),
    ("bezahl|zahlung|überweis|결제|支払", "payment"),
    ("kündig|vertrag beenden|해지|解約", "cancel the subscription, contract"),
    ("stornier|취소|キャンセル|取り消", "cancel"),
    ("bestell|주문|注文", "order"),
    ("liefer|paket|versand|sendung|배송|택배|도착|配送|届|荷物|発送", "delivery of a package"),
    ("verspät|zu spät|늦|遅", "late, delayed"),
    ("falsche|잘못 온|다른 상품|違う商品|間違った", "wrong item"),
    ("zerbroch|beschädig|파손|깨|破損|割れ", "arrived damaged, broken"),
    ("kaputt|defekt|고장|불량|故障|不具合|壊れ|不良", "defective device does not work"),
    ("repar|수리|修理", "repair"),
    ("garantie|보증|保証", "warranty"),
    ("rücksend|zurückschick|retoure|umtausch|반품|교환|返品|交換", "return or exchange an item"),
    ("größe|사이즈|サイズ", "size"),
    ("internet|wlan|router|인터넷|와이파이|공유기|インターネット|ネット|ルーター", "internet, Wi-Fi, router"),
    ("wlan-verbindung|연결|接続|繋がら|つながら", "internet and Wi-Fi connection"),
    ("telefon(?:anschluss|leitung)|störung|통신|회선|回線|通信", "line, outage"),
    ("anmeld|einlogg|login|로그인|ログイン", "log in to the account"),
    ("passwort|kennwort|비밀번호|パスワード", "password"),
    ("gesperrt|잠겼|잠금|ロックされ", "locked"),
    ("adresse|주소|住所", "change the address"),
    ("telefonnummer|전화번호|電話番号", "phone number"),
    ("\\bkonto\\b|kontostand|계좌|잔액|口座|残高", "bank account balance"),
    ("kreditkarte|\\bkarte\\b|카드|カード", "credit card"),
    ("betrug|missbrauch|gestohlen|사기|도용|도난|詐欺|不正|盗", "fraud, stolen"),
    ("tarif|요금제|プラン", "plan"),
    ("\\bpreis|angebot|rabatt|가격|할인|値段|割引|価格", "price, discount, offer"),
    ("hotel|호텔|ホテル", "hotel"),
    ("\\bflug|항공|비행기|飛行機|航空|フライト", "flight"),
    ("buch(?:en|ung)|reservier|예약|予約", "reservation, booking"),
    ("termin|방문 일정|訪問", "appointment, visit"),
    ("techniker|monteur|기사|技術者", "technician"),
    ("\\barzt|병원|진료|病院|診察", "doctor"),
    ("versicherung|schaden|보험|사고|保険|事故", "insurance claim, accident"),
    ("beschwer|reklam|불만|항의|苦情|クレーム", "complaint about the service"),
    ("software|\\bapp\\b|웹사이트|홈페이지|앱|アプリ|サイト|ソフト", "app, website, software"),
    ("fehler|오류|에러|エラー", "error"),
    ("verfügbar|auf lager|재고|在庫", "in stock, available"),
    ("schlecht|unzufrieden|불친절|ひどい|不満", "unhappy, bad"),
)
_STEMS = tuple((re.compile(stems, re.IGNORECASE), english) for stems, english in _GLOSSES)


def gloss(text: str) -> str:
    """Returns English words for the text's topic, or "" if none of its words is known."""
    return ", ".join(english for stem, english in _STEMS if stem.search(text))
