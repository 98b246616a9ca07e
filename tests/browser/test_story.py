"""A person asks the bot in a browser and reads the answers: the bot in Socket Mode, a worker, the embedded model."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from sandbox.slack import Slack
from sandbox.workspace import HANA, MARCO, PRIYA, TOM
from tests.doubles.browser import Screenshot, Workspace, running

SAMPLES = Path(__file__).parent.parent.parent / "samples"
CALL = (SAMPLES / "broadband-outage.txt").read_text("utf-8")
LAMP, TRAVEL, CHAT = SAMPLES / "damaged-lamp.vtt", SAMPLES / "travel-desk.csv", SAMPLES / "boots-chat.jsonl"
HEADINGS = ["Summary", "Topics", "Action items", "Next steps"]


@pytest.fixture(scope="module", autouse=True)
def bot(socket_slack: Slack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The bot and a worker, for all tests of this file; each test begins with an empty workspace."""
    with running(socket_slack, tmp_path_factory.mktemp("bot"), WRAPUP_AGENTS=MARCO.id):
        yield


def headings(message: Locator) -> Locator:
    return message.locator("strong")


def test_a_pasted_call_is_answered_in_its_thread_under_four_headings(workspace: Workspace) -> None:
    workspace.act_as(MARCO)
    workspace.say(CALL, mention=True)

    thread = workspace.open_thread(workspace.message("Northwind Broadband"))

    answer = workspace.message("Next steps", thread)
    expect(headings(answer)).to_have_text(HEADINGS)
    expect(answer).to_contain_text("My internet has been dropping every evening since Monday")


def test_a_person_sees_that_they_were_heard(workspace: Workspace) -> None:
    workspace.say(CALL, mention=True)

    expect(workspace.message("Northwind Broadband")).to_contain_text("👀")


def test_an_uploaded_file_is_answered(workspace: Workspace, screenshot: Screenshot) -> None:
    workspace.resize(1300, 860)
    workspace.act_as(MARCO)
    workspace.say("the boots chat, for the handover", mention=True, files=(CHAT,))
    workspace.act_as(HANA)
    workspace.say("this one, please", mention=True, files=(LAMP,))
    asked = workspace.message("this one, please")

    thread = workspace.open_thread(asked)

    answer = workspace.message("Next steps", thread)
    expect(headings(answer)).to_have_text(HEADINGS)
    expect(answer).to_contain_text(LAMP.name)
    expect(asked).to_contain_text("1 reply")
    workspace.act_as(PRIYA)
    workspace.say("Thanks, that saves us the notes.")
    workspace.widen_thread(680)
    screenshot("answer")


def test_the_calls_of_a_file_are_answered_in_one_reply(workspace: Workspace, screenshot: Screenshot) -> None:
    workspace.resize(1300, 1200)
    workspace.act_as(MARCO)
    workspace.say("yesterday's calls", mention=True, files=(TRAVEL,))

    thread = workspace.open_thread(workspace.message("yesterday's calls"))

    answer = workspace.message("T-5003", thread)
    expect(headings(answer)).to_have_text(HEADINGS * 3)
    expect(thread.locator(".msg").filter(has_text="Summary")).to_have_count(1)
    workspace.widen_thread(680)
    screenshot("several", answer)


def test_a_private_answer_is_posted_to_the_channel_once(workspace: Workspace, screenshot: Screenshot) -> None:
    workspace.resize(960, 900)
    workspace.act_as(MARCO)
    workspace.command("/summarize", CALL)
    answer = workspace.message("Post to channel")
    expect(answer).to_contain_text("only visible to you")
    expect(headings(answer)).to_have_text(HEADINGS)
    screenshot("private", answer)

    workspace.press(answer, "Post to channel")

    expect(workspace.message("Posted to the channel.")).to_be_visible()
    workspace.act_as(HANA)
    expect(workspace.page.locator(".messages .msg").filter(has_text="Summary")).to_have_count(1)


def test_the_form_takes_a_call_and_answers_the_asker(workspace: Workspace, screenshot: Screenshot) -> None:
    workspace.act_as(MARCO)
    workspace.command("/summarize")
    workspace.fill("Text of the call", CALL)
    workspace.select("Task", "Summarize: Summary, topics, action items and next steps of a call.")
    screenshot("form", workspace.modal)

    workspace.submit()

    expect(workspace.modal).to_have_count(0)
    expect(workspace.message("Post to channel")).to_contain_text("only visible to you")


def test_an_empty_form_says_what_is_missing(workspace: Workspace) -> None:
    workspace.command("/summarize")

    workspace.submit()

    expect(workspace.modal).to_contain_text("Paste the text of a call, or add a file below.")
    workspace.cancel()


def test_the_menu_shows_the_transcript_with_its_turn_numbers(workspace: Workspace, screenshot: Screenshot) -> None:
    answer = asked_and_answered(workspace)

    workspace.choose(answer, "Show transcript")

    expect(workspace.modal).to_contain_text("[8] Customer · 1:55\nThursday works, but I have a meeting at ten")
    screenshot("transcript", workspace.modal)
    workspace.cancel()


def test_the_menu_gives_the_answer_as_text_to_copy(workspace: Workspace) -> None:
    answer = asked_and_answered(workspace)

    workspace.choose(answer, "Copy as text")

    for heading in HEADINGS:
        expect(workspace.modal).to_contain_text(f"## {heading}")
    workspace.cancel()


def test_the_menu_deletes_an_answer_for_who_asked(workspace: Workspace) -> None:
    answer = asked_and_answered(workspace)

    workspace.choose(answer, "Delete")

    expect(workspace.message("Next steps", workspace.thread)).to_have_count(0)


def test_another_person_cannot_delete_an_answer(workspace: Workspace) -> None:
    asked_and_answered(workspace)
    workspace.act_as(TOM)

    workspace.choose(workspace.message("Next steps", workspace.thread), "Delete")

    expect(workspace.page.get_by_text("Only the person who asked, or an admin, can delete it.")).to_be_visible()
    expect(workspace.message("Next steps", workspace.thread)).to_be_visible()


def test_a_direct_message_is_answered_in_its_thread(workspace: Workspace) -> None:
    workspace.act_as(TOM)
    workspace.open_home()
    workspace.open_direct_messages(TOM)
    workspace.say(CALL)

    thread = workspace.open_thread(workspace.message("Northwind Broadband"))

    expect(headings(workspace.message("Next steps", thread))).to_have_text(HEADINGS)


def test_a_file_that_is_no_call_log_is_told_what_to_do(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "call.mp3").write_bytes(b"ID3\x04" + bytes(100))
    workspace.say("and this", mention=True, files=(tmp_path / "call.mp3",))

    thread = workspace.open_thread(workspace.message("and this"))

    expect(workspace.message("call.mp3", thread)).to_contain_text("Transcribe it first")


def asked_and_answered(workspace: Workspace) -> Locator:
    """The answer to a call that Marco pasted, in its open thread."""
    workspace.act_as(MARCO)
    workspace.say(CALL, mention=True)
    thread = workspace.open_thread(workspace.message("Northwind Broadband"))
    return workspace.message("Next steps", thread)
