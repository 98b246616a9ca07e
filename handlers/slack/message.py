"""A message of the bot: a status, a failure, a notice, and how a reply is found again."""

from __future__ import annotations

from dataclasses import dataclass

from handlers.slack.layout import actions, button, context, section
from handlers.slack.mrkdwn import Block, clip, flat, plain


@dataclass(frozen=True, slots=True)
class Message:
    """A message: `text` for notifications and screen readers, and what did not fit, as Markdown for a file."""

    text: str
    blocks: list[Block]
    overflow: str = ""


def status(request: str, text: str) -> Message:
    """The live status, to be replaced by the answer."""
    return Message(flat(text), findable(request, [section(plain(f"⏳ {text}"))]))


def problem(request: str, text: str, incident: str = "", again: bool = False) -> Message:
    """A failure as it is told to people, with the number under which the log has it."""
    told = [section(plain(f"⚠️ {text}"))]
    number = [context(f"Incident {clip(incident, 100)}")] if incident else []
    retry = [actions(button("Try again", "try_again", request))] if again else []
    return Message(flat(text), findable(request, [*told, *number, *retry]))


def notice(request: str, text: str) -> Message:
    """What the admins are told without having asked."""
    return Message(flat(text), findable(request, [section(plain(f"🔔 {text}"))]))


def findable(request: str, blocks: list[Block]) -> list[Block]:
    """The blocks, the first of which names the request, so that the reply can be found again in its thread."""
    return [blocks[0] | {"block_id": f"wrapup:{request}"[:255]}, *blocks[1:]]
