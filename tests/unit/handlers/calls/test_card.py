"""What the bot shows in Slack, inside Slack's limits whatever a call holds."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.answers.answer import Answer, KeptAnswer
from bot.answers.moderation import Moderation
from bot.answers.reply import Usage
from bot.answers.summary import ActionItem, Summary
from bot.calls.transcript import Transcript, Turn
from bot.feedback.votes_and_corrections import STATES
from bot.models.audit import Entry
from bot.task import Output, Task, Unverified
from handlers.calls.card import IN_THE_FILE, SENT_DIRECTLY, answers, as_text, hint, posted, usage
from handlers.calls.windows import ask_modal, text_modal, transcript_modal
from handlers.retrain.dataset_card import collected, exported, history
from handlers.slack.message import Message, problem, status
from handlers.slack.mrkdwn import clean, clip, code, flat, pieces, size, units
from tests.doubles.slack_limits import problems

CALL = Transcript(
    "call-7",
    (Turn(0, "customer", "My lamp is broken.", "Mia", 0.0, 4.0), Turn(1, "agent", "I'll send a new lamp.", None, 65.2)),
    "plain",
    ("The speakers were inferred.",),
)
LAMP = Summary(
    summary="A lamp arrived broken.",
    topics=["damaged item", "replacement"],
    action_items=[
        ActionItem(task="Send a new lamp", owner="agent", due="today", turn=1),
        ActionItem(task="Return the old one", owner="customer", turn=99),
    ],
    next_steps=["The lamp ships today.", "Mia returns the old one."],
)
PASTED = "call-0123456789abcdef"
UNVERIFIED = (Unverified(1, "no such turn: 99"),)
FIRES = (
    "<!channel> <@U1> *bold* _slanted_ ~gone~ `code` :tada: <https://x.example|click> https://x.example @here\n> quote"
)


def kept(
    output: Output = LAMP, key: str = "k1", file: str = "lamp.txt", call: str = "call-7", **more: Any
) -> KeptAnswer:
    answer = Answer(call, "summarize", "embedded", "3fa9c1d2b7e4", output, (), 1, None, 1432)
    return KeptAnswer(key, "r1", file, "U1", "C1", CALL, replace(answer, **more))


def sent(message: Message) -> dict[str, Any]:
    return {"text": message.text, "blocks": message.blocks}


def texts(blocks: list[dict[str, Any]], kind: str = "") -> list[str]:
    """The text of every text object, of one type if it is named, in order."""
    return [node["text"] for node in objects(blocks) if isinstance(node.get("text"), str) and kind in node["type"]]


def objects(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
        node = list(node.values())
    if isinstance(node, list):
        for each in node:
            yield from objects(each)


# What an answer shows


def test_a_summary_stands_under_four_headings_in_order() -> None:
    shown = "\n".join(texts(answers("r1", [kept()], []).blocks))

    assert re.findall(r"\*(.+?)\*", shown) == ["Summary", "Topics", "Action items", "Next steps"]


def test_topics_are_tags() -> None:
    shown = texts(answers("r1", [kept()], []).blocks)

    assert "*Topics*\n`damaged item`  `replacement`" in shown


def test_an_action_item_has_its_owner_due_and_turn_beside_it() -> None:
    shown = texts(answers("r1", [kept()], []).blocks)

    assert shown[shown.index("• Send a new lamp") + 1] == "Agent · today · turn 1"


def test_an_action_item_without_evidence_is_marked_with_the_reason() -> None:
    shown = texts(answers("r1", [kept(unverified=UNVERIFIED)], []).blocks)

    assert shown[shown.index("• Return the old one") + 1] == "Customer · turn 99\n⚠️ unverified: no such turn: 99"


def test_next_steps_are_numbered() -> None:
    shown = texts(answers("r1", [kept()], []).blocks)

    assert {"1. The lamp ships today.", "2. Mia returns the old one."} <= set(shown)


def test_an_empty_list_says_none() -> None:
    shown = texts(answers("r1", [kept(LAMP.model_copy(update={"topics": []}))], []).blocks)

    assert "*Topics*\nnone" in shown


def test_another_task_has_a_heading_for_each_field() -> None:
    shown = texts(answers("r1", [kept(Moderation(toxic=True, categories=["insult", "threat"]))], []).blocks)

    assert {"*Toxic*\nyes", "*Categories*\n`insult`  `threat`"} <= set(shown)


def test_a_field_that_holds_objects_in_objects_is_put_in_words() -> None:
    class Nested(Output):
        score: float
        caller: dict[str, Any]
        remark: str | None

    shown = texts(answers("r1", [kept(Nested(score=0.5, caller={"plan": {"name": "gold"}}, remark=None))], []).blocks)

    assert {"*Score*\n0.5", "plan: name: gold", "*Remark*\n–"} <= set(shown)


def test_the_footer_says_that_the_embedded_model_quotes() -> None:
    shown = texts(answers("r1", [kept()], []).blocks)

    assert "built-in model (quotes the call) · prompt 3fa9c1d2b7e4 · 1.4 s" in shown


def test_the_footer_counts_parts_and_tokens_where_they_are_known() -> None:
    shown = texts(answers("r1", [kept(model="nova", parts=3, usage=Usage(4210, 88))], []).blocks)

    assert "nova · prompt 3fa9c1d2b7e4 · 3 parts · 4,210 + 88 tokens · 1.4 s" in shown


def test_the_footer_tells_short_times_in_milliseconds() -> None:
    shown = texts(answers("r1", [kept(latency_ms=15)], []).blocks)

    assert "built-in model (quotes the call) · prompt 3fa9c1d2b7e4 · 15 ms" in shown


def test_the_menu_names_the_answer_in_each_choice() -> None:
    menus = [node for node in objects(answers("r1", [kept(key="k9")], []).blocks) if node.get("type") == "overflow"]

    choices = [option["value"] for option in menus[0]["options"]]
    assert choices == ["copy|k9", "transcript|k9", "versions|k9", "forget|k9", "delete|k9"]


def test_each_of_several_calls_has_its_own_menu() -> None:
    calls = [kept(key=f"k{n}", call=f"call-{n}") for n in range(3)]

    menus = [node for node in objects(answers("r1", calls, []).blocks) if node.get("action_id") == "answer_menu"]

    assert [menu["options"][0]["value"] for menu in menus] == ["copy|k0", "copy|k1", "copy|k2"]


def test_calls_of_one_file_are_told_apart_by_their_ids() -> None:
    message = answers("r1", [kept(key="a", call="call-1"), kept(key="b", call="call-2")], [])

    assert {"lamp.txt · call-1", "lamp.txt · call-2"} <= set(texts(message.blocks))


def test_an_id_that_is_a_mere_hash_is_not_shown_beside_its_file() -> None:
    message = answers("r1", [kept(call=PASTED)], [])

    assert message.blocks[0]["text"]["text"] == "lamp.txt"


def test_a_uuid_is_not_shown_beside_its_file() -> None:
    message = answers("r1", [kept(call="7f1e9a52-0b1c-4d0e-9a35-0123456789ab")], [])

    assert message.blocks[0]["text"]["text"] == "lamp.txt"


def test_a_thread_is_called_a_wrap_up() -> None:
    message = answers("r1", [kept(file="", call="thread-1795547582.000001")], [])

    assert message.blocks[0]["text"]["text"] == "Wrap-up"


@pytest.mark.parametrize(("task", "name"), [("summarize", "Wrap-up"), ("moderate", "Moderate")])
def test_pasted_text_without_a_file_is_called_after_its_task(task: str, name: str) -> None:
    message = answers("r1", [kept(file="", call=PASTED, task=task)], [])

    assert message.blocks[0]["text"]["text"] == name


def test_files_that_could_not_be_read_stand_after_the_answers() -> None:
    shown = texts(answers("r1", [kept()], [("scan.pdf", "It holds no text.")]).blocks)

    assert shown[-2:] == ["*Left out*", "⚠️ scan.pdf: It holds no text."]


def test_what_was_left_out_of_no_file_is_a_sentence_alone() -> None:
    message = answers("r1", [kept()], [("", "Only the first 60 calls are wrapped up.")])

    assert "⚠️ Only the first 60 calls are wrapped up." in texts(message.blocks)
    assert "couldn't be read" not in message.text


def test_where_nothing_could_be_read_nothing_is_called_left_out() -> None:
    shown = texts(answers("r1", [], [("scan.pdf", "It holds no text.")]).blocks)

    assert shown == ["*I couldn't read these*", "⚠️ scan.pdf: It holds no text."]


def test_a_reply_without_any_answer_tells_what_could_not_be_read() -> None:
    message = answers("r1", [], [("scan.pdf", "It holds no text.")])

    assert (message.text, problems(sent(message))) == ("1 file couldn't be read.", [])


def test_what_could_not_be_read_of_no_file_begins_as_a_sentence() -> None:
    shown = texts(answers("r1", [], [("", "this is no call log.")]).blocks)

    assert shown[-1] == "⚠️ This is no call log."


def test_the_first_block_names_the_request() -> None:
    assert answers("r1", [kept()], []).blocks[0]["block_id"] == "wrapup:r1"


def test_the_text_of_a_reply_says_the_gist() -> None:
    assert answers("r1", [kept()], []).text == "Wrap-up of lamp.txt · call-7: A lamp arrived broken."


def test_the_text_of_a_reply_to_pasted_text_says_the_gist_alone() -> None:
    assert answers("r1", [kept(file="", call=PASTED)], []).text == "Wrap-up: A lamp arrived broken."


def test_the_text_of_a_reply_names_what_its_yes_or_no_is_about() -> None:
    comment = kept(Moderation(toxic=True, categories=["insult"]), file="", call=PASTED, task="moderate")

    assert answers("r1", [comment], []).text == "Moderate: toxic: yes"


def test_the_text_of_a_reply_about_several_calls_names_them() -> None:
    calls = [kept(key="a", file="a.txt", call="call-1"), kept(key="b", file="b.txt", call="call-2")]

    assert answers("r1", calls, []).text == "Wrap-up of 2 calls: a.txt · call-1, b.txt · call-2."


def test_calls_that_are_shown_whole_stand_apart() -> None:
    kinds = [block["type"] for block in answers("r1", [kept(key="a"), kept(key="b")], []).blocks]

    assert kinds.count("divider") == 1
    assert kinds[kinds.index("divider") + 1] == "header"


def test_a_private_reply_can_be_posted_to_the_channel() -> None:
    last = answers("r1", [kept()], [], private=True).blocks[-1]["elements"]

    assert [each["action_id"] for each in last] == [
        "post_to_channel", "thumb_up", "thumb_down", "correct", "answer_menu",
    ]  # fmt: skip
    assert last[0]["value"] == "r1"


def test_a_posted_reply_tells_who_posted_it() -> None:
    message = answers("r1", [kept()], [], posted_by="U1")

    assert message.blocks[0]["elements"][0]["text"] == "Posted by <@U1>"
    assert message.blocks[0]["block_id"] == "wrapup:r1"


def test_who_posted_a_reply_cannot_call_anybody_else() -> None:
    assert texts(answers("r1", [kept()], [], posted_by="U1> <!channel").blocks)[0] == (
        "Posted by <@U1&gt; &lt;!channel>"
    )


def test_a_reply_that_fills_a_message_has_room_for_who_posted_it() -> None:
    long = [kept(LAMP.model_copy(update={"summary": "word " * 400}), f"k{n}") for n in range(60)]

    assert problems(sent(answers("r1", long, [], posted_by="U1"))) == []


def test_a_private_reply_without_any_answer_has_nothing_to_post() -> None:
    message = answers("r1", [], [("scan.pdf", "It holds no text.")], private=True)

    assert not [block for block in message.blocks if block["type"] == "actions"]


def test_the_button_of_several_calls_is_no_part_of_one_of_them() -> None:
    last = answers("r1", [kept(key="a"), kept(key="b")], [], private=True).blocks[-1]["elements"]

    assert [each["action_id"] for each in last] == ["post_to_channel"]


# What does not fit


def test_an_answer_that_fits_has_no_file() -> None:
    message = answers("r1", [kept()], [])

    assert (message.overflow, IN_THE_FILE in texts(message.blocks)) == ("", False)


def test_what_does_not_fit_is_whole_in_the_file() -> None:
    many = LAMP.model_copy(update={"next_steps": [f"Step number {n} of many." for n in range(10_000)]})

    message = answers("r1", [kept(many)], [("scan.pdf", "It holds no text.")])

    assert all(f"Step number {n} of many." in message.overflow for n in (0, 5_000, 9_999))
    assert "A lamp arrived broken." in message.overflow
    assert "scan.pdf: It holds no text." in message.overflow


def test_a_message_says_that_there_is_more_in_the_file() -> None:
    long = LAMP.model_copy(update={"summary": "word " * 8_000})

    assert IN_THE_FILE in texts(answers("r1", [kept(long)], []).blocks)


def test_a_long_summary_leaves_room_for_the_other_fields() -> None:
    long = LAMP.model_copy(update={"summary": "x" * 40_000})

    shown = texts(answers("r1", [kept(long)], []).blocks)

    assert {"• Send a new lamp", "1. The lamp ships today."} <= set(shown)


def test_a_list_that_is_cut_says_how_much_of_it_is_shown() -> None:
    items = [ActionItem(task=f"Task {n}", owner="agent", turn=n) for n in range(10_000)]

    shown = texts(answers("r1", [kept(LAMP.model_copy(update={"action_items": items}))], []).blocks)

    heading = next(text for text in shown if text.startswith("*Action items*"))
    assert heading == f"*Action items*  ({sum(text.startswith('• Task') for text in shown)} of 10,000 shown)"


def test_of_many_calls_the_message_says_how_many_it_shows() -> None:
    message = answers("r1", [kept(key=f"k{n}", call=f"call-{n}") for n in range(60)], [])

    shown = sum(block["type"] == "header" for block in message.blocks)
    assert 5 <= shown < 60
    assert f"{shown} of 60 calls are shown here. {IN_THE_FILE}" in texts(message.blocks)


def test_a_private_message_says_that_the_file_was_sent_directly() -> None:
    long = LAMP.model_copy(update={"summary": "word " * 8_000})

    shown = texts(answers("r1", [kept(long)], [], private=True).blocks)

    assert (SENT_DIRECTLY in shown, IN_THE_FILE in shown) == (True, False)


@pytest.mark.parametrize("private", [False, True])
def test_four_ordinary_calls_are_shown_whole(private: bool) -> None:
    steps = ["The lamp ships today.", "Mia returns the old one.", "Mia gets a mail with the number of the parcel."]
    ordinary = LAMP.model_copy(update={"summary": "A lamp arrived broken. " * 20, "next_steps": steps})

    message = answers("r1", [kept(ordinary, key=f"k{n}", call=f"call-{n}") for n in range(4)], [], private=private)

    assert sum(text.startswith("3. Mia gets") for text in texts(message.blocks)) == 4
    assert not message.overflow
    assert problems(sent(message)) == []


@pytest.mark.parametrize("sign", ["😀", "漢", "x"])
def test_long_summaries_of_several_calls_keep_their_room(sign: str) -> None:
    long = LAMP.model_copy(update={"summary": sign * 10_000})

    message = answers("r1", [kept(long, key=f"k{n}", call=f"call-{n}") for n in range(5)], [])

    assert len(json.dumps(message.blocks)) <= 12_000


def test_of_many_calls_each_has_its_counts() -> None:
    shown = texts(answers("r1", [kept(key=f"k{n}", call=f"call-{n}") for n in range(60)], []).blocks)

    assert "2 topics · 2 action items · 2 next steps" in shown


def test_one_thing_is_counted_in_the_singular() -> None:
    one = LAMP.model_copy(update={"topics": ["refund"], "next_steps": ["It ships."]})

    shown = texts(answers("r1", [kept(one, key=f"k{n}", call=f"call-{n}") for n in range(60)], []).blocks)

    assert "1 topic · 2 action items · 1 next step" in shown


# What fires


def test_words_of_others_reach_no_mrkdwn() -> None:
    output = Summary(
        summary=FIRES,
        topics=["billing"],
        action_items=[ActionItem(task=FIRES, owner="agent", due=FIRES)],
        next_steps=[FIRES],
    )

    message = answers("r1", [kept(output, file=FIRES, call=FIRES, model=FIRES)], [(FIRES, FIRES)])

    assert not [text for text in texts(message.blocks, "mrkdwn") if "channel" in text]


def test_plain_text_of_others_turns_no_emoji() -> None:
    message = answers("r1", [kept(LAMP.model_copy(update={"summary": FIRES}))], [])

    holding = [node for node in objects(message.blocks) if ":tada:" in str(node.get("text")) and "emoji" in node]
    assert [node["emoji"] for node in holding] == [False]


@pytest.mark.parametrize("sign", ["<", ">", "*", "~", "\n", "`", "@U1>", ":tada:"])
def test_nothing_in_a_tag_fires(sign: str) -> None:
    assert sign not in code(FIRES, 500)[1:-1]


@pytest.mark.parametrize("sign", ["<", ">", "*", "~", "`", " _", "_ ", "\n", ":tada:"])
def test_nothing_in_a_notification_fires(sign: str) -> None:
    assert sign not in answers("r1", [kept(LAMP.model_copy(update={"summary": FIRES}))], []).text


def test_a_notification_keeps_the_underscores_of_a_file_name() -> None:
    assert flat("call_log_1.txt") == "call_log_1.txt"


def test_a_notification_keeps_entities_whole_when_it_is_cut() -> None:
    assert flat("&" * 50, 23) == "&amp;" * 4 + "…"


@pytest.mark.parametrize("harm", ["\x00", "\x1b", "\ud800", "\u202e", "\u2067", "\x7f", "\r"])
def test_harmful_characters_are_taken_out(harm: str) -> None:
    assert harm not in clean(f"before{harm}after")


@pytest.mark.parametrize("nothing", ["", " \n ", "\u200b", "\x00", "\u202e"])
def test_text_with_nothing_to_see_is_a_dash(nothing: str) -> None:
    assert clean(nothing) == "–"


def test_the_joiners_of_an_emoji_stay() -> None:
    assert clean("👩‍🚒 نعم") == "👩‍🚒 نعم"


@given(st.text(max_size=300), st.integers(20, 100))
def test_a_clipped_text_is_as_small_as_it_should_be(text: str, most: int) -> None:
    assert size(clip(text, most)) <= most
    assert units(clip(text, most, units)) <= most


@given(st.text(alphabet="ab 😀é\n", min_size=1, max_size=400).filter(str.strip))
def test_pieces_lose_no_letter(text: str) -> None:
    assert re.sub(r"\s", "", "".join(pieces(text, 60))) == re.sub(r"\s", "", text)


# Progress, failures, help


def test_the_status_says_what_is_done() -> None:
    message = status("r1", "Reading part 2 of 5 …")

    assert (message.text, texts(message.blocks)) == ("Reading part 2 of 5 …", ["⏳ Reading part 2 of 5 …"])


def test_a_failure_has_its_incident_number_and_a_button_to_try_again() -> None:
    message = problem("r1", "The model does not answer.", incident="7F3A", again=True)

    assert texts(message.blocks) == ["⚠️ The model does not answer.", "Incident 7F3A", "Try again"]
    assert message.blocks[-1]["elements"][0]["value"] == "r1"


def test_a_failure_that_stays_has_no_button() -> None:
    assert [block["type"] for block in problem("r1", "It holds no text.").blocks] == ["section"]


def test_a_private_answer_that_was_posted_leaves_a_note() -> None:
    message = posted()

    assert (message.text, texts(message.blocks)) == ("Posted to the channel.", ["✅ Posted to the channel."])


ANSWERING = {"summarize": "embedded"}
COLLECTED: dict[str, Any] = {
    "answers": 1,
    "pairs": 1,
    "since_export": 1,
    **dict.fromkeys(STATES, 0),
    "approved": 1,
    "by_label": {"approved": 1},
    "by_source": {"upload": 1},
    "by_task": {"summarize": 1},
    "by_reviewer": {"U1": 1},
    "by_week": {"2026-W48": 1},
}


def test_the_training_data_is_told_by_label_source_task_week_and_reviewer() -> None:
    message = collected(COLLECTED, ANSWERING)

    assert message.text == "1 training example, 1 of them since the last export."
    assert [[cell["text"] for cell in block["fields"]] for block in message.blocks if "fields" in block] == [
        ["*Current model*", "summarize: embedded"],
        ["*Label*", "approved: 1"],
        ["*Source*", "upload: 1"],
        ["*Task*", "summarize: 1"],
        ["*Week of*", "23 Nov: 1"],
        ["*Reviewer*", "<@U1>: 1"],
    ]


def test_conflicts_that_wait_are_told_with_the_training_data() -> None:
    assert (
        texts(collected(COLLECTED | {"conflict": 2}, ANSWERING).blocks)[-1] == "⚖️ 2 conflicts for a reviewer to settle."
    )


@pytest.mark.parametrize(
    "message",
    [
        hint(),
        usage(),
        posted(),
        collected(COLLECTED, ANSWERING),
        status("r", FIRES),
        problem("r", "x" * 9_000, "7F", again=True),
    ],
)
def test_small_messages_keep_the_limits(message: Message) -> None:
    assert problems(sent(message)) == []


# Modals


def task(name: str) -> Task:
    return Task(name, "What it asks. " * 20, "call", Summary, {"base": "", "tuned": ""})


def test_the_form_takes_text_and_files_and_carries_its_metadata() -> None:
    form = ask_modal([task("summarize")], "C1")

    assert ([block["block_id"] for block in form["blocks"]], form["private_metadata"]) == (["text", "files"], "C1")


def test_the_form_asks_for_the_task_where_there_is_a_choice() -> None:
    form = ask_modal([task("moderate"), task("summarize")], "C1")

    chosen = form["blocks"][-1]["element"]["initial_option"]
    assert chosen["value"] == "summarize"
    assert chosen["text"]["text"].startswith("Summarize: What it asks.")


@pytest.mark.parametrize("count", [1, 2, 150])
def test_the_form_keeps_the_limits(count: int) -> None:
    assert problems(ask_modal([task(f"task-{n}") for n in range(count)], "C1")) == []


def test_the_transcript_is_shown_with_notes_numbers_speakers_and_times() -> None:
    shown = texts(transcript_modal(kept())["blocks"])

    assert shown[1:] == [
        "Note: The speakers were inferred.",
        "[0] Customer (Mia) · 0:00\nMy lamp is broken.",
        "[1] Agent · 1:05\nI'll send a new lamp.",
    ]


def test_a_transcript_that_does_not_fit_says_how_many_turns_are_left() -> None:
    turns = tuple(Turn(n, "agent", f"Turn {n}: {'word ' * 40}") for n in range(3_000))
    long = replace(kept(), transcript=Transcript("call-7", turns))

    shown = texts(transcript_modal(long)["blocks"])

    whole = sum(text.count("] Agent\n") for text in shown)
    assert shown[-1] == f"{3_000 - whole:,} more turns"


def test_the_text_to_copy_is_the_whole_answer() -> None:
    copied = "\n".join(texts(text_modal(kept(unverified=UNVERIFIED))["blocks"]))

    assert [line for line in as_text([kept(unverified=UNVERIFIED)]).splitlines() if line] == copied.splitlines()


def test_the_answer_as_text_is_markdown() -> None:
    text = as_text([kept(unverified=UNVERIFIED)])

    assert text.startswith(
        "# lamp.txt · call-7\n\n## Summary\n\nA lamp arrived broken.\n\n## Topics\n\n1. damaged item\n"
    )
    assert "- Return the old one (Customer · turn 99 ⚠️ unverified: no such turn: 99)\n" in text


# The worst calls

WILD = st.text(
    alphabet=st.one_of(st.characters(), st.sampled_from("&<>*_`~:😀👩‍🚒\u202e\u2067\x00\ud800\u200b\n نعم漢")),
    max_size=60,
)
# What pydantic takes as a string; file names, notes and turns may hold lone surrogates too.
SAID = WILD.map(lambda text: text.encode("utf-8", "replace").decode())
LONG = st.one_of(SAID, st.sampled_from(["&", "x", "😀", "漢", "word ", "\n", "\u202e"]).map(lambda each: each * 10_000))
OWNERS = st.sampled_from(["agent", "customer", "other"])
TURNS = st.none() | st.integers(-(10**30), 10**30)


def wrap_ups(said: st.SearchStrategy[str], most: int) -> st.SearchStrategy[Summary]:
    """Summaries with up to `most` of each thing, the same one over and over."""
    item = st.builds(
        lambda task, owner, due, turn: ActionItem(task=task or "x", owner=owner, due=due, turn=turn),
        *(said, OWNERS, st.none() | said, TURNS),
    )
    count = st.sampled_from([0, 1, 3, most])
    return st.builds(
        lambda summary, topic, topics, item, items, step, steps: Summary(
            summary=summary or "x", topics=[topic] * topics, action_items=[item] * items, next_steps=[step] * steps
        ),
        *(LONG, said, count, item, count, said, count),
    )


# Very many things, or very long ones: both at once would be gigabytes.
WORST = wrap_ups(SAID, 1_000) | wrap_ups(LONG, 3)
WORST_OF_SEVERAL = wrap_ups(SAID, 100) | wrap_ups(LONG, 1)
WORST_TURN = st.builds(lambda text, name: Turn(0, "agent", text, name, 3.0), WILD | LONG, st.none() | WILD)
SLOW = settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@SLOW
@given(WORST, WILD, WILD, st.booleans())
def test_the_worst_answer_keeps_the_limits(output: Summary, file: str, call: str, private: bool) -> None:
    one = kept(output, file=file, call=call, model=file, unverified=(Unverified(0, call),))

    message = answers("r" * 36, [one], [], private=private)

    assert problems(sent(message)) == []
    assert len(json.dumps(message.blocks)) <= 12_000


@SLOW
@given(WORST_OF_SEVERAL, WILD, st.sampled_from([0, 2, 5, 6, 60]), st.sampled_from([0, 1, 200]), st.booleans())
def test_the_worst_replies_about_several_calls_keep_the_limits(
    output: Summary, file: str, calls: int, unread: int, private: bool
) -> None:
    one = kept(output, key="k" * 36, file=file, call=file, model=file, unverified=(Unverified(0, file),))

    message = answers("r" * 36, [one] * calls, [(file, file)] * unread, private=private)

    assert problems(sent(message)) == []
    assert len(json.dumps(message.blocks)) <= 12_000


@SLOW
@given(WORST)
def test_an_answer_shown_in_full_has_all_its_items(output: Summary) -> None:
    message = answers("r1", [kept(output)], [])

    shown = sum(text.startswith("•") for text in texts(message.blocks))
    assert message.overflow or shown >= len(output.action_items)


@SLOW
@given(WORST_TURN, st.sampled_from([0, 1, 90, 600]), WILD, st.sampled_from([0, 1, 200]))
def test_the_worst_transcripts_keep_the_limits(turn: Turn, turns: int, note: str, notes: int) -> None:
    numbered = tuple(replace(turn, index=n) for n in range(turns))
    worst = replace(
        kept(file=note), transcript=Transcript("call-7", numbered[:50] if len(turn.text) > 99 else numbered)
    )
    worst = replace(worst, transcript=replace(worst.transcript, notes=(note,) * notes, format=note))

    assert problems(transcript_modal(worst)) == []


@SLOW
@given(WORST, WILD)
def test_the_worst_answers_can_be_copied(output: Summary, file: str) -> None:
    assert problems(text_modal(kept(output, file=file))) == []


ABOUT = {
    "name": "dataset-0123456789ab",
    "family": "claude-3-haiku",
    "pairs": {"train": 120, "validation": 0, "holdout": 12},
    "files": {"train.jsonl": {"records": 120, "bytes": 9}, "holdout.jsonl": {"records": 12, "bytes": 9}},
    "tokens": {"training": 123_456, "counted": "estimated"},
    "left_out": {"near-duplicates in holdout": 3},
    "mended": {},
    "warnings": {},
}


@pytest.mark.parametrize("written", [True, False])
def test_a_dataset_is_told_by_its_manifest(written: bool) -> None:
    message = exported("r1", ABOUT, "s3://calls/summarize", written=written, download="summarize")

    assert problems(sent(message)) == []
    assert "120 training examples for" in message.text
    assert ("already there" in json.dumps(message.blocks)) is not written


def test_the_history_is_told_the_newest_first() -> None:
    steps = [
        Entry(at=1.0, who="U1", did="export", task="summarize", what="d1"),
        Entry(at=60.0, who="U2", did="promote", task="summarize", what="<!channel> m1"),
    ]

    message = history(steps)

    assert problems(sent(message)) == []
    rows = [text for text in texts(message.blocks) if " · " in text]
    assert [row.split(" · ")[1] for row in rows] == ["promote", "export"]


def test_without_steps_the_history_says_so() -> None:
    assert history([]).text == "Nothing has been done yet."
