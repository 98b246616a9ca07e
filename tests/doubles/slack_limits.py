"""Slack's limits as a table, and the walk over a built payload that names each breach.

Sources: docs.slack.dev/reference/block-kit, and for the characters of a whole message slackapi/bolt-js#2509. The SDK's
models accept many payloads that Slack refuses (51 blocks, unknown keys, two equal action ids), so they are no check.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
MESSAGE_CHARACTERS = 13_200
"""All blocks of a message as JSON, escaped to ASCII: the longest way in which Slack may count."""
VIEW_CHARACTERS = 100_000
MESSAGE_TEXT = 4_000
MESSAGE_CHARTS, CHART_SERIES, CHART_POINTS, CHART_LABEL = 2, 6, 20, 20
PRIVATE_METADATA = 3_000
IDS = {"block_id": 255, "action_id": 255, "callback_id": 255}
VIEW_KEYS = frozenset({"type", "title", "blocks", "close", "submit", "callback_id", "private_metadata", "external_id"})
MESSAGE_KEYS = frozenset({"text", "blocks"})


@dataclass(frozen=True)
class Kind:
    """What one type may hold: `texts` key -> (text types, length), `lists` key -> (kinds, least, most)."""

    required: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()
    texts: dict[str, tuple[str, int]] = field(default_factory=dict)
    strings: dict[str, int] = field(default_factory=dict)
    lists: dict[str, tuple[str, int, int]] = field(default_factory=dict)
    parts: dict[str, str] = field(default_factory=dict)

    @property
    def keys(self) -> frozenset[str]:
        known = {*self.required, *self.optional, *self.texts, *self.strings, *self.lists, *self.parts}
        return frozenset(known | {"type", "block_id", "action_id"})


ANY, PLAIN = "plain_text mrkdwn", "plain_text"
INTERACTIVE = "button overflow static_select"
BLOCKS = {
    "section": Kind(texts={"text": (ANY, 3000)}, lists={"fields": (ANY, 1, 10)}, parts={"accessory": INTERACTIVE}),
    "header": Kind(frozenset({"text"}), texts={"text": (PLAIN, 150)}),
    "divider": Kind(),
    "context": Kind(frozenset({"elements"}), lists={"elements": (ANY, 1, 10)}),
    "actions": Kind(frozenset({"elements"}), lists={"elements": (INTERACTIVE, 1, 25)}),
    "input": Kind(
        frozenset({"label", "element", "block_id"}),
        frozenset({"optional", "dispatch_action"}),
        texts={"label": (PLAIN, 2000), "hint": (PLAIN, 2000)},
        parts={"element": "plain_text_input file_input static_select multi_static_select"},
    ),
    "rich_text": Kind(frozenset({"elements"}), frozenset({"elements"})),
    "table": Kind(frozenset({"rows"}), frozenset({"rows", "column_settings"})),
    "data_visualization": Kind(frozenset({"title", "chart"}), frozenset({"chart"}), strings={"title": 50}),
}
ELEMENTS = {
    "button": Kind(
        frozenset({"text", "action_id"}),
        frozenset({"style"}),
        {"text": (PLAIN, 75)},
        {"value": 2000, "url": 3000},
        parts={"confirm": "confirm"},
    ),
    "confirm": Kind(
        frozenset({"title", "text", "confirm", "deny"}),
        texts={"title": (PLAIN, 100), "text": (PLAIN, 300), "confirm": (PLAIN, 30), "deny": (PLAIN, 30)},
    ),
    "overflow": Kind(frozenset({"options", "action_id"}), lists={"options": ("option", 1, 5)}),
    "static_select": Kind(
        frozenset({"options", "action_id"}),
        texts={"placeholder": (PLAIN, 150)},
        lists={"options": ("option", 1, 100)},
        parts={"initial_option": "option"},
    ),
    "multi_static_select": Kind(
        frozenset({"options", "action_id"}),
        texts={"placeholder": (PLAIN, 150)},
        lists={"options": ("option", 1, 100), "initial_options": ("option", 1, 100)},
    ),
    "plain_text_input": Kind(
        frozenset({"action_id"}),
        frozenset({"multiline", "max_length", "min_length"}),
        {"placeholder": (PLAIN, 150)},
        {"initial_value": 3000},
    ),
    "file_input": Kind(frozenset({"action_id"}), frozenset({"max_files", "filetypes"})),
    "option": Kind(frozenset({"text", "value"}), texts={"text": (PLAIN, 75)}, strings={"value": 150}),
    "plain_text": Kind(frozenset({"text"}), frozenset({"text", "emoji"})),
    "mrkdwn": Kind(frozenset({"text"}), frozenset({"text", "verbatim"})),
}
NUMBERS = {"max_files": (1, 10), "max_length": (1, 3000), "min_length": (0, 3000)}
FIELD_TEXT = 2000
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


def length(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def problems(payload: dict[str, Any]) -> list[str]:
    """Every breach of a limit in a message (`text`, `blocks`) or a view, with its place; none: []."""
    return list(_view(payload) if "title" in payload or payload.get("type") else _message(payload))


def _message(payload: dict[str, Any]) -> Iterator[str]:
    blocks = payload.get("blocks") or []
    yield from _unknown(payload, MESSAGE_KEYS, "message")
    yield from _string(payload.get("text"), MESSAGE_TEXT, "message.text")
    yield from _blocks(blocks, MESSAGE_BLOCKS, MESSAGE_CHARACTERS)
    if sum(block.get("type") == "table" for block in blocks) > 1:
        yield "blocks: more than one table"
    charts = [block for block in blocks if block.get("type") == "data_visualization"]
    if len(charts) > MESSAGE_CHARTS:
        yield f"blocks: {len(charts)} charts, over {MESSAGE_CHARTS}"
    for number, chart in enumerate(charts):
        yield from _chart(chart.get("chart"), f"chart {number}")
    if any(block.get("type") == "input" for block in blocks):
        yield "blocks: an input stands in a message"


def _view(payload: dict[str, Any]) -> Iterator[str]:
    yield from _unknown(payload, VIEW_KEYS, "view")
    if payload.get("type") != "modal":
        yield f"view: type {payload.get('type')!r}"
    for key in ("title", "close", "submit"):
        if key in payload or key == "title":
            yield from _text(payload.get(key), PLAIN, 24, f"view.{key}")
    blocks = payload.get("blocks") or []
    if any(block.get("type") == "input" for block in blocks) and "submit" not in payload:
        yield "view: an input without submit"
    if len(payload.get("private_metadata", "")) > PRIVATE_METADATA:
        yield f"view.private_metadata: over {PRIVATE_METADATA}"
    yield from _ids(payload, "view")
    yield from _blocks(blocks, VIEW_BLOCKS, VIEW_CHARACTERS)


def _blocks(blocks: list[dict[str, Any]], most: int, characters: int) -> Iterator[str]:
    if not 1 <= len(blocks) <= most:
        yield f"blocks: {len(blocks)}, not 1 to {most}"
    if len(json.dumps(blocks)) > characters:
        yield f"blocks: {len(json.dumps(blocks))} characters, over {characters}"
    yield from _repeated((block.get("block_id") for block in blocks), "block_id")
    for number, block in enumerate(blocks):
        yield from _one(block, BLOCKS, f"blocks[{number}]")
        if block.get("type") == "section" and not block.get("text") and not block.get("fields"):
            yield f"blocks[{number}]: a section without text or fields"


def _one(node: Any, kinds: dict[str, Kind], place: str, name: str = "") -> Iterator[str]:
    """A block, an element or a composition object against its row of the table."""
    if not isinstance(node, dict) or (name or node.get("type")) not in kinds:
        yield f"{place}: unknown type {node.get('type') if isinstance(node, dict) else node!r}"
        return
    name = name or node["type"]
    kind = kinds[name]
    yield from _unknown(node, kind.keys - ({"type"} if name in ("option", "confirm") else set()), place)
    yield from (f"{place}: no {key}" for key in sorted(kind.required) if key not in node)
    yield from _ids(node, place)
    for key in kind.texts.keys() & node.keys():
        yield from _text(node[key], *kind.texts[key], f"{place}.{key}")
    for key in kind.strings.keys() & node.keys():
        yield from _string(node[key], kind.strings[key], f"{place}.{key}")
    for key in NUMBERS.keys() & node.keys():
        if not NUMBERS[key][0] <= node[key] <= NUMBERS[key][1]:
            yield f"{place}.{key}: {node[key]}, not {NUMBERS[key][0]} to {NUMBERS[key][1]}"
    for key in kind.lists.keys() & node.keys():
        yield from _list(node[key], *kind.lists[key], f"{place}.{key}")
    for key in kind.parts.keys() & node.keys():
        yield from _part(node[key], kind.parts[key], f"{place}.{key}")
    yield from _choice(node, place)


def _chart(chart: Any, place: str) -> Iterator[str]:
    """Bars or lines: a point a category in every series, in their order."""
    if not isinstance(chart, dict) or chart.get("type") not in ("bar", "line", "area"):
        yield f"{place}: no bars, lines or areas"
        return
    axes, series = chart.get("axis_config", {}), chart.get("series", [])
    yield from _unknown(chart, frozenset({"type", "series", "axis_config"}), place)
    yield from _unknown(axes, frozenset({"categories", "x_label", "y_label"}), f"{place}.axis_config")
    labels = axes.get("categories", [])
    yield from _labels(labels, CHART_POINTS, f"{place}.categories")
    yield from _labels([each.get("name") for each in series], CHART_SERIES, f"{place}.series")
    for each in series:
        yield from _unknown(each, frozenset({"name", "data"}), f"{place}.series")
        if [point.get("label") for point in each.get("data", [])] != labels:
            yield f"{place}.series: not a point a category"
        if any(
            not isinstance(point.get("value"), int | float) or not isfinite(point["value"]) for point in each["data"]
        ):
            yield f"{place}.series: a value that is no number"


def _labels(texts: list[Any], most: int, place: str) -> Iterator[str]:
    if not 1 <= len(texts) <= most:
        yield f"{place}: {len(texts)}, not 1 to {most}"
    yield from _repeated(texts, place)
    for text in texts:
        yield from _string(text, CHART_LABEL, place)


def _choice(node: dict[str, Any], place: str) -> Iterator[str]:
    if node.get("style") not in (None, "primary", "danger"):
        yield f"{place}.style: {node['style']!r}"
    if "initial_option" in node and node["initial_option"] not in node.get("options", []):
        yield f"{place}.initial_option: none of the options"
    if any(chosen not in node.get("options", []) for chosen in node.get("initial_options", [])):
        yield f"{place}.initial_options: not all are options"


def _list(nodes: list[Any], kinds: str, least: int, most: int, place: str) -> Iterator[str]:
    if not least <= len(nodes) <= most:
        yield f"{place}: {len(nodes)}, not {least} to {most}"
    for number, node in enumerate(nodes):
        if kinds == ANY:
            yield from _text(node, ANY, FIELD_TEXT if place.endswith("fields") else 3000, f"{place}[{number}]")
        else:
            yield from _part(node, kinds, f"{place}[{number}]")
    parts = [node for node in nodes if isinstance(node, dict)]
    yield from _repeated((node.get("action_id") for node in parts), f"{place}: action_id")
    if kinds == "option":
        yield from _repeated((node.get("value") for node in parts), f"{place}: value")


def _part(node: Any, kinds: str, place: str) -> Iterator[str]:
    if kinds in ("option", "confirm"):
        yield from _one(node, ELEMENTS, place, kinds)
    else:
        yield from _one(node, {kind: ELEMENTS[kind] for kind in kinds.split()}, place)


def _text(node: Any, types: str, most: int, place: str) -> Iterator[str]:
    if not isinstance(node, dict) or node.get("type") not in types.split():
        yield f"{place}: no text object of {types}"
        return
    yield from _one(node, ELEMENTS, place)
    yield from _string(node.get("text"), most, f"{place}.text")


def _string(text: Any, most: int, place: str) -> Iterator[str]:
    if not isinstance(text, str) or not text.strip():
        yield f"{place}: empty"
        return
    if length(text) > most:
        yield f"{place}: {length(text)} characters, over {most}"
    if _FORBIDDEN.search(text):
        yield f"{place}: a character that does harm"


def _ids(node: dict[str, Any], place: str) -> Iterator[str]:
    for key in IDS.keys() & node.keys():
        yield from _string(node[key], IDS[key], f"{place}.{key}")


def _repeated(ids: Iterable[Any], place: str) -> Iterator[str]:
    named = [each for each in ids if each is not None]
    if len(named) != len(set(named)):
        yield f"{place}: used twice"


def _unknown(node: dict[str, Any], keys: frozenset[str], place: str) -> Iterator[str]:
    yield from (f"{place}: unknown key {key}" for key in sorted(node.keys() - keys))
