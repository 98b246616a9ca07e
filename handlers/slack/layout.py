"""Blocks within the room that a message or a modal has."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from handlers.slack.mrkdwn import Block, plain, units

RowT = TypeVar("RowT")
SECTION_TEXT = 3000


@dataclass(frozen=True, slots=True)
class Surface:
    """Where blocks are shown: how many, and how many characters they may take as JSON."""

    blocks: int
    characters: int

    def cost(self, *blocks: Block) -> int:
        """What the blocks take of `characters`. None is cheaper than its part of the count, so one sum keeps both."""
        return sum(max(characters(block), self.characters // self.blocks) for block in blocks)

    def holds(self, *blocks: Block, spare: int = 0) -> bool:
        """Whether the blocks keep both limits and leave `spare` characters."""
        return len(blocks) <= self.blocks and sum(map(characters, blocks)) + spare <= self.characters


def characters(block: Block) -> int:
    """What the block takes in a list of blocks as JSON."""
    return len(json.dumps(block)) + 2


# Slack refuses a message of over about 13,200 characters (msg_blocks_too_long), which no page of theirs tells.
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
    """The rows as a section each, which reads best; as lines of fewer sections where that takes too much room."""
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
    """Blocks filled with rows, at most `most` a block, as far as `room` goes; how many rows that were."""
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
