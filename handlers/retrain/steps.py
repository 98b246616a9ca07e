"""The steps of `/retrain`: the label of each, the question before it starts, and what a worker does for it."""

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

NO_MODEL = "There is no new model for this task yet. To train one, start with `/retrain start`."
Activity = Callable[[Retraining, Asked, Say, StepRequest], None]  # what a worker does; `Say` shows its progress


def _unconfirmed(_: Loop) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class RetrainStep:
    """One step.

    `label`: the text of its button, "" if it has none. `confirm` gives the question before it starts, "" if it needs none.
    `nothing`: the answer if there is nothing that the step can be used on. `under_way`: what the card shows while it runs;
    no other such step of the task starts meanwhile. A step without this text runs at once, even beside another one.
    Without an `activity`, the step needs no worker. `takes_words`: in a command, words may follow its name.
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
    return f"{waiting.what} will answer instead of {loop.answering}."


def _promoted(loop: Loop) -> str:
    if not passed(loop):
        return ""  # a form asks for the reason instead
    model = loop.challenger.id if loop.challenger else ""
    return f"{model} will answer instead of {loop.answering}."


def _ended(loop: Loop, kept: str) -> str:
    told = f"It stops answering and is no longer billed by the hour. The model is kept, {kept}."
    return told + _stored(loop.challenger)


def _stored(model: CustomModel | None) -> str:
    """The cost that stays even if the model isn't served."""
    billed = model and "storage" in FAMILIES[model.family].price_keys
    return " AWS bills its storage until you delete it there." if billed else ""


STEPS = {
    step.name: step
    for step in (
        RetrainStep("status", activity=lambda *_: None),
        RetrainStep("start", "Train a new model"),
        RetrainStep(
            "propose",
            "Prepare the job",
            under_way="Reading the training examples …",
            activity=lambda loop, asked, say, form: loop.propose(asked, form.hyperparameters, say, form.base),
        ),
        RetrainStep(
            "train",
            "Start the job",
            under_way="Starting the job …",
            activity=lambda loop, asked, *_: loop.train(asked),
            confirm=_train_cost,
            nothing="There is no job to start. Prepare one with `/retrain start`.",
        ),
        RetrainStep("discard", "Not now", activity=lambda loop, asked, *_: loop.discard(asked)),
        RetrainStep(
            "approve",
            "Approve",
            under_way="Approved. Working on it …",
            activity=lambda loop, asked, *_: loop.approve(asked),
            confirm=_approved,
            nothing="This no longer waits for approval.",
        ),
        RetrainStep("decline", "Decline", activity=lambda loop, asked, *_: loop.decline(asked)),
        RetrainStep(
            "stop",
            "Stop the job",
            activity=lambda loop, asked, *_: loop.stop(asked),
            confirm=lambda _: "The training so far is lost, and you still pay for it.",
            nothing="No job is running, so there is nothing to stop.",
        ),
        RetrainStep(
            "serve",
            "Start serving",
            under_way="Requesting an endpoint …",
            activity=lambda loop, asked, *_: loop.serve(asked),
            confirm=lambda _: "A served model may be billed by the hour until you release it.",
        ),
        RetrainStep(
            "evaluate",
            "Evaluate",
            under_way="Reading the test calls …",
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
            nothing="No canary is running, so there is nothing to stop.",
        ),
        RetrainStep(
            "rollback",
            "Roll back",
            activity=lambda loop, asked, *_: loop.rollback(asked),
            confirm=lambda loop: f"{loop.before} will answer again instead of {loop.answering}.",
            nothing="No model has been promoted for this task, so there is nothing to roll back.",
        ),
        RetrainStep(
            "release",
            "Release",
            activity=lambda loop, asked, *_: loop.release(asked),
            confirm=lambda loop: _ended(loop, "and you can serve it again"),
        ),
        RetrainStep(
            "retire",
            "Retire",
            activity=lambda loop, asked, *_: loop.release(asked, retire=True),
            confirm=lambda loop: _ended(loop, "but this card no longer shows it"),
        ),
        RetrainStep("export", "Export the dataset only", in_menu=True),
        RetrainStep("pairs", "View training data", in_menu=True),
        RetrainStep("history", "History", in_menu=True),
    )
}
