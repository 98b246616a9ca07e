"""Block Kit for the forms and windows that the bot opens."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.answers.answer import KeptAnswer
from bot.calls.transcript import Turn
from bot.task import Task
from handlers.calls.card import DEFAULT_TASK, as_text, names
from handlers.slack.fields import counted, title
from handlers.slack.layout import MODAL, context, listed
from handlers.slack.mrkdwn import Block, clean, clip, pieces, plain

ROW = 2900  # characters; a section holds 3,000
NOTES_ROOM = 9_000  # a tenth of a window, so that many notes leave room for the call


def ask_modal(tasks: Sequence[Task], metadata: str) -> Block:
    """The form that asks for a call: its text or files, and the task if there are several."""
    text = {
        "type": "plain_text_input",
        "action_id": "text",
        "multiline": True,
        "max_length": 3000,
        "placeholder": _label("Agent: Good morning, how can I help?"),
    }
    files = {"type": "file_input", "action_id": "files", "max_files": 10}
    blocks = [
        _input("text", "Text of the call", text, "Up to 3,000 characters. For a longer call, upload a file."),
        _input("files", "Or call log files", files, "Up to 10 files of 10 MB each."),
        *([_task(tasks)] if len(tasks) > 1 else []),
    ]
    form = _modal("Wrap up a call", blocks, "Cancel")
    return form | {"callback_id": "ask", "submit": _label("Wrap up"), "private_metadata": metadata}


def forget_modal(kept: KeptAnswer, metadata: str) -> Block:
    """Asks people to confirm that a call is deleted, and whether to delete its answer in Slack too."""
    told = (
        f"{names([kept])[0]}: this deletes the call, its answers, all feedback on them and its training examples for good. "
        "Datasets that were exported before, and models trained on them, stay as they are."
    )
    option = {"text": _label("Delete the answer in Slack too"), "value": "also"}
    boxes = {"type": "checkboxes", "action_id": "also", "options": [option]}
    blocks = [
        {"type": "section", "text": {"type": "plain_text", "text": clip(told, 2900), "emoji": False}},
        _input(
            "also",
            "And in Slack",
            boxes,
            "If you don't tick this, the answer stays in Slack, but its buttons stop working.",
        ),
    ]
    form = _modal("Forget this call?", blocks, "Keep it")
    return form | {"callback_id": "forget", "submit": _label("Forget"), "private_metadata": metadata}


def transcript_modal(kept: KeptAnswer) -> Block:
    """The call as it was read: notes, then turns with number, speaker and time. Says how many of them didn't fit."""
    turns = kept.transcript.turns
    notes = [f"Note: {clip(note, ROW - 10)}" for note in kept.transcript.notes]
    head = context(
        f"{clip(names([kept])[0], 300)} · {kept.transcript.format or 'text'} · {counted('turns', len(turns))}"
    )
    noted, told = listed(notes, NOTES_ROOM, MODAL)
    room = MODAL.characters - MODAL.cost(head, *noted, context(_more(len(turns), len(notes))))
    rows = [(turn.index, piece) for turn in turns for piece in _turn(turn)]
    content, shown = listed([piece for _, piece in rows], room, MODAL)
    left = _more(len({index for index, _ in rows[shown:]}), len(notes) - told)
    return _modal("Transcript", [head, *noted, *content, *([context(left)] if left else [])], "Close")


def _more(turns: int, notes: int) -> str:
    counts = [counted(f"more {what}", count) for count, what in ((turns, "turns"), (notes, "notes")) if count]
    return " · ".join(counts)


def text_modal(kept: KeptAnswer) -> Block:
    """The answer as plain text that people can copy."""
    rest = context("The rest of the text is too long for this window.")
    parts = [part for line in as_text([kept]).split("\n") if line for part in pieces(line, ROW)]
    content, shown = listed(parts, MODAL.characters - MODAL.cost(rest), MODAL)
    return _modal("Copy as text", [*content, *([rest] if shown < len(parts) else [])], "Close")


def note(title: str, text: str) -> Block:
    """A window with a single text."""
    return _modal(title, [{"type": "section", "text": plain(text)}], "Close")


def _modal(title: str, blocks: list[Block], close: str) -> Block:
    return {"type": "modal", "title": _label(title), "close": _label(close), "blocks": blocks}


def _label(text: str) -> Block:
    return {"type": "plain_text", "text": text}


def _input(name: str, label: str, element: Block, hint: str) -> Block:
    return {
        "type": "input",
        "block_id": name,
        "optional": True,
        "label": _label(label),
        "element": element,
        "hint": _label(hint),
    }


def _task(tasks: Sequence[Task]) -> Block:
    options = [{"text": plain(f"{title(task.name)}: {task.about}", 75), "value": task.name} for task in tasks[:100]]
    chosen = next((option for option in options if option["value"] == DEFAULT_TASK), options[0])
    select = {"type": "static_select", "action_id": "task", "options": options, "initial_option": chosen}
    return {"type": "input", "block_id": "task", "label": _label("Task"), "element": select}


def _turn(turn: Turn) -> Iterator[str]:
    """The turn under its number, speaker and time, in pieces that each fit a section."""
    clock = "" if turn.start_s is None else f" · {int(turn.start_s) // 60}:{int(turn.start_s) % 60:02d}"
    who = f"{turn.speaker.capitalize()} ({clip(turn.name, 100)})" if turn.name else turn.speaker.capitalize()
    yield from pieces(f"[{turn.index}] {who}{clock}\n{clean(turn.text)}", ROW)
