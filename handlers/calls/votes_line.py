"""The feedback below an answer: the thumbs, who corrected it, and whether corrections differ."""

from __future__ import annotations

from bot.feedback.votes_and_corrections import Standing
from handlers.slack.layout import button
from handlers.slack.mrkdwn import Block, mrkdwn

OPEN = Standing("open")


def buttons(key: str, standing: Standing) -> list[Block]:
    """👍 and 👎 with their counts, and Correct."""
    up, down = (f" {number}" if number else "" for number in (standing.up, standing.down))
    return [
        button(f"👍{up}", "thumb_up", key),
        button(f"👎{down}", "thumb_down", key),
        button("Correct", "correct", key),
    ]


def lines(standing: Standing) -> list[Block]:
    """A small line with the result of the feedback; nothing if no feedback counts yet."""
    text = _told(standing)
    return [{"type": "context", "elements": [mrkdwn(text)]}] if text else []


def _told(standing: Standing) -> str:
    who = ", ".join(f"<@{user}>" for user in standing.reviewers[:5])
    if standing.state == "corrected":
        also = ", ".join(f"<@{user}>" for user in standing.approvers[:5] if user not in standing.reviewers)
        return f"✏️ Corrected by {who}" + (f" · 👍 {also}" if also else "")
    if standing.state == "conflict":
        return f"⚖️ The corrections by {who} differ. A reviewer can pick one in this thread."
    if standing.state == "rejected":
        return "👎 Not right yet. Press *Correct* to fix it: the next model learns from that."
    return ""
