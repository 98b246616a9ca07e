"""Provides the built-in model's own words in the call's language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from bot.calls.transcript import Turn

EmptyReason = Literal["silence", "voicemail", "wrong number", "test", "little"]


@dataclass(frozen=True, slots=True)
class Language:
    """Names for the speakers, and a sentence for each reason why there is nothing to summarize."""

    code: str
    agent: str
    customer: str
    reasons: Mapping[EmptyReason, str]


ENGLISH = Language(
    "en",
    "Agent",
    "Customer",
    {
        "silence": "Silence: nobody spoke.",
        "voicemail": "Voicemail greeting only: nobody left a message.",
        "wrong number": "Wrong number: the call was not meant for this line.",
        "test": "Test call: nothing was discussed.",
        "little": "Too little was said to sum up.",
    },
)
GERMAN = Language(
    "de",
    "Mitarbeiter",
    "Kunde",
    {
        "silence": "Stille: niemand hat gesprochen.",
        "voicemail": "Nur die Ansage einer Mailbox: niemand hat eine Nachricht hinterlassen.",
        "wrong number": "Verwählt: der Anruf galt nicht diesem Anschluss.",
        "test": "Testanruf: es wurde nichts besprochen.",
        "little": "Es wurde zu wenig gesagt, um es zusammenzufassen.",
    },
)
KOREAN = Language(
    "ko",
    "상담원",
    "고객",
    {
        "silence": "무음: 아무도 말하지 않았습니다.",
        "voicemail": "음성 사서함 안내뿐이며 남긴 메시지가 없습니다.",
        "wrong number": "잘못 걸려 온 전화입니다.",
        "test": "테스트 통화로, 상담 내용이 없습니다.",
        "little": "요약하기에는 대화 내용이 너무 적습니다.",
    },
)
JAPANESE = Language(
    "ja",
    "担当者",
    "お客様",
    {
        "silence": "無音: 誰も話していません。",
        "voicemail": "留守番電話の案内のみで、伝言はありません。",
        "wrong number": "間違い電話です。",
        "test": "テスト通話のため、内容はありません。",
        "little": "要約できるほどの内容がありません。",
    },
)

_HANGUL = re.compile(r"[\uac00-\ud7af]")
_KANA = re.compile(r"[\u3040-\u30ff]")
_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[^\W\d_]+")
_GERMAN_WORDS = frozenset(
    "der die das und ich nicht ist sie ein eine mit für auf wir haben habe ihnen bitte mir zu den dem wie guten danke kann "
    "meine mein ihre ihr aber noch auch wird werden hallo".split()
)
_ENGLISH_WORDS = frozenset(
    "the and i is a to you of my it for that in have can on with your hello please are was not this".split()
)


def language_of(turns: Iterable[Turn]) -> Language:
    """Detects the language by script, and German or English by short words. English is the default."""
    text = " ".join(turn.text for turn in turns)
    letters = max(len(_LETTER.findall(text)), 1)
    if len(_HANGUL.findall(text)) / letters > 0.2:
        return KOREAN
    if len(_KANA.findall(text)) / letters > 0.1:
        return JAPANESE
    words = _WORD.findall(text.lower())
    german, english = (sum(word in some for word in words) for some in (_GERMAN_WORDS, _ENGLISH_WORDS))
    return GERMAN if german > english else ENGLISH
