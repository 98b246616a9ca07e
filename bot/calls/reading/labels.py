"""Decides which words before a colon name a speaker."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping

from bot.calls.speaker import NEITHER_WORDS, role_of

# Begins like a name or a telephone number, and ends in a colon, but not that of "10:30" or "https://".
LABEL = r"(?:[^\W\d_]|\+\d|\d(?=\d{9}))[^\n\t:：\[\]<>|]{0,44}?"
COLON = r"(?:(?<!\d):(?![/\\])|:(?![\d/\\])|：)"

# Last words of the fields ("Call ID:") that people write around turns.
_FIELDS = frozenset(
    "id number no nr ref reference date time datum uhrzeit duration length start started end ended phone telephone email mail e-mail "
    "name names queue status subject betreff ticket case call channel language reason category priority note notes notiz summary topic "
    "topics disposition recording direction from to cc bcc sent re fwd address account order amount total price url link example ps "
    "important warning tip attachment attachments outcome resolution title type version source file http https participants attendees "
    "location sentiment score action actions steps tags transcript".split()
)
_SPEAK_ONCE = NEITHER_WORDS | {"speaker"}
_PARTICLES = frozenset("de da del della di du van von der den la le bin al el y and & of the".split())
_ADDRESS = re.compile(r"[\w.+-]+@[\w.-]+")
_NUMBERED = re.compile(r"[^\W\d]+\d+")
_WORD = re.compile(r"[^\s_/()（）,.#-]+")


def known_speakers(counts: Mapping[str, int], named: Container[str] = (), all_labelled: bool = False) -> frozenset[str]:
    """Returns the labels that name a speaker. `counts` says how often each label is in the text.

    Role words and repeated labels do. A label that only looks like a name does too if it is in `named` (it has a time
    beside it, say), or if nearly every line has a label (`all_labelled`).
    """
    return frozenset(
        label
        for label, count in counts.items()
        if not is_field(label) and _speaks(label, count, all_labelled or label in named)
    )


def is_field(label: str) -> bool:
    words = _WORD.findall(label.lower())
    return not words or words[-1] in _FIELDS or len(words) > 5


def is_name(label: str) -> bool:
    """True if no word is all lower case, as in names, or if this is an e-mail address."""
    words = _WORD.findall(label)
    return bool(_ADDRESS.fullmatch(label)) or (
        0 < len(words) < 6 and all(not word.islower() or word in _PARTICLES for word in words)
    )


def _speaks(label: str, count: int, likely: bool) -> bool:
    words = _WORD.findall(label.lower())
    looks = is_name(label) or " " not in label
    if role_of(label) or words[0] in _SPEAK_ONCE:
        return looks or count > 1
    handle = label.islower() and len(words) == 2  # chats write "maria lopez"
    return (count > 1 and (looks or handle)) or (likely and (is_name(label) or _NUMBERED.fullmatch(label) is not None))
