"""Which words before a colon name a speaker."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping

from bot.calls.speaker import NEITHER_WORDS, role_of

# What begins like a speaker, or a telephone number, and ends in a colon. "10:30" and "https://" open no text.
LABEL = r"(?:[^\W\d_]|\+\d|\d(?=\d{9}))[^\n\t:：\[\]<>|]{0,44}?"
COLON = r"(?:(?<!\d):(?![/\\])|:(?![\d/\\])|：)"

# Last words of the fields that people write above, between and below turns.
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
    """Of the labels found in a text, with how often each stands, those that name a speaker.

    Role words do, and labels that recur. `named` holds labels that more speaks for, such as a time beside them: there,
    and where `all_labelled` says that about every line has a label, one that looks like a name is enough.
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
    """True where no word is all in small letters, as names are written; an e-mail address is one as well."""
    words = _WORD.findall(label)
    return bool(_ADDRESS.fullmatch(label)) or (
        0 < len(words) < 6 and all(not word.islower() or word in _PARTICLES for word in words)
    )


def _speaks(label: str, count: int, likely: bool) -> bool:
    words = _WORD.findall(label.lower())
    looks = is_name(label) or " " not in label
    if role_of(label) or words[0] in _SPEAK_ONCE:
        return looks or count > 1
    handle = label.islower() and len(words) == 2  # "maria lopez", as chats write it
    return (count > 1 and (looks or handle)) or (likely and (is_name(label) or _NUMBERED.fullmatch(label) is not None))
