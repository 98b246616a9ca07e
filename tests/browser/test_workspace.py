"""A person can do in the local Slack's page what our tests want to, seen with a small Bolt app."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from sandbox.child import Child, wait_for
from sandbox.slack import Slack
from sandbox.workspace import HANA, MARCO, TOM
from tests.doubles.browser import Workspace
from tests.doubles.commands import Run

LAMP = Path(__file__).parent.parent.parent / "samples" / "damaged-lamp.vtt"


@pytest.fixture(autouse=True)
def bot(slack: Slack, run: Run) -> Child:
    child = run("python", "-m", "tests.doubles.echo_bot", slack=slack)
    wait_for("the bot to connect", slack.connected)
    return child


def test_a_person_mentions_the_bot_and_reads_the_thread(workspace: Workspace) -> None:
    workspace.act_as(HANA)
    workspace.say("agent: hi\ncustomer: hello", mention=True)

    thread = workspace.open_thread(workspace.message("customer: hello"))

    expect(workspace.message("Echo", thread)).to_contain_text("@wrapup agent: hi")


def test_a_person_is_who_they_act_as(workspace: Workspace) -> None:
    workspace.act_as(TOM)

    workspace.say("hello")

    expect(workspace.message("hello")).to_contain_text(TOM.real_name)


def test_a_person_shares_a_file(workspace: Workspace) -> None:
    workspace.say("this one", mention=True, files=(LAMP,))

    thread = workspace.open_thread(workspace.message("this one"))

    expect(workspace.message("Echo", thread)).to_contain_text(LAMP.name)
    expect(workspace.file(LAMP.name)).to_be_visible()


def test_a_person_replies_in_a_thread(workspace: Workspace) -> None:
    workspace.say("hello")
    thread = workspace.open_thread(workspace.message("hello"))

    workspace.say("and now?", mention=True, thread=True)

    expect(workspace.message("Echo", thread)).to_contain_text("and now?")


def test_a_person_widens_the_thread(workspace: Workspace) -> None:
    workspace.say("hello")
    thread = workspace.open_thread(workspace.message("hello"))

    workspace.widen_thread(700)

    width = (thread.bounding_box() or {"width": 0.0})["width"]
    assert width == pytest.approx(700, abs=10)


def test_a_person_presses_a_button(workspace: Workspace) -> None:
    workspace.act_as(MARCO)
    workspace.say("hello", mention=True)
    thread = workspace.open_thread(workspace.message("hello"))

    workspace.press(workspace.message("Echo", thread), "Correct")

    expect(workspace.message("Pressed by marco", thread)).to_be_visible()


def test_a_person_uses_a_menu(workspace: Workspace) -> None:
    workspace.say("hello", mention=True)
    thread = workspace.open_thread(workspace.message("hello"))

    workspace.choose(workspace.message("Echo", thread), "Copy")

    expect(workspace.message("Chose copy", thread)).to_be_visible()


def test_a_person_reacts(workspace: Workspace) -> None:
    workspace.say("hello")
    message = workspace.message("hello")

    workspace.react(message, "+1")

    expect(workspace.message("Saw +1", workspace.open_thread(message))).to_be_visible()


def test_a_person_runs_a_command(workspace: Workspace) -> None:
    workspace.command("/summarize", "the call")

    expect(workspace.message("Heard the call")).to_be_visible()


def test_a_person_fills_in_a_modal(workspace: Workspace, slack: Slack) -> None:
    workspace.act_as(HANA)
    workspace.command("/summarize")
    workspace.fill("Call", "agent: hi")
    workspace.select("Task", "Moderate")
    workspace.tick("Where", "Channel")

    workspace.submit()

    expect(workspace.modal).to_have_count(0)
    workspace.open_direct_messages(HANA)
    expect(workspace.message("agent: hi|moderate|['channel']")).to_be_visible()


def test_a_person_is_told_what_a_modal_lacks(workspace: Workspace) -> None:
    workspace.command("/summarize")
    workspace.fill("Call", "agent: hi")

    workspace.submit()

    expect(workspace.modal).to_contain_text("Choose a task.")


def test_a_person_closes_a_modal(workspace: Workspace, slack: Slack) -> None:
    workspace.command("/summarize")

    workspace.cancel()

    assert slack.modal() is None


def test_a_person_opens_the_home_tab_and_writes_to_the_bot(workspace: Workspace) -> None:
    workspace.act_as(HANA)
    expect(workspace.open_home()).to_contain_text("Welcome")

    workspace.open_direct_messages(HANA)
    workspace.say("hello")

    thread = workspace.open_thread(workspace.message("hello"))
    expect(workspace.message("To you: hello", thread)).to_be_visible()


def test_a_person_changes_channels(workspace: Workspace) -> None:
    workspace.open_channel("customer-success")
    workspace.say("renewals")

    workspace.open_channel("support")

    expect(workspace.message("renewals")).to_have_count(0)
