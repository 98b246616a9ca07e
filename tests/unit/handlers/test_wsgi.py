"""What the HTTP side takes and refuses."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from fakeredis import FakeRedis, FakeServer

from bot.queue.request import Limits, WrapUpRequest
from bot.wiring import Services
from handlers.wsgi import MOST_BYTES, Web
from tests.doubles.slack_side import BOT, ask, post, services, signed, web


@pytest.fixture
def given() -> Services:
    return services()


@pytest.fixture
def to(given: Services) -> Web:
    return web(given)


def mention(**more: Any) -> bytes:
    event = {"type": "app_mention", "user": "U1", "channel": "C1", "ts": "1.000001", "text": f"<@{BOT}> hello"} | more
    return json.dumps({"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event": event}).encode()


def message(**more: Any) -> bytes:
    return mention(type="message", channel_type="channel", **more)


def test_a_signed_mention_is_accepted(to: Web, given: Services) -> None:
    status, _ = post(to, mention(), signed(mention()))

    (job,) = given.queue.take(5, 10)
    assert isinstance(job.request, WrapUpRequest)
    assert (status, job.request.id, job.request.text) == (200, "T1:C1:1.000001", "hello")


def test_the_two_events_of_one_mention_are_one_request(to: Web, given: Services) -> None:
    for body in (mention(), message()):
        post(to, body, signed(body))

    assert given.queue.health().waiting == 1


@pytest.mark.parametrize(
    "more",
    [
        {"subtype": "message_changed"},
        {"subtype": "channel_join"},
        {"bot_id": "B9"},
        {"user": BOT},
        {"text": "no mention"},
        {"edited": {"user": "U1", "ts": "2.0"}},
    ],
    ids=["edit", "join", "another bot", "itself", "not meant", "edited"],
)
def test_what_is_not_meant_for_the_bot_is_ignored(to: Web, given: Services, more: dict[str, Any]) -> None:
    body = message(**more)

    status, _ = post(to, body, signed(body))

    assert (status, given.queue.health().waiting) == (200, 0)


def test_an_event_that_nobody_listens_to_is_acknowledged(to: Web) -> None:
    body = mention(type="channel_archive")

    assert post(to, body, signed(body))[0] == 200


def test_slacks_check_of_the_address_is_answered(to: Web) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "abc"}).encode()

    assert post(to, body, signed(body)) == (200, '{"challenge": "abc"}')


@pytest.mark.parametrize(
    "headers",
    [
        {},
        signed(b"another body"),
        signed(mention(), secret="guess"),
        signed(mention(), at=0),
        signed(mention(), at=4_000_000_000),
        signed(mention()) | {"HTTP_X_SLACK_REQUEST_TIMESTAMP": "yesterday"},
        signed(mention()) | {"HTTP_X_SLACK_REQUEST_TIMESTAMP": "²"},
        signed(mention()) | {"HTTP_X_SLACK_SIGNATURE": "v0=ÿ"},
    ],
    ids=["unsigned", "of another body", "forged", "stale", "of the future", "no time", "odd digit", "odd letter"],
)
def test_what_slack_did_not_sign_is_refused(to: Web, given: Services, headers: dict[str, str]) -> None:
    status, _ = post(to, mention(), headers)

    assert (status, given.queue.health().waiting) == (401, 0)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"{", "application/json"),
        (b"[]", "application/json"),
        (b"\xff\xfe", "application/json"),
        (b'{"a":' * 100_000, "application/json"),
        (b"payload=%7B", "application/x-www-form-urlencoded"),
        (b"", "application/x-www-form-urlencoded"),
        (
            b'{"type": "event_callback", "event": {"type": "app_mention", "user": "U1", "text": "x"}}',
            "application/json",
        ),
        (mention(ts=17), "application/json"),
    ],
    ids=["broken", "list", "no text", "deep", "broken form", "empty", "without a channel", "number for a time"],
)
def test_what_is_malformed_is_refused_as_such(to: Web, body: bytes, kind: str) -> None:
    status, text = post(to, body, signed(body), kind)

    assert 400 <= status < 500
    assert "Traceback" not in text


def test_what_is_too_large_is_refused_unread(to: Web) -> None:
    environ = {"REQUEST_METHOD": "POST", "PATH_INFO": "/slack/events", "CONTENT_LENGTH": str(MOST_BYTES + 1)}

    assert ask(to, environ)[0] == 413


@pytest.mark.parametrize("length", ["", "-1", "many", "²"])
def test_a_request_without_its_length_is_refused(to: Web, length: str) -> None:
    environ = {"REQUEST_METHOD": "POST", "PATH_INFO": "/slack/events", "CONTENT_LENGTH": length}

    assert ask(to, environ)[0] == 411


def test_what_cannot_be_stored_is_for_slack_to_send_again() -> None:
    server = FakeServer()
    to = web(services(redis=FakeRedis(server=server)))
    server.connected = False

    assert post(to, mention(), signed(mention()))[0] == 500


def test_a_command_that_cannot_be_stored_is_told_to_its_person() -> None:
    server = FakeServer()
    to = web(services(redis=FakeRedis(server=server)))
    server.connected = False
    body = command("Agent: hello\nCustomer: I want a refund.")

    status, text = post(to, body, signed(body), "application/x-www-form-urlencoded")

    assert status == 200
    assert "Try again in a minute" in text
    assert "Incident" in text


def test_a_command_over_the_limit_is_told_politely() -> None:
    to = web(services(Limits(person_per_minute=1, channel_per_minute=1000, waiting=1000)))
    bodies = [command("Customer: hello", trigger=f"{n}.0") for n in range(2)]

    texts = [post(to, body, signed(body), "application/x-www-form-urlencoded")[1] for body in bodies]

    assert "Reading" in texts[0]
    assert "more than 1 requests in a minute" in texts[1]


def command(text: str, trigger: str = "1.0") -> bytes:
    return urlencode(
        {
            "command": "/summarize",
            "text": text,
            "team_id": "T1",
            "channel_id": "C1",
            "user_id": "U1",
            "trigger_id": trigger,
            "response_url": "http://127.0.0.1:1/r",
        }
    ).encode()


def test_it_says_whether_it_is_alive_and_ready(to: Web) -> None:
    assert [ask(to, {"REQUEST_METHOD": "GET", "PATH_INFO": path})[0] for path in ("/healthz", "/readyz")] == [200, 200]


def test_without_the_store_it_is_alive_and_not_ready() -> None:
    server = FakeServer()
    to = web(services(redis=FakeRedis(server=server)))
    server.connected = False

    assert [ask(to, {"REQUEST_METHOD": "GET", "PATH_INFO": path})[0] for path in ("/healthz", "/readyz")] == [200, 503]


def test_metrics_tell_what_waits_and_what_was_refused(to: Web) -> None:
    post(to, mention(), signed(mention()))

    _, page = ask(to, {"REQUEST_METHOD": "GET", "PATH_INFO": "/metrics"})

    assert "wrapup_queue_waiting 1.0" in page
    assert 'wrapup_requests_total{outcome="new"} 1.0' in page


def test_nothing_else_is_there(to: Web) -> None:
    assert ask(to, {"REQUEST_METHOD": "GET", "PATH_INFO": "/slack/events"})[0] == 404
