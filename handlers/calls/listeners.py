"""The ways to ask for a wrap-up. Each listener checks and accepts the request; a worker then answers it."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any, Literal

from slack_bolt import Ack, App, BoltContext, Respond
from slack_sdk import WebClient

from bot.answers.ports import Answers
from bot.feedback.reviews import Reviews
from bot.queue.ports import Queue
from bot.queue.request import Acceptance, Limits, PostRequest, Request, WrapUpRequest
from bot.settings import Settings
from bot.task import Task
from handlers.calls import card, windows
from handlers.calls.forgetting import log_deleted
from handlers.calls.sources import file_refs
from handlers.slack.api import ask, try_to
from handlers.slack.text import without_mention
from handlers.telemetry import Telemetry

READ_SUBTYPES = (None, "file_share", "thread_broadcast", "bot_message")
# Slack doesn't let us replace this text, so it stays above the answer and must still be true then.
READING = "Reading the call log. The answer appears below, and only you can see it."


def register(app: App) -> None:
    app.event("app_mention")(mention)
    app.event("message")(message)
    app.command("/summarize")(summarize)
    app.view("ask")(asked)
    app.shortcut("wrap_up")(wrap_up)
    app.action("try_again")(try_again)
    app.action("post_to_channel")(post_to_channel)


def mention(event: dict[str, Any], body: dict[str, Any], context: BoltContext, client: WebClient) -> None:
    """Somebody mentioned the bot in a channel."""
    _from_message("mention", event, body, context, client)


def message(
    event: dict[str, Any],
    body: dict[str, Any],
    context: BoltContext,
    client: WebClient,
    reviews: Reviews,
    answers: Answers,
) -> None:
    """A direct message, or one in a channel that mentions the bot.

    The second kind is needed because a file's comment with a mention may arrive as this event only. If a message was
    deleted, its calls are deleted, too.
    """
    if event.get("subtype") == "message_deleted":
        log_deleted(event, str(body.get("team_id") or context.team_id), reviews, answers, client)
    if event.get("subtype") not in READ_SUBTYPES:
        return
    if event.get("channel_type") == "im" or str(event.get("channel", "")).startswith("D"):
        _from_message("message", event, body, context, client)
    elif f"<@{context.bot_user_id}" in str(event.get("text") or ""):
        _from_message("mention", event, body, context, client)


def summarize(
    ack: Ack, command: dict[str, Any], context: BoltContext, client: WebClient, tasks: Mapping[str, Task]
) -> None:
    """`/summarize` with a text or a link, without anything for the form, or with `help`."""
    text = str(command.get("text") or "").strip()
    if text.lower() == "help":
        ack(text=card.usage().text, blocks=card.usage().blocks, response_type="ephemeral")
        return
    if not text:
        metadata = json.dumps({"channel": command["channel_id"], "response_url": command["response_url"]})
        form = windows.ask_modal(list(tasks.values()), metadata)
        ask(client.views_open, trigger_id=command["trigger_id"], view=form)
        ack()
        return
    task, text = _task_in(text, tasks)
    request = WrapUpRequest(
        id=f"command:{command['trigger_id']}",
        kind="command",
        team=command["team_id"],
        channel=command["channel_id"],
        user=command["user_id"],
        at=time.time(),
        text=text,
        task=task,
        response_url=command["response_url"],
    )
    verdict = _accept(request, context)
    told = READING if verdict.outcome in ("new", "known") else refusal(verdict, context["limits"])
    ack(text=told, response_type="ephemeral")


def asked(ack: Ack, body: dict[str, Any], view: dict[str, Any], context: BoltContext) -> None:
    """Somebody sent the form."""
    values = view["state"]["values"]
    text, files = str(values["text"]["text"].get("value") or "").strip(), values.get("files", {}).get("files", {})
    if not text and not files.get("files"):
        ack(response_action="errors", errors={"text": "Paste the text of a call, or add a file below."})
        return
    place = json.loads(view["private_metadata"])
    chosen = values.get("task", {}).get("task", {}).get("selected_option") or {"value": "summarize"}
    request = WrapUpRequest(
        id=f"modal:{view['id']}",
        kind="modal",
        team=body["team"]["id"],
        channel=place["channel"],
        user=body["user"]["id"],
        at=time.time(),
        text=text,
        files=file_refs(files),
        task=chosen["value"],
        response_url=place["response_url"],
    )
    verdict = _accept(request, context)
    if verdict.outcome in ("new", "known"):
        ack()
    else:
        ack(response_action="errors", errors={"text": refusal(verdict, context["limits"])})


def wrap_up(ack: Ack, shortcut: dict[str, Any], context: BoltContext) -> None:
    """Somebody used the message shortcut "Wrap up this call"."""
    pointed = shortcut["message"]
    request = WrapUpRequest(
        id=f"shortcut:{shortcut['trigger_id']}",
        kind="shortcut",
        team=shortcut["team"]["id"],
        channel=shortcut["channel"]["id"],
        user=shortcut["user"]["id"],
        at=time.time(),
        ts=pointed["ts"],
        thread_ts=pointed.get("thread_ts") or pointed["ts"],
        text=str(pointed.get("text") or ""),
        files=file_refs(pointed),
        response_url=shortcut.get("response_url") or "",
    )
    _accept(request, context)
    ack()


def try_again(ack: Ack, body: dict[str, Any], action: dict[str, Any], queue: Queue, respond: Respond) -> None:
    """Somebody pressed the button below a failure."""
    private = bool((body.get("container") or {}).get("is_ephemeral"))
    taken_on = queue.again(action["value"], time.time(), body.get("response_url", "") if private else "")
    ack()
    if not taken_on:
        respond(
            "I'm already trying this again, or it is too long ago. If no answer comes, ask again.",
            replace_original=False,
        )


def post_to_channel(ack: Ack, body: dict[str, Any], action: dict[str, Any], context: BoltContext) -> None:
    """Somebody pressed the button below a private answer. If it is pressed twice, the answer is posted once."""
    request = PostRequest(
        id=f"{action['value']}:post",
        team=body["team"]["id"],
        channel=body["channel"]["id"],
        user=body["user"]["id"],
        at=time.time(),
        of=action["value"],
        response_url=body["response_url"],
    )
    _accept(request, context)
    ack()


def refusal(verdict: Acceptance, limits: Limits) -> str:
    """Why a request was not accepted, and when to ask again."""
    if verdict.outcome == "person":
        return f"You have sent more than {limits.person_per_minute:,} requests in a minute. Ask again in {verdict.number} s."
    if verdict.outcome == "channel":
        told = f"more than {limits.channel_per_minute:,} requests in a minute"
        return f"This channel has had {told}. Ask again in {verdict.number} s."
    return f"I'm busy: {verdict.number:,} requests are waiting, and {limits.waiting:,} is the most. Ask again in a few minutes."


def _from_message(
    kind: Literal["mention", "message"],
    event: dict[str, Any],
    body: dict[str, Any],
    context: BoltContext,
    client: WebClient,
) -> None:
    settings: Settings = context["settings"]
    if not event.get("user") or (event.get("bot_id") and not settings.allow_bots):
        return
    if event.get("edited") or event["user"] == context.bot_user_id:
        return
    team = str(body.get("team_id") or context.team_id or "")
    task, text = _task_in(without_mention(str(event.get("text") or ""), str(context.bot_user_id)), context["tasks"])
    request = WrapUpRequest(
        id=f"{team}:{event['channel']}:{event['ts']}",
        kind=kind,
        team=team,
        channel=event["channel"],
        user=event["user"],
        user_team=str(event.get("user_team") or event.get("source_team") or ""),
        at=time.time(),
        ts=event["ts"],
        thread_ts=event.get("thread_ts") or event["ts"],
        text=text,
        files=file_refs(event),
        task=task,
    )
    verdict = _accept(request, context)
    if verdict.told:
        where = {"channel": request.channel, "user": request.user, "thread_ts": event.get("thread_ts")}
        try_to(client.chat_postEphemeral, text=refusal(verdict, context["limits"]), **where)


def _accept(request: Request, context: BoltContext) -> Acceptance:
    queue: Queue = context["queue"]
    telemetry: Telemetry = context["telemetry"]
    verdict = queue.accept(request, context["limits"])
    telemetry.accepted(request, verdict.outcome)
    return verdict


def _task_in(text: str, tasks: Mapping[str, Task]) -> tuple[str, str]:
    """The task that a text opens with ("moderate: ...") and the rest; if it names none, "summarize" and the whole text."""
    first, _, rest = text.partition(" ") if " " in text.split("\n", 1)[0] else text.partition("\n")
    name = first.rstrip(":,").lower()
    return (name, rest.strip()) if name in tasks else ("summarize", text)
