"""Joins pieces of text with or without spaces, as their script does."""

from __future__ import annotations

import re
from collections.abc import Iterable

# Scripts without spaces between words: Thai, Lao, Burmese, Khmer, Chinese and Japanese with their punctuation. Not Hangul.
_SPACELESS = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u303f\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\uff01-\uff9f\U00020000-\U0003ffff"
)
_OPENS = re.compile(f"[{_SPACELESS}]")
_CLOSES = re.compile(f"[{_SPACELESS}]$")


def joined(texts: Iterable[str]) -> str:
    """Joins the texts with spaces, except next to a script that has none."""
    texts = list(texts)
    whole = " ".join(texts)
    if whole.isascii() or not _OPENS.search(whole):
        return whole
    return "".join(text if not n or is_spaceless(texts[n - 1], text) else f" {text}" for n, text in enumerate(texts))


def is_spaceless(before: str, after: str) -> bool:
    """True if no space belongs between the two."""
    return bool(_CLOSES.search(before[-1:]) or _OPENS.match(after))
