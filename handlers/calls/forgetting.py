"""Forgetting a call: from the menu below its answer, or when somebody deletes the message with its log."""

from __future__ import annotations

import json
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.answers.answer import KeptAnswer
from bot.answers.ports import Answers
from bot.errors import NotAllowed, UnknownCall
from bot.feedback.reviews import Reviews
from handlers.calls import card as blocks
from handlers.calls import windows
from handlers.slack.api import try_to
from handlers.slack.people import People
from handlers.slack.reply import respond


def register(app: App) -> None:
    app.view("forget")(forget)
    app.action("delete_answer")(delete_answer)


def window(body: dict[str, Any], kept: KeptAnswer, people: People) -> dict[str, Any]:
    """The window that asks to confirm. Raises NotAllowed unless the person asked for the answer, or is a named reviewer or admin."""
    user, container = body["user"]["id"], body.get("container") or {}
    if user != kept.asker and not people.is_named_reviewer(user) and not people.is_admin(user):
        raise NotAllowed("Only the person who asked, a reviewer or an admin can forget this call.")
    ephemeral = bool(container.get("is_ephemeral"))
    meta = {"call": kept.answer.call, "response_url": body.get("response_url", "") if ephemeral else ""}
    return windows.forget_modal(kept, json.dumps(meta))


def forget(ack: Ack, view: dict[str, Any], reviews: Reviews, answers: Answers, client: WebClient) -> None:
    """Deletes the call, and its answers in Slack if that was ticked. Names the datasets that still hold it."""
    meta = json.loads(view["private_metadata"])
    ticked = ((view["state"]["values"].get("also") or {}).get("also") or {}).get("selected_options")
    places = [place for request in reviews.requests_of(meta["call"]) for place in answers.places(request)]
    exports = reviews.exports_of(meta["call"])
    reviews.forget(meta["call"])
    for channel, ts, _ in places if ticked else ():
        try_to(client.chat_delete, channel=channel, ts=ts)
    if ticked and meta["response_url"]:
        respond(meta["response_url"], {"delete_original": True})
    if not exports:
        ack()
        return
    held = "\n".join(f"• {name} at {place}" for name, place in exports)
    told = f"I've forgotten the call. It remains in these datasets, and in models trained on them:\n{held}"
    ack(response_action="update", view=windows.note("Forgotten", told))


def log_deleted(event: dict[str, Any], team: str, reviews: Reviews, answers: Answers, client: WebClient) -> None:
    """Deletes the calls of a log whose message was deleted, and offers its author to delete the answer, too."""
    channel, ts = event["channel"], str(event.get("deleted_ts") or "")
    requests = {f"{team}:{channel}:{ts}", *answers.made_of(channel, ts)}
    places = [place for request in requests for place in answers.places(request)]
    calls = {each.answer.call for request in requests if (kept := answers.of(request)) for each in kept.answers}
    for request in requests:
        reviews.drop(request)
    for call in sorted(calls):
        try:
            reviews.forget(call)
        except UnknownCall:
            continue
    author = str((event.get("previous_message") or {}).get("user") or "")
    if places and author:
        card = blocks.deleted([place[:2] for place in places])
        where = {"channel": channel, "user": author}
        try_to(client.chat_postEphemeral, text=card.text, blocks=card.blocks, **where)


def delete_answer(ack: Ack, action: dict[str, Any], body: dict[str, Any], client: WebClient) -> None:
    """Deletes the answer to a deleted log."""
    for channel, ts in json.loads(action["value"]):
        try_to(client.chat_delete, channel=channel, ts=ts)
    ack()
    if url := body.get("response_url"):
        respond(url, {"delete_original": True})
