"""The text of a Slack message as the person typed it."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

_TOKEN = re.compile(r"<([^<>\n]+)>")
_LINK = re.compile(
    r"https?://[^\s/<>|]+/archives/(?P<channel>[A-Z0-9]+)/p(?P<seconds>\d{10})(?P<rest>\d{6})"
    r"(?:\?(?:[^\s<>|]*&(?:amp;)?)?thread_ts=(?P<thread>\d{10}\.\d{6}))?"
)


def plain(text: str, name_of: Callable[[str], str] = lambda user: user) -> str:
    """Without Slack's escapes: links as they were typed, people by name."""
    return html.unescape(_TOKEN.sub(lambda token: _shown(token[1], name_of), text)).strip()


def _shown(token: str, name_of: Callable[[str], str]) -> str:
    target, _, label = token.partition("|")
    if target.startswith("@"):
        return "@" + (label or name_of(target[1:]))
    if target.startswith("#"):
        return "#" + (label or target[1:])
    if target.startswith("!"):
        return label or "@" + target[1:].partition("^")[0]
    return label or target.removeprefix("mailto:").removeprefix("tel:")


def without_mention(text: str, bot_user: str) -> str:
    """The message without the bot's own name."""
    return re.sub(rf"<@{re.escape(bot_user)}(?:\|[^>]*)?>[:,]?", "", text).strip()


def permalink(text: str) -> tuple[str, str, str] | None:
    """Channel, ts and thread's ts ("" where it is in none) of the message that a link leads to, if that is all."""
    found = _LINK.fullmatch(text.strip().strip("<>").partition("|")[0])
    return (found["channel"], f"{found['seconds']}.{found['rest']}", found["thread"] or "") if found else None
