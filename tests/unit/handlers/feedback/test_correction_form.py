"""The forms and cards of corrections: what a form shows comes back, and what people write in it is read or told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import Field, field_validator

from bot import task as tasks
from bot.answers.answer import Answer, KeptAnswer
from bot.answers.moderation import CATEGORIES
from bot.answers.summary import Summary
from bot.calls.transcript import Transcript, Turn
from bot.feedback.votes_and_corrections import REASONS
from bot.task import Output, Task, Topic
from handlers.feedback.correction_form import (
    changed_card,
    changes,
    conflict_card,
    form,
    read_form,
    reason_card,
    settled_card,
    taken_back,
    values_of,
    versions_modal,
)
from handlers.slack.message import Message
from tests.doubles.slack_limits import problems

PROMPTS = Path(__file__).parents[4] / "prompts"
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


def changed(before: Mapping[str, Any], **fields: Any) -> dict[str, Any]:
    return {**before, **fields}


def item(task: str, owner: str = "agent", due: str | None = None, turn: int | None = None) -> dict[str, Any]:
    return {"task": task, "owner": owner, "due": due, "turn": turn}


class Part(Output):
    name: str
    weight_kg: float | None = None
    fragile: bool | None = None


class Audit(Output):
    """A task of a team's own, with every kind of field."""

    verdict: Literal["pass", "fail"]
    severity: Literal["low", "high"] | None = None
    remark: str | None = None
    score: int = Field(ge=0, le=10)
    parts: list[Part]
    labels: list[str]
    meta: dict[str, Any]

    @field_validator("labels")
    @classmethod
    def few(cls, labels: list[str]) -> list[str]:
        if len(labels) > 3:
            raise ValueError("at most 3 labels are taken")
        return labels


AUDIT = Task("audit", "An audit.", "call", Audit, {"base": "", "tuned": ""})
AUDITED: dict[str, Any] = {
    "verdict": "fail",
    "severity": None,
    "remark": None,
    "score": 4,
    "parts": [{"name": "Bulb", "weight_kg": 0.2, "fragile": True}],
    "labels": ["late"],
    "meta": {"by": "night shift", "n": [1, 2]},
}

# What nobody touched


def test_an_untouched_form_gives_the_output_back() -> None:
    assert read_form(untouched(opened()), SUMMARIZE, LAMP) == (LAMP, {})


def test_an_untouched_form_of_a_task_of_ones_own_gives_the_output_back() -> None:
    assert read_form(untouched(opened(AUDITED, AUDIT)), AUDIT, AUDITED) == (AUDITED, {})


def test_what_a_client_leaves_out_is_unchanged() -> None:
    left_out = {block: {"value": {"value": None, "selected_option": None}} for block in elements(opened())}

    assert read_form(left_out, SUMMARIZE, LAMP) == (LAMP, {})


ODD = st.text(st.sampled_from("ab: ()[]\n\r\t\x00\u202e\u2028\xa0\u200b😀漢é<>&*_~`#,-–"), max_size=40)
TEXT = ODD | st.text(max_size=40) | st.sampled_from(["none", "-", "–", " ", "#0", "agent: x (due y) [turn 1]", FIRES])
LONG = st.builds(lambda text, times: text * times, TEXT.filter(bool), st.sampled_from([1, 2, 60, 200])) | st.just(
    "word " * 4000
)
ITEM = st.fixed_dictionaries(
    {
        "task": LONG.filter(bool),
        "owner": st.sampled_from(["agent", "customer", "other"]),
        "due": st.none() | TEXT,
        "turn": st.none() | st.integers(-9, 999),
    }
)
SHORT = st.sampled_from([item("call back"), item("call\nback", due="Friday"), item("x" * 90, "other", None, 7)])
SUMMARIES = st.fixed_dictionaries(
    {
        "summary": LONG.filter(bool),
        "topics": st.lists(TEXT | st.sampled_from([topic.name for topic in SUMMARIZE.topics]), max_size=8),
        "action_items": st.lists(ITEM, max_size=4) | st.lists(SHORT, min_size=300, max_size=300),
        "next_steps": st.lists(LONG, max_size=4),
    }
)
SLOW = settings(
    deadline=None, max_examples=12, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@SLOW
@given(SUMMARIES)
def test_whatever_the_form_shows_comes_back_and_keeps_slacks_limits(output: dict[str, Any]) -> None:
    view = opened(output, notice=FIRES, others=[("<@U2>", output)] * 3)

    assert (problems(view), read_form(untouched(view), SUMMARIZE, output)) == ([], (output, {}))


@SLOW
@given(SUMMARIES)
def test_an_edit_of_one_field_leaves_the_others_to_the_letter(output: dict[str, Any]) -> None:
    view = opened(output)
    values = untouched(view)
    values["New topics"]["value"]["value"] = "a new one"

    new, errors = read_form(values, SUMMARIZE, output)

    assert (new, errors) == (changed(output, topics=[*output["topics"], "a new one"]), {})


@SLOW
@given(LONG.map(lambda text: text[:6000]), TEXT)
def test_what_is_written_behind_a_long_text_is_added_to_it(text: str, step: str) -> None:
    output = changed(LAMP, next_steps=[text, step])
    view = opened(output)
    values, last = untouched(view), [block for block in elements(view) if block.startswith("Next steps")][-1]
    shown = values[last]["value"]["value"]
    values[last]["value"]["value"] = f"{shown}\nCall Mia."

    new, errors = read_form(values, SUMMARIZE, output)

    assert (new, errors) == (changed(output, next_steps=[text, step, "Call Mia."]), {})


@pytest.mark.parametrize("left_out", [True, False])
def test_a_form_filled_again_with_what_was_sent_gives_that_back(left_out: bool) -> None:
    typed = changed(LAMP, summary="long words " * 400, topics=["billing"], next_steps=["x " * 900, "y " * 900])
    view = opened(typed)

    values = values_of(view | {"state": {"values": {} if left_out else untouched(view)}})

    assert read_form(values, SUMMARIZE, LAMP) == (
        changed(typed, summary=typed["summary"].strip(), next_steps=["x " * 899 + "x", "y " * 899 + "y"]),
        {},
    )


# The inputs


def test_the_form_shows_the_call_the_notice_and_what_others_wrote() -> None:
    view = opened(notice="Ana was faster.", others=[("<@U2>", changed(LAMP, summary="Another."))])
    said = str(view["blocks"])

    assert all(words in said for words in ("lamp.txt", "Ana was faster.", "Version of <@U2>", "Summary: Another."))


def test_a_form_carries_its_metadata() -> None:
    view = opened()

    assert (view["callback_id"], view["private_metadata"]) == ("correction", "m")


def test_topics_are_chosen_from_the_taxonomy_and_what_the_answer_has() -> None:
    select = elements(opened())["Topics"]
    offered = [option["value"] for option in select["options"]]

    assert offered == [*(topic.name for topic in SUMMARIZE.topics), "lamps"]
    assert [option["value"] for option in select["initial_options"]] == ["product fault", "lamps"]


def test_topics_of_a_taxonomy_too_long_for_a_select_are_a_line_each() -> None:
    many = tuple(Topic(f"topic {number}", "") for number in range(100))
    task = Task("t", "", "call", Summary, SUMMARIZE.templates, many)

    assert elements(opened(LAMP, task))["Topics"]["initial_value"] == "product fault\nlamps"


def test_an_action_item_is_a_line() -> None:
    shown = elements(opened())["Action items"]["initial_value"]

    assert shown == "agent: Send a new lamp (due Friday) [turn 1]\ncustomer: Return the old one"


def test_a_long_text_is_split_over_several_inputs() -> None:
    view = opened(changed(LAMP, summary="word " * 4000))

    assert [block for block in elements(view) if "Summary" in block] == [f"Summary {n}/8" for n in range(1, 9)]


def test_what_a_form_has_no_room_for_is_told_and_stays() -> None:
    output = changed(LAMP, summary="漢" * 20_000)
    view = opened(output)
    values = untouched(view)
    values["Summary 1/8"]["value"]["value"] = "Short."

    new, errors = read_form(values, SUMMARIZE, output)

    assert "Too long for a form: Summary." in str(view["blocks"])
    assert errors == {}
    assert new["summary"].startswith("Short.")
    assert new["summary"].endswith("漢" * 2500)


def test_a_model_with_more_fields_than_a_view_has_blocks_keeps_slacks_limits() -> None:
    fields: dict[str, Any] = {f"question_{number}": (bool, ...) for number in range(120)}
    model = type("Many", (Output,), {"__annotations__": {name: kind for name, (kind, _) in fields.items()}})
    task, output = Task("many", "", "call", model, SUMMARIZE.templates), dict.fromkeys(fields, True)
    view = opened(output, task)

    assert (problems(view), read_form(untouched(view), task, output)) == ([], (output, {}))


def test_every_kind_of_field_has_its_input() -> None:
    view = opened(AUDITED, AUDIT)

    assert problems(view) == []
    assert {block: element["type"] for block, element in elements(view).items()} == {
        "Verdict": "static_select",
        "Severity": "static_select",
        "Remark": "plain_text_input",
        "Score": "plain_text_input",
        "Parts": "plain_text_input",
        "Labels": "plain_text_input",
        "Meta": "plain_text_input",
    }


# What people write


def test_a_new_summary_is_taken() -> None:
    new, errors = wrote({"Summary": "A lamp came broken; a new one is sent."})

    assert (new, errors) == (changed(LAMP, summary="A lamp came broken; a new one is sent."), {})


def test_items_can_be_added_removed_and_put_into_another_order() -> None:
    first, second = LAMP["action_items"]

    new, errors = wrote({"Action items": "customer: Return the old one\nother: Call Mia (due Monday)"})
    turned, _ = wrote({"Action items": "customer: Return the old one\nagent: Send a new lamp (due Friday) [turn 1]"})

    assert (new["action_items"], errors) == ([second, item("Call Mia", "other", "Monday")], {})
    assert turned["action_items"] == [second, first]


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ("agent: call back", item("call back")),
        ("Agent :  call back", item("call back")),
        ("- agent: call back", item("call back")),
        ("2. agent: call back", item("call back")),
        ("agent：call back", item("call back")),
        ("agent: call back (due Friday)", item("call back", due="Friday")),
        ("agent: call back (DUE Friday)", item("call back", due="Friday")),
        ("agent: call back [turn 3]", item("call back", turn=3)),
        ("agent: call back (due Friday) [turn 3]", item("call back", due="Friday", turn=3)),
        ("agent: call back [turn 3] (due Friday)", item("call back", due="Friday", turn=3)),
        ("agent: call back (due Friday (noon))", item("call back", due="Friday (noon)")),
        ("agent: call (see above) back", item("call (see above) back")),
        ("agent: call back (the shop)", item("call back (the shop)")),
        ("agent: write: call back", item("write: call back")),
        ("Mia: call back", item("call back", "customer")),
        ("tom: call back", item("call back", "agent")),
    ],
)
def test_a_line_is_read_as_an_item(line: str, read: dict[str, Any]) -> None:
    new, errors = wrote({"Action items": line})

    assert (new["action_items"], errors) == ([read], {})


def test_a_line_keeps_what_a_form_cannot_show() -> None:
    output = changed(LAMP, action_items=[item("Send\na lamp"), item("Call\x00 Mia")])

    new, _ = wrote({"Action items": "agent: Call Mia\nagent: Ship it"}, output)

    assert new["action_items"] == [item("Call\x00 Mia"), item("Ship it")]


@pytest.mark.parametrize("nothing", ["", "none", " None ", "-"])
def test_a_list_can_be_emptied(nothing: str) -> None:
    new, errors = wrote({"Action items": nothing, "Next steps": nothing})

    assert (new["action_items"], new["next_steps"], errors) == ([], [], {})


def test_a_part_of_a_long_text_can_be_left_out() -> None:
    output = changed(LAMP, summary="one " * 600 + "two " * 600)

    new, errors = wrote({"Summary 1/2": "Short.", "Summary 2/2": "none"}, output)

    assert (new["summary"], errors) == ("Short.", {})


def chose(topics: Sequence[str], new_topics: str = "") -> list[str]:
    values = untouched(opened())
    values["Topics"]["value"]["selected_options"] = [{"value": topic} for topic in topics]
    values["New topics"]["value"]["value"] = new_topics or None
    new, _ = read_form(values, SUMMARIZE, LAMP)
    found: list[str] = new["topics"]
    return found


def test_topics_that_stay_keep_their_order_before_those_that_come() -> None:
    assert chose(["billing", "lamps", "product fault"]) == ["product fault", "lamps", "billing"]


def test_all_topics_can_be_taken_away() -> None:
    assert chose([]) == []


def test_new_topics_stand_between_commas_and_take_the_taxonomys_spelling() -> None:
    assert chose(["lamps"], "warm  light, Billing,, lamps") == ["lamps", "warm light", "billing"]


def test_choices_of_a_task_are_read() -> None:
    output = {"toxic": True, "categories": ["insult"]}
    values = untouched(opened(output, MODERATE))
    values["Toxic"]["value"]["selected_option"] = {"value": "no"}
    values["Categories"]["value"]["selected_options"] = []

    assert read_form(values, MODERATE, output) == ({"toxic": False, "categories": []}, {})


def test_the_categories_of_moderation_are_all_offered() -> None:
    select = elements(opened({"toxic": False, "categories": []}, MODERATE))["Categories"]

    assert tuple(option["value"] for option in select["options"]) == CATEGORIES


def test_the_fields_of_a_task_of_ones_own_are_read() -> None:
    written = {
        "Score": "7",
        "Parts": "Bulb [weight kg 0.5]\nShade [fragile no]",
        "Meta": '{"by": "day"}',
        "Remark": "x",
    }

    new, errors = wrote(written, AUDITED, AUDIT)

    parts = [
        {"name": "Bulb", "weight_kg": 0.5, "fragile": None},
        {"name": "Shade", "weight_kg": None, "fragile": False},
    ]
    assert (new, errors) == (changed(AUDITED, score=7, parts=parts, meta={"by": "day"}, remark="x"), {})


# What cannot be taken


@pytest.mark.parametrize(
    ("block", "text", "told"),
    [
        ("Summary", "", "Write something here."),
        (
            "Action items",
            "agent: x\ncall back",
            "Line 2: write who does it, like `agent: call back` (agent, customer or other).",
        ),
        (
            "Action items",
            "\n\nbob: call back",
            "Line 3: write who does it, like `agent: call back` (agent, customer or other).",
        ),
        ("Action items", "agent:", "Line 1, task: write something here."),
        ("Action items", "agent: x\nagent: y [turn two]", "Line 2, turn: write a whole number, like 3."),
    ],
)
def test_a_fault_is_told_at_its_field(block: str, text: str, told: str) -> None:
    _, errors = wrote({block: text})

    assert errors == {block: told}


@pytest.mark.parametrize(
    ("block", "text", "told"),
    [
        ("Meta", "{", "This isn't valid JSON: look at line 1."),
        ("Meta", "[" * 3000, "This isn't valid JSON."),
        ("Meta", "[]", "Input should be a valid dictionary."),
        ("Score", "11", "Input should be less than or equal to 10."),
        ("Labels", "a\nb\nc\nd", "At most 3 labels are taken."),
        ("Parts", "Bulb [fragile maybe]", "Line 1, fragile: write yes or no."),
    ],
)
def test_a_fault_in_a_task_of_ones_own_is_told_at_its_field(block: str, text: str, told: str) -> None:
    _, errors = wrote({block: text}, AUDITED, AUDIT)

    assert errors == {block: told}


def test_a_fault_in_a_long_list_is_told_at_the_part_where_it_stands() -> None:
    output = changed(LAMP, action_items=[item(f"do the thing number {number}") for number in range(200)])

    _, errors = wrote({"Action items 2/3": "agent: fine\nnot so"}, output)

    assert list(errors) == ["Action items 2/3"]
    assert errors["Action items 2/3"].startswith("Line 2: ")


def test_many_faults_at_one_field_are_told_in_brief() -> None:
    _, errors = wrote({"Action items": "x\n" * 9})

    assert errors["Action items"].endswith("There are 6 more like this.")


# What changed


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("summary", "Other words.", ["Summary: A lamp arrived broken. → Other words."]),
        ("topics", ["product fault", "billing"], ["Topics: + billing, − lamps"]),
        ("topics", ["lamps", "product fault"], ["Topics: reordered"]),
        ("action_items", [*LAMP["action_items"], item("call back")], ["Action items: + call back (Agent)"]),
        ("action_items", LAMP["action_items"][:1], ["Action items: − Return the old one (Customer)"]),
        ("action_items", LAMP["action_items"][::-1], ["Action items: reordered"]),
        (
            "action_items",
            [item("Send a new lamp", "other", "Monday", 1), LAMP["action_items"][1]],
            ["Action items: ~ Send a new lamp · owner agent → other · due Friday → Monday"],
        ),
        ("next_steps", ["Mia returns the old one."], ["Next steps: − The lamp ships today."]),
        (
            "next_steps",
            ["The lamp ships on Monday.", "Mia returns the old one."],
            ["Next steps: ~ The lamp ships today. → The lamp ships on Monday."],
        ),
    ],
)
def test_a_change_is_told_in_short(field: str, value: Any, told: list[str]) -> None:
    assert changes(LAMP, changed(LAMP, **{field: value})) == told


def test_a_long_text_is_told_from_where_it_changed() -> None:
    text = "The lamp from the order of last week came with its glass in pieces and goes back on {}."

    told = changes({"summary": text.format("Monday")}, {"summary": text.format("Tuesday")})

    assert told == ["Summary: … and goes back on Monday. → … and goes back on Tuesday."]


def test_long_texts_stand_on_a_line_each_and_are_cut_between_words() -> None:
    told = changes({"summary": "The lamp broke. " * 20}, {"summary": "It fell down. " * 5})

    assert told == [
        "Summary: − " + "The lamp broke. " * 9 + "The lamp …",
        "Summary: + " + ("It fell down. " * 5).strip(),
    ]


def test_no_change_is_no_line() -> None:
    assert changes(LAMP, dict(LAMP)) == []


def test_a_yes_that_became_a_no_is_told() -> None:
    assert changes({"toxic": True}, {"toxic": False}) == ["Toxic: yes → no"]


# Cards


def sent(message: Message) -> dict[str, Any]:
    return {"text": message.text, "blocks": message.blocks}


def buttons(blocks: Sequence[Mapping[str, Any]]) -> list[tuple[str, str, str]]:
    found = [element for block in blocks for element in [*block.get("elements", []), block.get("accessory", {})]]
    return [(each["text"]["text"], each["action_id"], each["value"]) for each in found if each.get("type") == "button"]


def cells(message: Message) -> list[list[str]]:
    return [[cell["text"] for cell in block["fields"]] for block in message.blocks if "fields" in block]


def test_a_card_tells_who_changed_what() -> None:
    card = changed_card("r1", "<@U1>", ["Summary: old → new", "Topics: + billing"])

    assert card.text == "✏️ <@U1> corrected the answer. Summary: old → new; Topics: + billing"
    assert [block["text"]["text"] for block in card.blocks][1:] == ["Summary: old → new", "Topics: + billing"]


def test_no_card_is_taken_for_the_reply_to_the_request() -> None:
    cards = [
        changed_card("r1", "<@U1>", ["x"]),
        conflict_card("r1", "k", [("e1", "<@U1>", LAMP), ("e2", "<@U2>", LAMP)]),
    ]

    assert all(card.blocks[0]["block_id"] != "wrapup:r1" for card in cards)


def test_two_corrections_stand_side_by_side_where_they_differ() -> None:
    other = changed(LAMP, summary="Another.", action_items=LAMP["action_items"][:1])

    card = conflict_card("r1", "k", [("e1", "<@U1>", LAMP), ("e2", "<@U2>", other)])

    assert cells(card) == [
        ["*1* · <@U1>", "*2* · <@U2>"],
        ["1. A lamp arrived broken.", "2. Another."],
        [
            "1. \n• Return the old one (Customer)\n(and 1 that all versions have)",
            "2. none\n(and 1 that all versions have)",
        ],
    ]


def test_each_correction_in_a_conflict_can_be_picked_or_edited() -> None:
    card = conflict_card("r1", "k", [("e1", "<@U1>", LAMP), ("e2", "Ana", changed(LAMP, topics=[]))])

    assert buttons(card.blocks) == [
        ("Use version 1", "pick_0", "k|e1"),
        ("Use Ana's", "pick_1", "k|e2"),
        ("Edit", "correct", "k"),
    ]


def test_a_conflict_that_was_settled_says_by_whom_and_how() -> None:
    assert settled_card("<@U1>", "<@U2>").text == "⚖️ Settled by <@U1> with the version by <@U2>."
    assert settled_card("<@U1>").text == "⚖️ Settled by <@U1> with a new version."


def test_long_texts_that_begin_alike_are_shown_from_where_they_differ() -> None:
    versions = [(f"e{n}", f"<@U{n}>", changed(LAMP, summary="word " * 3000 + f"end {n}")) for n in range(2)]

    card = conflict_card("r1", "k", versions)

    assert [cell[-5:] for cell in cells(card)[1]] == ["end 0", "end 1"]


def test_a_reason_is_one_click() -> None:
    pressed = buttons(reason_card("k").blocks)

    assert [value for _, _, value in pressed] == [*(f"k|{reason}" for reason in REASONS), "k"]
    assert [action for _, action, _ in pressed] == [*(f"reason_{n}" for n in range(len(REASONS))), "correct"]


def test_versions_can_be_taken_back_by_who_made_them() -> None:
    versions = [("e2", "<@U2> · today", LAMP), ("e1", "<@U1> · today", LAMP), ("", "The model", LAMP)]

    view = versions_modal(kept(), versions, own=["e1"], metadata="m")

    assert (buttons(view["blocks"]), view["private_metadata"]) == ([("Take back", "take_back", "k#0|e1")], "m")


def test_versions_that_do_not_fit_are_counted() -> None:
    view = versions_modal(kept(), [(f"e{n}", "<@U1>", changed(LAMP, summary="word " * 900)) for n in range(60)])

    assert problems(view) == []
    assert "older versions" in str(view["blocks"][-1])


def test_the_windows_and_cards_without_words_of_others_have_no_problem() -> None:
    assert [*problems(taken_back()), *problems(sent(reason_card("k" * 300)))] == []


@SLOW
@given(st.lists(SUMMARIES, min_size=2, max_size=3), st.integers(1, 4))
def test_cards_of_any_outputs_keep_slacks_limits(outputs: list[dict[str, Any]], times: int) -> None:
    versions = [(f"e{n}", f"<@U{n}>", output) for n, output in enumerate(outputs * times)]
    cards = [
        sent(conflict_card("r" * 300, "k", versions)),
        sent(changed_card("r" * 300, "<@U1>", changes(outputs[0], outputs[1]))),
    ]

    assert [problem for card in [*cards, versions_modal(kept(), versions)] for problem in problems(card)] == []


def test_nothing_but_the_mention_of_who_made_it_fires() -> None:
    output = {"summary": FIRES, "topics": [FIRES], "action_items": [item(FIRES, due=FIRES)], "next_steps": [FIRES]}
    versions = [("e1", "<@U1>", output), ("e2", FIRES, LAMP)]
    shown = [
        *conflict_card("r1", "k", versions).blocks,
        *changed_card("r1", "<@U1>", changes(LAMP, output)).blocks,
        *versions_modal(kept(), versions)["blocks"],
        *opened(output, notice=FIRES, others=[("Ana <!here>", output)])["blocks"],
    ]

    said = [node["text"] for node in objects(shown) if node.get("type") == "mrkdwn"]

    assert not [text for text in said if "<!" in text or "<http" in text or "*bold*" in text or ":tada:" in text]


def objects(node: Any) -> list[dict[str, Any]]:
    if isinstance(node, dict):
        return [node, *objects(list(node.values()))]
    return [found for each in node for found in objects(each)] if isinstance(node, list) else []
