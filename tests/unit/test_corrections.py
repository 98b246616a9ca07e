"""The forms and cards of corrections: what a form shows comes back, and what people write in it is read or told."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot import task as tasks
from bot.answer import Answer, KeptAnswer
from bot.summary import Summary
from bot.task import Output, Task
from bot.transcript import Transcript, Turn
from handlers.corrections import (
    form,
    read_form,
)
from tests.slack_limits import problems

PROMPTS = Path(__file__).parent.parent.parent / "prompts"
SUMMARIZE, MODERATE = tasks.load(PROMPTS / "summarize"), tasks.load(PROMPTS / "moderate")
CALL = Transcript(
    "call-7",
    (Turn(0, "customer", "My lamp is broken.", "Mia", 0.0, 4.0), Turn(1, "agent", "I'll send one.", "Tom", 5.2)),
    "plain",
)
LAMP: dict[str, Any] = {
    "summary": "A lamp arrived broken.",
    "topics": ["product fault", "lamps"],
    "action_items": [
        {"task": "Send a new lamp", "owner": "agent", "due": "Friday", "turn": 1},
        {"task": "Return the old one", "owner": "customer", "due": None, "turn": None},
    ],
    "next_steps": ["The lamp ships today.", "Mia returns the old one."],
}
FIRES = "<!channel> <@U1> *bold* `code` :tada: <https://x.example|click> https://x.example @here\n> quote"


def kept(output: Output | None = None, task: str = "summarize") -> KeptAnswer:
    made = output or Summary.model_validate(LAMP)
    return KeptAnswer(
        "k#0", "r1", "lamp.txt", "U1", "C1", CALL, Answer("call-7", task, "embedded", "p1", made, (), 1, None, 12)
    )


def opened(output: Mapping[str, Any] = LAMP, task: Task = SUMMARIZE, **more: Any) -> dict[str, Any]:
    return form(kept(), task, output, "m", **more)


def elements(view: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {block["block_id"]: block["element"] for block in view["blocks"] if block["type"] == "input"}


def untouched(view: dict[str, Any]) -> dict[str, Any]:
    """The state of a view as Slack sends it when nobody touched anything."""
    return {block: {"value": _untouched(element)} for block, element in elements(view).items()}


def _untouched(element: dict[str, Any]) -> dict[str, Any]:
    if element["type"] == "plain_text_input":
        return {"type": "plain_text_input", "value": element.get("initial_value")}
    if element["type"] == "static_select":
        return {"type": "static_select", "selected_option": element.get("initial_option")}
    return {"type": "multi_static_select", "selected_options": element.get("initial_options", [])}


def wrote(
    written: Mapping[str, str], output: Mapping[str, Any] = LAMP, task: Task = SUMMARIZE
) -> tuple[dict[str, Any], dict[str, str]]:
    """What comes of it when a person opens the form, writes into some inputs and sends it."""
    values = untouched(opened(output, task))
    for block, text in written.items():
        values[block]["value"]["value"] = text
    return read_form(values, task, output, CALL)


def test_an_untouched_form_gives_the_output_back() -> None:
    assert read_form(untouched(opened()), SUMMARIZE, LAMP) == (LAMP, {})


def test_the_form_has_no_problem() -> None:
    assert problems(opened()) == []


def test_a_new_summary_is_taken() -> None:
    new, errors = wrote({"Summary": "A lamp came broken; a new one is sent."})

    assert (new, errors) == (LAMP | {"summary": "A lamp came broken; a new one is sent."}, {})
