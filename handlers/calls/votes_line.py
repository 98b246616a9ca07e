"""What people said of an answer, as it stands below the answer: the thumbs, who corrected it, what waits."""

from __future__ import annotations

from bot.feedback.votes_and_corrections import Standing
from handlers.slack.layout import button
from handlers.slack.mrkdwn import Block, mrkdwn

OPEN = Standing("open")


def buttons(key: str, standing: Standing) -> list[Block]:
    """👍 and 👎 with their numbers, and Correct."""
    up, down = (f" {number}" if number else "" for number in (standing.up, standing.down))
    return [
        button(f"👍{up}", "thumb_up", key),
        button(f"👎{down}", "thumb_down", key),
        button("Correct", "correct", key),
    ]


def lines(standing: Standing) -> list[Block]:
    """A quiet line on what became of the answer; none where nobody had a word that counts."""
    text = _told(standing)
    return [{"type": "context", "elements": [mrkdwn(text)]}] if text else []


def _told(standing: Standing) -> str:
    who = ", ".join(f"<@{user}>" for user in standing.reviewers[:5])
    if standing.state == "corrected":
        also = ", ".join(f"<@{user}>" for user in standing.approvers[:5] if user not in standing.reviewers)
        return f"✏️ Corrected by {who}" + (f" · 👍 {also}" if also else "")
    if standing.state == "conflict":
        return f"⚖️ The corrections of {who} differ: a reviewer picks one in this thread."
    if standing.state == "rejected":
        return "👎 Not right as it stands. *Correct* makes it so, for the next model too."
    return ""
