"""`wrapup check` of Slack, against a server that speaks the three methods that it asks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from bot import settings
from bot.adapters.slack_rights import rights, socket_mode
from bot.checks import CheckResult, check
from bot.errors import SettingsError, SlackRefused, SlackUnavailable
from bot.slack_manifest import SCOPES
from bot.wiring import Wiring

BOT, APP = "xoxb-1-2-abc", "xapp-1-A0WRAPUP-3-abc"
ALL = ",".join(SCOPES)


@dataclass
class Web:
    """A Web API: `scopes` goes into the header (none where it is None), `refuses` by method, `status` of all."""

    url: str = ""
    scopes: str | None = ALL
    app: str = "A0WRAPUP"
    refuses: dict[str, str] = field(default_factory=dict)
    status: int = 200

    def answer(self, method: str) -> dict[str, Any]:
        if word := self.refuses.get(method):
            return {"ok": False, "error": word}
        return {
            "auth.test": {"ok": True, "user": "wrapup", "team": "Lumen", "team_id": "T0LUMEN", "bot_id": "B0WRAPUP"},
            "bots.info": {"ok": True, "bot": {"id": "B0WRAPUP", "app_id": self.app}},
            "apps.connections.open": {"ok": True, "url": "wss://127.0.0.1/"},
        }[method]


@pytest.fixture
def web() -> Iterator[Web]:
    told = Web()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            body = json.dumps(told.answer(self.path.removeprefix("/api/").partition("?")[0])).encode()
            self.send_response(told.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            if told.scopes is not None:
                self.send_header("X-OAuth-Scopes", told.scopes)
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST  # noqa: N815  # http.server's name

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # http.server's name
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.url = f"http://127.0.0.1:{server.server_port}/api/"
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield told
    server.shutdown()
    thread.join()
    server.server_close()


def findings(web: Web, **environ: str) -> list[CheckResult]:
    """What `wrapup check` says of Slack."""
    probes = Wiring(settings.read({"SLACK_API_URL": web.url} | environ)).probes()
    return list(check(probe for probe in probes if probe.what.startswith("slack")))


def test_a_token_with_all_scopes_is_well(web: Web) -> None:
    assert rights(BOT, web.url) == "@wrapup in Lumen (T0LUMEN) has all scopes"


def test_more_scopes_than_needed_do_no_harm(web: Web) -> None:
    web.scopes = f"{ALL}, pins:read"

    assert rights(BOT, web.url).endswith("has all scopes")


def test_each_missing_scope_is_named_with_what_will_not_work(web: Web) -> None:
    web.scopes = ", ".join(set(SCOPES) - {"files:read", "reactions:write"})

    with pytest.raises(SlackRefused) as caught:
        rights(BOT, web.url)

    head, *lines = str(caught.value).splitlines()
    assert head.startswith("@wrapup in Lumen (T0LUMEN) lacks scopes. Put manifest.json into the app's settings")
    assert lines == [
        "files:read is missing: the bot can't read the call logs that people upload",
        "reactions:write is missing: the bot can't show with 👀 that it has seen a request",
    ]


def test_a_slack_that_tells_no_scopes_is_taken_at_its_word(web: Web) -> None:
    web.scopes = None

    assert rights(BOT, web.url) == "@wrapup in Lumen (T0LUMEN); Slack does not tell the token's scopes"


def test_a_token_that_slack_refuses_is_named(web: Web) -> None:
    web.refuses["auth.test"] = "invalid_auth"

    with pytest.raises(SlackRefused, match=r"^Slack refuses SLACK_BOT_TOKEN: invalid_auth\.$"):
        rights(BOT, web.url)


def test_a_slack_that_is_down_is_not_called_a_refusal(web: Web) -> None:
    web.status, web.refuses = 503, {"auth.test": "service_unavailable"}

    with pytest.raises(SlackUnavailable):
        rights(BOT, web.url)


def test_a_slack_that_cannot_be_reached_says_what_to_check() -> None:
    with pytest.raises(SlackUnavailable, match="SLACK_API_URL"):
        rights(BOT, "http://127.0.0.1:1/api/")


def test_tokens_of_one_app_are_well(web: Web) -> None:
    assert socket_mode(APP, BOT, web.url) == "`bot` can listen"


def test_tokens_of_different_apps_are_named(web: Web) -> None:
    web.app = "A0OTHER"

    with pytest.raises(SettingsError, match=r"is of the app A0WRAPUP, and SLACK_BOT_TOKEN is of A0OTHER\."):
        socket_mode(APP, BOT, web.url)


def test_an_app_token_that_slack_refuses_is_named(web: Web) -> None:
    web.refuses["apps.connections.open"] = "missing_scope"

    with pytest.raises(SlackRefused, match=r"^Slack refuses SLACK_APP_TOKEN: missing_scope\.$"):
        socket_mode(APP, BOT, web.url)


def test_without_the_right_to_ask_for_the_app_the_tokens_are_not_compared(web: Web) -> None:
    web.refuses["bots.info"] = "missing_scope"

    assert socket_mode(APP, BOT, web.url) == "`bot` can listen"


def test_without_a_bot_token_slack_is_not_asked(web: Web) -> None:
    (finding,) = findings(web)

    assert finding.mark == "not asked"
    assert "SLACK_BOT_TOKEN is unset" in finding.text


def test_with_all_three_secrets_both_ways_are_well(web: Web) -> None:
    found = findings(web, SLACK_BOT_TOKEN=BOT, SLACK_APP_TOKEN=APP, SLACK_SIGNING_SECRET="s")

    assert [(each.what, each.mark) for each in found] == [
        ("slack", "well"), ("slack socket mode", "well"), ("slack http mode", "well")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("secret", "value", "mode", "told"),
    [
        ("SLACK_APP_TOKEN", APP, "slack http mode", "SLACK_SIGNING_SECRET is unset, so `web` cannot run"),
        ("SLACK_SIGNING_SECRET", "s", "slack socket mode", "SLACK_APP_TOKEN is unset, so `bot` cannot run"),
    ],
)
def test_the_way_whose_secret_is_missing_is_told_and_is_no_fault(
    web: Web, secret: str, value: str, mode: str, told: str
) -> None:
    found = findings(web, SLACK_BOT_TOKEN=BOT, **{secret: value})

    assert CheckResult(mode, "not asked", told) in found
    assert not [each for each in found if each.mark == "wrong"]


def test_a_bot_token_alone_is_wrong_since_nothing_would_listen(web: Web) -> None:
    *_, last = findings(web, SLACK_BOT_TOKEN=BOT)

    assert (last.what, last.mark) == ("slack requests", "wrong")
    assert "SLACK_APP_TOKEN" in last.text
    assert "SLACK_SIGNING_SECRET" in last.text
