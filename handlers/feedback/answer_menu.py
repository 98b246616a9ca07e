"""The menu below an answer: copy, transcript, versions, correct, forget, delete."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient

from bot.answers.answer import KeptAnswer
from bot.answers.ports import Answers
from bot.errors import NotAllowed
from bot.feedback.reviews import Reviews
from bot.feedback.votes_and_corrections import Standing
from bot.task import Task
from handlers.calls import forgetting, windows
from handlers.feedback import correction_form
from handlers.feedback.listeners import open_form
from handlers.slack.api import ask
from handlers.slack.people import People


def register(app: App) -> None:
    app.action("answer_menu")(answer_menu)


def answer_menu(
    ack: Ack,
    body: dict[str, Any],
    action: dict[str, Any],
    client: WebClient,
    answers: Answers,
    reviews: Reviews,
    people: People,
    tasks: Mapping[str, Task],
    respond: Respond,
) -> None:
    """Somebody chose a line of the menu below an answer."""
    verb, _, key = action["selected_option"]["value"].partition("|")
    kept = reviews.kept(key)
    if verb == "delete":
        _delete(body, kept, client, answers, people, respond)
    elif verb == "correct":
        open_form(body, key, client, reviews, people, tasks)
    else:
        ask(client.views_open, trigger_id=body["trigger_id"], view=_window(verb, body, kept, reviews, people))
    ack()


def _window(verb: str, body: dict[str, Any], kept: KeptAnswer, reviews: Reviews, people: People) -> dict[str, Any]:
    if verb == "transcript":
        return windows.transcript_modal(kept)
    if verb == "versions":
        return _versions(body, kept, reviews.standing(kept.key))
    if verb == "forget":
        return forgetting.window(body, kept, people)
    return windows.text_modal(kept)


def _versions(body: dict[str, Any], kept: KeptAnswer, now: Standing) -> dict[str, Any]:
    """All versions, newest first. People can take back their own."""
    container, user = body.get("container") or {}, body["user"]["id"]
    made = [(each.id, f"<@{each.user}>", each.output or {}) for each in now.corrections]
    own = [each.id for each in now.corrections if each.user == user]
    first = ("", f"Original answer by {kept.answer.model}", kept.answer.output.model_dump(mode="json"))
    place = {
        "team": body["team"]["id"],
        "channel": container.get("channel_id", ""),
        "ts": container.get("message_ts", ""),
    }
    view = correction_form.versions_modal(kept, [*reversed(made), first], own)
    return view | {"private_metadata": json.dumps(place)}


def _delete(
    body: dict[str, Any], kept: KeptAnswer, client: WebClient, answers: Answers, people: People, respond: Respond
) -> None:
    """Deletes the whole reply, and everything that is stored of it."""
    user, container = body["user"]["id"], body.get("container") or {}
    if user != kept.asker and not people.is_admin(user):
        raise NotAllowed("Only the person who asked, or an admin, can delete it.")
    if container.get("is_ephemeral"):
        respond(delete_original=True)
    else:
        ask(client.chat_delete, channel=container["channel_id"], ts=container["message_ts"])
    answers.forget(kept.request)
