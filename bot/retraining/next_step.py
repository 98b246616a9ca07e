"""The state of a task's training loop, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.answers.family import Family
from bot.evaluation.gate import USUAL
from bot.models.canary import CanaryStanding
from bot.models.champion import Champion, Judged
from bot.models.custom_model import CustomModel
from bot.models.job import CustomizationJob
from bot.retraining.pending import Agenda

HELD_OUT = 0.1  # the share of pairs that an export keeps for testing
TO_JUDGE = round(USUAL.fewest / HELD_OUT)  # with so many pairs, enough are kept to test a model
# Another model is worth training once a tenth of the pairs is new, or so many are.
FRESH, MOST_FRESH = 0.1, 10_000
WORD_OF = {"Failed": "failed", "Stopped": "was stopped"}  # jobs that ended without a model

Step = Literal[
    "collect", "wait", "start", "train", "discard", "approve", "decline", "stop", "serve", "evaluate", "promote",
    "rollback", "release", "retire",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Loop:
    """`answering` is the id that is asked now, `fresh` the pairs that settled since the last job was started.

    `job` is the newest one. `before`: the model that would answer after a roll back, "" if none was promoted. `crowned`:
    the result of the evaluation of the champion against `before`. `weeks`: the feedback on the current model's answers, by
    the ISO week in which people asked for them. `canary`: the running one, or the last one of the challenger. `billing`:
    the models of the task that are billed by the hour.
    """

    task: str
    family: Family
    answering: str
    pairs: int
    fresh: int
    agenda: Agenda = field(default_factory=Agenda)
    champion: Champion = field(default_factory=Champion)
    job: CustomizationJob | None = None
    challenger: CustomModel | None = None
    judged: Judged | None = None
    scorecard: Mapping[str, Any] | None = None
    before: str = ""
    crowned: Judged | None = None
    weeks: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    canary: CanaryStanding | None = None
    billing: tuple[CustomModel, ...] = ()

    @property
    def running(self) -> CustomizationJob | None:
        return self.job if self.job and not self.job.ended else None


@dataclass(frozen=True, slots=True)
class Next:
    """The one thing to do next, and why. For `wait` and `collect` there is no button to press."""

    step: Step
    text: str


def next_step(loop: Loop) -> Next:
    """The next step: first a step that is running, then one that waits for somebody, then one that can be taken now."""
    agenda = loop.agenda
    if agenda.doing:
        return Next("wait", agenda.doing.text)
    if agenda.approval:
        return Next(
            "approve", f"{agenda.approval.why} Another admin can do that here, or on their own card from `/retrain`."
        )
    if loop.running:
        return Next("wait", _phase(loop.running))
    if agenda.proposal:
        return Next(
            "train", "The dataset is ready and checked. Nothing has started yet: start the job, or choose Not now."
        )
    following = _with(loop.challenger, loop) if loop.challenger else _without(loop)
    if loop.canary and loop.canary.runs and following.step in ("collect", "start", "release"):
        return Next("wait", f"The canary is running. {loop.canary.sentence}")
    return following


def also(loop: Loop) -> tuple[Step, ...]:
    """All other steps that can be taken now, in the order of the loop."""
    model, doing = loop.challenger, loop.agenda.doing
    can: dict[Step, bool] = {
        "start": not (loop.running or loop.agenda.proposal or doing) and loop.pairs > 0,
        "serve": model is not None and not (model.serves or model.due or doing),
        "stop": loop.running is not None and loop.running.look.status != "Stopping",
        "evaluate": model is not None and answers(model) and not doing,
        "promote": model is not None and answers(model) and not (doing or loop.agenda.approval),
        "rollback": loop.champion.now is not None,
        "release": model is not None and is_billed(model),
        "retire": model is not None and not doing,
    }
    following = next_step(loop).step
    return tuple(step for step, possible in can.items() if possible and step != following)


def about(loop: Loop, step: str) -> str:
    """The id of what a step is about: a proposal, an approval, a job or a model; "" if there is none."""
    agenda, model = loop.agenda, loop.challenger
    if step in ("train", "discard"):
        return agenda.proposal.id if agenda.proposal else ""
    if step in ("approve", "decline"):
        return agenda.approval.id if agenda.approval else ""
    if step == "stop":
        return loop.running.name if loop.running else ""
    if step == "end_canary":
        return loop.canary.canary.id if loop.canary and loop.canary.runs else ""
    if step == "rollback":
        return loop.champion.model
    return model.id if model else ""


def answers(model: CustomModel) -> bool:
    """Whether the model can be used: its endpoint has answered the test call."""
    return model.serves and model.answered_at is not None


def passed(loop: Loop) -> bool:
    """Whether the last evaluation found the challenger better."""
    return loop.judged is not None and loop.judged.verdict == "promote"


def is_billed(model: CustomModel) -> bool:
    """Whether the model is billed by the hour."""
    return model.endpoint is not None and model.endpoint.since is not None


def to_evaluate(loop: Loop) -> str:
    """The name of the evaluation that should start by itself; "" if none should.

    It starts even if another step waits for somebody, because the model may be billed by the hour meanwhile.
    """
    if loop.agenda.doing or not loop.challenger or not loop.challenger.endpoint:
        return ""
    if _with(loop.challenger, loop).step != "evaluate":
        return ""
    name = f"{loop.answering} {loop.challenger.endpoint.id}"
    return "" if name == loop.agenda.judged else name


def _with(model: CustomModel, loop: Loop) -> Next:
    if model.fault:
        return Next("release" if model.endpoint or model.pending == "release" else "serve", model.fault)
    if model.due:
        return Next("wait", _answering(model))
    if not answers(model) and not model.releases:
        return Next("serve", "The new model is trained. Serve it, so that it can be tested.")
    if not answers(model):
        return _another(loop, "The last model was released. You can serve it again. ")
    if not loop.judged:
        return Next("evaluate", f"The new model is up, but has not been compared with {loop.answering} yet.")
    if loop.champion.left == model.id and not is_billed(model):
        return _another(loop, "The last model was rolled back. You can promote it again. ")
    if passed(loop) and loop.champion.left != model.id:
        return Next("promote", _promotable(loop))
    if is_billed(model):
        return Next("release", "The new model is billed by the hour, but nobody uses it. Release it to stop the cost.")
    return _another(loop)


def _another(loop: Loop, before: str = "") -> Next:
    """The next step if there is nothing left to do with the newest model."""
    if wanted := _wanted(loop):
        return Next("collect", before + wanted)
    return Next("start", f"{before}There are enough new examples to train another model.")


def _without(loop: Loop) -> Next:
    if not loop.pairs:
        return Next(
            "collect",
            "There are no training examples yet. 👍 and corrections create them, and `wrapup pairs import` adds those you have.",
        )
    least = loop.family.limits.min_records or 1
    if loop.pairs < least:
        return Next(
            "collect", f"{loop.family.name} needs at least {least:,} examples. Collect {least - loop.pairs:,} more."
        )
    if loop.job and loop.job.look.status in WORD_OF:
        return Next("start", f"The last job {WORD_OF[loop.job.look.status]}. Start another one.")
    if loop.job and loop.fresh < _worth(loop):
        return Next("collect", _wanted(loop))
    if loop.pairs < TO_JUDGE:
        few = f"You can train a model now. Testing it takes about {TO_JUDGE:,} examples, as a tenth of them is kept for the test."
        return Next("start", few)
    return Next("start", "There are enough examples to train and test a model.")


def _answering(model: CustomModel) -> str:
    if model.serves:
        return "The model is up. Sending a test call."
    if model.pending == "release":
        return "The new model is being released."
    return "The new model is starting. This can take up to half an hour."


def _promotable(loop: Loop) -> str:
    if loop.canary and loop.canary.runs:
        return "Ready to promote. You can also let the canary go on."
    return "Ready to promote. To try it on some of the calls first, use `/retrain canary 10%`."


def _wanted(loop: Loop) -> str:
    """How many more pairs make another model worth training; "" if there are enough."""
    more = max(_worth(loop) - loop.fresh, TO_JUDGE - loop.pairs)
    return (
        f"Collect about {more:,} more examples before the next training: 👍 and corrections create them."
        if more > 0
        else ""
    )


def _worth(loop: Loop) -> int:
    """How many new pairs make another model worth training."""
    return min(round(FRESH * loop.pairs), MOST_FRESH)


def _phase(job: CustomizationJob) -> str:
    if job.look.status == "Stopping":
        return "The job is stopping."
    phase = f": {job.look.phase}" if job.look.phase else ""
    return f"The job is running{phase}. You don't have to do anything: this card will show when it is done."
