"""Cuts a call into sentences, each a verbatim piece of one turn."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.calls.transcript import Speaker, Turn

SHORT = 3  # words; a shorter piece joins the one before it
REACH, WIDE_REACH = 400, 120  # characters of a quote; Korean, Japanese and Chinese say more in fewer
LONG = 40  # words; longer speech without punctuation is cut before a joining word

_END = re.compile(
    r"(?<![\s(]dr)(?<!\bmr)(?<!\bmrs)(?<!\bms)(?<!\bno)(?<!\bst)(?<!\bvs)(?<!\be\.g)(?<!\bi\.e)(?<!\bz\.b)(?<!\bnr)(?<!\b[a-z])"
    r"(?<![.!?])[.!?]+[\"')\]]*\s+|[。！？]+[」』）]*\s*|…+\s+|\n+"
    r"|(?:(?<=니다)|(?<=세요)|(?<=어요)|(?<=아요)|(?<=네요)|(?<=해요)|(?<=까요)|(?<=려요)|(?<=데요)|(?<=이요))\s+",
    re.IGNORECASE,
)
_JOINT = re.compile(r",?\s+(?=(?:and|but|so|because|then|und|aber|weil|dann)\s)", re.IGNORECASE)
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_NOISE = re.compile(r"https?://\S+|www\.\S+|(?<!\S)@\w+")
FILLERS = (
    r"(?:hi|hello|hey|hallo)(?: \w+)?(?=[.,!])|understood|excellent|wonderful|"
    r"uh+|um+|uhm|er+m?|ah+|oh|hm+|mm+|mhm|mm-hmm|okay|ok|alright|all right|right|yeah|yes|yep|yup|sure|well|so|now|and|but|then|"
    r"like|you know|i mean|great|perfect|of course|certainly|absolutely|no problem|no worries|got it|i see|anyway|"
    r"hi|hi there|hello|hello there|hey|good morning|good afternoon|good evening|hallo|guten tag|guten morgen|guten abend|안녕하세요|こんにちは|もしもし|"
    r"äh+m?|hm|ja|also|gut|okay|genau|na ja|nun|und|네|예|아|음|그|저기|그럼|はい|ええ|あの|えっと|えー|では|それでは|かしこまりました"
)
_FILLER = re.compile(rf"(?:(?:{FILLERS})(?![\w'’-])[\s,.!…、。-]*)+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sentence:
    """`text` is verbatim from the turn. `cut_before` and `cut_after` mean that it is part of a longer sentence."""

    turn: int
    speaker: Speaker
    name: str | None
    text: str
    cut_before: bool = False
    cut_after: bool = False

    @property
    def size(self) -> int:
        return size(self.text)

    @property
    def plain(self) -> str:
        """Returns the text without links, @names and leading fillers, to compare meanings."""
        text = " ".join(_NOISE.sub(" ", self.text).split())
        return text[lead(text) :] or text

    def quote(self, start: int = 0, end: int | None = None) -> str:
        """Returns the words from `start` to `end` without leading fillers. `…` marks what is cut off."""
        end = len(self.text) if end is None else end
        start += lead(self.text[start:end])
        words = self.text[start:end].strip(" \t,;")
        before = "… " if self.cut_before or start > 0 else ""
        after = " …" if self.cut_after or size(self.text[end:]) else ""
        return f"{before}{words}{after}"


def sentences(turns: Iterable[Turn]) -> list[Sentence]:
    """Returns all sentences of a call, in order."""
    return [sentence for turn in turns for sentence in _of_turn(turn)]


def size(text: str) -> int:
    """Returns the number of words. Two letters of Korean, Japanese or Chinese count as one."""
    wide = len(_WIDE.findall(text))
    return len(_WORD.findall(_WIDE.sub(" ", text))) + (wide + 1) // 2


def lead(text: str) -> int:
    """Returns the length of the leading fillers; 0 if nothing else would be left."""
    found = _FILLER.match(text)
    return found.end() if found and _WORD.search(text, found.end()) else 0


def _of_turn(turn: Turn) -> Iterator[Sentence]:
    for start, end in _joined(turn.text, list(_spans(turn.text))):
        pieces = list(_shortened(turn.text, start, end))
        for n, (left, right) in enumerate(pieces):
            text = turn.text[left:right].strip()
            yield Sentence(turn.index, turn.speaker, turn.name, text, n > 0, n < len(pieces) - 1)


def _spans(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for end in (*(found.end() for found in _END.finditer(text)), len(text)):
        if text[start:end].strip():
            yield start, end
        start = end


def _joined(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Joins spans under three words to the one before, unless a line break separates them."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        short = size(text[start:end]) < SHORT or (joined and size(text[slice(*joined[-1])]) < SHORT)
        if joined and short and "\n" not in text[joined[-1][0] : start]:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _shortened(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Splits a long span before joining words."""
    if size(text[start:end]) > LONG:
        for joint in list(_JOINT.finditer(text, start, end)):
            if size(text[start : joint.start()]) >= LONG // 3 and size(text[joint.end() : end]) >= SHORT:
                yield from _within_reach(text, start, joint.end())
                start = joint.end()
    yield from _within_reach(text, start, end)


def _within_reach(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cuts a span at spaces if it is too long to quote."""
    reach = WIDE_REACH if _WIDE.match(text, start) else REACH
    while end - start > reach:
        cut = text.rfind(" ", start + 1, start + reach) + 1 or start + reach
        yield start, cut
        start = cut
    yield start, end
