"""The bot over HTTP with a worker beside the local Slack, for all tests of a module."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox.child import Child, wait_for
from sandbox.slack import Message, Slack

SAMPLES = Path(__file__).parent.parent.parent / "samples"
CALL = (SAMPLES / "broadband-outage.txt").read_text("utf-8")


@dataclass(frozen=True)
class Bots:
    """A running web and worker, and the environment that they run in."""

    web: Child
    worker: Child
    env: dict[str, str]


@contextmanager
def running(slack: Slack, folder: Path, **settings: str) -> Iterator[Bots]:
    """Web and worker for an empty local Slack in events mode."""
    slack.reset()
    env = {"WRAPUP_DATA_DIR": str(folder / "data"), **settings, **slack.environment()}
    web = ["gunicorn", "--no-control-socket", "--threads", "8", "--bind", f"127.0.0.1:{env['PORT']}"]
    with (
        Child([*web, "handlers.wsgi:app()"], folder / "web.log", env=env) as listening,
        Child(["python", "-m", "handlers.worker"], folder / "worker.log", env=env) as worker,
    ):
        wait_for("the web to listen", lambda: slack.connected() or not listening.running)
        wait_for("the worker to start", lambda: "working" in worker.output or not worker.running)
        yield Bots(listening, worker, env)
    print(f"--- web\n{listening.output}--- worker\n{worker.output}")  # noqa: T201


def shown(message: Message) -> str:
    """All that a person reads of a message."""
    return json.dumps([message["text"], message.get("blocks", [])], ensure_ascii=False)


def answer(slack: Slack, asked: Message) -> Message:
    """The one reply to a message, once it is more than a status."""

    def found() -> list[Message]:
        return [m for m in slack.replies(asked) if m.get("blocks") and "⏳" not in shown(m) and not m.get("subtype")]

    return wait_for("an answer", found)[-1]


def private(slack: Slack, user: str, text: str) -> Message:
    """The last message with this text in it that is in the channel or the person's direct messages."""

    def found() -> list[Message]:
        return [m for m in slack.messages(slack.conversation(user)) + slack.messages() if text in shown(m)]

    return wait_for(f"a private message with {text!r}", found)[-1]


def key(reply: Message) -> str:
    """The key of the first answer that a reply shows."""
    menus = [e for block in reply["blocks"] for e in [block.get("accessory"), *block.get("elements", [])] if e]
    return str(next(o["value"] for e in menus for o in e.get("options", [])).partition("|")[2])


def fresh(slack: Slack, message: Message) -> Message:
    """The message as it is now."""
    return next(m for m in slack.messages(message["channel"]) if m["ts"] == message["ts"])


def filled(modal: dict[str, Any], **changes: str) -> dict[str, dict[str, Any]]:
    """What Slack sends of a form whose inputs hold their initial values, but for the changed ones (by block id)."""
    values: dict[str, dict[str, Any]] = {}
    for block in modal["blocks"]:
        if block["type"] != "input":
            continue
        element, name = block["element"], block["block_id"]
        given: dict[str, Any] = {"type": element["type"]}
        if element["type"] == "plain_text_input":
            given["value"] = changes.get(name.replace(" ", "_"), element.get("initial_value"))
        elif element["type"] == "multi_static_select":
            given["selected_options"] = element.get("initial_options", [])
        elif element["type"] == "static_select":
            given["selected_option"] = element.get("initial_option")
        values[name] = {element["action_id"]: given}
    return values
