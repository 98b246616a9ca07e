"""Builds blocks that fit into a message or a modal."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from handlers.slack.mrkdwn import Block, plain, units

RowT = TypeVar("RowT")
SECTION_TEXT = 3000  # characters, Slack's limit


@dataclass(frozen=True, slots=True)
class Surface:
    """Where blocks are shown, with the most blocks and the most characters as JSON."""

    blocks: int
    characters: int

    def cost(self, *blocks: Block) -> int:
        """What the blocks take of `characters`.

        A block costs at least its part of the room (characters / blocks). So one sum keeps both limits.
        """
        return sum(max(characters(block), self.characters // self.blocks) for block in blocks)

    def holds(self, *blocks: Block, spare: int = 0) -> bool:
        """Whether the blocks fit both limits and leave `spare` characters."""
        return len(blocks) <= self.blocks and sum(map(characters, blocks)) + spare <= self.characters


def characters(block: Block) -> int:
    """The characters that the block takes in a JSON list, with the comma and space after it."""
    return len(json.dumps(block)) + 2


# Slack refuses a message of more than about 13,200 characters (msg_blocks_too_long). This limit isn't documented.
MESSAGE = Surface(blocks=50, characters=12_000)
# A view may be 250 KB; `blocks.validate` reads 100,000 characters.
MODAL = Surface(blocks=100, characters=90_000)


def section(text: Block, **more: object) -> Block:
    return {"type": "section", "text": text, **more}


def header(text: str) -> Block:
    return {"type": "header", "text": plain(text, 150)}


def context(text: str) -> Block:
    return {"type": "context", "elements": [plain(text)]}


def actions(*elements: Block) -> Block:
    return {"type": "actions", "elements": list(elements)}


def button(text: str, action: str, value: str, **more: object) -> Block:
    label = {"type": "plain_text", "text": text}
    return {"type": "button", "text": label, "action_id": action, "value": value, **more}


def listed(rows: Sequence[str], room: int, surface: Surface = MESSAGE) -> tuple[list[Block], int]:
    """The rows as one section each, which reads best, or as lines of fewer sections if there isn't enough room.

    Returns the blocks and how many rows they show.
    """
    blocks, shown = pack(rows, _lines, room, surface, most=1)
    return (blocks, shown) if shown == len(rows) else pack(rows, _lines, room, surface)


def _lines(rows: Sequence[str]) -> Block:
    """Rows that `clip` or `pieces` made, as one section."""
    return section({"type": "plain_text", "text": "\n".join(rows), "emoji": False})


def pack(
    rows: Iterable[RowT],
    build: Callable[[Sequence[RowT]], Block],
    room: int,
    surface: Surface = MESSAGE,
    most: int = 3000,
) -> tuple[list[Block], int]:
    """Fills blocks with rows, at most `most` to a block, until `room` is used up; returns them and the number of rows."""
    full: list[Block] = []
    group: list[RowT] = []
    shown = spent = 0
    for row in rows:
        if group and (len(group) == most or _overfull(build([*group, row]))):
            full.append(build(group))
            spent += surface.cost(full[-1])
            group = []
        if spent + surface.cost(build([*group, row])) > room:
            break
        group.append(row)
        shown += 1
    return full + ([build(group)] if group else []), shown


def _overfull(block: Block) -> bool:
    return units(block.get("text", {}).get("text", "")) > SECTION_TEXT
