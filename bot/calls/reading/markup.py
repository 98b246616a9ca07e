"""Takes the words out of HTML."""

from __future__ import annotations

import html
import re

_TAG = re.compile(r"<!--(?:(?!<!--).)*?-->|<(/?)([a-zA-Z][^\s<>/]*)[^<>]*>|<[!?][^<>]*>", re.DOTALL)
_BREAKS = frozenset({"br", "p", "div", "li", "tr", "h1", "h2", "h3", "blockquote"})
_SILENT = frozenset({"script", "style", "head"})


def from_html(text: str) -> str:
    """Returns the words of an HTML fragment, as help desks store messages. Text without tags is unescaped."""
    if "<" not in text:
        return html.unescape(text).strip()
    parts: list[str] = []
    silent = at = 0
    for tag in _TAG.finditer(text):
        parts += [] if silent else [text[at : tag.start()]]
        at = tag.end()
        name = (tag[2] or "").lower()
        if name in _SILENT:
            silent = max(silent - 1, 0) if tag[1] else silent + 1
        elif name in _BREAKS:
            parts.append("\n")
    parts += [] if silent else [text[at:]]
    lines = (line.strip() for line in html.unescape("".join(parts)).split("\n"))
    return "\n".join(filter(None, lines))
