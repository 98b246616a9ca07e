"""`/retrain`: the command, the buttons and the forms of the loop, for admins alone."""

from __future__ import annotations

import json
import logging
import re
import time
from collections.abc import Mapping
from typing import Any

from slack_bolt import Ack, App

from bot.errors import NotAllowed
from bot.queue.request import Request
from bot.task import Task
from handlers.calls.card import DEFAULT_TASK, Message
from handlers.retrain import forms
from handlers.retrain.steps import STEPS, WORDY, Ask, Means, StepAnswer, accept
from handlers.slack.api import ask
from handlers.slack.mrkdwn import code
from handlers.slack.people import People

USAGE = (
    "`/retrain [TASK]` shows how the loop of a task stands and what to do next, on a card that stays up to date.\n"
    "`/retrain start [TASK]` prepares the next job: it asks how, shows what it takes, and starts nothing yet.\n"
    "`/retrain stop | serve | evaluate | promote | release | retire [TASK]` does that with the job, or with the model "
    "that came of it.\n"
    "`/retrain canary 10% [#CHANNEL ...] [TASK]` has the new model answer a share of the calls, until people's votes tell "
    "which is better; `/retrain canary stop [TASK]` ends that.\n"
    "`/retrain rollback [TASK]` has the model answer that did before the last promotion.\n"
    "`/retrain export [TASK]` makes the dataset alone. `/retrain pairs` shows what was collected, `/retrain history` "
    "who did what."
)

log = logging.getLogger(__name__)


def register(app: App) -> None:
    app.command("/retrain")(retrain)
    app.action(re.compile(r"step_\w+"))(pressed)
    app.action("loop_menu")(chosen)
    app.action("download_dataset")(download_dataset)
    app.view("propose")(proposed)
    app.view("promote_anyway")(promoted_anyway)


def retrain(ack: Ack, command: dict[str, Any], means: Means) -> None:
    """`/retrain [STEP] [TASK]`, for the admins alone."""
    user = command["user_id"]
    _admit(user, means.people)
    step, task, words = understood(str(command.get("text") or ""), means.tasks)
    known = step in STEPS and task in means.tasks
    asked = Ask(step, task, f"{step}:{command['trigger_id']}", user, command["team_id"], command["trigger_id"], words)
    told = STEPS[step](asked, means) if known else _unknown(step, task, means.tasks)
    if known:
        log.info("step", extra={"fields": {"user": user, "step": step, "task": task}})
    ack(response_type="ephemeral", **_content(told))


def understood(text: str, tasks: Mapping[str, Task]) -> tuple[str, str, str]:
    """The step, the task and the other words of a command: a task alone asks for its status."""
    words = text.split()
    step = words.pop(0).lower() if words and words[0] not in tasks else "status"
    named = [word for word in words if word in tasks]
    rest = " ".join(word for word in words if word not in tasks)
    if rest and step not in WORDY:
        return step, rest, ""  # a task that there is not
    return step, named[0] if named else DEFAULT_TASK, rest


def pressed(ack: Ack, body: dict[str, Any], action: dict[str, Any], means: Means) -> None:
    """A button of the card."""
    user = body["user"]["id"]
    _admit(user, means.people)
    step, value = action["action_id"].removeprefix("step_"), json.loads(action["value"])
    id_ = f"{step}:{user}:{action['action_ts']}"
    place = {"of": value["of"], "channel": body["channel"]["id"]}
    STEPS[step](Ask(step, value["task"], id_, user, body["team"]["id"], body["trigger_id"], **place), means)
    ack()


def chosen(ack: Ack, body: dict[str, Any], action: dict[str, Any], means: Means) -> None:
    """A line of the card's menu; what it tells is for who chose it alone."""
    user = body["user"]["id"]
    _admit(user, means.people)
    step, _, task = action["selected_option"]["value"].partition("|")
    told = STEPS[step](Ask(step, task, f"{step}:{user}:{action['action_ts']}", user, body["team"]["id"], ""), means)
    ask(means.client.chat_postEphemeral, channel=body["channel"]["id"], user=user, **_content(told))
    ack()


def proposed(ack: Ack, body: dict[str, Any], view: dict[str, Any], means: Means) -> None:
    """The form of the next job was sent."""
    user, about_it = body["user"]["id"], json.loads(view["private_metadata"])
    _admit(user, means.people)
    given = forms.given(view)
    if wrong := forms.problems(means.retraining.family, given):
        ack(response_action="errors", errors=wrong)
        return
    asked = Ask("propose", forms.task_of(view, about_it["task"]), f"propose:{view['id']}", user, body["team"]["id"],
                "", channel=about_it["channel"])  # fmt: skip
    accept(asked, means.queue, "", json.dumps({"given": given, "base": forms.base_of(view)}))
    ack()


def promoted_anyway(ack: Ack, body: dict[str, Any], view: dict[str, Any], means: Means) -> None:
    """Somebody gave a reason for a promotion that no verdict speaks for."""
    user, about_it = body["user"]["id"], json.loads(view["private_metadata"])
    _admit(user, means.people)
    asked = Ask("promote", about_it["task"], f"promote:{view['id']}", user, body["team"]["id"], "",
                channel=about_it["channel"])  # fmt: skip
    accept(asked, means.queue, about_it["of"], forms.reason(view))
    ack()


def download_dataset(ack: Ack, body: dict[str, Any], action: dict[str, Any], means: Means) -> None:
    """The dataset of the card comes as a file, into the direct messages of who pressed."""
    user = body["user"]["id"]
    _admit(user, means.people)
    request = Request(
        id=f"download:{user}:{action['action_ts']}", kind="download", team=body["team"]["id"], user=user, at=time.time(),
        channel=means.people.direct(user), task=action["value"],
    )  # fmt: skip
    means.queue.accept(request, None)
    ack()


def _admit(user: str, people: People) -> None:
    if not people.is_admin(user):
        raise NotAllowed(
            f"`/retrain` is for the admins: whoever runs Wrapup makes you one by `{user}` in WRAPUP_ADMINS."
        )


def _unknown(step: str, task: str, tasks: Mapping[str, Task]) -> str:
    """What of a command is none, then how it is used."""
    if step == "help":
        return USAGE
    if step in STEPS:
        return f"There is no task {code(task, 100)}: the tasks are {', '.join(sorted(tasks))}.\n{USAGE}"
    return f"There is no step and no task {code(step, 100)}.\n{USAGE}"


def _content(told: StepAnswer) -> dict[str, Any]:
    return {"text": told.text, "blocks": told.blocks} if isinstance(told, Message) else {"text": told}
