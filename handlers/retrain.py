"""`/retrain`: how far the loop is, for admins."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App

from bot.errors import NotAllowed
from bot.ports import Pairs
from bot.reviewing import stats
from handlers import blocks
from handlers.people import People

USAGE = "`/retrain status` shows the pairs that were collected: by label, source, reviewer and week."


def register(app: App) -> None:
    app.command("/retrain")(retrain)


def retrain(ack: Ack, command: dict[str, Any], pairs: Pairs, people: People) -> None:
    """`/retrain status`, for the admins alone."""
    if not people.is_admin(command["user_id"]):
        raise NotAllowed("`/retrain` is for the admins whom WRAPUP_ADMINS names.")
    if str(command.get("text") or "").strip().lower() not in ("", "status"):
        ack(text=USAGE, response_type="ephemeral")
        return
    message = blocks.collected(stats(pairs.counts()))
    ack(text=message.text, blocks=message.blocks, response_type="ephemeral")
