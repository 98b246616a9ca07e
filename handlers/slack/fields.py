"""The fields of a task's output as blocks, whatever the task."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from handlers.slack.layout import MESSAGE, listed, pack, section
from handlers.slack.mrkdwn import Block, clean, clip, code, mrkdwn, pieces, plain, size

# Lists of names read best as tags; other lists are numbered.
TAGS = frozenset({"topics", "categories"})
TAG = 75  # characters of one tag
ROW = 1200  # characters of one row; a section's field holds 2,000
ASIDE = 400  # characters of the second column
TAGS_ROOM = 2800  # characters; all tags stand in the text of one section (3,000) with the heading
ROWS_A_SECTION = 5  # a section holds ten fields, and a row takes two


@dataclass(frozen=True, slots=True)
class Laid:
    """Blocks, and whether they show everything they were made from."""

    blocks: list[Block]
    whole: bool


def title(name: str) -> str:
    """A field's name as a heading: `action_items` is "Action items"."""
    return name.replace("_", " ").capitalize()


def counted(name: str, count: int) -> str:
    """How many of a field's things there are: "1 topic", "3 action items"."""
    things = title(name).lower()
    return f"{count:,} {things.removesuffix('s') if count == 1 else things}"


def words(value: Any) -> str:
    """Any value of an output as words."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(words, value))
    if isinstance(value, dict):
        return ", ".join(f"{title(name).lower()}: {words(each)}" for name, each in value.items())
    return "–" if value is None else str(value)


def item_words(item: Mapping[str, Any], unverified: str = "") -> tuple[str, str]:
    """An item of a list as its own words and the rest: owner, due date, turn, missing evidence."""
    said, *rest = item.items()
    known = [_known(name, value) for name, value in rest if value is not None]
    return words(said[1]), " · ".join(known) + (f"\n⚠️ unverified: {unverified}" if unverified else "")


def _known(name: str, value: Any) -> str:
    """Owner and due date as they are ("Agent · until Thursday"), anything else with its name ("turn 9")."""
    if name == "owner":
        return words(value).capitalize()
    return words(value) if name == "due" else f"{title(name).lower()} {words(value)}"


def field(name: str, value: Any, unverified: Mapping[int, str], room: int) -> Laid:
    """A heading and the value, in blocks that cost no more than `room`."""
    # The heading may say how many items are shown: reserve room for the longest such note.
    room -= MESSAGE.cost(_heading(name, f"{'0' * 9} of {'0' * 9} shown"))
    if room < 0:
        return Laid([], whole=False)
    if isinstance(value, bool | int | float | None) or value == []:
        return Laid([_short(name, "none" if value == [] else words(value))], whole=True)
    if not isinstance(value, list):
        return _text(name, words(value), room)
    if name in TAGS:
        return _tags(name, [words(each) for each in value], room)
    if isinstance(value[0], dict):
        return _items(name, value, unverified, room)
    return _numbered(name, [words(each) for each in value], room)


def _heading(name: str, note: str) -> Block:
    return section(mrkdwn(f"*{title(name)}*" + (f"  ({note})" if note else "")))


def _shown(shown: int, count: int) -> str:
    return "" if shown == count else f"{shown:,} of {count:,} shown"


def _short(name: str, word: str) -> Block:
    return section(mrkdwn(f"*{title(name)}*\n{word}"))


def _text(name: str, text: str, room: int) -> Laid:
    parts = [part for paragraph in clean(text).split("\n") for part in pieces(paragraph, ROW) if paragraph.strip()]
    content, shown = listed(parts, room)
    whole = shown == len(parts)
    return Laid([_heading(name, "" if whole else "only the start"), *content], whole)


def _tags(name: str, tags: Sequence[str], room: int) -> Laid:
    coded = (code(tag, TAG) for tag in tags)
    _, shown = pack(coded, lambda rows: section(mrkdwn("  ".join(rows))), min(room, TAGS_ROOM))
    row = "  ".join(code(tag, TAG) for tag in tags[:shown])
    heading = _heading(name, _shown(shown, len(tags)))
    heading["text"]["text"] += f"\n{row}" if row else ""
    return Laid([heading], shown == len(tags) and all(code(tag, TAG) == code(tag, TAGS_ROOM) for tag in tags))


def _numbered(name: str, texts: Sequence[str], room: int) -> Laid:
    content, shown = listed([f"{number}. {clip(text, ROW)}" for number, text in enumerate(texts, 1)], room)
    whole = shown == len(texts) and all(size(text) <= ROW for text in texts)
    return Laid([_heading(name, _shown(shown, len(texts))), *content], whole)


def _items(name: str, items: Sequence[dict[str, Any]], unverified: Mapping[int, str], room: int) -> Laid:
    """Two columns: what to do, and who does it, by when, and the turn that says so."""
    told = (item_words(item, unverified.get(index, "")) for index, item in enumerate(items))
    rows = ([plain(f"• {clip(what, ROW)}"), plain(aside, ASIDE)] for what, aside in told)
    content, shown = pack(rows, _columns, room, most=ROWS_A_SECTION)
    heading = _heading(name, _shown(shown, len(items)))
    # A section can hold a text and fields, so the heading doesn't need a block of its own.
    first = {**heading, "fields": content[0]["fields"]} if content else heading
    whole = shown == len(items) and all(
        size(what) <= ROW and size(aside) <= ASIDE for what, aside in (item_words(item) for item in items)
    )
    return Laid([first, *content[1:]], whole)


def _columns(rows: Sequence[Sequence[Block]]) -> Block:
    return {"type": "section", "fields": [cell for row in rows for cell in row]}
