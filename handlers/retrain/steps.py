"""Each step of `/retrain`: what is refused at once, asked for in a form, or accepted for a worker."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from slack_sdk import WebClient

from bot.errors import JobRefused
from bot.feedback.ports import Pairs
from bot.feedback.reviews import stats
from bot.models.canary import asked_for
from bot.queue.ports import Queue
from bot.queue.request import Request
from bot.retraining.next_step import about, passed
from bot.retraining.retraining import Retraining
from bot.serving.promoter import Promoter
from bot.settings import Settings
from bot.task import Task
from handlers.calls.card import Message
from handlers.retrain import dataset_card, forms
from handlers.slack.api import ask
from handlers.slack.people import People

HISTORY = 15
EXPORTING = "The dataset is being made. Its card comes in our direct messages."
NOTHING = {
    "stop": "No job runs, so there is nothing to stop.",
    "rollback": "No model was promoted for this task, so there is nothing to roll back.",
    "train": "There is no job to start: `/retrain start` prepares one.",
    "end_canary": "No canary runs, so there is nothing to stop.",
    "approve": "This does not wait for an approval any more.",
}
NO_MODEL = "There is no new model of this task: `/retrain start` prepares the job that makes one."


@dataclass(frozen=True, slots=True)
class Ask:
    """A step that an admin asks for; `id` is of the press, `of` is what the button was about ("" in a command).

    `words` is what follows the step in a command, `channel` where the card stands that was pressed ("" in a command).
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
    """What listeners of steps use."""

    client: WebClient
    queue: Queue
    people: People
    settings: Settings
    tasks: Mapping[str, Task]
    pairs: Pairs
    promoter: Promoter
    retraining: Retraining


StepAnswer = str | Message
"""What is told to who gave a command; a button tells nothing."""


def status(asked: Ask, means: Means) -> StepAnswer:
    """Posts the card."""
    return _taken(asked, means, "")


def start(asked: Ask, means: Means) -> StepAnswer:
    """Opens the form of the next job."""
    channel = asked.channel or place(asked, means)
    bases = means.retraining.bases(asked.task)
    form = forms.start_modal(means.retraining.family, list(means.tasks.values()), asked.task, channel, bases)
    ask(means.client.views_open, trigger_id=asked.trigger_id, view=form)
    return "Fill in the form: nothing is started yet."


def do(asked: Ask, means: Means) -> StepAnswer:
    """Has a worker take a step on what the loop has for it."""
    loop = means.retraining.loop(asked.task)
    if not (of := asked.of or about(loop, asked.step)):
        raise JobRefused(NOTHING.get(asked.step, NO_MODEL))
    doing = loop.agenda.doing
    if doing and doing.request != asked.id and asked.step not in AT_ONCE:
        raise JobRefused(f"Something is under way: {doing.text} Press again when it is done.")
    return _taken(asked, means, of)


def promote(asked: Ask, means: Means) -> StepAnswer:
    """Promotes what the verdict speaks for; for all else a form asks for the reason."""
    loop = means.retraining.loop(asked.task)
    if not loop.challenger:
        raise JobRefused(NO_MODEL)
    if passed(loop):
        return _taken(asked, means, asked.of or loop.challenger.id)
    channel = asked.channel or place(asked, means)
    ask(means.client.views_open, trigger_id=asked.trigger_id, view=forms.promote_modal(loop, channel))
    return "Fill in the form: nobody was promoted yet."


def canary(asked: Ask, means: Means) -> StepAnswer:
    """Has the challenger answer a share of calls, or ends that."""
    if asked.words.lower() == "stop":
        return do(replace(asked, step="end_canary", words=""), means)
    asked_for(asked.words)  # a fault is told at once
    return do(asked, means)


def approve(asked: Ask, means: Means) -> StepAnswer:
    """Approves of what another admin asked for."""
    of = asked.of or about(means.retraining.loop(asked.task), "approve")
    means.retraining.check_approver(asked.task, of, asked.user)
    return do(asked, means)


def export(asked: Ask, means: Means) -> StepAnswer:
    """Makes the dataset, and shows it in direct messages."""
    request = Request(id=asked.id, kind="export", team=asked.team, channel=means.people.direct(asked.user), user=asked.user,
                      at=time.time(), task=asked.task)  # fmt: skip
    means.queue.accept(request, None)
    return EXPORTING


def pairs(_: Ask, means: Means) -> StepAnswer:
    """Shows what was collected."""
    answering = {task: means.promoter.answering(task) for task in means.tasks}
    return dataset_card.collected(stats(means.pairs.counts()), answering)


def history(_: Ask, means: Means) -> StepAnswer:
    """Shows the last lines of the audit."""
    return dataset_card.history(list(deque(means.promoter.audit(), HISTORY)))


STEPS: dict[str, Callable[[Ask, Means], StepAnswer]] = {
    "status": status,
    "start": start,
    "train": do,
    "discard": do,
    "approve": approve,
    "decline": do,
    "stop": do,
    "serve": do,
    "evaluate": do,
    "promote": promote,
    "canary": canary,
    "end_canary": do,
    "rollback": do,
    "release": do,
    "retire": do,
    "export": export,
    "pairs": pairs,
    "history": history,
}
"""Each step of a command or button. Those that a worker takes have a line in `handlers.retrain.worker` too."""
AT_ONCE = frozenset({"stop", "rollback", "release", "retire", "discard", "decline", "canary", "end_canary"})
"""The steps that are taken whatever else is under way."""
WORDY = frozenset({"canary"})
"""The steps that take words beside a task."""


def place(asked: Ask, means: Means) -> str:
    """Where the card stands: the admins' channel, else the direct messages of who asks."""
    return means.settings.admin_channel or means.people.direct(asked.user)


def _taken(asked: Ask, means: Means, of: str) -> StepAnswer:
    channel = asked.channel or place(asked, means)
    accept(
        Ask(asked.step, asked.task, asked.id, asked.user, asked.team, "", channel=channel), means.queue, of, asked.words
    )
    where = f"<#{channel}>" if channel == means.settings.admin_channel else "our direct messages"
    return f"The card is in {where}."


def accept(asked: Ask, queue: Queue, of: str, text: str) -> None:
    """Has a worker take the step, once for the press, on what it is about."""
    request = Request(id=asked.id, kind="step", step=asked.step, team=asked.team, channel=asked.channel, user=asked.user,
                      at=time.time(), task=asked.task, of=of, text=text)  # fmt: skip
    queue.accept(request, None)
