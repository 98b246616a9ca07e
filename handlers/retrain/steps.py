"""The steps of `/retrain`: what each is called, what it asks before it is taken, and what a worker does for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.answers.family import FAMILIES
from bot.models.custom_model import CustomModel
from bot.queue.request import StepRequest
from bot.retraining.next_step import Loop, passed
from bot.retraining.pending import Asked
from bot.retraining.retraining import Retraining
from bot.retraining.under_way import Say

NO_MODEL = "There is no new model of this task: `/retrain start` prepares the job that makes one."
Activity = Callable[[Retraining, Asked, Say, StepRequest], None]  # what a worker does; it can say how far it is


def _unconfirmed(_: Loop) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class RetrainStep:
    """One step.

    `label` is on its button, "" if it has none. `confirm` gives the question before it is taken, "" if it needs none.
    `nothing` is told if there is nothing to take it on. While it is `under_way`, no other step of the task is begun;
    steps without that text are taken at once, whatever else is under way. Without an `activity` no worker is needed.
    `takes_words`: words may follow it in a command.
    """

    name: str
    label: str = ""
    under_way: str = ""
    activity: Activity | None = None
    confirm: Callable[[Loop], str] = _unconfirmed
    nothing: str = NO_MODEL
    in_menu: bool = False
    takes_words: bool = False


def _train_cost(loop: Loop) -> str:
    return str(loop.agenda.proposal.estimate) if loop.agenda.proposal else ""


def _approved(loop: Loop) -> str:
    waiting = loop.agenda.approval
    if not waiting or waiting.step == "train":
        return _train_cost(loop)
    return f"Then {waiting.what} answers in place of {loop.answering}."


def _promoted(loop: Loop) -> str:
    if not passed(loop):
        return ""  # a form asks for the reason instead
    return f"From then on {_model(loop)} answers, in place of {loop.answering}."


def _released(loop: Loop) -> str:
    told = "It stops answering and costs nothing by the hour any more. The model is kept and can be served again."
    return told + _stored(loop.challenger)


def _retired(loop: Loop) -> str:
    told = "It stops answering and costs nothing by the hour any more. The model is kept, but not shown here."
    return told + _stored(loop.challenger)


def _model(loop: Loop) -> str:
    return loop.challenger.id if loop.challenger else ""


def _stored(model: CustomModel | None) -> str:
    """What stays billed of a model that nothing serves."""
    billed = model and "storage" in FAMILIES[model.family].price_keys
    return " AWS bills its storage until it is deleted there." if billed else ""


STEPS = {
    step.name: step
    for step in (
        RetrainStep("status", activity=lambda *_: None),
        RetrainStep("start", "Train the next model"),
        RetrainStep(
            "propose",
            "Prepare the job",
            under_way="Reading the pairs …",
            activity=lambda loop, asked, say, form: loop.propose(asked, form.hyperparameters, say, form.base),
        ),
        RetrainStep(
            "train",
            "Start the job",
            under_way="Starting the job …",
            activity=lambda loop, asked, *_: loop.train(asked),
            confirm=_train_cost,
            nothing="There is no job to start: `/retrain start` prepares one.",
        ),
        RetrainStep("discard", "Not now", activity=lambda loop, asked, *_: loop.discard(asked)),
        RetrainStep(
            "approve",
            "Approve",
            under_way="Doing what was approved …",
            activity=lambda loop, asked, *_: loop.approve(asked),
            confirm=_approved,
            nothing="This does not wait for an approval any more.",
        ),
        RetrainStep("decline", "Decline", activity=lambda loop, asked, *_: loop.decline(asked)),
        RetrainStep(
            "stop",
            "Stop the job",
            activity=lambda loop, asked, *_: loop.stop(asked),
            confirm=lambda _: "What was trained so far is lost, and what it cost is paid.",
            nothing="No job runs, so there is nothing to stop.",
        ),
        RetrainStep(
            "serve",
            "Have it served",
            under_way="Asking for an endpoint …",
            activity=lambda loop, asked, *_: loop.serve(asked),
            confirm=lambda _: "While it is served it may cost by the hour, until it is released.",
        ),
        RetrainStep(
            "evaluate",
            "Evaluate",
            under_way="Reading the calls that were held out …",
            activity=lambda loop, asked, say, _: loop.evaluate(asked, say),
        ),
        RetrainStep(
            "promote",
            "Promote",
            under_way="Promoting …",
            activity=lambda loop, asked, *_: loop.promote(asked),
            confirm=_promoted,
        ),
        RetrainStep(
            "canary",
            activity=lambda loop, asked, *_: loop.canary(asked),
            takes_words=True,
        ),
        RetrainStep(
            "end_canary",
            activity=lambda loop, asked, *_: loop.end_canary(asked),
            nothing="No canary runs, so there is nothing to stop.",
        ),
        RetrainStep(
            "rollback",
            "Roll back",
            activity=lambda loop, asked, *_: loop.rollback(asked),
            confirm=lambda loop: f"Then {loop.before} answers again, in place of {loop.answering}.",
            nothing="No model was promoted for this task, so there is nothing to roll back.",
        ),
        RetrainStep(
            "release",
            "Release",
            activity=lambda loop, asked, *_: loop.release(asked),
            confirm=_released,
        ),
        RetrainStep(
            "retire",
            "Retire",
            activity=lambda loop, asked, *_: loop.release(asked, retire=True),
            confirm=_retired,
        ),
        RetrainStep("export", "Make the dataset alone", in_menu=True),
        RetrainStep("pairs", "What was collected", in_menu=True),
        RetrainStep("history", "History", in_menu=True),
    )
}
