"""The loop of a task as it stands, and what to do next in it."""

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

HELD_OUT = 0.1
"""The share of pairs that an export holds out."""
TO_JUDGE = round(USUAL.fewest / HELD_OUT)
"""Pairs that hold out as many as a verdict takes."""
FRESH, MOST_FRESH = 0.1, 10_000
"""The share of new pairs from which on another model is worth its training, and how many are worth it at any rate."""

Step = Literal[
    "collect", "wait", "start", "train", "discard", "approve", "decline", "stop", "serve", "evaluate", "promote",
    "rollback", "release", "retire",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Loop:
    """`answering` is the id that is asked now, `fresh` the pairs that settled since the last job was started.

    `job` is the newest; `before` is what would answer after a roll back, "" where nothing was promoted. `crowned` is the
    verdict on the champion against that one. `weeks` says how the answers of the model that answers now stand, by the ISO
    week in which they were asked for. `canary` is the one that runs, or how the challenger's ended. `billing` are the models
    of the task that cost by the hour.
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
    """The one thing to do next, and why; nobody can do anything about `wait` and `collect`."""

    step: Step
    text: str


def next_step(loop: Loop) -> Next:
    """What comes next: what is under way, then what waits for somebody, then what there is no reason to wait with."""
    agenda = loop.agenda
    if agenda.doing:
        return Next("wait", agenda.doing.text)
    if agenda.approval:
        return Next(
            "approve", f"{agenda.approval.why} Another admin does that here, or on their own card by `/retrain`."
        )
    if loop.running:
        return Next("wait", _phase(loop.running))
    if agenda.proposal:
        return Next("train", "The dataset is made and checked. Nothing was started yet: start the job, or leave it.")
    following = _with(loop.challenger, loop) if loop.challenger else _without(loop)
    if loop.canary and loop.canary.runs and following.step in ("collect", "start", "release"):
        return Next("wait", f"The canary takes its share. {loop.canary.sentence}")
    return following


def also(loop: Loop) -> tuple[Step, ...]:
    """The other steps that can be taken now, in the order of the loop."""
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
    """The id of what a step is about: a proposal, an approval, a job or a model; "" where there is none."""
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
    """Whether the model can be asked: its endpoint gave its smoke answer."""
    return model.serves and model.answered_at is not None


def passed(loop: Loop) -> bool:
    """Whether a verdict speaks for the challenger."""
    return loop.judged is not None and loop.judged.verdict == "promote"


def is_billed(model: CustomModel) -> bool:
    """Whether it costs by the hour."""
    return model.endpoint is not None and model.endpoint.since is not None


def to_evaluate(loop: Loop) -> str:
    """The name of the evaluation that begins without being asked for; "" where none does.

    What waits for somebody does not hold it up: the model may cost by the hour meanwhile.
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
        return Next("serve", "It was trained, and answers nothing yet.")
    if not answers(model):
        return _another(loop, "The last model was released, and can be served again. ")
    if not loop.judged:
        return Next("evaluate", f"It answers, and was not judged against {loop.answering} yet.")
    if loop.champion.left == model.id and not is_billed(model):
        return _another(loop, "The last model was rolled back, and can be promoted again. ")
    if passed(loop) and loop.champion.left != model.id:
        return Next("promote", _promotable(loop))
    if is_billed(model):
        return Next("release", "It costs by the hour and answers nobody: release it.")
    return _another(loop)


def _another(loop: Loop, before: str = "") -> Next:
    """What comes next where nothing is to be done with the newest model."""
    if wanted := _wanted(loop):
        return Next("collect", before + wanted)
    return Next("start", f"{before}There are enough new pairs for another model.")


def _without(loop: Loop) -> Next:
    if not loop.pairs:
        return Next(
            "collect",
            "There is no pair yet: 👍 and corrections of answers make them, and `wrapup pairs import` takes in what you have.",
        )
    least = loop.family.limits.min_records or 1
    if loop.pairs < least:
        return Next(
            "collect", f"{loop.family.name} takes {least:,} records at least: collect {least - loop.pairs:,} more."
        )
    if loop.job and loop.job.look.status in ("Failed", "Stopped"):
        return Next("start", f"The last job {loop.job.look.status.lower()}: start it anew.")
    if loop.job and loop.fresh < _worth(loop):
        return Next("collect", _wanted(loop))
    if loop.pairs < TO_JUDGE:
        few = f"A model can be trained, but to judge it takes about {TO_JUDGE:,} pairs, of which a tenth is kept for that."
        return Next("start", few)
    return Next("start", "There are enough to train the next model and to judge it.")


def _answering(model: CustomModel) -> str:
    if model.serves:
        return "Its endpoint is there, and is asked for a first answer."
    return f"Its endpoint is {model.state}: it takes up to half an hour until it answers."


def _promotable(loop: Loop) -> str:
    if loop.canary and loop.canary.runs:
        return "It may take the champion's place: promote it, or let the canary go on."
    return "It may take the champion's place: promote it, or let it answer some calls first, by `/retrain canary 10%`."


def _wanted(loop: Loop) -> str:
    """How many more pairs make another model worth its training; "" where there are enough."""
    more = max(_worth(loop) - loop.fresh, TO_JUDGE - loop.pairs)
    return (
        f"Collect about {more:,} more pairs before the next training: 👍 and corrections make them." if more > 0 else ""
    )


def _worth(loop: Loop) -> int:
    """The new pairs that make another model worth its training."""
    return min(round(FRESH * loop.pairs), MOST_FRESH)


def _phase(job: CustomizationJob) -> str:
    if job.look.status == "Stopping":
        return "The job is being stopped."
    phase = f": {job.look.phase}" if job.look.phase else ""
    return f"The job runs{phase}. There is nothing to do: this card says when it is done."
