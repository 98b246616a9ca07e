"""A person asks in Slack and gets one answer: the bot over HTTP, a worker, the local Slack, the embedded model."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox.child import wait_for
from sandbox.slack import Message, Slack
from sandbox.workspace import BOT, HANA, MARCO, PRIYA, SUCCESS, TOM
from tests.doubles.bots import CALL, SAMPLES, Bots, answer, key, private, running, shown

LAMP, TRAVEL, CHAT = SAMPLES / "damaged-lamp.vtt", SAMPLES / "travel-desk.csv", SAMPLES / "boots-chat.jsonl"
HEADINGS = ("Summary", "Topics", "Action items", "Next steps")
NOTHING: dict[str, dict[str, Any]] = {"text": {"text": {"type": "plain_text_input", "value": None}}}


@pytest.fixture(scope="module")
def bots(events_slack: Slack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bots]:
    folder = tmp_path_factory.mktemp("bot")
    with running(events_slack, folder, WRAPUP_ADMINS=PRIYA.id, WRAPUP_AGENTS=MARCO.id) as found:
        yield found


@pytest.fixture
def slack(events_slack: Slack, bots: Bots) -> Slack:
    return events_slack


def test_a_pasted_call_is_answered_in_its_thread_under_four_headings(slack: Slack) -> None:
    asked = slack.say(MARCO.id, f"<@{BOT}> {CALL}")

    reply = answer(slack, asked)

    assert reply["thread_ts"] == asked["ts"]
    assert all(f"*{heading}*" in shown(reply) for heading in HEADINGS)
    assert reply["text"]


def test_a_person_sees_that_they_were_heard(slack: Slack) -> None:
    asked = slack.say(MARCO.id, f"<@{BOT}> {CALL}")

    def eyes() -> bool:
        (found,) = [m for m in slack.messages() if m["ts"] == asked["ts"]]
        return any(reaction["name"] == "eyes" for reaction in found.get("reactions", []))

    assert wait_for("the eyes", eyes)


def test_a_mention_with_files_gets_one_reply_with_each_call(slack: Slack) -> None:
    asked = slack.upload(MARCO.id, LAMP, TRAVEL, text=f"<@{BOT}> please")

    reply = answer(slack, asked)

    assert all(call in shown(reply) for call in ("damaged-lamp.vtt", "T-5001", "T-5002", "T-5003"))
    assert [m for m in slack.replies(asked) if m.get("blocks")] == [reply]


def test_a_file_that_cannot_be_read_is_told_beside_the_others(slack: Slack, tmp_path: Path) -> None:
    (tmp_path / "call.mp3").write_bytes(b"ID3\x04" + bytes(100))

    reply = answer(slack, slack.upload(MARCO.id, LAMP, tmp_path / "call.mp3", text=f"<@{BOT}>"))

    assert "Transcribe it first" in shown(reply)
    assert "*Summary*" in shown(reply)


def test_a_mention_below_a_file_reads_the_file(slack: Slack) -> None:
    root = slack.upload(HANA.id, LAMP, text="from yesterday")

    reply = answer(slack, slack.say(MARCO.id, f"<@{BOT}> wrap this up", thread=root["ts"]))

    assert "damaged-lamp.vtt" in shown(reply)


def test_a_mention_below_a_pasted_call_reads_the_call(slack: Slack) -> None:
    root = slack.say(HANA.id, CALL)

    reply = answer(slack, slack.say(MARCO.id, f"<@{BOT}>", thread=root["ts"]))

    assert "NW-20418" in shown(reply)


def test_a_thread_that_is_a_conversation_is_read_with_its_people(slack: Slack) -> None:
    root = slack.say(TOM.id, "My parcel with the order 4471 has not arrived, and I need it on Friday.")
    slack.say(MARCO.id, "I'm sorry. I'll call the carrier today and write to you.", thread=root["ts"])

    reply = answer(slack, slack.say(HANA.id, f"<@{BOT}> wrap up", thread=root["ts"]))

    assert "call the carrier today" in shown(reply)
    assert "Agent" in shown(reply)


def test_a_direct_message_is_answered_in_its_thread(slack: Slack) -> None:
    asked = slack.say(HANA.id, CALL, HANA.id)

    assert "NW-20418" in shown(answer(slack, asked))


def test_a_mention_with_nothing_to_read_gets_one_hint(slack: Slack) -> None:
    asked = slack.say(MARCO.id, f"<@{BOT}> hello there")

    reply = answer(slack, asked)

    assert "can't find a call here" in reply["text"]
    assert len(slack.replies(asked)) == 1


def test_the_task_can_be_named(slack: Slack) -> None:
    reply = answer(slack, slack.say(MARCO.id, f"<@{BOT}> moderate: You are a stupid idiot."))

    assert "*Toxic*" in shown(reply)


def test_nothing_in_a_call_fires(slack: Slack) -> None:
    call = "Agent: Please visit <http://evil.example|this> &lt;!channel&gt; &lt;@U0PRIYA&gt; *now*.\nCustomer: I will visit it tomorrow."

    reply = answer(slack, slack.say(MARCO.id, f"<@{BOT}> {call}"))

    literal = [block["text"] for block in reply["blocks"] if block["type"] == "section" and "text" in block]
    assert not any("!channel" in each["text"] for each in literal if each["type"] == "mrkdwn")


def test_a_slash_command_answers_the_asker_alone(slack: Slack) -> None:
    slack.command(MARCO.id, "/summarize", CALL)

    reply = private(slack, MARCO.id, "Post to channel")

    assert (reply["subtype"], reply["ephemeral_to"]) == ("ephemeral", MARCO.id)
    assert "NW-20418" in shown(reply)


def test_a_private_answer_is_posted_once_however_often_the_button_is_pressed(slack: Slack) -> None:
    slack.command(HANA.id, "/summarize", CALL.replace("NW-20418", "NW-777"))
    reply = private(slack, HANA.id, "Post to channel")

    for _ in range(3):
        slack.press(HANA.id, reply, "post_to_channel")
    wait_for("the note that it was posted", lambda: [m for m in slack.messages() if "Posted to" in shown(m)])

    def posts() -> list[Message]:
        return [
            m
            for m in slack.messages()
            if m.get("subtype") != "ephemeral" and m["user"] == BOT and "block_id" in shown(m) and ":post" in shown(m)
        ]

    assert len(wait_for("the post", posts)) == 1


def test_what_is_no_longer_kept_cannot_be_posted_and_only_its_asker_is_told(slack: Slack) -> None:
    slack.command(HANA.id, "/summarize", CALL.replace("NW-20418", "NW-888"))
    reply = private(slack, HANA.id, "NW-888")
    slack.choose(HANA.id, reply, "answer_menu", f"delete|{key(reply)}")

    slack.press(HANA.id, reply, "post_to_channel")

    assert private(slack, HANA.id, "no longer kept")["ephemeral_to"] == HANA.id


def test_a_slash_command_works_where_the_bot_is_no_member(slack: Slack) -> None:
    slack.command(TOM.id, "/summarize", CALL, SUCCESS)

    found = wait_for("an answer", lambda: [m for m in slack.messages(SUCCESS) if "*Summary*" in shown(m)])

    assert len(found) == 1


def test_help_tells_the_ways_to_ask(slack: Slack) -> None:
    slack.command(MARCO.id, "/summarize", "help")

    assert "Wrap up this call" in shown(private(slack, MARCO.id, "/summarize LINK"))


def test_a_link_is_read_for_members_of_its_channel_alone(slack: Slack) -> None:
    secret = slack.say(PRIYA.id, CALL.replace("NW-20418", "SECRET-1"), SUCCESS)
    link = f"{slack.url}/archives/{SUCCESS}/p{secret['ts'].replace('.', '')}"

    slack.command(HANA.id, "/summarize", link)
    slack.command(PRIYA.id, "/summarize", link)

    assert "not in that channel" in shown(private(slack, HANA.id, "not in that channel"))
    assert private(slack, PRIYA.id, "SECRET-1")["ephemeral_to"] == PRIYA.id
    assert not [m for m in slack.messages() if m.get("ephemeral_to") == HANA.id and "SECRET-1" in shown(m)]


def test_the_form_takes_a_text_and_a_task(slack: Slack) -> None:
    slack.command(MARCO.id, "/summarize")
    wait_for("the form", slack.modal)

    task = {"task": {"task": {"type": "static_select", "selected_option": {"value": "moderate"}}}}
    text = {"text": {"text": {"type": "plain_text_input", "value": "What a lovely day, you fool."}}}
    slack.submit(MARCO.id, text | task | {"files": {"files": {"type": "file_input", "files": []}}})

    assert "*Toxic*" in shown(private(slack, MARCO.id, "*Toxic*"))


def test_an_empty_form_says_what_is_missing(slack: Slack) -> None:
    slack.command(MARCO.id, "/summarize")
    wait_for("the form", slack.modal)

    slack.submit(MARCO.id, NOTHING | {"files": {"files": {"type": "file_input", "files": []}}})

    assert slack.modal()
    slack.close_modal(MARCO.id)


def test_the_shortcut_wraps_up_a_message(slack: Slack) -> None:
    pointed = slack.say(HANA.id, CALL)

    assert slack.shortcut(MARCO.id, "wrap_up", pointed) == 200

    assert "NW-20418" in shown(answer(slack, pointed))


def test_the_menu_shows_the_transcript_with_turn_numbers(slack: Slack) -> None:
    reply = answer(slack, slack.say(MARCO.id, f"<@{BOT}> {CALL}"))

    slack.choose(HANA.id, reply, "answer_menu", f"transcript|{key(reply)}")

    modal = wait_for("the transcript", slack.modal)
    assert "broadband" in json.dumps(modal).lower()
    slack.close_modal(HANA.id)


def test_only_the_asker_or_an_admin_deletes(slack: Slack) -> None:
    asked = slack.say(MARCO.id, f"<@{BOT}> {CALL}")
    reply = answer(slack, asked)

    slack.choose(HANA.id, reply, "answer_menu", f"delete|{key(reply)}")
    assert len(slack.replies(asked)) == 1 + len([m for m in slack.replies(asked) if m.get("subtype") == "ephemeral"])
    slack.choose(PRIYA.id, reply, "answer_menu", f"delete|{key(reply)}")

    assert reply["ts"] not in [m["ts"] for m in slack.messages()]


def test_a_large_export_goes_into_a_file_and_not_away(slack: Slack) -> None:
    asked = slack.upload(MARCO.id, *sorted(SAMPLES.glob("*.*")), text=f"<@{BOT}>")

    files = wait_for("the file", lambda: [f for m in slack.replies(asked) for f in m.get("files", [])])

    assert [f["name"] for f in files] == ["wrap-up.md"]


def test_no_word_of_a_call_is_in_the_logs(slack: Slack, bots: Bots) -> None:
    answer(slack, slack.say(MARCO.id, f"<@{BOT}> {CALL.replace('evening', 'zebrafish')}"))

    assert "zebrafish" not in bots.web.output + bots.worker.output
