"""The form for the output of any task: shows its fields as inputs, and reads them with their mistakes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Any, Protocol, get_args, get_origin

from pydantic import ValidationError

from bot.task import Task
from handlers.feedback.forms.choices import OPTIONS, Choice, Choices
from handlers.feedback.forms.inputs import BadInput, Json, LinesInput, Text, Values, told
from handlers.feedback.forms.lines import bare, codec, is_choice
from handlers.slack.fields import title
from handlers.slack.layout import MODAL, context
from handlers.slack.mrkdwn import Block, clip

Speakers = Mapping[str, str]  # the speakers' roles by their names
NOT_ALL = "Too long for a form: {}. The rest isn't shown. It stays as it is, after the text that you write."
ROW = 2900  # characters of one row; a section holds 3,000
LEAST = 4_000  # characters: a field with less room would not be worth editing


class FormField(Protocol):
    """One field of an output in a form."""

    def blocks(self, value: Any) -> list[Block]:
        """The inputs of the field, filled with the value."""

    def read(self, value: Any, values: Values) -> Any:
        """The new value, if the form was filled with `value`. Raises BadInput."""

    def place(self, value: Any, values: Values, path: Sequence[Any]) -> tuple[str, str]:
        """The block id of the input for a path within the value, and the place in it ("Line 2", or "" for all of it)."""


def inputs(task: Task, output: Mapping[str, Any], speakers: Speakers, room: int) -> list[Block]:
    """The inputs of all fields, as many as fit into `room`. If some don't fit, the first line names their fields."""
    laid = {name: field.blocks(output.get(name)) for name, field in _fields(task, output, speakers).items()}
    told = context(clip(NOT_ALL.format(", ".join(map(title, laid))), ROW))
    shares = _shares({name: MODAL.cost(*blocks) for name, blocks in laid.items()}, room - MODAL.cost(told))
    shown = {name: _fitting(blocks, shares[name]) for name, blocks in laid.items()}
    cut = [title(name) for name in laid if len(shown[name]) < len(laid[name])]
    return [
        *([context(clip(NOT_ALL.format(", ".join(cut)), ROW))] if cut else []),
        *(block for blocks in shown.values() for block in blocks),
    ]


def _shares(costs: Mapping[str, int], room: int) -> dict[str, int]:
    """The room of each field. Small ones get what they cost; the large ones share the rest equally."""
    shares: dict[str, int] = {}
    for name in sorted(costs, key=lambda each: costs[each]):
        even = max(room // (len(costs) - len(shares)), LEAST)
        shares[name] = min(costs[name], even, room)
        room -= shares[name]
    return shares


def _fitting(blocks: list[Block], room: int) -> list[Block]:
    """The first blocks, as many as fit into `room`."""
    spent = accumulate(MODAL.cost(block) for block in blocks)
    return [block for block, cost in zip(blocks, spent, strict=True) if cost <= room]


def read(
    values: Values, task: Task, output: Mapping[str, Any], speakers: Speakers
) -> tuple[dict[str, Any], dict[str, str]]:
    """The new output, and a sentence for each input with a mistake, by block id."""
    fields = _fields(task, output, speakers)
    new = dict(output)
    errors: dict[str, str] = {}
    for name, field in fields.items():
        try:
            new[name] = field.read(output.get(name), values)
        except BadInput as error:
            errors |= error.errors
    if new == output or errors:
        return new, errors
    try:
        return task.output.model_validate(new).model_dump(mode="json"), {}
    except ValidationError as error:
        return new, _placed(error, fields, output, values)


def _placed(
    error: ValidationError, fields: Mapping[str, FormField], output: Mapping[str, Any], values: Values
) -> dict[str, str]:
    found: dict[str, list[str]] = defaultdict(list)
    for each in error.errors(include_url=False):
        name, *path = each["loc"] or (next(iter(fields)),)
        block, place = fields[str(name)].place(output.get(str(name)), values, path)
        shown = block if block in values else next(iter(values), block)
        found[shown].append(_sentence(each["type"], each["msg"], each.get("ctx") or {}, place))
    return {block: told(sentences) for block, sentences in found.items()}


def _sentence(kind: str, message: str, given: Mapping[str, Any], place: str) -> str:
    said = _SAID[kind].format(**given) if kind in _SAID else message.removeprefix("Value error, ").rstrip(".")
    return f"{place}: {said}." if place else f"{said[:1].upper()}{said[1:]}."


_SAID = {
    "string_too_short": "write something here",
    "missing": "write something here",
    "literal_error": "choose one of {expected}",
    "int_parsing": "write a whole number, like 3",
    "int_parsing_size": "write a smaller number",
    "int_from_float": "write a whole number, like 3",
    "float_parsing": "write a number, like 3",
    "bool_parsing": "write yes or no",
}


def _fields(task: Task, output: Mapping[str, Any], speakers: Speakers) -> dict[str, FormField]:
    models = task.output.model_fields
    return {name: _field(task, name, models[name].annotation, output.get(name), speakers) for name in models}


def _field(task: Task, name: str, kind: Any, value: Any, speakers: Speakers) -> FormField:
    label, inner = title(name), bare(kind)
    if inner is bool or (is_choice(inner) and len(get_args(inner)) < OPTIONS):
        choices = (True, False) if inner is bool else get_args(inner)
        return Choice(label, choices if inner is kind else (*choices, None))
    if get_origin(inner) is list and isinstance(value, list):
        return _list(task, name, get_args(inner)[0], value, speakers)
    return Text(label) if inner is str else Json(label)


def _list(task: Task, name: str, kind: Any, value: list[Any], speakers: Speakers) -> FormField:
    if is_choice(kind) and len(get_args(kind)) <= OPTIONS:
        return Choices(title(name), get_args(kind), free=False)
    topics = task.topics if kind is str and name == "topics" else ()
    names = tuple(dict.fromkeys([*(topic.name for topic in topics), *value])) if topics else ()
    if 0 < len(names) <= OPTIONS:
        return Choices(title(name), names, free=True)
    lines = codec(kind, speakers)
    return LinesInput(title(name), lines) if lines else Json(title(name))
