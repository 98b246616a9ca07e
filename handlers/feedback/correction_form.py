"""Block Kit for corrections: the form, the changes, the versions, a conflict, and the question after a thumb down.

Pure functions. `who` names a person as "<@U1>". This is the only markup that Slack reads here; all other words are literal.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import takewhile
from typing import Any

from bot.answers.answer import KeptAnswer
from bot.calls.transcript import Transcript
from bot.feedback.votes_and_corrections import REASONS
from bot.task import Task
from handlers.calls.card import names
from handlers.feedback import forms
from handlers.feedback.diff import changes
from handlers.feedback.forms.inputs import Values
from handlers.slack.fields import TAGS, item_words, title, words
from handlers.slack.layout import MESSAGE, MODAL, actions, button, context, listed, section
from handlers.slack.message import Message
from handlers.slack.mrkdwn import Block, clean, clip, flat, mrkdwn, pieces, plain, size

__all__ = [
    "changed_card",
    "changes",
    "conflict_card",
    "form",
    "read_form",
    "reason_card",
    "settled_card",
    "taken_back",
    "versions_modal",
]

OutputFields = Mapping[str, Any]
ROW = 2500  # characters of one row; a section holds 3,000
CONFLICT = "conflict:"  # the id of a conflict card's first block begins so
OTHERS_ROOM = 20_000  # characters for the versions of others, less than a quarter of the window
CELLS = 10  # the most fields that a section holds
LEAST = 4_000  # characters: a version with less room would be too short to compare
_MENTION = re.compile("&lt;@([UW][A-Z0-9]{1,20})&gt;")


def form(
    kept: KeptAnswer,
    task: Task,
    output: OutputFields,
    metadata: str,
    notice: str = "",
    others: Sequence[tuple[str, OutputFields]] = (),
) -> Block:
    """The form "Correct", filled with `output`: the answer, or the latest correction.

    `notice` is shown at the top. `others` are the versions of other people, shown below the inputs with their names.
    """
    head = [context(names([kept])[0]), *([section(plain(f"⚠️ {notice}"))] if notice else [])]
    seen = others[: OTHERS_ROOM // LEAST]
    share = OTHERS_ROOM // max(len(seen), 1)
    beside = [block for who, other in seen for block in _version(f"*Version of {_who(who)}*", other, share)]
    room = MODAL.characters - MODAL.cost(*head, *beside)
    blocks = [*head, *forms.inputs(task, output, _speakers(kept.transcript), room), *beside]
    view = {"callback_id": "correction", "submit": _label("Save"), "private_metadata": metadata}
    return _modal("Correct", blocks, "Cancel") | view


def values_of(view: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a form that was sent. If a client leaves a value out, it is the one that the form showed."""
    values: dict[str, Any] = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            told = next(iter((view["state"]["values"].get(block["block_id"]) or {}).values()), None) or {}
            known = {key: each for key, each in told.items() if each is not None}
            first = {said: block["element"][key] for key, said in _FIRST.items() if key in block["element"]}
            values[block["block_id"]] = {"value": first | known}
    return values


_FIRST = {"initial_value": "value", "initial_option": "selected_option", "initial_options": "selected_options"}


def read_form(
    values: Values, task: Task, output: OutputFields, transcript: Transcript | None = None
) -> tuple[dict[str, Any], dict[str, str]]:
    """The new output, and a sentence for each input with a mistake, by block id.

    `output`: what the form was filled with; fields that nobody touched keep its values. With the transcript, people may
    write a speaker's name instead of the role.
    """
    return forms.read(values, task, output, _speakers(transcript) if transcript else {})


def _speakers(transcript: Transcript) -> dict[str, str]:
    return {turn.name: turn.speaker for turn in reversed(transcript.turns) if turn.name}


def changed_card(request: str, who: str, lines: Sequence[str]) -> Message:
    """The message in the thread after a correction: who made it, and what it changed."""
    said = section(mrkdwn(f"✏️ {_who(who)} corrected the answer."), block_id=f"corrected:{request}"[:255])
    rest = context(_more(len(lines)))
    # Half a message is enough: it is a summary, and the answer above it shows everything.
    content, shown = listed([clip(line, ROW) for line in lines], MESSAGE.characters // 2 - MESSAGE.cost(said, rest))
    more = [context(_more(len(lines) - shown))] if shown < len(lines) else []
    return Message(
        f"✏️ {_who(who)} corrected the answer. {flat('; '.join(lines), 1500) if lines else ''}".strip(),
        [said, *content, *more],
    )


def _more(changed: int) -> str:
    return f"{changed:,} more changes"


def versions_modal(
    kept: KeptAnswer, versions: Sequence[tuple[str, str, OutputFields]], own: Sequence[str] = (), metadata: str = ""
) -> Block:
    """All versions of an answer, newest first, each as event id ("" for the model's own), author and output.

    `own`: the event ids of versions with a button to take them back. Its value is the answer's key and the event id.
    """
    blocks = [context(names([kept])[0])]
    older = context(_older(len(versions)))
    for number, (event, who, output) in enumerate(versions):
        # The versions share what is left of the room equally, but none gets less than LEAST.
        left = MODAL.characters - MODAL.cost(*blocks, older)
        if left < LEAST:
            blocks.append(context(_older(len(versions) - number)))
            break
        more = {"accessory": button("Take back", "take_back", f"{kept.key}|{event}")} if event and event in own else {}
        blocks += _version(f"*{_who(who)}*", output, max(left // (len(versions) - number), LEAST), **more)
    return _modal("Versions", blocks, "Close") | {"private_metadata": metadata}


def taken_back() -> Block:
    """The window after a correction was taken back."""
    text = "✅ Your correction has been taken back. The answer will change in a moment."
    return _modal("Versions", [section(plain(text))], "Close")


def _older(versions: int) -> str:
    return f"{versions:,} older versions"


def _version(heading: str, output: OutputFields, room: int, **more: object) -> list[Block]:
    """A heading and the output as plain rows, as many as fit into `room`."""
    head = section(mrkdwn(heading), **more)
    rest = context("The rest doesn't fit here.")
    rows = [piece for name, value in output.items() for piece in pieces(_compact(name, value), ROW)]
    content, shown = listed(rows, room - MODAL.cost(head, rest), MODAL)
    return [head, *content, *([rest] if shown < len(rows) else [])]


def _compact(name: str, value: Any) -> str:
    """A field on one line; a list has a line for each item."""
    if not isinstance(value, list) or name in TAGS or not value:
        return f"{title(name)}: {'none' if value == [] else words(value)}"
    return "\n".join([f"{title(name)}:", *(f"• {_row(each)}" for each in value)])


def _row(value: Any) -> str:
    what, known = item_words(value) if isinstance(value, dict) else (words(value), "")
    return " ".join(clean(f"{what} ({known})" if known else what).split())


def conflict_card(request: str, key: str, versions: Sequence[tuple[str, str, OutputFields]]) -> Message:
    """Corrections that differ, side by side, with buttons to pick one or to edit it. Shows only the fields that differ.

    `versions`: event id, author and output of each.
    """
    shown = versions[:CELLS]
    outputs = [output for _, _, output in shown]
    told = f"⚖️ *{len(versions)} corrections differ*\nPick the right one, or edit it."
    head = section(mrkdwn(told), block_id=f"{CONFLICT}{request}"[:255])
    columns = {"type": "section", "fields": [mrkdwn(f"*{n}* · {_who(who)}") for n, (_, who, _) in enumerate(shown, 1)]}
    rest = [context(f"{len(versions) - CELLS:,} more: choose Edit to see them.")] if len(versions) > CELLS else []
    picks = [button(f"Use {_whose(who, n)}", f"pick_{n}", f"{key}|{event}") for n, (event, who, _) in enumerate(shown)]
    foot = actions(*picks, button("Edit", "correct", key))
    differing = [name for name in outputs[0] if any(each.get(name) != outputs[0][name] for each in outputs)]
    room = MESSAGE.characters - MESSAGE.cost(head, columns, *rest, foot)
    blocks = [_beside(name, [each.get(name) for each in outputs], room // len(differing)) for name in differing]
    people = ", ".join(_who(who) for _, who, _ in shown)
    text = f"⚖️ The corrections of {people} differ. Pick one, or edit it."
    return Message(text, [head, columns, *blocks, *rest, foot])


def settled_card(who: str, whose: str = "") -> Message:
    """The card after `who` settled a conflict, with the version by `whose` or, if "", with a new one."""
    version = f"the version by {_who(whose)}" if whose else "a new version"
    text = f"⚖️ Settled by {_who(who)} with {version}."
    return Message(text, [section(mrkdwn(text))])


def _beside(name: str, values: Sequence[Any], room: int) -> Block:
    """A field of all versions side by side. For lists, only the items that not all of them have."""
    heading = mrkdwn(f"*{title(name)}*")
    room = (room - MESSAGE.cost(section(heading, fields=[plain("1. ")] * len(values)))) // len(values)
    texts = _from_where_they_differ(_own(values), room)
    return section(
        heading, fields=[plain(clip(f"{n}. {text}", max(room, 20)), 2000) for n, text in enumerate(texts, 1)]
    )


def _own(values: Sequence[Any]) -> list[str]:
    """The items of each value that not all values have; everything if only the order differs."""
    if not all(isinstance(value, list) for value in values):
        return [words(value) for value in values]
    shared = [each for each in values[0] if all(each in value for value in values)]
    own = [[each for each in value if each not in shared] for value in values]
    if not any(own):
        return [_listed(value) for value in values]
    return [_listed(each) + (f"\n(and {len(shared)} that all versions have)" if shared else "") for each in own]


def _listed(value: Sequence[Any]) -> str:
    return "".join(f"\n• {_row(each)}" for each in value) or "none"


def _from_where_they_differ(texts: Sequence[str], room: int) -> list[str]:
    """The texts; those too long for `room` without the beginning that all of them share."""
    common = sum(1 for _ in takewhile(lambda each: len(set(each)) == 1, zip(*texts, strict=False)))
    start = max(texts[0].rfind(" ", 0, max(common - 40, 0)), 0)
    return [f"…{text[start:]}" if start and size(text) > room else text for text in texts]


def _whose(who: str, number: int) -> str:
    return f"version {number + 1}" if who.startswith("<") else f"{clip(who, 50)}'s"


def reason_card(key: str) -> Message:
    """Asks the person who pressed 👎 what was wrong, with a button for each reason."""
    text = "What was wrong?"
    reasons = [button(reason.capitalize(), f"reason_{n}", f"{key}|{reason}") for n, reason in enumerate(REASONS)]
    return Message(
        text, [section(plain(f"👎 {text}")), actions(*reasons, button("Correct", "correct", key, style="primary"))]
    )


def _who(who: str) -> str:
    """A person's mention; any other markup in it stays literal."""
    return _MENTION.sub(r"<@\1>", flat(who, 300))


def _modal(heading: str, blocks: list[Block], close: str) -> Block:
    return {"type": "modal", "title": _label(heading), "close": _label(close), "blocks": blocks}


def _label(text: str) -> Block:
    return {"type": "plain_text", "text": text}
