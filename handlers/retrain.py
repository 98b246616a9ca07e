"""`/retrain`: how far the loop is, and its steps, for admins."""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Mapping
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.errors import NotAllowed
from bot.ports import Pairs, Queue
from bot.promoting import Promoter
from bot.request import Request
from bot.reviewing import stats
from bot.task import Task
from handlers import loop_cards
from handlers.api import ask
from handlers.people import People

USAGE = (
    "`/retrain status` shows who answers, and the pairs that were collected: by label, source, reviewer and week.\n"
    "`/retrain export [TASK]` makes the dataset of them that the base model's fine-tuning takes.\n"
    "`/retrain rollback [TASK]` has the model answer that did before the last promotion.\n"
    "`/retrain history` shows the last steps: when, who, what.\n"
    "Training, judging and promoting are commands of the shell: `wrapup train`, `wrapup evaluate`, `wrapup promote`."
)
HISTORY = 15
EXPORTING = "The dataset is being made. Its card comes in our direct messages."

log = logging.getLogger(__name__)


def register(app: App) -> None:
    app.command("/retrain")(retrain)
    app.action("download_dataset")(download_dataset)


def retrain(
    ack: Ack,
    command: dict[str, Any],
    client: WebClient,
    pairs: Pairs,
    people: People,
    queue: Queue,
    tasks: Mapping[str, Task],
    promoter: Promoter,
) -> None:
    """`/retrain status | export | rollback | history`, for the admins alone."""
    user = command["user_id"]
    _admit(user, people)
    step, _, rest = str(command.get("text") or "status").strip().lower().partition(" ")
    if step == "export" and (rest.strip() or "summarize") in tasks:
        request = _asked(command["team_id"], user, client, f"export:{command['trigger_id']}", rest.strip())
        queue.accept(request, None)
        log.info("export", extra={"fields": {"user": user, "task": request.task}})
        ack(text=EXPORTING, response_type="ephemeral")
    elif step == "rollback" and (not rest.strip() or rest.strip() in tasks):
        task, _ = promoter.rollback(rest.strip() or None, user)
        ack(text=f"`{promoter.answering(task)}` answers {task} again.", response_type="ephemeral")
    elif step == "history":
        message = loop_cards.history(list(deque(promoter.audit(), HISTORY)))
        ack(text=message.text, blocks=message.blocks, response_type="ephemeral")
    elif step == "status":
        answering = {task: promoter.answering(task) for task in tasks}
        message = loop_cards.collected(stats(pairs.counts()), answering)
        ack(text=message.text, blocks=message.blocks, response_type="ephemeral")
    else:
        ack(text=USAGE, response_type="ephemeral")


def download_dataset(
    ack: Ack, body: dict[str, Any], action: dict[str, Any], client: WebClient, people: People, queue: Queue
) -> None:
    """The dataset of the card comes as a file, into the direct messages of who pressed."""
    user = body["user"]["id"]
    _admit(user, people)
    request = _asked(body["team"]["id"], user, client, f"download:{user}:{action['action_ts']}", action["value"])
    queue.accept(request.model_copy(update={"kind": "download"}), None)
    ack()


def _admit(user: str, people: People) -> None:
    if not people.is_admin(user):
        raise NotAllowed("`/retrain` is for the admins whom WRAPUP_ADMINS names.")


def _asked(team: str, user: str, client: WebClient, id_: str, task: str) -> Request:
    """A request whose reply stands in the person's direct messages."""
    channel = ask(client.conversations_open, users=user)["channel"]["id"]
    return Request(
        id=id_, kind="export", team=team, channel=channel, user=user, at=time.time(), task=task or "summarize"
    )
