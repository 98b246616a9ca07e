"""The forms of the training loop in Block Kit: a new job, and a promotion despite the result."""

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
    "epochCount": "How many times the model sees every example. More teaches it better, but too many make it learn them by heart.",
    "batchSize": "How many examples it learns from at once. Fewer suit a small dataset.",
    "learningRateMultiplier": "How fast it learns, compared with the default speed. Lower is steadier.",
    "learningRate": "How much it changes in each step. Lower is steadier but takes more epochs.",
    "learningRateWarmupSteps": "How many steps until it learns at full speed.",
    "earlyStoppingThreshold": "Training goes on only if the validation loss still falls by this much.",
    "earlyStoppingPatience": "How many times the loss may fail to fall before training stops early.",
}
REASON = 500  # most characters of a reason
CHOICES = ("task", "base")  # fields of the form that are no hyperparameters
AT_THE_BEGINNING = "base"  # the value of "The base model"; our own models have their ids


def start_modal(family: Family, tasks: Sequence[Task], task: str, channel: str, models: Sequence[str] = ()) -> Block:
    """Asks for the task, which of our own `models` to start from, and each hyperparameter with its range and default."""
    told = f"I'll export all training examples of the task and check them for {family.name}. Then the card shows the size and cost of the job. Nothing starts until you say so."
    blocks = [
        section(plain(told)),
        _task(tasks, task),
        *([_base(models)] if models else []),
        *map(_hyperparameter, family.hyperparameters),
        *([] if family.hyperparameters else [context(f"{family.name} has nothing else to set.")]),
    ]
    return _form("New training job", "Prepare", "propose", blocks, {"task": task, "channel": channel})


def promote_modal(loop: Loop, channel: str) -> Block:
    """Asks for the reason of a promotion. The card shows the reason as long as the model answers."""
    assert loop.challenger
    verdict = loop.judged.sentence if loop.judged else f"It has not been compared with {loop.answering}."
    text = {"type": "plain_text_input", "action_id": "reason", "max_length": REASON, "min_length": 3}
    blocks = [
        section(
            plain(f"{loop.challenger.id} will replace the current model ({loop.answering}) for the task {loop.task}.")
        ),
        section(plain(f"⚖️ {verdict}")),
        _input("reason", "Why promote it anyway?", text, "The audit log and the card show your reason with your name."),
    ]
    about = {"task": loop.task, "channel": channel, "of": loop.challenger.id}
    return _form("Promote anyway?", "Promote", "promote_anyway", blocks, about)


def given(view: Mapping[str, Any]) -> dict[str, str]:
    """The hyperparameters that were filled in, by name. The family's defaults apply to the others."""
    stated = view["state"]["values"].items()
    values = {name: next(iter(fields.values())) for name, fields in stated if name not in CHOICES}
    return {name: str(each["value"]).strip() for name, each in values.items() if (each.get("value") or "").strip()}


def problems(family: Family, given: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with the hyperparameters, by field."""
    found = {each.name: out_of_range(each, given[each.name]) for each in family.hyperparameters if each.name in given}
    return {name: problem for name, problem in found.items() if problem}


def task_of(view: Mapping[str, Any], usual: str) -> str:
    return _chosen(view, "task") or usual


def base_of(view: Mapping[str, Any]) -> str:
    """Our own model to start from; "" for the family's base model."""
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
    hint = f"{EXPLAINED.get(each.name, '')} {kind} from {each.least} to {each.most}. The default is {each.default}.".strip()
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
    """Asks which model to start from. It shows the end of each id, as the ids are ARNs that begin alike."""
    first = {"text": _label("The base model"), "value": AT_THE_BEGINNING}
    options = [
        first,
        *({"text": plain(f"Our model {each[-60:]}", 75), "value": each} for each in models[:99] if len(each) <= 150),
    ]
    select = {"type": "static_select", "action_id": "base", "options": options, "initial_option": first}
    return _input(
        "base", "Start from", select, "Our own models have learned from earlier examples. The base model has not."
    )


def _input(name: str, label: str, element: Block, hint: str, *, optional: bool = False) -> Block:
    return {"type": "input", "block_id": name, "optional": optional, "label": _label(label), "element": element,
            "hint": _label(hint)}  # fmt: skip


def _form(heading: str, submit: str, callback: str, blocks: list[Block], about: Mapping[str, str]) -> Block:
    return {"type": "modal", "title": _label(heading), "submit": _label(submit), "close": _label("Cancel"),
            "callback_id": callback, "private_metadata": json.dumps(about), "blocks": blocks}  # fmt: skip


def _label(text: str) -> Block:
    return {"type": "plain_text", "text": text}
