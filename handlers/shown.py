"""What people do with an answer that they see: copy it, look at its transcript, delete it."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient

from bot.answer import KeptAnswer
from bot.errors import NotAllowed, UnknownAnswer
from bot.ports import Answers
from handlers import modals
from handlers.api import ask
from handlers.people import People


def register(app: App) -> None:
    app.action("answer_menu")(answer_menu)


def answer_menu(
    ack: Ack,
    body: dict[str, Any],
    action: dict[str, Any],
    client: WebClient,
    answers: Answers,
    people: People,
    respond: Respond,
) -> None:
    """The menu beside an answer."""
    verb, _, key = action["selected_option"]["value"].partition("|")
    kept = _kept(answers, key)
    if verb == "delete":
        _delete(body, kept, client, answers, people, respond)
    else:
        view = modals.text_modal(kept) if verb == "copy" else modals.transcript_modal(kept)
        ask(client.views_open, trigger_id=body["trigger_id"], view=view)
    ack()


def _delete(
    body: dict[str, Any], kept: KeptAnswer, client: WebClient, answers: Answers, people: People, respond: Respond
) -> None:
    """Takes the whole reply away, with all that is kept of it."""
    user, container = body["user"]["id"], body.get("container") or {}
    if user != kept.asker and not people.is_admin(user):
        raise NotAllowed("Only who asked for this answer, or an admin, can delete it.")
    if container.get("is_ephemeral"):
        respond(delete_original=True)
    else:
        ask(client.chat_delete, channel=container["channel_id"], ts=container["message_ts"])
    answers.forget(kept.request)


def _kept(answers: Answers, key: str) -> KeptAnswer:
    request, _, _ = key.rpartition("#")
    kept = answers.of(request)
    for each in kept.answers if kept else ():
        if each.key == key:
            return each
    raise UnknownAnswer("This answer is no longer kept: its time is over, or it was deleted.")
