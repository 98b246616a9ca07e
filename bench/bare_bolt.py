"""Two Bolt apps to compare with: one that does nothing, and one that works inside its listener, as Slack's samples do."""

from __future__ import annotations

import os
from typing import Any

from slack_bolt import App
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from bot.calls.files import read as read_call
from bot.calls.transcript import Transcript
from bot.settings import read
from bot.wiring import Wiring
from handlers.slack import message


def nothing() -> SlackRequestHandler:
    """Acknowledges mentions."""
    app = _app(process_before_response=True)

    @app.event("app_mention")
    def mention() -> None:
        pass

    return SlackRequestHandler(app)


def inside() -> SlackRequestHandler:
    """Acknowledges a mention, then summarises and answers in the listener's thread."""
    app, settings = _app(process_before_response=False), read()
    answers = Wiring(settings, 16).answers
    task, summarizer = answers.task_named("summarize"), answers.usual

    @app.event("app_mention")
    def mention(event: dict[str, Any], client: WebClient) -> None:
        (taken,) = read_call("", event["text"].encode(), task.reads, None, settings.max_bytes)
        assert isinstance(taken.found, Transcript)
        answer = summarizer.answer(task, taken.found)
        text = str(answer.output)
        shown = message.status("inside", text)
        client.chat_postMessage(channel=event["channel"], thread_ts=event["ts"], text=text, blocks=shown.blocks)

    return SlackRequestHandler(app)


def _app(*, process_before_response: bool) -> App:
    known = AuthorizeResult(enterprise_id=None, team_id="T0LUMEN", bot_user_id="U0WRAPUP", bot_token="xoxb-none")
    return App(
        signing_secret=os.environ["SLACK_SIGNING_SECRET"],
        client=WebClient(token="xoxb-none", base_url=os.environ["SLACK_API_URL"]),
        authorize=lambda: known,
        process_before_response=process_before_response,
    )
