"""The HTTP mode (`gunicorn handlers.wsgi:app()`): Slack's requests at `/slack/events`, plus health and metrics."""

from __future__ import annotations

import json
import logging
import sys
import time
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from prometheus_client import CONTENT_TYPE_LATEST
from slack_bolt import App, BoltRequest
from slack_sdk.signature import SignatureVerifier

from bot.errors import StoreUnavailable, WrapupError
from bot.json_logs import log_to_stderr
from bot.queue.ports import Queue
from bot.settings import read, require
from bot.wiring import Wiring
from handlers.app import LISTENERS, make_app
from handlers.telemetry import Telemetry

MOST_BYTES = 1_000_000  # Slack's largest payloads (long messages with many blocks) are less than a tenth of this
STALE_S = 300  # from Slack's documentation on signing

log = logging.getLogger(__name__)
HttpAnswer = tuple[int, str, str | bytes]


class Web:
    """The WSGI application. It verifies a request before it reads anything in it."""

    def __init__(
        self, slack: App, signing_secret: str, queue: Queue, telemetry: Telemetry, now: Callable[[], float] = time.time
    ) -> None:
        self._slack, self._queue, self._telemetry, self._now = slack, queue, telemetry, now
        self._verifier = SignatureVerifier(signing_secret)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        status, kind, body = self._answer(environ)
        data = body.encode() if isinstance(body, str) else body
        headers = [("Content-Type", kind), ("Content-Length", str(len(data)))]
        start_response(f"{status} {HTTPStatus(status).phrase}", headers)
        return [data]

    def _answer(self, environ: WSGIEnvironment) -> HttpAnswer:
        asked = environ.get("REQUEST_METHOD"), environ.get("PATH_INFO")
        if asked == ("POST", "/slack/events"):
            return self._slack_request(environ)
        if asked == ("GET", "/healthz"):
            return 200, "text/plain", "alive"
        if asked == ("GET", "/readyz"):
            return self._ready()
        if asked == ("GET", "/metrics"):
            return 200, CONTENT_TYPE_LATEST, self._telemetry.page()
        return 404, "text/plain", "There is nothing here."

    def _ready(self) -> HttpAnswer:
        try:
            health = self._queue.health()
        except StoreUnavailable as error:
            return 503, "text/plain", str(error)
        return 200, "text/plain", f"ready; {health.waiting} waiting, the oldest for {health.oldest_age_s:.0f} s"

    def _slack_request(self, environ: WSGIEnvironment) -> HttpAnswer:
        length = str(environ.get("CONTENT_LENGTH") or "")
        if not length.isascii() or not length.isdigit():
            return 411, "text/plain", "The request must state its length."
        if int(length) > MOST_BYTES:
            return 413, "text/plain", "The request is too large."
        try:
            body = environ["wsgi.input"].read(int(length)).decode()
        except UnicodeDecodeError:
            return 400, "text/plain", "The request isn't valid text."
        if not self._is_slacks(environ, body):
            return 401, "text/plain", "The request isn't signed by Slack, or is too old."
        if not _is_well_formed(environ, body):
            return 400, "text/plain", "The request is malformed."
        answer = self._slack.dispatch(BoltRequest(body=body, headers=_headers(environ)))
        return answer.status, answer.first_headers().get("content-type", "text/plain"), answer.body

    def _is_slacks(self, environ: WSGIEnvironment, body: str) -> bool:
        stamp = str(environ.get("HTTP_X_SLACK_REQUEST_TIMESTAMP") or "")
        signature = str(environ.get("HTTP_X_SLACK_SIGNATURE") or "")
        if not (stamp.isascii() and stamp.isdigit() and signature.isascii()):
            return False
        return abs(self._now() - int(stamp)) <= STALE_S and self._verifier.is_valid(body, stamp, signature)


def _is_well_formed(environ: WSGIEnvironment, body: str) -> bool:
    """Whether Bolt can parse the body: JSON, or a form whose `payload`, if there is one, is JSON."""
    try:
        if "json" in str(environ.get("CONTENT_TYPE") or ""):
            return isinstance(json.loads(body), dict)
        parsed = BoltRequest(body=body, headers=_headers(environ)).body
    except (ValueError, RecursionError):
        return False
    return isinstance(parsed, dict) and bool(parsed)


def _headers(environ: WSGIEnvironment) -> dict[str, Any]:
    named = {name[5:].replace("_", "-").lower(): str(value) for name, value in environ.items() if name[:5] == "HTTP_"}
    return named | {"content-type": str(environ.get("CONTENT_TYPE") or "")}


def app() -> Web:
    """The application of this process. If settings, store or Slack have a problem, the process ends with a sentence."""
    log_to_stderr()
    try:
        settings = read()
        require(settings, "SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET")
        wiring = Wiring(settings, LISTENERS)
        queue = wiring.services.queue
        telemetry = Telemetry(queue)
        slack = make_app(wiring, telemetry)
    except WrapupError as error:
        sys.exit(str(error))
    return Web(slack, settings.signing_secret or "", queue, telemetry)
