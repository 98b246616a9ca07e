"""Speaks to a running local Slack: does what people do there, reads what the bot did."""

import hashlib
import hmac
import json
import socket
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import urllib3
from websockets.sync.client import ClientConnection, connect

from sandbox import workspace
from sandbox.child import LIMIT_S

Message = dict[str, Any]  # as Slack's `message` object


class Slack:
    """What people can do in the local Slack. Every call returns when the app has acknowledged, or after 5 s.

    Channels and people are ids; a person's id as channel is the person's direct messages with the bot.
    A refused request raises RuntimeError with the local Slack's own words.
    """

    def __init__(self, url: str, request_url: str | None = None) -> None:
        """`url` is where it listens; `request_url` is where it posts events (unset in Socket Mode)."""
        self.url = url
        self.request_url = request_url

    def environment(self) -> dict[str, str]:
        """The settings with which the bot speaks to this Slack."""
        return {
            "SLACK_BOT_TOKEN": workspace.BOT_TOKEN,
            "SLACK_APP_TOKEN": workspace.APP_TOKEN,
            "SLACK_SIGNING_SECRET": workspace.SIGNING_SECRET,
            "SLACK_API_URL": f"{self.url}/api/",
            **({"PORT": str(urlsplit(self.request_url).port)} if self.request_url else {}),
        }

    # What people do

    def say(self, user: str, text: str, channel: str = workspace.SUPPORT, *, thread: str | None = None) -> Message:
        """Posts as a person; `<@U0WRAPUP>` in the text mentions the bot. Returns the message."""
        return self._do("message", user=user, channel=channel, text=text, thread_ts=thread)

    def upload(
        self,
        user: str,
        *files: Path,
        text: str = "",
        channel: str = workspace.SUPPORT,
        thread: str | None = None,
    ) -> Message:
        """Shares files, with `text` as the comment. Returns the message."""
        fields: list[tuple[str, str | tuple[str, bytes]]] = [("user", user), ("channel", channel), ("text", text)]
        fields += [("thread_ts", thread)] if thread else []
        fields += [("file", (file.name, file.read_bytes())) for file in files]
        return self._ask("POST", "/_control/upload", fields=fields)["message"]  # type: ignore[no-any-return]

    def command(self, user: str, command: str, text: str = "", channel: str = workspace.SUPPORT) -> None:
        """Runs a slash command: `command` with its slash, `text` what follows it."""
        self._do("command", user=user, channel=self.conversation(channel), command=command, text=text)

    def interact(self, user: str, message: Message, action: Mapping[str, Any]) -> None:
        """Sends a `block_actions` of this action, for instance what `action_of` gives."""
        self._do("interact", user=user, channel=message["channel"], messageTs=message["ts"], action=dict(action))

    def press(self, user: str, message: Message, action_id: str) -> None:
        """Presses the message's button with this action id. Raises LookupError where there is none."""
        self.interact(user, message, action_of(message, action_id))

    def choose(self, user: str, message: Message, action_id: str, value: str) -> None:
        """Chooses an option of the message's menu by its value. Raises LookupError where there is none."""
        self.interact(user, message, action_of(message, action_id, value))

    def react(self, user: str, message: Message, name: str, *, present: bool = True) -> None:
        """Adds a reaction to a message, or takes it away."""
        self._do("reaction", user=user, channel=message["channel"], ts=message["ts"], name=name, present=present)

    def edit(self, message: Message, text: str) -> None:
        """Changes a person's message, as that person."""
        self._do("edit-message", user=message["user"], channel=message["channel"], ts=message["ts"], text=text)

    def delete(self, message: Message) -> None:
        """Deletes a person's message, as that person."""
        self._do("delete-message", user=message["user"], channel=message["channel"], ts=message["ts"])

    def open_home(self, user: str) -> None:
        """Opens the app's Home tab."""
        self._do("open-home", user=user)

    def submit(self, user: str, values: Mapping[str, Mapping[str, Any]]) -> None:
        """Submits the modal that is open: `{block_id: {action_id: {"type": "plain_text_input", "value": "..."}}}`.

        Only values of input blocks arrive; initial values must be given too. Returns when the local Slack has the
        app's answer. Raises LookupError when no modal is open.
        """
        self._act("view_submit", user=user, values={block: dict(actions) for block, actions in values.items()})

    def close_modal(self, user: str) -> None:
        """Closes the modal that is open. Raises LookupError when none is."""
        self._act("view_close", user=user)

    def shortcut(self, user: str, callback_id: str, message: Message) -> int:
        """Uses a message shortcut (events mode only); returns the bot's HTTP status.

        The local Slack has none, so the request is made here; its trigger and response URL lead nowhere.
        """
        payload = {
            "type": "message_action",
            "callback_id": callback_id,
            "trigger_id": "0.0.none",
            "response_url": f"{self.url}/_hooks/response/none",
            "team": {"id": workspace.TEAM, "domain": "lumen"},
            "user": {"id": user, "team_id": workspace.TEAM},
            "channel": {"id": message["channel"], "name": "channel"},
            "message_ts": message["ts"],
            "message": message,
            "api_app_id": workspace.APP,
        }
        body = urlencode({"payload": json.dumps(payload)}).encode()
        return self.post(body, {"Content-Type": "application/x-www-form-urlencoded"})

    def submit_view(
        self, user: str, view: Mapping[str, Any], values: Mapping[str, Mapping[str, Any]]
    ) -> dict[str, Any]:
        """Submits a view that need not be open any more (events mode only); returns the bot's answer.

        For two people in a form at once: the local Slack has one modal for all.
        """
        state = {"values": {block: dict(actions) for block, actions in values.items()}}
        payload = {
            "type": "view_submission",
            "team": {"id": workspace.TEAM, "domain": "lumen"},
            "user": {"id": user, "team_id": workspace.TEAM},
            "view": {**view, "state": state},
            "api_app_id": workspace.APP,
        }
        body = urlencode({"payload": json.dumps(payload)}).encode()
        answer = self._signed(body, {"Content-Type": "application/x-www-form-urlencoded"})
        return dict(answer.json()) if answer.data else {}

    # What can be seen

    def messages(self, channel: str = workspace.SUPPORT) -> list[Message]:
        """All messages of a channel, oldest first; replies are among them with their `thread_ts`."""
        return self._ask("GET", f"/_control/messages/{self.conversation(channel)}")["messages"]  # type: ignore[no-any-return]

    def replies(self, message: Message) -> list[Message]:
        """The bot's messages in the thread of a message, oldest first."""
        thread = message.get("thread_ts", message["ts"])
        said = self.messages(message["channel"])
        return [one for one in said if one.get("thread_ts") == thread and one["user"] == workspace.BOT]

    def log(self) -> list[dict[str, Any]]:
        """The last 1,000 lines of traffic: `direction` (to_bot, from_bot, internal), `kind`, `summary`, `detail`."""
        return self._ask("GET", "/_control/log")["log"]  # type: ignore[no-any-return]

    def calls(self, method: str) -> list[dict[str, Any]]:
        """The arguments of each call of a Web API method, oldest first."""
        return [line["detail"] for line in self.log() if (line["kind"], line["summary"]) == ("web_api", method)]

    def modal(self) -> dict[str, Any] | None:
        """The modal that is open (the local Slack has one for all people), or None."""
        stack = self._state()["modalStack"]
        return stack[-1] if stack else None

    def home(self, user: str) -> dict[str, Any] | None:
        """What the app published to a person's Home tab, or None."""
        return self._state()["homeViews"].get(user, {}).get(workspace.APP)  # type: ignore[no-any-return]

    def connected(self) -> bool:
        """Whether the bot holds a Socket Mode connection; in events mode, whether it listens at its request URL."""
        if not self.request_url:
            return bool(self._state()["apps"][0]["connected"])
        url = urlsplit(self.request_url)
        with socket.socket() as probe:
            return probe.connect_ex((url.hostname, url.port)) == 0

    def conversation(self, channel: str) -> str:
        """The id of a person's direct messages with the bot, opened if need be; other ids are returned as they are."""
        if not channel.startswith("U"):
            return channel
        answer = self._ask("POST", "/api/conversations.open", json={"users": channel})
        return str(answer["channel"]["id"])

    def reset(self) -> None:
        """Empties the workspace: messages, direct messages, files, modals, Home tabs, traffic."""
        self._do("reset")

    # Straight to the bot, past the local Slack

    def post(self, body: bytes, headers: Mapping[str, str], *, at: float | None = None) -> int:
        """Posts to the bot's request URL, signed as Slack does `at` this time (now); returns the HTTP status.

        Raises RuntimeError in Socket Mode, where there is no request URL.
        """
        return self._signed(body, headers, at=at).status

    def _signed(self, body: bytes, headers: Mapping[str, str], *, at: float | None = None) -> urllib3.BaseHTTPResponse:
        if not self.request_url:
            raise RuntimeError("this local Slack runs in Socket Mode: requests can be posted in events mode only")
        stamp = str(int(time.time() if at is None else at))
        proof = hmac.new(workspace.SIGNING_SECRET.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
        signed = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={proof}", **headers}
        return urllib3.request("POST", self.request_url, body=body, headers=signed, timeout=LIMIT_S)

    def redeliver(self, kind: str = "events_api", *, retry: int = 1) -> int:
        """Sends the last delivery of this kind again, as Slack does when it saw no answer; returns the status."""
        sent = [line["detail"] for line in self.log() if (line["direction"], line["kind"]) == ("to_bot", kind)]
        again = {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": "http_timeout"}
        if kind != "interactive":
            return self.post(str(sent[-1]).encode(), {"Content-Type": "application/json", **again})
        payload = sent[-1] if isinstance(sent[-1], str) else json.dumps(sent[-1])
        form = payload if payload.startswith("payload=") else urlencode({"payload": payload})
        return self.post(form.encode(), {"Content-Type": "application/x-www-form-urlencoded", **again})

    def _do(self, what: str, /, **arguments: Any) -> Message:
        given = {name: value for name, value in arguments.items() if value is not None}
        return self._ask("POST", f"/_control/{what}", json=given).get("message", {})  # type: ignore[no-any-return]

    def _ask(self, method: str, path: str, **arguments: Any) -> dict[str, Any]:
        answer = urllib3.request(method, self.url + path, timeout=LIMIT_S, retries=False, **arguments)
        found: dict[str, Any] = answer.json()
        if answer.status != 200 or found.get("ok") is False:
            raise RuntimeError(f"the local Slack refused {path}: {found.get('error', answer.status)}")
        return found

    def _state(self) -> dict[str, Any]:
        with self._page() as page:
            return _first(page)

    def _act(self, action: str, **arguments: Any) -> None:
        with self._page() as page:
            if not _first(page)["modalStack"]:
                raise LookupError("no modal is open")
            page.send(json.dumps({"t": action, **arguments}))
            while json.loads(page.recv(timeout=LIMIT_S))["t"] not in {"view", "view_errors"}:
                pass

    def _page(self) -> ClientConnection:
        return connect(self.url.replace("http", "ws", 1) + "/ui", max_size=None, open_timeout=LIMIT_S)


def _first(page: ClientConnection) -> dict[str, Any]:
    return json.loads(page.recv(timeout=LIMIT_S))["state"]  # type: ignore[no-any-return]


def action_of(message: Message, action_id: str, value: str | None = None) -> dict[str, Any]:
    """The action of a button, or of a menu's option with this value, as `interact` takes it.

    Raises LookupError, which lists the action ids that the message has.
    """
    elements = list(_elements(message.get("blocks", [])))
    for place, element in elements:
        if element.get("action_id") == action_id:
            action = {"block_id": place, "action_id": action_id, "type": element["type"]}
            if value is None:
                return {**action, "value": element.get("value"), "text": element.get("text")}
            for option in element.get("options", []):
                if option["value"] == value:
                    return {**action, "selected_option": option}
    known = ", ".join(str(element.get("action_id")) for _, element in elements) or "none"
    raise LookupError(f"the message has no {action_id} {value or ''}".rstrip() + f"; it has: {known}")


def _elements(blocks: Sequence[Mapping[str, Any]]) -> list[tuple[str, Mapping[str, Any]]]:
    """Each interactive element with the id of its block (the local Slack's page counts them where there is none)."""
    found = []
    for number, block in enumerate(blocks):
        inside = [*block.get("elements", []), *([block["accessory"]] if "accessory" in block else [])]
        found += [(block.get("block_id", f"b{number}"), element) for element in inside if "action_id" in element]
    return found
