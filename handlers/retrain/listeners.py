"""`/retrain`: the command, the buttons and the forms of the training loop, for admins only."""

from __future__ import annotations

import json
import logging
import re
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.errors import JobRefused, NotAllowed
from bot.feedback.ports import Pairs
from bot.feedback.reviews import stats
from bot.models.canary import asked_for
from bot.queue.ports import Queue
from bot.queue.request import DownloadRequest, ExportRequest, StepRequest
from bot.retraining.next_step import about, passed
from bot.retraining.retraining import Retraining
from bot.serving.promoter import Promoter
from bot.settings import Settings
from bot.task import Task
from handlers.calls.card import DEFAULT_TASK
from handlers.retrain import dataset_card, forms
from handlers.retrain.steps import NO_MODEL, STEPS
from handlers.slack.api import ask
from handlers.slack.message import Message
from handlers.slack.mrkdwn import code
from handlers.slack.people import People

USAGE = (
    "`/retrain [TASK]` posts a card that shows where training stands and what to do next. The card stays up to date.\n"
    "`/retrain start [TASK]` opens a form for a new training job. You see its size and cost before anything starts.\n"
    "`/retrain stop [TASK]` stops the job. `/retrain serve | evaluate | promote | release | retire [TASK]` does that with "
    "the new model.\n"
    "`/retrain canary 10% [#CHANNEL ...] [TASK]` lets the new model answer a share of the calls, until people's votes show "
    "which model is better. `/retrain canary stop [TASK]` ends it.\n"
    "`/retrain rollback [TASK]` brings back the model that answered before the last promotion.\n"
    "`/retrain export [TASK]` exports the dataset only. `/retrain pairs` shows the training data, `/retrain history` who "
    "did what."
)

HISTORY = 15  # the latest lines of the audit that are shown
EXPORTING = "I'm making the dataset. You'll get its card in our direct messages."
NO_HYPERPARAMETERS: Mapping[str, str] = {}

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Ask:
    """A step that an admin asks for. `id` is the same for the same press or command.

    `of`: the proposal, approval, job or model that the button was about. `channel`: the place of the card with the
    button. Both are "" in a command. `words`: what follows the step in a command.
    """

    step: str
    task: str
    id: str
    user: str
    team: str
    trigger_id: str
    words: str = ""
    of: str = ""
    channel: str = ""


@dataclass(frozen=True, slots=True)
class Means:
    """The services that the listeners of steps use."""

    client: WebClient
    queue: Queue
    people: People
    settings: Settings
    tasks: Mapping[str, Task]
    pairs: Pairs
    promoter: Promoter
    retraining: Retraining


StepAnswer = str | Message  # the answer to a command; a button shows none, as its card changes


def status(asked: Ask, means: Means) -> StepAnswer:
    """Posts the card."""
    return _taken(asked, means, "")


def start(asked: Ask, means: Means) -> StepAnswer:
    """Opens the form for a new job."""
    channel = asked.channel or place(asked, means)
    bases = means.retraining.bases(asked.task)
    form = forms.start_modal(means.retraining.family, list(means.tasks.values()), asked.task, channel, bases)
    ask(means.client.views_open, trigger_id=asked.trigger_id, view=form)
    return "Fill in the form. Nothing has started yet."


def do(asked: Ask, means: Means) -> StepAnswer:
    """Asks a worker to take the step. Raises JobRefused if there is nothing to take it on, or another step is running."""
    loop = means.retraining.loop(asked.task)
    if not (of := asked.of or about(loop, asked.step)):
        raise JobRefused(STEPS[asked.step].nothing)
    doing = loop.agenda.doing
    if doing and doing.request != asked.id and STEPS[asked.step].under_way:
        raise JobRefused(f"Another step is running: {doing.text} Try again when it is done.")
    return _taken(asked, means, of)


def promote(asked: Ask, means: Means) -> StepAnswer:
    """Promotes the new model if it was found to be better; if not, opens a form that asks for the reason."""
    loop = means.retraining.loop(asked.task)
    if not loop.challenger:
        raise JobRefused(NO_MODEL)
    if passed(loop):
        return _taken(asked, means, asked.of or loop.challenger.id)
    channel = asked.channel or place(asked, means)
    ask(means.client.views_open, trigger_id=asked.trigger_id, view=forms.promote_modal(loop, channel))
    return "Fill in the form. The new model has not been promoted yet."


def canary(asked: Ask, means: Means) -> StepAnswer:
    """Lets the new model answer a share of the calls, or ends that."""
    if asked.words.lower() == "stop":
        return do(replace(asked, step="end_canary", words=""), means)
    asked_for(asked.words)  # so that a mistake is refused at once
    return do(asked, means)


def approve(asked: Ask, means: Means) -> StepAnswer:
    """Approves a step that another admin asked for."""
    of = asked.of or about(means.retraining.loop(asked.task), "approve")
    means.retraining.check_approver(asked.task, of, asked.user)
    return do(asked, means)


def export(asked: Ask, means: Means) -> StepAnswer:
    """Asks a worker for the dataset, which comes in direct messages."""
    request = ExportRequest(
        id=asked.id, team=asked.team, channel=means.people.direct(asked.user), user=asked.user, at=time.time(),
        task=asked.task,
    )  # fmt: skip
    means.queue.accept(request, None)
    return EXPORTING


def pairs(_: Ask, means: Means) -> StepAnswer:
    """Shows the training data that was collected."""
    answering = {task: means.promoter.answering(task) for task in means.tasks}
    return dataset_card.collected(stats(means.pairs.counts()), answering)


def history(_: Ask, means: Means) -> StepAnswer:
    """Shows the last lines of the audit."""
    return dataset_card.history(list(deque(means.promoter.audit(), HISTORY)))


# Steps with a listener of their own; all others go to a worker by `do`.
OWN_WAYS: dict[str, Callable[[Ask, Means], StepAnswer]] = {
    "status": status,
    "start": start,
    "approve": approve,
    "promote": promote,
    "canary": canary,
    "export": export,
    "pairs": pairs,
    "history": history,
}


def take(asked: Ask, means: Means) -> StepAnswer:
    """Refuses the step, opens its form, or asks a worker to take it; returns the answer for the person."""
    return OWN_WAYS.get(asked.step, do)(asked, means)


def place(asked: Ask, means: Means) -> str:
    """Where the card is posted: the admins' channel if there is one, else the person's direct messages."""
    return means.settings.admin_channel or means.people.direct(asked.user)


def _taken(asked: Ask, means: Means, of: str) -> StepAnswer:
    channel = asked.channel or place(asked, means)
    accept(replace(asked, channel=channel, of=of), means.queue)
    where = f"<#{channel}>" if channel == means.settings.admin_channel else "our direct messages"
    return f"The card is in {where}."


def accept(asked: Ask, queue: Queue, hyperparameters: Mapping[str, str] = NO_HYPERPARAMETERS, base: str = "") -> None:
    """Asks a worker to take the step, only once for the same press."""
    request = StepRequest(
        id=asked.id, step=asked.step, team=asked.team, channel=asked.channel, user=asked.user, at=time.time(),
        task=asked.task, of=asked.of, words=asked.words, hyperparameters=dict(hyperparameters), base=base,
    )  # fmt: skip
    queue.accept(request, None)


def register(app: App) -> None:
    app.command("/retrain")(retrain)
    app.action(re.compile(r"step_\w+"))(pressed)
    app.action("loop_menu")(chosen)
    app.action("download_dataset")(download_dataset)
    app.view("propose")(proposed)
    app.view("promote_anyway")(promoted_anyway)


def retrain(ack: Ack, command: dict[str, Any], means: Means) -> None:
    """`/retrain [STEP] [TASK]`, for admins only."""
    user = command["user_id"]
    _admit(user, means.people)
    step, task, words = understood(str(command.get("text") or ""), means.tasks)
    known = step in STEPS and task in means.tasks
    asked = Ask(step, task, f"{step}:{command['trigger_id']}", user, command["team_id"], command["trigger_id"], words)
    told = take(asked, means) if known else _unknown(step, task, means.tasks)
    if known:
        log.info("step", extra={"fields": {"user": user, "step": step, "task": task}})
    ack(response_type="ephemeral", **_content(told))


def understood(text: str, tasks: Mapping[str, Task]) -> tuple[str, str, str]:
    """The step, the task and the other words of a command; a task alone asks for its status."""
    words = text.split()
    step = words.pop(0).lower() if words and words[0] not in tasks else "status"
    named = [word for word in words if word in tasks]
    rest = " ".join(word for word in words if word not in tasks)
    if rest and not STEPS.get(step, STEPS["status"]).takes_words:
        return step, rest, ""  # a task that doesn't exist
    return step, named[0] if named else DEFAULT_TASK, rest


def pressed(ack: Ack, body: dict[str, Any], action: dict[str, Any], means: Means) -> None:
    """Somebody pressed a button of the card."""
    user = body["user"]["id"]
    _admit(user, means.people)
    step, value = action["action_id"].removeprefix("step_"), json.loads(action["value"])
    id_ = f"{step}:{user}:{action['action_ts']}"
    place = {"of": value["of"], "channel": body["channel"]["id"]}
    take(Ask(step, value["task"], id_, user, body["team"]["id"], body["trigger_id"], **place), means)
    ack()


def chosen(ack: Ack, body: dict[str, Any], action: dict[str, Any], means: Means) -> None:
    """Somebody chose a line of the card's menu; only this person sees the answer."""
    user = body["user"]["id"]
    _admit(user, means.people)
    step, _, task = action["selected_option"]["value"].partition("|")
    told = take(Ask(step, task, f"{step}:{user}:{action['action_ts']}", user, body["team"]["id"], ""), means)
    ask(means.client.chat_postEphemeral, channel=body["channel"]["id"], user=user, **_content(told))
    ack()


def proposed(ack: Ack, body: dict[str, Any], view: dict[str, Any], means: Means) -> None:
    """Somebody sent the form for a new job."""
    user, about_it = body["user"]["id"], json.loads(view["private_metadata"])
    _admit(user, means.people)
    given = forms.given(view)
    if wrong := forms.problems(means.retraining.family, given):
        ack(response_action="errors", errors=wrong)
        return
    asked = Ask("propose", forms.task_of(view, about_it["task"]), f"propose:{view['id']}", user, body["team"]["id"],
                "", channel=about_it["channel"])  # fmt: skip
    accept(asked, means.queue, given, forms.base_of(view))
    ack()


def promoted_anyway(ack: Ack, body: dict[str, Any], view: dict[str, Any], means: Means) -> None:
    """Somebody gave a reason to promote a model that was not found to be better."""
    user, about_it = body["user"]["id"], json.loads(view["private_metadata"])
    _admit(user, means.people)
    asked = Ask("promote", about_it["task"], f"promote:{view['id']}", user, body["team"]["id"], "", forms.reason(view),
                of=about_it["of"], channel=about_it["channel"])  # fmt: skip
    accept(asked, means.queue)
    ack()


def download_dataset(ack: Ack, body: dict[str, Any], action: dict[str, Any], means: Means) -> None:
    """Sends the dataset of the card as a file to the direct messages of the person who pressed."""
    user = body["user"]["id"]
    _admit(user, means.people)
    request = DownloadRequest(
        id=f"download:{user}:{action['action_ts']}", team=body["team"]["id"], user=user, at=time.time(),
        channel=means.people.direct(user), task=action["value"],
    )  # fmt: skip
    means.queue.accept(request, None)
    ack()


def _admit(user: str, people: People) -> None:
    if not people.is_admin(user):
        raise NotAllowed(f"`/retrain` is for admins. Ask your Wrapup admin to add you (`{user}`) to WRAPUP_ADMINS.")


def _unknown(step: str, task: str, tasks: Mapping[str, Task]) -> str:
    """Which word of a command is unknown, then how the command is used."""
    if step == "help":
        return USAGE
    if step in STEPS:
        return f"There is no task {code(task, 100)}. The tasks are: {', '.join(sorted(tasks))}.\n{USAGE}"
    return f"There is no step or task called {code(step, 100)}.\n{USAGE}"


def _content(told: StepAnswer) -> dict[str, Any]:
    return {"text": told.text, "blocks": told.blocks} if isinstance(told, Message) else {"text": told}
