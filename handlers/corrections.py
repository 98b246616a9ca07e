"""Block Kit for corrections: the form, what was changed, earlier versions, two that differ, why a thumb went down.

Pure functions. `who` names a person as "<@U1>", the only thing here that may fire; all other words are shown as they are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot.answer import KeptAnswer
from bot.feedback import REASONS
from bot.task import Task
from bot.transcript import Transcript
from handlers import forms
from handlers.blocks import Message, names
from handlers.changes import changes
from handlers.fields import TAGS, item_words, title, words
from handlers.inputs import Values
from handlers.layout import MESSAGE, MODAL, actions, button, context, listed, section
from handlers.mrkdwn import Block, clean, clip, flat, mrkdwn, pieces, plain

__all__ = ["changed_card", "changes", "conflict_card", "form", "read_form", "reason_card", "versions_modal"]

Output = Mapping[str, Any]
ROW = 2500
OTHERS_ROOM = 20_000
LEAST = 1_000
_MENTION = re.compile("&lt;@([UW][A-Z0-9]{1,20})&gt;")


def form(
    kept: KeptAnswer,
    task: Task,
    output: Output,
    metadata: str,
    notice: str = "",
    others: Sequence[tuple[str, Output]] = (),
) -> Block:
    """The form "Correct", filled with `output`: the answer, or the correction that stands.

    `notice` is told at the top; `others` are shown below the inputs, each under who made it.
    """
    head = [context(names([kept])[0]), *([section(plain(f"⚠️ {notice}"))] if notice else [])]
    beside: list[Block] = []
    for who, other in others:
        room = (OTHERS_ROOM - MODAL.cost(*beside)) // (len(others) - len(beside) // 2 or 1)
        beside += _version(f"*Version of {_who(who)}*", other, max(room, LEAST))
    room = MODAL.characters - MODAL.cost(*head, *beside)
    blocks = [*head, *forms.inputs(task, output, _speakers(kept.transcript), room), *beside]
    view = {"callback_id": "correction", "submit": _label("Save"), "private_metadata": metadata}
    return _modal("Correct", blocks, "Cancel") | view


def read_form(
    values: Values, task: Task, output: Output, transcript: Transcript | None = None
) -> tuple[dict[str, Any], dict[str, str]]:
    """The new output, and a sentence for each block id of the form where something is wrong.

    `output` is what the form was filled with: what nobody touched is taken from it. With the transcript, the name of
    one who spoke may stand for the role.
    """
    return forms.read(values, task, output, _speakers(transcript) if transcript else {})


def _speakers(transcript: Transcript) -> dict[str, str]:
    return {turn.name: turn.speaker for turn in reversed(transcript.turns) if turn.name}


def changed_card(request: str, who: str, lines: Sequence[str]) -> Message:
    """What is posted in the thread after a correction: who made it, and what it changed."""
    said = section(mrkdwn(f"✏️ {_who(who)} corrected the answer."), block_id=f"corrected:{request}"[:255])
    rest = context(_more(len(lines)))
    content, shown = listed([clip(line, ROW) for line in lines], MESSAGE.characters // 2 - MESSAGE.cost(said, rest))
    more = [context(_more(len(lines) - shown))] if shown < len(lines) else []
    return Message(
        f"✏️ {_who(who)} corrected the answer. {flat('; '.join(lines), 1500) if lines else ''}".strip(),
        [said, *content, *more],
    )


def _more(changed: int) -> str:
    return f"{changed:,} more changes"


def versions_modal(kept: KeptAnswer, versions: Sequence[tuple[str, str, Output]], own: Sequence[str] = ()) -> Block:
    """All versions of an answer, newest first: (event id, "" for the model's own; who and when; output).

    Those in `own` have the button that takes them back.
    """
    head = context(names([kept])[0])
    blocks: list[Block] = [head]
    for number, (event, who, output) in enumerate(versions):
        left = MODAL.characters - MODAL.cost(*blocks, context(_older(len(versions))))
        take_back = {"accessory": button("Take back", "take_back", event)} if event and event in own else {}
        if left < LEAST:
            return _modal("Versions", [*blocks, context(_older(len(versions) - number))], "Close")
        blocks += _version(f"*{_who(who)}*", output, left // min(len(versions) - number, 4), **take_back)
    return _modal("Versions", blocks, "Close")


def _older(versions: int) -> str:
    return f"{versions:,} older versions"


def _version(heading: str, output: Output, room: int, **more: object) -> list[Block]:
    """A heading and the output as plain rows, as far as they fit `room`."""
    head = section(mrkdwn(heading), **more)
    rest = context("The rest of it does not fit here.")
    rows = [piece for name, value in output.items() for piece in pieces(_compact(name, value), ROW)]
    content, shown = listed(rows, room - MODAL.cost(head, rest), MODAL)
    return [head, *content, *([rest] if shown < len(rows) else [])]


def _compact(name: str, value: Any) -> str:
    """A field on one line, or on a line each of what it lists."""
    if not isinstance(value, list) or name in TAGS or not value:
        return f"{title(name)}: {'none' if value == [] else words(value)}"
    return "\n".join([f"{title(name)}:", *(f"• {_row(each)}" for each in value)])


def _row(value: Any) -> str:
    what, known = item_words(value) if isinstance(value, dict) else (words(value), "")
    return " ".join(clean(f"{what} ({known})" if known else what).split())


def conflict_card(request: str, key: str, versions: Sequence[tuple[str, str, Output]]) -> Message:
    """Corrections that differ, side by side in the fields where they do, to pick one or to edit: (event id, who, output)."""
    shown = versions[:CELLS]
    head = section(
        mrkdwn(f"⚖️ *{len(versions)} corrections differ*\nPick the one that is right, or edit it."),
        block_id=f"conflict:{request}"[:255],
    )
    picks = [button(f"Use {_whose(who, n)}", f"pick_{n}", f"{key}|{event}") for n, (event, who, _) in enumerate(shown)]
    foot = actions(*picks, button("Edit", "correct", key))
    rest = context(
        f"{len(versions) - CELLS:,} more: edit the answer to see all."
        if len(versions) > CELLS
        else "Not all of it fits here."
    )
    columns = section(
        mrkdwn("\u200b"), fields=[mrkdwn(f"*{n + 1}* · {_who(who)}") for n, (_, who, _) in enumerate(shown)]
    )
    del columns["text"]
    room = MESSAGE.characters - MESSAGE.cost(head, columns, foot, rest)
    outputs = [output for _, _, output in shown]
    differing = [
        name
        for name in dict.fromkeys(n for each in outputs for n in each)
        if any(each.get(name) != outputs[0].get(name) for each in outputs)
    ]
    blocks = [_beside(name, [each.get(name) for each in outputs], room // len(differing)) for name in differing]
    left = [rest] if len(versions) > CELLS else []
    who = ", ".join(_who(each) for _, each, _ in shown)
    return Message(f"⚖️ The corrections of {who} differ. Pick one, or edit.", [head, columns, *blocks, *left, foot])


CELLS = 10


def _beside(name: str, values: Sequence[Any], room: int) -> Block:
    """A field of each version, next to each other; of lists, what not all of them have."""
    room = (room - 200) // len(values) - 60
    cells = [plain(f"{n}. {clip(text, max(room, 20))}", 2000) for n, text in enumerate(_cells(values), 1)]
    return section(mrkdwn(f"*{title(name)}*"), fields=cells)


def _cells(values: Sequence[Any]) -> list[str]:
    if not all(isinstance(value, list) for value in values):
        return [words(value) for value in values]
    shared = [each for each in values[0] if all(each in value for value in values)]
    own = [[each for each in value if each not in shared] for value in values]
    if not any(own):
        own, shared = [list(value) for value in values], []
    among = f"\n(and {len(shared)} in all)" if shared else ""
    return ["\n".join(f"• {_row(each)}" for each in each_own) + among or "none" for each_own in own]


def _whose(who: str, number: int) -> str:
    return f"version {number + 1}" if who.startswith("<") else f"{clip(who, 50)}'s"


def reason_card(key: str) -> Message:
    """Asks the one who put a thumb down what was wrong, one click each."""
    text = "What was wrong?"
    reasons = [button(reason.capitalize(), f"reason_{n}", f"{key}|{reason}") for n, reason in enumerate(REASONS)]
    return Message(
        text, [section(plain(f"👎 {text}")), actions(*reasons, button("Correct", "correct", key, style="primary"))]
    )


def _who(who: str) -> str:
    """A person's mention, in which nothing else fires."""
    return _MENTION.sub(r"<@\1>", flat(who, 300))


def _modal(title_: str, blocks: list[Block], close: str) -> Block:
    return {"type": "modal", "title": _label(title_), "close": _label(close), "blocks": blocks}


def _label(text: str) -> Block:
    return {"type": "plain_text", "text": text}
