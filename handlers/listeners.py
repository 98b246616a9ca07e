"""Registers all listeners with their services, and shows people their errors."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from slack_bolt import App, BoltContext, BoltResponse

from bot.errors import StoreUnavailable, WrapupError
from handlers.calls import forgetting, home, listeners
from handlers.feedback import answer_menu
from handlers.feedback import listeners as feedback
from handlers.retrain import listeners as retrain
from handlers.retrain import scorecard
from handlers.slack.api import try_to

NOT_NOW = "I can't do this at the moment. Try again in a minute. Nothing that you wrote is lost."

log = logging.getLogger(__name__)


def register(app: App, services: Mapping[str, Any]) -> None:
    """Gives every listener its services by name, and shows its errors to people."""

    def give(context: BoltContext, next: Callable[[], None]) -> None:  # noqa: A002  # Bolt's name
        context.update(services)
        next()

    app.use(give)
    listeners.register(app)
    feedback.register(app)
    answer_menu.register(app)
    forgetting.register(app)
    retrain.register(app)
    scorecard.register(app)
    home.register(app)
    app.error(tell)


def tell(error: Exception, body: dict[str, Any], context: BoltContext) -> BoltResponse:
    """Shows a person the error of a listener. If we couldn't store an event, Slack sends it again."""
    text = str(error) if isinstance(error, WrapupError) else ""
    if not text or isinstance(error, StoreUnavailable):
        incident = uuid.uuid4().hex[:8]
        fields = {"incident": incident, "error": type(error).__name__, "kind": body.get("type") or body.get("command")}
        log.error("a listener failed", extra={"fields": fields}, exc_info=error)
        text = f"{NOT_NOW if isinstance(error, StoreUnavailable) else 'Something went wrong.'} (Incident {incident})"
    if "event" in body:
        if isinstance(error, StoreUnavailable):
            return BoltResponse(status=500, body="not stored")
        return BoltResponse(
            status=400, body="not taken", headers={"x-slack-no-retry": "1"}
        )  # Slack shouldn't send it again, as it would fail again
    if "command" in body:
        return BoltResponse(status=200, body={"response_type": "ephemeral", "text": text})
    if body.get("type") == "view_submission":
        first = next(iter(body["view"]["state"]["values"]), "text")
        return BoltResponse(status=200, body={"response_action": "errors", "errors": {first: text}})
    if channel := (body.get("channel") or {}).get("id"):
        user = (body.get("user") or {}).get("id")
        thread = (body.get("container") or {}).get("thread_ts")
        try_to(context.client.chat_postEphemeral, channel=channel, user=user, text=text, thread_ts=thread)
    return BoltResponse(status=200, body="")
