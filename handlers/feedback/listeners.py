"""Thumbs and corrections: each becomes an event, which a worker adds to the feedback on the answer."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from slack_bolt import Ack, App, BoltContext, Respond
from slack_sdk import WebClient

from bot.answers.answer import KeptAnswer
from bot.answers.ports import Answers
from bot.errors import NotAllowed, SlackUnavailable
from bot.feedback.ports import Pairs
from bot.feedback.reviews import Reviews
from bot.feedback.votes_and_corrections import Event, standing
from bot.queue.ports import Queue
from bot.queue.request import FeedbackRequest
from bot.settings import Settings
from bot.task import Task
from handlers.feedback import correction_form
from handlers.slack.api import ask
from handlers.slack.message import Message
from handlers.slack.people import People
from handlers.slack.reply import respond

THUMBS = {"+1": True, "thumbsup": True, "-1": False, "thumbsdown": False}
SAME = {"thumbsup": "+1", "thumbsdown": "-1"}
NOT_A_REVIEWER = "Only reviewers can correct answers here. 👎 with a reason helps, too."
OVERTAKEN = "{who} corrected this while you were writing: see below. If you save yours as well, a reviewer picks one of the two."  # fmt: skip


def register(app: App) -> None:
    app.event("reaction_added")(reacted)
    app.event("reaction_removed")(reacted)
    app.action("thumb_up")(thumb)
    app.action("thumb_down")(thumb)
    app.action(re.compile(r"reason_\d+"))(reason)
    app.action("correct")(correct)
    app.view("correction")(corrected)
    app.action(re.compile(r"pick_\d+"))(pick)
    app.action("take_back")(take_back)


def reacted(
    event: dict[str, Any],
    body: dict[str, Any],
    context: BoltContext,
    answers: Answers,
    queue: Queue,
    settings: Settings,
) -> None:
    """Somebody added or removed a reaction. If the message is an answer, this is a vote.

    A message of ours that isn't known as an answer may have been posted this moment, so the worker looks again.
    """
    item, name = event.get("item") or {}, str(event["reaction"]).partition("::")[0]
    up = (settings.reactions | THUMBS).get(name)
    if up is None or item.get("type") != "message":
        return
    if event.get("item_user") != context.bot_user_id and not answers.at(item["channel"], item["ts"]):
        return
    added, by = event["type"] == "reaction_added", SAME.get(name, name)
    said = Event(
        kind="vote",
        id=f"{event['user']}:{by}:{event['event_ts']}:{'+' if added else '-'}",
        user=event["user"],
        at=float(event["event_ts"]),
        by=by,
        up=up if added else None,
    )
    place = {"team": body.get("team_id") or "", "channel": item["channel"], "ts": item["ts"]}
    _accept(queue, said, {"user": event["user"], **place})


def thumb(ack: Ack, body: dict[str, Any], action: dict[str, Any], queue: Queue) -> None:
    """Somebody pressed 👍 or 👎."""
    _accept(queue, _vote(body, action, up=action["action_id"] == "thumb_up"), _pressed(body, action["value"]))
    ack()


def reason(ack: Ack, body: dict[str, Any], action: dict[str, Any], queue: Queue, respond: Respond) -> None:
    """Somebody chose a reason after a thumb down."""
    key, _, why = action["value"].rpartition("|")
    place = _pressed(body, key) | {"response_url": ""}  # this URL belongs to the question, not to the answer
    _accept(queue, _vote(body, action, up=False, reason=why), place)
    ack()
    respond(text=f"Thank you. Noted: {why}.", replace_original=True)


def correct(
    ack: Ack,
    body: dict[str, Any],
    action: dict[str, Any],
    client: WebClient,
    reviews: Reviews,
    people: People,
    tasks: Mapping[str, Task],
) -> None:
    """Somebody pressed *Correct*: opens the form with the current answer."""
    open_form(body, action["value"], client, reviews, people, tasks)
    ack()


def open_form(
    body: dict[str, Any], key: str, client: WebClient, reviews: Reviews, people: People, tasks: Mapping[str, Task]
) -> None:
    """Opens the form. In a conflict it shows the versions of others, and sending the form settles the conflict."""
    if not people.is_reviewer(body["user"]["id"]):
        raise NotAllowed(NOT_A_REVIEWER)
    kept, now = reviews.kept(key), reviews.standing(key)
    latest = now.corrections[-1] if now.corrections else None
    conflict = now.corrections if now.state == "conflict" else ()
    place = _pressed(body, key)
    meta = {
        "key": key,
        "base": latest.id if latest else "",
        "seen": [each.id for each in now.corrections],
        "over": [each.id for each in conflict],
        "place": {name: place[name] for name in ("team", "channel", "ts", "thread_ts", "response_url")},
    }
    if conflict and _on_a_conflict(body):
        meta["conflict_url"] = place["response_url"]
    others = [(f"<@{each.user}>", each.output or {}) for each in conflict]
    view = correction_form.form(kept, tasks[kept.answer.task], _output(kept, latest), json.dumps(meta), others=others)
    ask(client.views_open, trigger_id=body["trigger_id"], view=view)


def corrected(
    ack: Ack,
    body: dict[str, Any],
    view: dict[str, Any],
    reviews: Reviews,
    pairs: Pairs,
    people: People,
    queue: Queue,
    tasks: Mapping[str, Task],
) -> None:
    """Somebody sent the form. It is checked here, so that a mistake is shown at its field."""
    meta, user = json.loads(view["private_metadata"]), body["user"]["id"]
    kept, said = reviews.kept(meta["key"]), pairs.said(meta["key"])
    task, now = tasks[kept.answer.task], standing(said.events)
    filled = _output(kept, next((event for event in said.events if event.id == meta["base"]), None))
    output, errors = correction_form.read_form(correction_form.values_of(view), task, filled, kept.transcript)
    if not errors and output == filled and not meta["over"]:
        errors = {
            next(
                iter(view["state"]["values"])
            ): "You haven't changed anything. To approve the answer as it is, press 👍."
        }
    if errors:
        ack(response_action="errors", errors=errors)
        return
    if news := [each for each in now.corrections if each.id not in meta["seen"] and each.user != user]:
        seen = meta | {"seen": [*meta["seen"], *(each.id for each in news)]}
        notice = OVERTAKEN.format(who=people.name(news[-1].user))
        others = [(f"<@{each.user}>", each.output or {}) for each in news]
        again = correction_form.form(kept, task, output, json.dumps(seen), notice=notice, others=others)
        ack(response_action="update", view=again)
        return
    event = Event(
        kind="correction",
        id=f"{user}:{view['id']}:{len(meta['seen'])}",
        user=user,
        at=time.time(),
        output=output,
        over=tuple(id_ for id_ in meta["over"]),
    )
    _accept(queue, event, {"user": user, "of": meta["key"], **meta["place"]})
    ack()
    if url := meta.get("conflict_url"):
        _settled(url, correction_form.settled_card(f"<@{user}>"))


def pick(
    ack: Ack, body: dict[str, Any], action: dict[str, Any], reviews: Reviews, people: People, queue: Queue
) -> None:
    """A reviewer settled a conflict by picking a version. The card then says so."""
    key, _, picked = action["value"].rpartition("|")
    if not people.is_reviewer(body["user"]["id"]):
        raise NotAllowed(NOT_A_REVIEWER)
    standing_now = reviews.standing(key).corrections
    chosen = next((each for each in standing_now if each.id == picked), None)
    if not chosen:
        raise NotAllowed("This is already settled, or the correction was taken back.")
    user = body["user"]["id"]
    event = Event(
        kind="correction",
        id=f"{user}:pick:{_pressed_at(action)}",
        user=user,
        at=_pressed_at(action),
        output=chosen.output,
        over=tuple(each.id for each in standing_now),
    )
    _accept(queue, event, _pressed(body, key))
    ack()
    _settled(body.get("response_url", ""), correction_form.settled_card(f"<@{user}>", f"<@{chosen.user}>"))


def take_back(ack: Ack, body: dict[str, Any], action: dict[str, Any], client: WebClient, queue: Queue) -> None:
    """Somebody takes back their own correction."""
    key, _, made = action["value"].rpartition("|")
    user, at = body["user"]["id"], _pressed_at(action)
    event = Event(kind="withdrawal", id=f"{user}:back:{made}", user=user, at=at, over=(made,))
    place = json.loads(body["view"]["private_metadata"])
    _accept(queue, event, {"user": user, "of": key, **place})
    ack()
    ask(client.views_update, view_id=body["view"]["id"], view=correction_form.taken_back())


def _on_a_conflict(body: dict[str, Any]) -> bool:
    first = ((body.get("message") or {}).get("blocks") or [{}])[0]
    return str(first.get("block_id", "")).startswith(correction_form.CONFLICT)


def _settled(url: str, card: Message) -> None:
    """Replaces the card of a conflict with the result."""
    with suppress(SlackUnavailable):  # the answer itself says who corrected it
        if url:
            respond(url, {"text": card.text, "blocks": card.blocks, "replace_original": True})


def _vote(body: dict[str, Any], action: dict[str, Any], *, up: bool, reason: Any = None) -> Event:
    user, at = body["user"]["id"], _pressed_at(action)
    return Event(kind="vote", id=f"{user}:button:{at}", user=user, at=at, by="button", up=up, reason=reason)


def _pressed_at(action: dict[str, Any]) -> float:
    return float(action.get("action_ts") or time.time())


def _pressed(body: dict[str, Any], key: str) -> dict[str, str]:
    """The place of the pressed button. A private answer can only be redrawn by its response_url."""
    container = body.get("container") or {}
    return {
        "team": (body.get("team") or {}).get("id") or "",
        "channel": (body.get("channel") or {}).get("id") or container.get("channel_id") or "",
        "user": body["user"]["id"],
        "ts": str(container.get("message_ts") or ""),
        "thread_ts": str(container.get("thread_ts") or (body.get("message") or {}).get("thread_ts") or ""),
        "response_url": body.get("response_url", ""),
        "of": key,
    }


def _accept(queue: Queue, event: Event, place: Mapping[str, str]) -> None:
    """Accepts the event into the queue. It is about the answer `of` or, if "", about all answers of the message."""
    about = place.get("of") or f"{place['channel']}:{place['ts']}"
    known = {"id": f"feedback:{event.id}:{about}", "at": time.time(), "event": event.model_dump(mode="json")}
    queue.accept(FeedbackRequest.model_validate({**place, **known}), None)


def _output(kept: KeptAnswer, correction: Event | None) -> Mapping[str, Any]:
    return (correction.output if correction else None) or kept.answer.output.model_dump(mode="json")
