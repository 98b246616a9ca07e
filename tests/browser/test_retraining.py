"""An admin takes the loop around in a browser: prepare, start, watch, judge, promote, roll back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, expect

from sandbox.slack import Slack
from sandbox.teaching import teach
from sandbox.workspace import HANA, PRIYA, SUPPORT
from tests.doubles.browser import Screenshot, Workspace, running


@pytest.fixture(scope="module", autouse=True)
def bot(socket_slack: Slack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The bot and a worker on a store with pairs of which the model on board can learn."""
    folder = tmp_path_factory.mktemp("bot")
    settings = {
        "WRAPUP_ADMINS": f"{PRIYA.id} {HANA.id}", "WRAPUP_ADMIN_CHANNEL": SUPPORT, "WRAPUP_FAMILY": "embedded",
        "WRAPUP_POLL_S": "0.2", "WRAPUP_CHARTS": "image",
    }  # fmt: skip
    with running(socket_slack, folder, **settings):
        teach(folder, {"WRAPUP_DATA_DIR": str(folder / "data")})
        yield


def card(workspace: Workspace, text: str, within: Locator | None = None) -> Locator:
    """The card, once it shows the text."""
    found = workspace.message("Retraining: Summarize", within)
    expect(found).to_contain_text(text)
    workspace.page.locator(".topbar .brand").hover()  # away from the card, which shows a toolbar below the mouse
    return found


def test_the_loop_goes_round_and_back(workspace: Workspace, screenshot: Screenshot) -> None:
    workspace.resize(1300, 990)
    workspace.act_as(PRIYA)
    workspace.command("/retrain")
    workspace.press(card(workspace, "train and test"), "Train a new model…")
    workspace.submit()
    proposed = card(workspace, "Nothing has started yet")
    screenshot("retrain-start", proposed)

    workspace.press(proposed, "Start the job")
    screenshot("retrain-running", card(workspace, "The job is running"))
    verdict = card(workspace, "Promote the new model")
    thread = workspace.open_thread(verdict)
    expect(thread.get_by_role("img", name="Current and new model")).to_be_visible()
    workspace.resize(1300, 1240)
    workspace.widen_thread(760)
    screenshot("retrain-verdict", thread)
    workspace.press(verdict, "Promote")
    workspace.resize(1300, 990)
    workspace.thread.get_by_role("button", name="✕").or_(workspace.thread.get_by_title("Close")).first.click()
    promoted = card(workspace, "promoted by")
    screenshot("retrain-promoted", promoted)

    workspace.press(promoted, "Roll back")

    card(workspace, "(default)")
