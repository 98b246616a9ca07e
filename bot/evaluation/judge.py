"""Judges two models on what is held out now, and keeps the verdict."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import count
from typing import Any, Protocol

from bot.answers.ports import Model
from bot.errors import UnknownModel
from bot.evaluation.evaluation import to_kept
from bot.evaluation.evaluator import Evaluator
from bot.evaluation.gate import USUAL, Gate
from bot.evaluation.holdout import Case
from bot.evaluation.ports import Scorecards
from bot.evaluation.probes import SafetyProbe
from bot.evaluation.trial import OnCount, Trial
from bot.models.champion import Judged
from bot.task import Task, TemplateKind


class Contestants(Protocol):
    """Makes the model of a name. Raises UnknownModel."""

    def __call__(self, task: Task, name: str, template: TemplateKind | None = None) -> Model: ...


class Judge:
    """Holds no state. `scorecards` gives None if there is no store: then nothing is kept."""

    def __init__(
        self,
        contestant: Contestants,
        evaluator: Callable[[Sequence[Model]], Evaluator],
        cases: Callable[[Task, str], list[Case]],
        probes: Callable[[Task], list[SafetyProbe]],
        scorecards: Callable[[], Scorecards | None],
        now: Callable[[], float],
    ) -> None:
        """`cases` reads the held-out calls of a trial's `holdout`."""
        self._contestant, self._evaluator, self._cases = contestant, evaluator, cases
        self._probes, self._scorecards, self._now = probes, scorecards, now

    def judge(self, task: Task, trial: Trial, told: OnCount = lambda *_: None) -> Mapping[str, Any]:
        """Has the models answer, and gives the evaluation as it is kept (bot.evaluation.evaluation.to_kept).

        Raises ModelError, UnknownModel, ReadError, NothingToExport or StoreUnavailable.
        """
        one, other = (self._contestant(task, name) for name in (trial.champion, trial.challenger))
        cases, probes = self._cases(task, trial.holdout), self._probes(task)
        third = self._contestant(task, trial.against, "base") if trial.against else None
        models = [one, other, *([third] if third else [])]
        total, come = len(models) * (len(cases) + len(probes)), count(1)
        found = self._evaluator(models).evaluate(
            task, one, other, cases, probes, third, Gate(margin=trial.margin), lambda: told(next(come), total)
        )
        row = to_kept(found, self._now())
        self._keep(row, trial)
        return row

    def kept(self, task: Task, trial: Trial) -> Mapping[str, Any]:
        """The last evaluation of the two models, which asks no model. Raises UnknownModel if there is none."""
        champion, challenger = (self._contestant(task, name).id for name in (trial.champion, trial.challenger))
        scorecards = self._scorecards()
        row = scorecards.scorecard(task.name, champion, challenger) if scorecards else None
        if row is None:
            raise UnknownModel(f"No evaluation of {challenger} against {champion} is kept: leave out --kept.")
        return row

    def _keep(self, row: Mapping[str, Any], trial: Trial) -> None:
        """A promotion must not rest on a gate that was opened wider."""
        scorecards = self._scorecards()
        if scorecards and trial.margin <= USUAL.margin:
            scorecards.keep_scorecard(row)
            scorecards.judge(Judged.model_validate({name: row[name] for name in Judged.model_fields if name in row}))
