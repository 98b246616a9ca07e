"""A message of the bot: a status, a failure or a notice, which can be found again by its request."""

from __future__ import annotations

from dataclasses import dataclass

from handlers.slack.layout import actions, button, context, section
from handlers.slack.mrkdwn import Block, clip, flat, plain


@dataclass(frozen=True, slots=True)
class Message:
    """A message. `text`: for notifications and screen readers. `overflow`: the full text for a file if it didn't fit, or ""."""

    text: str
    blocks: list[Block]
    overflow: str = ""


def status(request: str, text: str) -> Message:
    """The live status, which the answer replaces later."""
    return Message(flat(text), findable(request, [section(plain(f"⏳ {text}"))]))


def problem(request: str, text: str, incident: str = "", again: bool = False) -> Message:
    """A failure, with the incident number that also stands in the log."""
    told = [section(plain(f"⚠️ {text}"))]
    number = [context(f"Incident {clip(incident, 100)}")] if incident else []
    retry = [actions(button("Try again", "try_again", request))] if again else []
    return Message(flat(text), findable(request, [*told, *number, *retry]))


def notice(request: str, text: str) -> Message:
    """A message that admins get without having asked."""
    return Message(flat(text), findable(request, [section(plain(f"🔔 {text}"))]))


def findable(request: str, blocks: list[Block]) -> list[Block]:
    """The blocks with the request in the id of the first one, so that the reply can be found again in its thread."""
    return [blocks[0] | {"block_id": f"wrapup:{request}"[:255]}, *blocks[1:]]
