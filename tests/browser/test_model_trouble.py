"""What a person sees in a browser while the model is slow, and when it fails."""

from __future__ import annotations

import json
from pathlib import Path
from threading import Event

import pytest
from playwright.sync_api import expect

from sandbox.child import LIMIT_S, wait_for
from sandbox.slack import Slack
from sandbox.workspace import MARCO
from tests.doubles.bedrock_server import BedrockServer, Request
from tests.doubles.browser import Screenshot, Workspace
from tests.doubles.commands import Run

LAMP = Path(__file__).parent.parent.parent / "samples" / "damaged-lamp.vtt"
MODEL = "anthropic.claude-3-haiku-20240307-v1:0"
REPLY = json.dumps({"summary": "A lamp arrived broken.", "topics": [], "action_items": [], "next_steps": []})


@pytest.fixture(autouse=True)
def bot(slack: Slack, run: Run, bedrock: BedrockServer) -> None:
    """The bot, and a worker that asks the local Bedrock."""
    settings = {**bedrock.environment, "WRAPUP_MODEL_ID": MODEL, "WRAPUP_METRICS_PORT": "0"}
    run("python", "-m", "handlers", slack=slack, **settings)
    worker = run("python", "-m", "handlers.worker", slack=slack, **settings)
    wait_for("the bot to connect", slack.connected)
    wait_for("the worker to start", lambda: "working" in worker.output or not worker.running)


def test_a_slow_model_is_watched_part_by_part_until_the_answer_stands_there(
    workspace: Workspace, bedrock: BedrockServer, tmp_path: Path
) -> None:
    seen = Event()

    def slow(_: Request) -> str:
        if len(bedrock.asked()) == 2:
            seen.wait(LIMIT_S)
        return REPLY

    bedrock.answer = slow
    turns = [f"{who}: {'a long story about a lamp that broke ' * 40}" for who in ("Agent", "Customer") * 250]
    (tmp_path / "long.txt").write_text("\n".join(turns))
    workspace.say("a long one", mention=True, files=(tmp_path / "long.txt",))

    thread = workspace.open_thread(workspace.message("a long one"))

    expect(workspace.message("Reading part 2 of", thread)).to_be_visible()
    seen.set()
    expect(workspace.message("A lamp arrived broken.", thread)).to_be_visible()
    expect(workspace.message("Reading part", thread)).to_have_count(0)


def test_a_failure_is_told_and_can_be_tried_again(
    workspace: Workspace, bedrock: BedrockServer, screenshot: Screenshot
) -> None:
    for reply in ("I think that the lamp is broken.", "As I said: the lamp."):
        bedrock.says(reply)
    bedrock.answer = lambda _: REPLY
    workspace.act_as(MARCO)
    workspace.say("the lamp call", mention=True, files=(LAMP,))
    thread = workspace.open_thread(workspace.message("the lamp call"))
    failure = workspace.message("Incident", thread)
    expect(failure).to_contain_text("I couldn't wrap this up just now. Try again in a while.")
    workspace.widen_thread(680)
    screenshot("failure", failure)

    workspace.press(failure, "Try again")

    expect(workspace.message("A lamp arrived broken.", thread)).to_be_visible()
    expect(workspace.message("Incident", thread)).to_have_count(0)
