"""The text of a Slack message as the person typed it."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

_TOKEN = re.compile(r"<((?:[@#!]|https?://|mailto:|tel:)[^<>\n]+)>")
_FENCE = re.compile(r"[ \t]*```\n?")
_MESSAGE = re.compile(r"/archives/([A-Z0-9]+)/p(\d{10})(\d{6})/?")


def plain(text: str, name_of: Callable[[str], str] = lambda user: user) -> str:
    """The text without Slack's escapes: links as typed, people by name, and without the fences of code blocks."""
    return unescape(_TOKEN.sub(lambda token: _shown(token[1], name_of), _FENCE.sub("\n", text))).strip()


def unescape(text: str) -> str:
    """Undoes Slack's escapes; these three are all there are."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


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
    """Channel, ts and thread ts ("" if it is in none) of the message behind a link; None if the text isn't just a link."""
    url = urlsplit(unescape(text.strip().strip("<>").partition("|")[0]))
    found = _MESSAGE.fullmatch(url.path)
    if url.scheme not in ("http", "https") or not found:
        return None
    channel, seconds, rest = found.groups()
    return channel, f"{seconds}.{rest}", parse_qs(url.query).get("thread_ts", [""])[0]
