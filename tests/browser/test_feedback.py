"""People say in a browser what they think of an answer, correct it, settle who is right, and forget the call."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from sandbox.slack import Slack
from sandbox.workspace import HANA, MARCO, PRIYA, TOM
from tests.doubles.browser import Screenshot, Workspace, running

SAMPLES = Path(__file__).parent.parent.parent / "samples"
PASTED = (SAMPLES / "broadband-outage.txt").read_text("utf-8")
LAMP = (SAMPLES / "damaged-lamp.vtt").read_text("utf-8")
ORDERS = count(1204)
"""Each test asks about a call of its own: what people said of a call goes with it."""
MARCOS = (
    "A floor lamp, a birthday present, arrived with its glass broken. A replacement goes out by express today and is "
    "there on Friday, free of charge; the carrier collects the broken one next Tuesday."
)
HANAS = (
    "The glass of a floor lamp was broken on arrival. Ben sends two photos tonight, Marta a new lamp by express for "
    "Saturday; it needs no packing when it is collected on Tuesday."
)


@pytest.fixture(scope="module", autouse=True)
def bot(socket_slack: Slack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The bot and a worker, for all tests of this file; each test begins with an empty workspace."""
    reviewers = f"{MARCO.id} {HANA.id} {PRIYA.id}"
    with running(socket_slack, tmp_path_factory.mktemp("bot"), WRAPUP_ADMINS=PRIYA.id, WRAPUP_REVIEWERS=reviewers):
        yield


@pytest.fixture
def answer(workspace: Workspace, tmp_path: Path) -> Locator:
    """The answer to a call that Tom uploaded, in its open thread; Marco looks at it."""
    file = tmp_path / "damaged-lamp.vtt"
    file.write_text(LAMP.replace("88-1204", f"88-{next(ORDERS)}"), "utf-8")
    workspace.act_as(TOM)
    workspace.say("the lamp call, please", mention=True, files=(file,))
    thread = workspace.open_thread(workspace.message("the lamp call"))
    workspace.act_as(MARCO)
    return workspace.message("Next steps", thread)


def correct(workspace: Workspace, answer: Locator, summary: str) -> None:
    workspace.press(answer, "Correct")
    workspace.fill("Summary", summary)
    workspace.submit()
    expect(workspace.modal).to_have_count(0)


def test_a_reaction_is_counted_on_the_card_until_it_is_taken_back(workspace: Workspace) -> None:
    workspace.act_as(MARCO)
    workspace.command("/summarize", PASTED)
    workspace.press(workspace.message("Post to channel"), "Post to channel")
    posted = workspace.message("Posted by @Marco Silva")
    workspace.act_as(HANA)

    workspace.react(posted, "+1")
    expect(posted.get_by_role("button", name="👍 1", exact=True)).to_have_count(2)  # the reaction and the button
    workspace.unreact(posted, "+1")

    expect(posted.get_by_role("button", name="👍", exact=True)).to_be_visible()


def test_a_thumb_down_is_asked_why_in_private_and_thanked(workspace: Workspace, answer: Locator) -> None:
    workspace.press(answer, "👎")
    why = workspace.message("What was wrong?", workspace.thread)
    expect(why).to_contain_text("only visible to you")

    workspace.press(why, "Missed action")

    expect(workspace.message("Thank you. Noted: missed action.", workspace.thread)).to_be_visible()
    expect(answer.get_by_role("button", name="👎 1", exact=True)).to_be_visible()


def test_a_correction_stands_on_the_card_its_changes_in_the_thread_and_a_colleague_approves_it(
    workspace: Workspace, answer: Locator, screenshot: Screenshot
) -> None:
    workspace.resize(1300, 1080)
    workspace.press(answer, "Correct")
    workspace.fill("Summary", MARCOS)
    workspace.fill("New topics", "gift")

    workspace.submit()

    expect(answer).to_contain_text(MARCOS)
    expect(answer).to_contain_text("Corrected by @Marco Silva")
    changes = workspace.message("corrected the answer", workspace.thread)
    expect(changes).to_contain_text("Topics: + gift")
    workspace.act_as(HANA)
    workspace.press(answer, "👍")
    expect(answer).to_contain_text("Corrected by @Marco Silva · 👍 @Hana Sato")
    workspace.widen_thread(680)
    screenshot("corrected", workspace.thread)


def test_two_different_corrections_stand_side_by_side_until_a_reviewer_picks_one(
    workspace: Workspace, answer: Locator, screenshot: Screenshot
) -> None:
    correct(workspace, answer, MARCOS)
    expect(answer).to_contain_text(MARCOS)
    workspace.act_as(HANA)
    correct(workspace, answer, HANAS)
    conflict = workspace.message("2 corrections differ", workspace.thread)
    expect(conflict).to_contain_text(MARCOS)
    expect(conflict).to_contain_text(HANAS)
    workspace.widen_thread(680)
    screenshot("conflict", conflict)
    workspace.act_as(PRIYA)

    workspace.press(conflict, "Use version 2")

    expect(answer).to_contain_text(HANAS)
    expect(answer).to_contain_text("Corrected by @Hana Sato, @Priya Raman")
    expect(
        workspace.message("Settled by @Priya Raman with the version by @Hana Sato", workspace.thread)
    ).to_be_visible()
    expect(workspace.message("2 corrections differ", workspace.thread)).to_have_count(0)


def test_earlier_versions_stay_readable(workspace: Workspace, answer: Locator) -> None:
    correct(workspace, answer, MARCOS)
    expect(answer).to_contain_text(MARCOS)

    workspace.choose(answer, "Show versions")

    expect(workspace.modal).to_contain_text(MARCOS)
    expect(workspace.modal).to_contain_text("Original answer by embedded")
    workspace.cancel()


def test_a_call_is_forgotten_with_its_answer(workspace: Workspace, answer: Locator) -> None:
    workspace.act_as(TOM)
    workspace.choose(answer, "Forget this call")
    expect(workspace.modal).to_be_visible()
    workspace.modal.get_by_role("checkbox").check()

    workspace.submit()

    expect(workspace.message("Next steps", workspace.thread)).to_have_count(0)


def test_an_admin_sees_what_was_collected(workspace: Workspace, answer: Locator, screenshot: Screenshot) -> None:
    workspace.press(answer, "👍")
    expect(answer.get_by_role("button", name="👍 1", exact=True)).to_be_visible()
    workspace.act_as(PRIYA)

    workspace.command("/retrain", "pairs")

    told = workspace.message("Training data")
    expect(told).to_contain_text("only visible to you")
    screenshot("training-data", told)
