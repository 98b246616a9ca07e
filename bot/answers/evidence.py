"""Checks an action item against the turn it points at."""

from __future__ import annotations

import re

from bot.calls.transcript import Speaker, Transcript, Turn

_WORD = re.compile(r"[^\W_]+")
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")
# Words found in every turn, so sharing one proves nothing.
_COMMON = frozenset(
    "a an and are as at be been but by can could did do does for from get give go had has have he her him his how i if in is it its "
    "let ll make may me my need not of on or our out please re s she should so t take tell than that the their them then there they "
    "this to up us ve was we were what when which who will with would you your ok okay yes no sure thanks thank just also "
    "agent customer caller "
    "der die das ein eine und ich du sie wir ihr ihnen mir mich uns zu mit auf von für ist sind wird werden bitte nicht den dem".split()
)
# Verbs that tell somebody to do something.
VERBS = (
    "send|call|check|refund|replace|order|book|cancel|update|email|forward|escalate|schedule|ship|arrange|keep|make|get|put|ask|see|return|"
    "upload|restart|reset|contact|follow|start|continue|take|bring|pay|sign|fill|print|pick|give|let|"
    "download|install|uninstall|open|click|select|enter|unplug|run|remove|delete|reply|attach|scan|charge"
)
_ASKS = re.compile(
    rf"(?:^|[.;:!]\s+|\b(?:first|then),? )(?:{VERBS})\b|"
    r"\b(you|your|please|let'?s|need(s)? to|have to|should|must|want|would like|like to|bitte|sie|ihnen|können|vous|usted)\b|\?|？|"
    r"세요|십시오|해 ?주|부탁|ください|お願い|いただ",
    re.IGNORECASE,
)


def missing_evidence(task: str, owner: Speaker, turn: int | None, transcript: Transcript) -> str:
    """Returns why the turn doesn't support the item, or "" if it does.

    It does if it exists, shares a meaningful word with the item (or the turn before does, for "yes, I'll do that"), and
    either the owner said it or it asks the other side for something.
    """
    if turn is None:
        return "no turn given"
    if not 0 <= turn < len(transcript.turns):
        return f"no such turn: {turn}"
    said = transcript.turns[turn]
    before = transcript.turns[turn - 1].text if turn else ""
    if not telling_words(task) & telling_words(f"{said.text} {before}"):
        return f"turn {turn} doesn't mention it"
    if not _speaker_fits(owner, said):
        return f"turn {turn} is the {said.speaker}'s and asks nothing of the {owner}"
    return ""


def telling_words(text: str) -> set[str]:
    """Returns the stems of meaningful words; for Korean, Japanese and Chinese, pairs of letters."""
    lowered = text.lower()
    stems = {
        word if word.isdigit() else word[:5] for word in _WORD.findall(lowered) if word not in _COMMON and len(word) > 1
    }
    pairs = {run[n : n + 2] for run in _WIDE.findall(lowered) for n in range(max(len(run) - 1, 1))}
    return stems | pairs


def _speaker_fits(owner: Speaker, said: Turn) -> bool:
    return "other" in (owner, said.speaker) or owner == said.speaker or bool(_ASKS.search(said.text))
