"""The checker of Slack's limits catches each breach."""

from __future__ import annotations

from typing import Any

import pytest

from tests.doubles.slack_limits import problems

Node = dict[str, Any]


def plain(text: str = "x") -> Node:
    return {"type": "plain_text", "text": text}


def section(**more: Any) -> Node:
    return {"type": "section", "text": plain()} | more


def button(action: str = "go", **more: Any) -> Node:
    return {"type": "button", "text": plain(), "action_id": action} | more


def menu(options: list[Node], kind: str = "overflow") -> Node:
    return {"type": "actions", "elements": [{"type": kind, "action_id": "menu", "options": options}]}


def option(value: str, text: str = "x") -> Node:
    return {"text": plain(text), "value": value}


def actions(*elements: Node) -> Node:
    return {"type": "actions", "elements": list(elements)}


def entry(element: Node, **more: Any) -> Node:
    return {"type": "input", "block_id": "text", "label": plain(), "element": element} | more


def chart(series: int = 1, points: int = 2, kind: str = "bar", **more: Any) -> Node:
    labels = [f"week {n}" for n in range(points)]
    data = [{"label": label, "value": 1.5} for label in labels]
    lines = [{"name": f"pairs {n}", "data": data} for n in range(series)]
    axes = {"categories": labels, "x_label": "week", "y_label": "count"}
    drawn = {"type": kind, "series": lines, "axis_config": axes}
    return {"type": "data_visualization", "title": "t" * 50, "chart": drawn} | more


def uneven() -> Node:
    drawn = chart()
    drawn["chart"]["series"][0]["data"].pop()
    return drawn


WRITING = {"type": "plain_text_input", "action_id": "text"}
FINE = [
    section(block_id="b" * 255, fields=[plain("x" * 2000), *[plain()] * 9], accessory=button(value="v" * 2000)),
    {"type": "header", "text": plain("😀" * 75)},
    {"type": "divider"},
    {"type": "context", "elements": [plain()] * 10},
    actions(*(button(str(n)) for n in range(25))),
    menu([option(str(n) * 150) for n in range(5)]),
]
BREACHES = {
    "no block": [],
    "51 blocks": [{"type": "divider"}] * 51,
    "an empty text": [section(text=plain(""))],
    "a text of spaces": [section(text=plain(" \n"))],
    "a section text over 3,000": [section(text=plain("x" * 3001))],
    "an emoji counted as one": [{"type": "header", "text": plain("😀" * 76)}],
    "a section without text": [{"type": "section"}],
    "11 fields": [section(fields=[plain()] * 11)],
    "no fields": [section(fields=[])],
    "a field over 2,000": [section(fields=[plain("x" * 2001)])],
    "a header over 150": [{"type": "header", "text": plain("x" * 151)}],
    "a header in mrkdwn": [{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}],
    "a header without text": [{"type": "header"}],
    "11 context elements": [{"type": "context", "elements": [plain()] * 11}],
    "26 actions": [actions(*(button(str(n)) for n in range(26)))],
    "no actions": [actions()],
    "a button text over 75": [actions(button(text=plain("x" * 76)))],
    "a button value over 2,000": [actions(button(value="x" * 2001))],
    "an unknown style": [actions(button(style="quiet"))],
    "two equal action ids": [actions(button("go"), button("go"))],
    "an action id over 255": [actions(button("a" * 256))],
    "no action id": [actions({"type": "button", "text": plain()})],
    "a block id over 255": [section(block_id="b" * 256)],
    "two equal block ids": [section(block_id="b"), section(block_id="b")],
    "6 choices": [menu([option(str(n)) for n in range(6)])],
    "no choice": [menu([])],
    "an option value over 150": [menu([option("v" * 151)])],
    "an option text over 75": [menu([option("v", "x" * 76)])],
    "two equal option values": [menu([option("v"), option("v")])],
    "101 options": [menu([option(str(n)) for n in range(101)], "static_select")],
    "an unknown block": [{"type": "parade"}],
    "an unknown key": [section(colour="red")],
    "an unknown element": [actions({"type": "dial", "action_id": "go"})],
    "an unknown text type": [section(text={"type": "html", "text": "x"})],
    "a key of the other text type": [section(text=plain() | {"verbatim": True})],
    "a text that is no object": [section(text="x")],
    "a NUL": [section(text=plain("a\x00b"))],
    "a lone surrogate": [section(text=plain("a\ud800b"))],
    "a character that turns the line": [section(text=plain("a\u202eb"))],
    "13,201 characters": [section(text=plain("x" * 2900))] * 5,
    "escaped characters": [section(text=plain("漢" * 1200))] * 2,
    "two tables": [{"type": "table", "rows": []}] * 2,
    "an input": [entry(WRITING)],
    "three charts": [chart()] * 3,
    "a chart's title over 50": [chart(title="t" * 51)],
    "7 series": [chart(7)],
    "no series": [chart(0)],
    "21 points": [chart(1, 21)],
    "a series with a point too few": [uneven()],
    "a chart that is no chart": [chart(kind="donut")],
}


def test_a_message_inside_the_limits_has_no_problem() -> None:
    assert problems({"text": "x" * 4000, "blocks": FINE}) == []


def test_two_charts_inside_the_limits_have_no_problem() -> None:
    assert problems({"text": "x", "blocks": [chart(6, 20), chart(kind="line")]}) == []


@pytest.mark.parametrize("blocks", BREACHES.values(), ids=BREACHES)
def test_a_breach_in_a_message_is_found(blocks: list[Node]) -> None:
    assert len(problems({"text": "x", "blocks": blocks})) == 1


@pytest.mark.parametrize("text", ["", " ", "x" * 4001, None], ids=["empty", "blank", "over 4,000", "missing"])
def test_a_message_needs_a_text_for_notifications(text: str | None) -> None:
    assert len(problems({"text": text, "blocks": [section()]})) == 1


def test_a_message_has_no_other_keys() -> None:
    assert problems({"text": "x", "blocks": [section()], "colour": "red"}) == ["message: unknown key colour"]


def test_a_breach_is_told_with_its_place() -> None:
    told = problems({"text": "x", "blocks": [section(), section(fields=[plain(), plain("x" * 2001)])]})

    assert told == ["blocks[1].fields[1].text: 2001 characters, over 2000"]


def view(*blocks: Node, **more: Any) -> Node:
    return {"type": "modal", "title": plain(), "submit": plain(), "blocks": list(blocks)} | more


CHOICE = {"type": "static_select", "action_id": "task", "options": [option("a")]}
CHOICES = {"type": "multi_static_select", "action_id": "topics", "options": [option("a"), option("b")]}
VIEW_BREACHES = {
    "a title over 24": view(section(), title=plain("x" * 25)),
    "a title in mrkdwn": view(section(), title={"type": "mrkdwn", "text": "x"}),
    "a close over 24": view(section(), close=plain("x" * 25)),
    "metadata over 3,000": view(section(), private_metadata="x" * 3001),
    "a callback id over 255": view(section(), callback_id="x" * 256),
    "101 blocks": view(*[{"type": "divider"}] * 101),
    "100,001 characters": view(*[section(text=plain("x" * 2900))] * 35),
    "another type": view(section(), type="window"),
    "an unknown view key": view(section(), colour="red"),
    "an input without a label": view({"type": "input", "block_id": "b", "element": WRITING}),
    "a hint over 2,000": view(entry(WRITING, hint=plain("x" * 2001))),
    "a placeholder over 150": view(entry(WRITING | {"placeholder": plain("x" * 151)})),
    "an initial value over 3,000": view(entry(WRITING | {"initial_value": "x" * 3001})),
    "a longest length over 3,000": view(entry(WRITING | {"max_length": 3001})),
    "11 files": view(entry({"type": "file_input", "action_id": "f", "max_files": 11})),
    "a button as input": view(entry(button())),
    "a choice that is not offered": view(entry(CHOICE | {"initial_option": option("b")})),
    "choices that are not all offered": view(entry(CHOICES | {"initial_options": [option("a"), option("c")]})),
    "no choices at first": view(entry(CHOICES | {"initial_options": []})),
}


def test_a_view_inside_the_limits_has_no_problem() -> None:
    topics = entry(CHOICES | {"initial_options": [option("b")]}, block_id="topics")
    form = view(entry(WRITING), entry(CHOICE | {"initial_option": option("a")}, block_id="task"), topics)

    assert problems(form | {"private_metadata": "x" * 3000, "callback_id": "ask"}) == []


@pytest.mark.parametrize("payload", VIEW_BREACHES.values(), ids=VIEW_BREACHES)
def test_a_breach_in_a_view_is_found(payload: Node) -> None:
    assert len(problems(payload)) == 1


def test_an_input_needs_a_submit_button() -> None:
    form = view(entry(WRITING))
    del form["submit"]

    assert problems(form) == ["view: an input without submit"]
