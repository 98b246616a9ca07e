"""A small Bolt app that does each thing once: what the tests of the local Slack itself talk to."""

import os
from typing import Any

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_sdk import WebClient

app = App(
    client=WebClient(os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_API_URL"]),
    signing_secret=os.environ["SLACK_SIGNING_SECRET"],
)


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def options(*names: str) -> list[dict[str, Any]]:
    return [{"text": plain(name), "value": name.lower()} for name in names]


def echo_of(text: str) -> list[dict[str, Any]]:
    menu = {"type": "overflow", "action_id": "more", "options": options("Copy", "Delete")}
    button = {"type": "button", "action_id": "correct", "text": plain("Correct"), "value": "1"}
    return [
        {"type": "header", "text": plain("Echo")},
        {"type": "section", "text": {"type": "mrkdwn", "text": text}, "accessory": menu},
        {"type": "actions", "block_id": "below", "elements": [button]},
    ]


MODAL = {
    "type": "modal",
    "callback_id": "paste",
    "title": plain("Paste a call"),
    "submit": plain("Send"),
    "close": plain("Cancel"),
    "blocks": [
        {
            "type": "input",
            "block_id": "call",
            "label": plain("Call"),
            "element": {"type": "plain_text_input", "action_id": "text"},
        },
        {
            "type": "input",
            "block_id": "task",
            "label": plain("Task"),
            "element": {"type": "static_select", "action_id": "name", "options": options("Summarize", "Moderate")},
        },
        {
            "type": "input",
            "block_id": "where",
            "optional": True,
            "label": plain("Where"),
            "element": {"type": "checkboxes", "action_id": "places", "options": options("Channel")},
        },
    ],
}


@app.event("app_mention")
def answer(event: Any, say: Any) -> None:
    files = " ".join(file["name"] for file in event.get("files", []))
    say(text="Echo", blocks=echo_of(f"{event['text']} {files}"), thread_ts=event.get("thread_ts", event["ts"]))


@app.event("message")
def answer_directly(event: Any, say: Any) -> None:
    if event["channel_type"] == "im":
        say(text=f"To you: {event['text']}", thread_ts=event["ts"])


@app.event("file_shared")
def ignore() -> None: ...


@app.event("reaction_added")
def notice(event: Any, client: Any) -> None:
    where = {"channel": event["item"]["channel"], "thread_ts": event["item"]["ts"]}
    client.chat_postMessage(text=f"Saw {event['reaction']}", **where)


@app.event("app_home_opened")
def welcome(event: Any, client: Any) -> None:
    block = {"type": "section", "text": plain("Welcome")}
    client.views_publish(user_id=event["user"], view={"type": "home", "blocks": [block]})


@app.command("/summarize")
def command(ack: Any, body: Any, client: Any, respond: Any) -> None:
    ack()
    if body["text"]:
        respond(f"Heard {body['text']}")
    else:
        client.views_open(trigger_id=body["trigger_id"], view=MODAL)


@app.view("paste")
def submit(ack: Any, view: Any, client: Any, body: Any) -> None:
    values = view["state"]["values"]
    if not values["task"]["name"]["selected_option"]:
        ack(response_action="errors", errors={"task": "Choose a task."})
        return
    ack()
    places = [one["value"] for one in values["where"]["places"]["selected_options"]]
    text = f"{values['call']['text']['value']}|{values['task']['name']['selected_option']['value']}|{places}"
    client.chat_postMessage(channel=body["user"]["id"], text=text)


@app.action("correct")
def press(ack: Any, body: Any, client: Any) -> None:
    ack()
    by = f"Pressed by {body['user']['name']}"
    client.chat_update(channel=body["channel"]["id"], ts=body["message"]["ts"], text=by)


@app.action("more")
def choose(ack: Any, body: Any, say: Any) -> None:
    ack()
    say(text=f"Chose {body['actions'][0]['selected_option']['value']}", thread_ts=body["message"]["thread_ts"])


@app.shortcut("wrap_up")
def shortcut(ack: Any, body: Any, client: Any) -> None:
    ack()
    where = {"channel": body["channel"]["id"], "thread_ts": body["message_ts"]}
    client.chat_postMessage(text=f"Shortcut on {body['message']['text']}", **where)


web = SlackRequestHandler(app)  # for gunicorn

if __name__ == "__main__":
    SocketModeHandler(app, os.environ["SLACK_APP_TOKEN"]).start()  # type: ignore[no-untyped-call]
