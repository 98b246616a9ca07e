"""Shows other people's words in Slack as literal text.

The words of a model, a file or a customer go into `plain_text` objects with `emoji: false`. Slack finds no mention, link,
mrkdwn or :emoji: in them, so we don't have to escape anything. `rich_text` is just as literal, but not every client shows
it. Two places accept only mrkdwn: a tag in code style and a message's top-level text. There, `code` and `flat` make the
words harmless. Every mrkdwn object is `verbatim`, so that Slack doesn't turn a bare URL, @name or #name into a link.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from itertools import accumulate
from typing import Any

Block = dict[str, Any]

# Controls other than tab and line feed, characters that reverse the direction of a whole line (embeddings, overrides,
# isolates), and code points that aren't characters.
_HARMFUL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_LINE_END = re.compile("\r\n?|[\x85\u2028\u2029]")
_LOOK_ALIKES = str.maketrans({"*": "\u2217", "~": "\u223c", "`": "\u02cb"})
_COMMAND = re.compile("\u02cb([^\u02cb]+)\u02cb")
_EDGE_UNDERSCORE = re.compile(r"(?<![^\W_])_|_(?![^\W_])")
_EMOJI = re.compile(r":(?=[^\s:]+:)")
NOTHING = "–"


def clean(text: str) -> str:
    """The text without characters that break a payload or reverse a line; a dash if nothing visible is left."""
    text = _SURROGATE.sub("\ufffd", _HARMFUL.sub("", _LINE_END.sub("\n", text))).strip()
    return text if any(char.isprintable() and not char.isspace() for char in text) else NOTHING


def size(text: str) -> int:
    """The characters of the text in JSON with all non-ASCII letters escaped, the most that Slack may count."""
    return len(json.dumps(text)) - 2


def units(text: str) -> int:
    """The text's length as Slack's own limits count it: an emoji is two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def clip(text: str, most: int, measure: Callable[[str], int] = size) -> str:
    """The text, cleaned and cut to `most` by that measure, with an ellipsis if it was cut."""
    text = clean(text)
    if measure(text) <= most:
        return text
    return text[: _fitting(text, most - measure("…"), measure)].rstrip() + "…"


def pieces(text: str, most: int) -> Iterator[str]:
    """The text, cleaned and cut into pieces of at most `most` in `size`, after a space if possible."""
    text = clean(text)
    while size(text) > most:
        cut = _fitting(text, most, size)
        space = max(text.rfind(" ", 0, cut), text.rfind("\n", 0, cut)) + 1
        yield clean(text[: space or cut])
        text = text[space or cut :]
    yield clean(text)


def _fitting(text: str, most: int, measure: Callable[[str], int]) -> int:
    """How many characters of the text fit into `most` by that measure; at least one."""
    measures = accumulate(measure(char) for char in text[:most])
    return max(sum(total <= most for total in measures), 1)


def plain(text: str, most: int = 3000) -> Block:
    """A text object in which Slack finds no markup, of at most `most` `units`."""
    return {"type": "plain_text", "text": clip(text, most, units), "emoji": False}


def mrkdwn(text: str) -> Block:
    """A text object for our own words. Words of others must go through `code` or `flat`."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def code(text: str, most: int) -> str:
    """The text as a tag in code style, where Slack finds no mention, link or emoji. The text can't end the code early."""
    return f"`{flat(text, most)}`"


def flat(text: str, most: int = 600) -> str:
    """The text on one line of at most `most` `units`. Formatting signs become look-alikes, the rest is escaped."""
    line = " ".join(clean(text).split()).translate(_LOOK_ALIKES)
    line = _EMOJI.sub(":\u200b", _EDGE_UNDERSCORE.sub("\u02cd", line))
    return escape(clip(line, most, lambda cut: units(escape(cut))))


def sentence(text: str, most: int = 600) -> str:
    """As `flat`, but text between backticks stays code, because our own sentences name commands that way."""
    return _COMMAND.sub(r"`\1`", flat(text, most))


def who(user: str) -> str:
    """A mention for a Slack user id; otherwise the name, as of somebody who used the command line."""
    return f"<@{user}>" if user[:1] in "UW" and user.isalnum() and user.isupper() else flat(user, 100)
