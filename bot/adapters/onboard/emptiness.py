"""Recognises calls with nothing to summarize."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from bot.adapters.onboard import cues
from bot.adapters.onboard.languages import EmptyReason
from bot.adapters.onboard.sentences import Sentence, size
from bot.answers.evidence import telling_words

FEW = 4  # meaningful words beside greetings; with fewer there is nothing to summarize
PLEASANT = 10  # words; a sentence up to this length with a pleasantry is only a pleasantry
SHORT_CALL = 45  # words; a longer call only mentions a wrong number or a test

_VOICEMAIL = re.compile(
    r"voice ?mail|leave (a|your|us a)( \w+){0,3} message|after the (tone|beep)|at the tone|mailbox|"
    r"(cannot|can't|can not|unable to|not available to|aren't able to) (take|answer|come to) (your|the) (call|phone)|"
    r"record your message|(the )?person you (are|have) (calling|called|dialed)|forwarded to|you('ve| have) reached|"
    r"nach dem (signal|ton|piep)|nachricht (nach|hinterlassen)|hinterlassen sie|mailbox|anrufbeantworter|nicht erreichbar|"
    r"automated voice|"
    r"음성 ?사서함|삐 ?소리|메시지를 남겨|연결이 되지 않아|留守番電話|発信音|メッセージを(お残し|どうぞ)|電話に出ることができません|"
    r"お出になりません|お?[繋つ]なぎできません",
    re.IGNORECASE,
)
# Other words of such a greeting. Between people they mean something else.
_GREETING = re.compile(
    rf"{_VOICEMAIL.pattern}|is not available|finished recording|for more options|hang up|try (?:again|your call)|press \w+",
    re.IGNORECASE,
)
_WRONG = re.compile(
    r"wrong (number|line)\b(?! (on|in|is|was|for|under|to|at|with|there))|(have|got|called|calling|reached|dialed|dialled) the wrong person|"
    r"misdial|verwählt|falsche (nummer|rufnummer)|falsch verbunden|잘못 (걸|전화)|번호를 잘못|"
    r"間違い電話|番号を間違|(かけ|掛け)間違|間違えました",
    re.IGNORECASE,
)
_TEST = re.compile(
    r"\b(this is|just|only|doing|making) (just |only )?a (\w+ )?test(?= (call|message|recording)\b|[.,!;:]|$)|"
    r"\btest(ing)? call\b|\btesting\b[, .]+(testing|one|1|this)|"
    r"testanruf|nur ein test|테스트 ?(전화|통화|입니다|중)|テスト(通話|電話|です|中)",
    re.IGNORECASE,
)
_REASONS: tuple[tuple[EmptyReason, re.Pattern[str]], ...] = (("wrong number", _WRONG), ("test", _TEST))
_PLEASANTRY = re.compile(
    r"thank(s| you)|how (can|may|could) (i|we) (help|assist)|what can i (do|help)|good (morning|afternoon|evening|day)|"
    r"(have a|you have) (great|good|nice|lovely|wonderful)|my name is|this is \w+( \w+)?$|speaking\b|bye|hello|\bhi\b|hey|"
    r"(can|could) you hear me|(can't|cannot|can not) hear you|hang up|call us back|(release|disconnect|end)(ing)? (the|this) call|"
    r"(is )?any(one|body) there|are you (there|still)|how are you|welcome to|for calling|"
    r"guten (tag|morgen|abend)|hallo|wie kann ich|mein name ist|auf wiederhören|tschüss|danke|hören sie mich|"
    r"안녕하|여보세요|감사합니다|무엇을 도와|센터입니다|들리(세요|시나요)|もしもし|お電話ありがとう|ありがとうござい|こんにちは|失礼し|聞こえ|ご用件",
    re.IGNORECASE,
)
_MARK = re.compile(r"[\[(<♪][^\])>♪]*[\])>♪]")


def reason_for_nothing(sentences: Sequence[Sentence]) -> EmptyReason | None:
    """Returns why there is nothing to summarize, or None if there is something."""
    spoken = [text for sentence in sentences if size(text := _MARK.sub(" ", sentence.text))]
    if not spoken:
        return "silence"
    if any(map(_VOICEMAIL.search, spoken)) and _few(text for text in spoken if not _GREETING.search(text)):
        return "voicemail"
    if sum(map(size, spoken)) < SHORT_CALL:
        for reason, words in _REASONS:
            if any(map(words.search, spoken)) and not any(map(_acts, spoken)):
                return reason
    return "little" if _few(spoken) else None


def _acts(text: str) -> bool:
    """True if something was promised or done, so the call reached the right place."""
    acts = cues.PROMISE.search(text) or cues.DONE.search(text)
    return bool(acts) and not cues.IN_CALL.search(text) and not any(words.search(text) for _, words in _REASONS)


def _few(texts: Iterable[str]) -> bool:
    """True if little is said beside pleasantries. A long sentence with one can still say something."""
    told: set[str] = set()
    for text in texts:
        if size(text) > PLEASANT or not _PLEASANTRY.search(text):
            told |= telling_words(_PLEASANTRY.sub(" ", text))
    return len(told) < FEW
