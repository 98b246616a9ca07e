"""An admin sees an evaluation's card, its chart, and the calls behind it: the bot, a worker, the local Slack."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import urllib3
from redis import Redis
from slack_sdk import WebClient

from bot.adapters.redis.embedded_server import running as store
from bot.adapters.redis.registry import RedisRegistry
from bot.answers.summary import Summary
from bot.evaluation.metrics import fields
from bot.retraining.chart import scorecard
from handlers.retrain.charts import attached
from handlers.retrain.scorecard import message
from sandbox.child import wait_for
from sandbox.slack import Message, Slack
from sandbox.workspace import BOT_TOKEN, PRIYA, SUPPORT, TOM
from tests.doubles.bots import Bots, private, running

MOVED = {
    "call": "c1", "champion": 0.1, "challenger": 0.9, "transcript": "[0] customer: My lamp broke.", "wanted": {"topics": ["returns"]},
    "before": {"output": {"topics": []}, "fault": ""}, "after": {"output": None, "fault": "The reply holds no JSON."},
}  # fmt: skip
SURE = {"champion": 0.893, "challenger": 0.96, "diff": 0.067, "low": 0.029, "high": 0.114}
ROW: dict[str, Any] = {
    "schema": 1, "task": "summarize", "champion": "embedded", "challenger": "embedded:0123", "n": 91, "at": 0.0,
    "verdict": "promote", "sentence": "Promote the challenger.", "reasons": [], "by_topic": {}, "probes": {},
    "fields": {field.name: SURE for field in fields(Summary)}, "tokens_counted": True, "cost_known": True,
    "better": [MOVED], "worse": [], "against": None,
}  # fmt: skip


@pytest.fixture(scope="module")
def bots(events_slack: Slack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bots]:
    with running(events_slack, tmp_path_factory.mktemp("bot"), WRAPUP_ADMINS=PRIYA.id) as found:
        yield found


@pytest.fixture(scope="module")
def client(events_slack: Slack, bots: Bots) -> WebClient:
    return WebClient(token=BOT_TOKEN, base_url=events_slack.environment()["SLACK_API_URL"])


@pytest.fixture
def card(events_slack: Slack, bots: Bots, client: WebClient) -> Message:
    """The card of an evaluation that is kept, in a channel."""
    redis = Redis.from_url(store(Path(bots.env["WRAPUP_DATA_DIR"])))
    RedisRegistry(redis).keep_scorecard(ROW)
    redis.close()
    shown = message(ROW)
    ts = client.chat_postMessage(channel=SUPPORT, text=shown.text, blocks=shown.blocks)["ts"]
    return next(each for each in events_slack.messages() if each["ts"] == ts)


def files(slack: Slack, user: str) -> list[dict[str, Any]]:
    return [file for each in slack.messages(slack.conversation(user)) for file in each.get("files", [])]


def test_the_calls_come_as_a_page_to_the_admin_alone(events_slack: Slack, card: Message) -> None:
    events_slack.press(PRIYA.id, card, "moved_calls")

    (file,) = wait_for("the page", lambda: files(events_slack, PRIYA.id))
    content = urllib3.request("GET", file["url_private"], headers={"Authorization": f"Bearer {BOT_TOKEN}"}).data
    assert b"My lamp broke." in content
    assert b"no valid answer: The reply holds no JSON." in content
    assert "lamp" not in json.dumps(events_slack.messages())


def test_others_do_not_get_the_calls(events_slack: Slack, card: Message) -> None:
    events_slack.press(TOM.id, card, "moved_calls")

    assert private(events_slack, TOM.id, "Only admins can see these calls")
    assert files(events_slack, TOM.id) == []


def test_a_chart_is_a_picture_in_the_cards_thread_once(events_slack: Slack, card: Message, client: WebClient) -> None:
    for _ in range(2):
        attached(client, [scorecard(ROW)], "image", card["channel"], card["ts"])

    (picture,) = (file for each in events_slack.replies(card) for file in each.get("files", []))
    assert picture["name"].startswith("bar-")
    assert picture["mimetype"] == "image/png"
