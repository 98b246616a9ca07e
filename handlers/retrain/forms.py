"""Block Kit for the forms of the loop: the next job, and a promotion that no verdict speaks for."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from bot.answers.family import Family, Hyperparameter
from bot.models.job import out_of_range
from bot.retraining.next_step import Loop
from bot.task import Task
from handlers.slack.fields import title
from handlers.slack.layout import context, section
from handlers.slack.mrkdwn import Block, plain

EXPLAINED = {
    "epochCount": "How often the model goes through all records. More learns them better, up to learning them by heart.",
    "batchSize": "Records that are learned from at once. Fewer suit a small dataset.",
    "learningRateMultiplier": "How fast it learns, against the usual. Less is steadier.",
    "learningRate": "How far each step goes. Less is steadier and takes more epochs.",
    "learningRateWarmupSteps": "Steps until it learns at full speed.",
    "earlyStoppingThreshold": "How much the validation loss must still fall for the job to go on.",
    "earlyStoppingPatience": "How often it may fail to fall before the job stops early.",
}
REASON = 500
CHOICES = ("task", "base")
AT_THE_BEGINNING = "base"


def start_modal(family: Family, tasks: Sequence[Task], task: str, channel: str, models: Sequence[str] = ()) -> Block:
    """Asks for the task, which of our own `models` to go on from, and each hyperparameter with its range and default."""
    told = f"All pairs of the task are exported and checked for {family.name}. Then the card shows what the job takes; nothing is started before you say so."
    blocks = [
        section(plain(told)),
        _task(tasks, task),
        *([_base(models)] if models else []),
        *map(_hyperparameter, family.hyperparameters),
        *([] if family.hyperparameters else [context(f"{family.name} has no hyperparameters to set.")]),
    ]
    return _form("The next job", "Prepare", "propose", blocks, {"task": task, "channel": channel})


def promote_modal(loop: Loop, channel: str) -> Block:
    """Asks for the reason of a promotion; the card shows it for as long as the model answers."""
    assert loop.challenger
    verdict = loop.judged.sentence if loop.judged else f"It was not judged against {loop.answering}."
    text = {"type": "plain_text_input", "action_id": "reason", "max_length": REASON, "min_length": 3}
    blocks = [
        section(plain(f"{loop.challenger.id} is to answer {loop.task}, in place of {loop.answering}.")),
        section(plain(f"⚖️ {verdict}")),
        _input("reason", "Why all the same?", text, "The audit keeps it, and the card shows it with your name."),
    ]
    about = {"task": loop.task, "channel": channel, "of": loop.challenger.id}
    return _form("Against the verdict?", "Promote", "promote_anyway", blocks, about)


def given(view: Mapping[str, Any]) -> dict[str, str]:
    """The hyperparameters as they were filled in, by name; those left empty are the family's own."""
    stated = view["state"]["values"].items()
    values = {name: next(iter(fields.values())) for name, fields in stated if name not in CHOICES}
    return {name: str(each["value"]).strip() for name, each in values.items() if (each.get("value") or "").strip()}


def problems(family: Family, given: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with each, for its field."""
    found = {each.name: out_of_range(each, given[each.name]) for each in family.hyperparameters if each.name in given}
    return {name: problem for name, problem in found.items() if problem}


def task_of(view: Mapping[str, Any], usual: str) -> str:
    return _chosen(view, "task") or usual


def base_of(view: Mapping[str, Any]) -> str:
    """The model of ours to go on from; "" for the family's own base model."""
    chosen = _chosen(view, "base")
    return "" if chosen == AT_THE_BEGINNING else chosen


def _chosen(view: Mapping[str, Any], name: str) -> str:
    chosen = view["state"]["values"].get(name, {}).get(name, {}).get("selected_option") or {}
    return str(chosen.get("value") or "")


def reason(view: Mapping[str, Any]) -> str:
    return str(view["state"]["values"]["reason"]["reason"]["value"] or "").strip()


def _hyperparameter(each: Hyperparameter) -> Block:
    text = {"type": "plain_text_input", "action_id": "value", "initial_value": each.default, "max_length": 20}
    kind = "A whole number" if each.kind == "integer" else "A number"
    hint = f"{EXPLAINED.get(each.name, '')} {kind} from {each.least} to {each.most}; usually {each.default}.".strip()
    return _input(each.name, _words(each.name), text, hint, optional=True)


def _words(name: str) -> str:
    """`epochCount` as "Epoch count"."""
    return "".join(f" {char.lower()}" if char.isupper() else char for char in name).capitalize()


def _task(tasks: Sequence[Task], chosen: str) -> Block:
    options = [{"text": plain(f"{title(each.name)}: {each.about}", 75), "value": each.name} for each in tasks[:100]]
    initial = next((option for option in options if option["value"] == chosen), options[0])
    select = {"type": "static_select", "action_id": "task", "options": options, "initial_option": initial}
    return {"type": "input", "block_id": "task", "label": _label("Task"), "element": select}


def _base(models: Sequence[str]) -> Block:
    """The id of a model is its ARN, of which the end tells one from the other."""
    first = {"text": _label("The family's base model"), "value": AT_THE_BEGINNING}
    options = [
        first,
        *({"text": plain(f"Our {each[-60:]}", 75), "value": each} for each in models[:99] if len(each) <= 150),
    ]
    select = {"type": "static_select", "action_id": "base", "options": options, "initial_option": first}
    return _input(
        "base", "Go on from", select, "A model of ours has learned from the pairs before; the base model from none."
    )


def _input(name: str, label: str, element: Block, hint: str, *, optional: bool = False) -> Block:
    return {"type": "input", "block_id": name, "optional": optional, "label": _label(label), "element": element,
            "hint": _label(hint)}  # fmt: skip


def _form(heading: str, submit: str, callback: str, blocks: list[Block], about: Mapping[str, str]) -> Block:
    return {"type": "modal", "title": _label(heading), "submit": _label(submit), "close": _label("Cancel"),
            "callback_id": callback, "private_metadata": json.dumps(about), "blocks": blocks}  # fmt: skip


def _label(text: str) -> Block:
    return {"type": "plain_text", "text": text}
