"""The form for an output of any task: its fields as inputs, and the new output with what is wrong in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Protocol, get_args, get_origin

from pydantic import ValidationError

from bot.task import Task
from handlers.choices import OPTIONS, Choice, Choices
from handlers.fields import title
from handlers.inputs import BadInput, Json, Lines, Text, Values, told
from handlers.layout import MODAL, context
from handlers.lines import bare, codec, is_choice
from handlers.mrkdwn import Block

Speakers = Mapping[str, str]
"""Names of those who spoke, with their roles."""
NOT_ALL = "{}: the rest is too long for a form. It stays as it is, after what stands above."


class Field(Protocol):
    """One field of an output in a form."""

    def blocks(self, value: Any) -> list[Block]:
        """Its inputs, filled with the value."""

    def read(self, value: Any, values: Values) -> Any:
        """The value now, where the form was filled with `value`. Raises BadInput."""

    def place(self, value: Any, values: Values, path: Sequence[Any]) -> tuple[str, str]:
        """The block id of what a path within the value names, and where it is there ("Line 2"), "" for all of it."""


def inputs(task: Task, output: Mapping[str, Any], speakers: Speakers, room: int) -> list[Block]:
    """The inputs of all fields as far as `room` goes; a line says where it did not."""
    laid = {name: field.blocks(output.get(name)) for name, field in _fields(task, output, speakers).items()}
    shares = _shares({name: MODAL.cost(*blocks) for name, blocks in laid.items()}, room)
    return [block for name, blocks in laid.items() for block in _fitted(title(name), blocks, shares[name])]


def _shares(costs: Mapping[str, int], room: int) -> dict[str, int]:
    """The room of each: what it costs where all can have as much, else the same for all that cost more."""
    shares: dict[str, int] = {}
    for name in sorted(costs, key=lambda each: costs[each]):
        shares[name] = min(costs[name], room // (len(costs) - len(shares)))
        room -= shares[name]
    return shares


def _fitted(label: str, blocks: list[Block], room: int) -> list[Block]:
    if MODAL.cost(*blocks) <= room:
        return blocks
    rest = context(NOT_ALL.format(label))
    while blocks and MODAL.cost(*blocks, rest) > room:
        blocks = blocks[:-1]
    return [*blocks, rest]


def read(
    values: Values, task: Task, output: Mapping[str, Any], speakers: Speakers
) -> tuple[dict[str, Any], dict[str, str]]:
    """The output that the inputs hold, and a sentence for each block id where something is wrong."""
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
    error: ValidationError, fields: Mapping[str, Field], output: Mapping[str, Any], values: Values
) -> dict[str, str]:
    found: dict[str, list[str]] = defaultdict(list)
    for each in error.errors(include_url=False):
        name, *path = each["loc"] or (next(iter(fields)),)
        block, place = fields[str(name)].place(output.get(str(name)), values, path)
        shown = block if block in values else next(iter(values), block)
        found[shown].append(_sentence(each["type"], each["msg"], each.get("ctx") or {}, place))
    return {block: told(sentences) for block, sentences in found.items()}


def _sentence(kind: str, message: str, given: Mapping[str, Any], place: str) -> str:
    said = _SAID.get(kind, message.removeprefix("Value error, ")).format(**given).rstrip(".")
    return f"{place}: {said[0].lower()}{said[1:]}." if place else f"{said[0].upper()}{said[1:]}."


_SAID = {
    "string_too_short": "write something here",
    "missing": "write something here",
    "literal_error": "choose one of {expected}",
    "int_parsing": "write a whole number, like 3",
    "int_from_float": "write a whole number, like 3",
    "float_parsing": "write a number, like 3",
    "bool_parsing": "write yes or no",
}


def _fields(task: Task, output: Mapping[str, Any], speakers: Speakers) -> dict[str, Field]:
    models = task.output.model_fields
    return {name: _field(task, name, models[name].annotation, output.get(name), speakers) for name in models}


def _field(task: Task, name: str, kind: Any, value: Any, speakers: Speakers) -> Field:
    label, inner = title(name), bare(kind)
    if inner is bool or is_choice(inner):
        choices = (True, False) if inner is bool else get_args(inner)
        return Choice(label, choices if inner is kind else (*choices, None))
    if get_origin(inner) is list and isinstance(value, list):
        return _list(task, name, get_args(inner)[0], value, speakers)
    return Text(label) if inner is str else Json(label)


def _list(task: Task, name: str, kind: Any, value: list[Any], speakers: Speakers) -> Field:
    if is_choice(kind) and len(get_args(kind)) <= OPTIONS:
        return Choices(title(name), get_args(kind), free=False)
    topics = task.topics if kind is str and name == "topics" else ()
    names = tuple(dict.fromkeys([*(topic.name for topic in topics), *value])) if topics else ()
    if 0 < len(names) <= OPTIONS:
        return Choices(title(name), names, free=True)
    lines = codec(kind, speakers)
    return Lines(title(name), lines) if lines else Json(title(name))
