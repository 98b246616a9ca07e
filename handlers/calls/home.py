"""The app's own place in Slack: what to say first in the Messages tab."""

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
    app.event(re.compile(".*"))(ignored)  # the last one: it takes what no other listener did


def home_opened(event: dict[str, Any], client: WebClient) -> None:
    """Suggests first words where the app has the Messages tab of agents; elsewhere Slack's refusal is no loss."""
    if event.get("tab") == "messages":
        prompts = [{"title": title, "message": text} for title, text in PROMPTS]
        # Without thread_ts: with one, Slack shows nothing for apps that have the agent's view.
        try_to(client.assistant_threads_setSuggestedPrompts, channel_id=event["channel"], prompts=prompts)


def ignored() -> None:
    """An event that means nothing to us: Slack sends again what nobody takes."""
