"""Words of others as literal text for Slack.

What a model, a file or a customer says goes into `plain_text` objects with `emoji: false`: Slack reads no mention,
link, mrkdwn or :emoji: in them, so nothing has to be escaped and nothing can be forgotten. `rich_text` is as literal, but
not every client draws it. Two places take mrkdwn alone, a tag in code style and a message's top-level text: `code` and
`flat` make words harmless there. Every mrkdwn object is `verbatim`, so that Slack links no bare URL, @name or #name.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import accumulate
from typing import Any

Block = dict[str, Any]

# Controls other than tab and line feed, lone surrogates, the characters that turn the direction of a whole line
# (embeddings, overrides, isolates), and code points that are no characters.
_HARMFUL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_LINE_END = re.compile("\r\n?|[\x85\u2028\u2029]")
_LOOK_ALIKES = str.maketrans({"*": "\u2217", "~": "\u223c", "`": "\u02cb"})
_EDGE_UNDERSCORE = re.compile(r"(?<![^\W_])_|_(?![^\W_])")
_EMOJI = re.compile(r":(?=[^\s:]+:)")
NOTHING = "–"


def clean(text: str) -> str:
    """The text without what breaks a payload or turns the line around; a dash where nothing is left to see."""
    text = _SURROGATE.sub("\ufffd", _HARMFUL.sub("", _LINE_END.sub("\n", text))).strip()
    return text if any(char.isprintable() and not char.isspace() for char in text) else NOTHING


def size(text: str) -> int:
    """Characters that the text takes in JSON with every other letter than ASCII escaped, the most Slack may count."""
    return len(json.dumps(text)) - 2


def clip(text: str, most: int) -> str:
    """The text cleaned and cut to a size of `most`, with an ellipsis where something was cut."""
    text = clean(text)
    return text if size(text) <= most else text[: _fitting(text, most - size("…"))].rstrip() + "…"


def pieces(text: str, most: int) -> Iterator[str]:
    """The text cleaned and in pieces no bigger than `most`, cut after a space where there is one."""
    text = clean(text)
    while size(text) > most:
        cut = _fitting(text, most)
        space = max(text.rfind(" ", 0, cut), text.rfind("\n", 0, cut)) + 1
        yield text[: space or cut]
        text = text[space or cut :]
    yield text


def _fitting(text: str, most: int) -> int:
    """How many characters of the text fit into a size of `most`; at least one."""
    sizes = accumulate(size(char) for char in text[:most])
    return max(sum(total <= most for total in sizes), 1)


def plain(text: str, most: int = 3000) -> Block:
    """A text object in which nothing fires."""
    return {"type": "plain_text", "text": clip(text, most), "emoji": False}


def mrkdwn(text: str) -> Block:
    """A text object for our own words; words of others only through `code`."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def code(text: str, most: int) -> str:
    """The text as a tag in code style, on one line: code takes no mention, link or emoji, and cannot be closed early."""
    return f"`{escape(' '.join(clip(text, most).replace('`', chr(0x2CB)).split()))}`"


def flat(text: str, most: int = 600) -> str:
    """The text on one line for a notification: signs that format are swapped for look-alikes, the rest is escaped."""
    line = " ".join(clip(text, most).split()).translate(_LOOK_ALIKES)
    return escape(_EMOJI.sub(":\u200b", _EDGE_UNDERSCORE.sub("\u02cd", line)))
