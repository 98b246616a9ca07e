"""What the tests of Slack's side share: a Bolt app without Slack, on a store in the process."""

from __future__ import annotations

import hashlib
import hmac
import io
import time
from collections.abc import Iterable
from typing import Any
from wsgiref.types import WSGIEnvironment

from fakeredis import FakeRedis
from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from bot import settings
from bot.adapters.redis.answers import RedisAnswers
from bot.adapters.redis.pairs import RedisPairs
from bot.adapters.redis.queue import RedisQueue
from bot.adapters.redis.registry import RedisRegistry
from bot.feedback.reviews import Reviews
from bot.queue.request import Limits
from bot.wiring import Services, Wiring
from handlers.listeners import register
from handlers.slack.people import People
from handlers.telemetry import Telemetry
from handlers.wsgi import Web

SECRET = "signing-secret"
BOT = "U0BOT"
NO_SLACK = "http://127.0.0.1:1/api/"


def services(limits: Limits | None = None, redis: FakeRedis | None = None) -> Services:
    known, client = settings.read({}), redis or FakeRedis()
    tasks = Wiring(known).answers.tasks
    given = limits or Limits(1000, 1000, 1000)
    queue, answers, pairs = RedisQueue(client), RedisAnswers(client, tasks, 30), RedisPairs(client, 30)
    reviews = Reviews(answers, pairs, queue, RedisRegistry(client), None, 0, lambda _: b"")
    return Services(known, tasks, queue, answers, pairs, reviews, given)


def web(given: Services, api_url: str = NO_SLACK) -> Web:
    """The HTTP side in full, but for Slack's Web API, which is not there."""
    client = WebClient(token="xoxb-test", base_url=api_url, retry_handlers=[])
    known = AuthorizeResult(enterprise_id=None, team_id="T1", bot_user_id=BOT, bot_id="B0BOT", bot_token="xoxb-test")
    app = App(client=client, authorize=lambda: known, process_before_response=True, request_verification_enabled=False)
    telemetry = Telemetry(given.queue)
    register(app, vars(given) | {"telemetry": telemetry, "people": People(client, given.settings)})
    return Web(app, SECRET, given.queue, telemetry)


def signed(body: bytes, at: float | None = None, secret: str = SECRET) -> dict[str, str]:
    stamp = str(int(time.time() if at is None else at))
    proof = hmac.new(secret.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    return {"HTTP_X_SLACK_REQUEST_TIMESTAMP": stamp, "HTTP_X_SLACK_SIGNATURE": f"v0={proof}"}


def post(to: Web, body: bytes, headers: dict[str, str], kind: str = "application/json") -> tuple[int, str]:
    """Status and text of the answer to a request at `/slack/events`."""
    environ: WSGIEnvironment = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/slack/events",
        "CONTENT_TYPE": kind,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
        **headers,
    }
    return ask(to, environ)


def ask(to: Web, environ: WSGIEnvironment) -> tuple[int, str]:
    seen: list[str] = []

    def start(status: str, headers: list[tuple[str, str]], _: Any = None) -> Any:
        seen.append(status)

    text: Iterable[bytes] = to(environ, start)
    return int(seen[0].split()[0]), b"".join(text).decode()
