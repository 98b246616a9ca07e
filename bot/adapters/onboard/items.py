"""Turns a sentence into action items."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from bot.adapters.onboard import cues
from bot.adapters.onboard.sentences import Sentence, size
from bot.answers.evidence import VERBS, telling_words
from bot.calls.transcript import Speaker

_WILL = (
    r"(?: ?['’]ll| ll| ?will| shall| ?'m going to| am going to| ?'re going to| are going to| ?'m gon ?na| ?'re gon ?na)"
)
_ASK = (
    rf"(?:i|we){_WILL}|let ?'s|let us|(?:i|we)(?: ?'d| would) (?:like|love) (?:for )?(?:you )?to|(?:i|we) (?:want|need) (?:you )?to|i wan ?na|"
    r"please|you(?: will|'ll)? (?:just )?(?:need|have|want|ought) to|you (?:must|should)|make sure (?:to|that you|you)|be sure to|remember to|"
    r"(?:i|we)(?: ?'d| would)? (?:advise|suggest|recommend|encourage)(?: that)?(?: you)?(?: to)?|(?:can|could|would) you(?: please)?|bitte"
)
_IDLE = r"(?:also|just|then|now|still|probably|definitely|kindly|actually|go ahead and|have to|need to|like to|like you to|try to|uh|um|,)"
_LEAD = re.compile(rf"^(?P<before>.*?)\b(?:{_ASK})\s+(?:{_IDLE}\s+)*", re.IGNORECASE)
_CONDITION = re.compile(
    r"\b(?:if|when|once|unless|until|after|before|falls|wenn|sobald|not|n't|never)\b", re.IGNORECASE
)
_AND = r"(?:and then|then|and also|and|und dann|und)"
_JOINT = re.compile(
    rf"\s*[,;]?\s+(?P<link>{_AND}(?=,? (?:(?:uh|um|also|,) )*(?:{_ASK}|(?:they|he|she|someone|the \w+(?: \w+)?){_WILL}|(?:{VERBS})\b)))"
    rf"|\s*(?P<stop>;)\s+|\s+(?=(?:i|we){_WILL}|i want you to|i(?: do)? wan na)",
    re.IGNORECASE,
)
_LINK = re.compile(rf"^[,; ]*(?:{_AND}|;)\b[,; ]*", re.IGNORECASE)
_DOING = re.compile(rf"^[,; ]*{_AND} (?:{VERBS})\b", re.IGNORECASE)
SHORTEST = 3  # words


def items_of(sentence: Sentence) -> Iterator[dict[str, Any]]:
    """Returns one item for each thing to do, in the words of the sentence."""
    for start, end in _parts(sentence.text):
        text = sentence.text[start:end]
        lead = _lead(text)
        if size(text[lead:]) >= SHORTEST and len(telling_words(text[lead:])) > 1:
            yield {
                "task": sentence.quote(start + lead, end),
                "owner": owner_of(text, sentence),
                "due": due_of(text),
                "turn": sentence.turn,
            }


def owner_of(text: str, sentence: Sentence) -> Speaker:
    """Returns who has to do it: a named third party, or who promises, or the other side of who asks."""
    if cues.THIRD.search(text):
        return "other"
    for words in (text, sentence.text):
        if cues.PROMISE.search(words):
            return sentence.speaker
        if cues.REQUEST.search(words):
            return _other_side(sentence.speaker)
    return sentence.speaker


def due_of(text: str) -> str | None:
    """Returns the time said for it, word for word; the longest if there are several."""
    return max((match.group().strip() for match in cues.DUE.finditer(text)), key=len, default=None)


def _other_side(speaker: Speaker) -> Speaker:
    if speaker == "other":
        return "other"
    return "customer" if speaker == "agent" else "agent"


def _parts(text: str) -> list[tuple[int, int]]:
    """Returns the parts of a sentence that ask or promise something, or the whole sentence if none does."""
    starts = [0]
    for joint in _JOINT.finditer(text):
        before = text[starts[-1] : joint.start()]
        if size(before) >= SHORTEST and (joint["link"] or joint["stop"] or not _CONDITION.search(before)):
            starts.append(joint.start())
    parts = list(zip(starts, [*starts[1:], len(text)], strict=True))
    return [part for part in parts if _acts(text[slice(*part)])] or [(0, len(text))]


def _acts(text: str) -> bool:
    """True if the part names something to do after the call."""
    named = any(cue.search(text) for cue in (cues.PROMISE, cues.REQUEST, cues.INTENT, cues.THIRD))
    return not cues.IN_CALL.search(text) and (named or bool(_DOING.match(text)))


def _lead(text: str) -> int:
    """Returns where the thing to do begins: after "I'll", "please" and so on, unless a condition comes first."""
    link = _LINK.match(text)
    start = link.end() if link else 0
    lead = _LEAD.match(text[start:])
    if not lead or _CONDITION.search(lead["before"]) or cues.THIRD.search(text):
        return start
    return start + lead.end()
