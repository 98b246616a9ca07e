"""The app's manifest: it asks for what the code uses, and for nothing else."""

from __future__ import annotations

import ast
import inspect
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from slack_sdk import WebClient

from bot import slack_manifest
from handlers.calls import home

ROOT = Path(__file__).parents[2]
HANDLERS = [ast.parse(path.read_text("utf-8")) for path in sorted((ROOT / "handlers").rglob("*.py"))]
MANIFEST = slack_manifest.manifest()
BOT_SCOPES: list[str] = MANIFEST["oauth_config"]["scopes"]["bot"]
BOT_EVENTS: list[str] = MANIFEST["settings"]["event_subscriptions"]["bot_events"]

HISTORY = {"channels:history", "groups:history", "im:history", "mpim:history"}
READ = {"channels:read", "groups:read", "im:read", "mpim:read"}

METHODS: dict[str, set[str]] = {
    "assistant_threads_setStatus": {"chat:write"},
    "assistant_threads_setSuggestedPrompts": {"assistant:write"},
    "auth_test": set(),
    "chat_delete": {"chat:write"},
    "chat_postEphemeral": {"chat:write"},
    "chat_postMessage": {"chat:write"},
    "chat_update": {"chat:write"},
    "conversations_history": HISTORY,
    "conversations_members": READ,
    "conversations_open": {"im:write"},
    "conversations_replies": HISTORY,
    "files_info": {"files:read"},
    "files_upload_v2": {"files:write"},
    "reactions_add": {"reactions:write"},
    "usergroups_users_list": {"usergroups:read"},
    "users_info": {"users:read"},
    "views_open": set(),
    "views_update": set(),
}
"""The scopes that each method needs, as Slack's reference of its methods has them; a new call needs its line here."""

BOLTS_OWN = {
    "respond": "",
    "say": "chat_postMessage",
    "say_stream": "chat_startStream",
    "set_status": "assistant_threads_setStatus",
    "set_suggested_prompts": "assistant_threads_setSuggestedPrompts",
    "set_title": "assistant_threads_setTitle",
}
"""What Bolt gives a listener by this name -> the method behind it; none where it answers at a response_url."""

SUBSCRIPTIONS: dict[str, set[str]] = {
    "app_home_opened": {"app_home_opened"},
    "app_mention": {"app_mention"},
    "message": {"message.channels", "message.groups", "message.im", "message.mpim"},
}
"""The subscriptions that bring each event that a listener may name."""

EVENT_SCOPES: dict[str, set[str]] = {
    "app_home_opened": set(),
    "app_mention": {"app_mentions:read"},
    "message.channels": {"channels:history"},
    "message.groups": {"groups:history"},
    "message.im": {"im:history"},
    "message.mpim": {"mpim:history"},
    "reaction_added": {"reactions:read"},
    "reaction_removed": {"reactions:read"},
}
FEATURE_SCOPES = {"agent_view": "assistant:write", "shortcuts": "commands", "slash_commands": "commands"}


def methods(trees: list[ast.Module]) -> set[str]:
    """Every Web API method that is called or handed on, whatever the client is called, and Bolt's ways to them."""
    api = {name for name, _ in inspect.getmembers(WebClient, inspect.isfunction) if "_" in name.strip("_")}
    nodes = [node for tree in trees for node in ast.walk(tree)]
    named = {node.attr for node in nodes if isinstance(node, ast.Attribute)} & api
    given = {node.arg for node in nodes if isinstance(node, ast.arg)} & set(BOLTS_OWN)
    return named | {BOLTS_OWN[name] for name in given} - {""}


def registered(kind: str, trees: list[ast.Module]) -> Iterator[str]:
    """What the listeners of a kind (`event`, `command`, ...) name; the one that takes all the rest names nothing."""
    for node in (node for tree in trees for node in ast.walk(tree)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == f"app.{kind}":
            (what,) = node.args
            if ast.unparse(what) != "re.compile('.*')":
                assert isinstance(what, ast.Constant), f"app.{kind}({ast.unparse(what)}) must name what it listens to"
                yield str(what.value)


def needed(trees: list[ast.Module]) -> set[str]:
    """The scopes that the code, the events it listens to and the features of the manifest need."""
    by_methods = (METHODS[name] for name in methods(trees))
    by_events = (
        EVENT_SCOPES[each] for event in registered("event", trees) for each in SUBSCRIPTIONS.get(event, {event})
    )
    by_features = {scope for feature, scope in FEATURE_SCOPES.items() if feature in MANIFEST["features"]}
    return set().union(by_features, *by_methods, *by_events)


def test_every_method_that_the_code_calls_is_in_the_table() -> None:
    assert methods(HANDLERS) - METHODS.keys() == set()


def test_the_table_holds_no_method_that_the_code_does_not_call() -> None:
    assert METHODS.keys() - methods(HANDLERS) == set()


def test_the_manifest_asks_for_the_scopes_that_are_needed_and_no_more() -> None:
    assert set(BOT_SCOPES) == needed(HANDLERS)


def test_the_manifest_subscribes_to_the_events_that_are_listened_to_and_no_more() -> None:
    heard = {each for event in registered("event", HANDLERS) for each in SUBSCRIPTIONS.get(event, {event})}

    assert set(BOT_EVENTS) == heard


def test_the_manifest_has_the_commands_and_shortcuts_that_are_listened_to() -> None:
    features = MANIFEST["features"]

    assert {each["command"] for each in features["slash_commands"]} == set(registered("command", HANDLERS))
    assert {each["callback_id"] for each in features["shortcuts"]} == set(registered("shortcut", HANDLERS))


@pytest.mark.parametrize(
    "line", ["client.pins_add(channel=c)", "ask(self._client.pins_add, channel=c)", "client.api_call('pins.add')"]
)
def test_a_call_that_is_new_is_seen(line: str) -> None:
    assert methods([ast.parse(line)]) - METHODS.keys()


def test_a_call_with_a_new_scope_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(METHODS, "pins_add", {"pins:write"})

    assert needed([*HANDLERS, ast.parse("ask(self._client.pins_add, channel=c)")]) - set(BOT_SCOPES) == {"pins:write"}


def test_what_bolt_gives_a_listener_is_seen() -> None:
    assert methods([ast.parse("def listener(say): say('Hello')")]) == {"chat_postMessage"}


def test_every_scope_and_event_says_what_it_is_for() -> None:
    assert list(slack_manifest.SCOPES) == BOT_SCOPES == sorted(BOT_SCOPES)
    assert list(slack_manifest.EVENTS) == BOT_EVENTS == sorted(BOT_EVENTS)


def test_the_suggested_prompts_are_those_that_the_bot_sets_itself() -> None:
    prompts = MANIFEST["features"]["agent_view"]["suggested_prompts"]

    assert [(each["title"], each["message"]) for each in prompts] == list(home.PROMPTS)


LIMITS = {
    "display_information.name": 35,
    "display_information.description": 140,
    "display_information.long_description": 4000,
    "features.agent_view.agent_description": 300,
    "features.agent_view.suggested_prompts": 4,
    "features.bot_user.display_name": 80,
    "features.shortcuts": 10,
    "features.slash_commands": 50,
    "features.slash_commands.0.command": 32,
    "features.slash_commands.0.description": 2000,
    "features.slash_commands.0.usage_hint": 1000,
    "oauth_config.scopes.bot": 255,
    "settings.event_subscriptions.bot_events": 100,
}
"""The most characters or entries, as Slack's schema of manifests has them."""


def at(path: str, tree: Any) -> Any:
    for step in path.split("."):
        tree = tree[int(step) if step.isdigit() else step]
    return tree


@pytest.mark.parametrize(("path", "most"), LIMITS.items())
def test_the_manifest_keeps_slacks_limits(path: str, most: int) -> None:
    assert 0 < len(at(path, MANIFEST)) <= most


def test_the_long_description_is_as_long_as_slack_wants_it() -> None:
    assert len(MANIFEST["display_information"]["long_description"]) >= 175


def test_socket_mode_needs_no_address() -> None:
    assert MANIFEST["settings"]["socket_mode_enabled"]
    assert "url" not in slack_manifest.MANIFEST.read_text("utf-8").lower()


def test_the_link_holds_the_manifest_and_no_browser_cuts_it_short() -> None:
    link = slack_manifest.link(MANIFEST)

    asked = parse_qs(urlsplit(link).query)
    assert (asked["new_app"], json.loads(asked["manifest_json"][0])) == (["1"], MANIFEST)
    assert link.isascii()
    assert len(link) < 8000


def test_over_http_everything_goes_to_the_one_address() -> None:
    changed = slack_manifest.over_http(MANIFEST, "https://wrapup.example.com/")

    settings, commands = changed["settings"], changed["features"]["slash_commands"]
    assert not settings["socket_mode_enabled"]
    assert {
        settings["event_subscriptions"]["request_url"],
        settings["interactivity"]["request_url"],
        *(command["url"] for command in commands),
    } == {"https://wrapup.example.com/slack/events"}  # fmt: skip


@pytest.mark.parametrize(
    "address", ["https://a.example/bots", "https://a.example/bots/", "https://a.example/bots/slack/events"]
)
def test_the_address_may_be_given_with_or_without_the_path(address: str) -> None:
    assert slack_manifest.request_url(address) == "https://a.example/bots/slack/events"


@pytest.mark.parametrize("address", ["http://a.example", "a.example", "https://", "https://a.example/?x=1", ""])
def test_an_address_that_slack_does_not_send_to_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match=r"https://wrapup\.example\.com"):
        slack_manifest.request_url(address)


def test_what_is_missing_is_told_by_what_will_not_work() -> None:
    granted = set(BOT_SCOPES) - {"files:read"}

    assert slack_manifest.lacking(granted) == [
        "files:read is missing: the bot can't read the call logs that people upload"
    ]  # fmt: skip
