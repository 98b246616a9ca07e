"""The app's own page in Slack: it suggests first messages in the Messages tab."""

from __future__ import annotations

import re
from typing import Any

from slack_bolt import App
from slack_sdk import WebClient

from handlers.slack.api import try_to

PROMPTS = (
    ("Wrap up a call", "Agent: Thank you for calling. How can I help?\nCustomer: My order has not arrived."),
    ("What can you read?", "help"),
)


def register(app: App) -> None:
    app.event("app_home_opened")(home_opened)
    app.event(re.compile(".*"))(ignored)  # must come last: it takes all events that no other listener takes


def home_opened(event: dict[str, Any], client: WebClient) -> None:
    """Suggests first messages if the app has the Messages tab of agents. If not, Slack's refusal does no harm."""
    if event.get("tab") == "messages":
        prompts = [{"title": title, "message": text} for title, text in PROMPTS]
        # Without thread_ts: with one, Slack shows nothing for apps that have the agent's view.
        try_to(client.assistant_threads_setSuggestedPrompts, channel_id=event["channel"], prompts=prompts)


def ignored() -> None:
    """Takes an event that we don't use, as Slack would otherwise send it again."""
