"""Evaluations of a challenger against the champion."""

# Adapters are imported where they are made: each brings a heavy library.
# ruff: noqa: PLC0415

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from itertools import count
from typing import TYPE_CHECKING, Any

from bot.answers.family import EMBEDDED, FAMILIES, check_model_id, template_for
from bot.answers.ports import Model
from bot.errors import UnknownModel
from bot.evaluation.probes import PROBES, SafetyProbe
from bot.evaluation.probes import load as load_probes
from bot.models.audit import Entry
from bot.models.champion import Judged
from bot.models.prices import Prices
from bot.models.prices import load as load_prices
from bot.settings import SHIPPED_PROMPTS, Settings
from bot.task import Task, TemplateKind
from bot.wiring.answers import JOBS_AT_A_SERVICE, AnswerWiring
from bot.wiring.datasets import DatasetWiring
from bot.wiring.store import StoreWiring

if TYPE_CHECKING:
    from bot.evaluation.evaluator import Evaluator


class EvaluationWiring:
    """Makes what judges models, and the models to be judged."""

    def __init__(self, settings: Settings, store: StoreWiring, answers: AnswerWiring, datasets: DatasetWiring) -> None:
        self._settings, self._store, self._answers, self._datasets = settings, store, answers, datasets

    @cached_property
    def prices(self) -> Prices:
        """What AWS charges. Raises ReadError for the price file."""
        return load_prices(self._settings.prices)

    def evaluator(self, models: Iterable[Model]) -> Evaluator:
        """What judges these models. Raises StoreUnavailable if one asks a service: its answers are kept in the store."""
        from bot.adapters.memory import MemoryAttempts
        from bot.adapters.redis.attempts import RedisAttempts
        from bot.evaluation.evaluator import Evaluator

        at_a_service = any(not each.id.startswith(EMBEDDED) for each in models)
        return Evaluator(
            self._answers.wording,
            RedisAttempts(self._store.client, self._settings.keep_days) if at_a_service else MemoryAttempts(),
            time.perf_counter,
            time.sleep,
            self._settings.patience_minutes * 60,
            JOBS_AT_A_SERVICE if at_a_service else os.cpu_count() or 1,
            self.prices,
            lambda model_id: FAMILIES[self._family_at(model_id) or self._settings.family],
            self._answers.uses if at_a_service else lambda _: None,
        )

    def contestant(self, task: Task, name: str, template: TemplateKind | None = None) -> Model:
        """A model to be evaluated: `base` (WRAPUP_MODEL_ID with the base template), `embedded:FILE` or
        `embedded:DIGEST` (what the embedded model has learned), or a model id. Raises UnknownModel.
        """
        settings = self._settings
        if name == "base":
            name, template = settings.model_id, "base"
        if name.partition(":")[0] == EMBEDDED:
            return self._answers.embedded(task, name)
        check_model_id(name)
        if not template and (family := self._family_at(name)):
            return self._answers.tuned_model(task, family, name)
        usual = settings.template if name == settings.model_id else None
        template = template or usual or template_for(name)
        return self._answers.bedrock(replace(settings, model_id=name, template=template))

    def safety_probes(self, task: Task) -> list[SafetyProbe]:
        """The task's safety probes: those beside the team's own prompts, else those that ship. Raises UnknownTask."""
        own = self._settings.prompts / PROBES
        return load_probes(own if own.is_file() else SHIPPED_PROMPTS / PROBES, task)

    def keep_verdict(self, row: Mapping[str, Any]) -> None:
        """Keeps an evaluation (bot.evaluation.evaluation.to_kept): all to be shown, and its verdict for a promotion.

        Raises StoreUnavailable.
        """
        if self._store.exists():
            models = self._store.registry
            models.keep_scorecard(row)
            models.judge(Judged.model_validate({name: row[name] for name in Judged.model_fields if name in row}))

    def audit_verdict(self, row: Mapping[str, Any], by: str) -> None:
        """Writes who had an evaluation made into the audit. Raises StoreUnavailable."""
        if not self._store.exists():
            return
        models, asked = self._store.registry, row["challenger"]
        model = next((each for each in models.models() if asked in (each.id, each.endpoint and each.endpoint.id)), None)
        what, dataset = (model.id, model.dataset) if model else (asked, "")
        entry = Entry(at=row["at"], who=by, did="evaluate", task=row["task"], what=what, dataset=dataset,
                      reason=row["verdict"])  # fmt: skip
        models.note(f"evaluate:{asked}:{row['at']}", entry)

    def kept_scorecard(self, task: Task, champion: Model, challenger: Model) -> Mapping[str, Any]:
        """The last evaluation of the two. Raises UnknownModel if none is kept, or StoreUnavailable."""
        exists = self._store.exists()
        row = self._store.registry.scorecard(task.name, champion.id, challenger.id) if exists else None
        if row is None:
            raise UnknownModel(f"No evaluation of {challenger.id} against {champion.id} is kept: leave out --kept.")
        return row

    def judged(self, task: Task, champion: str, challenger: str, told: Callable[[int, int], None]) -> Mapping[str, Any]:
        """The challenger against the champion on the calls that are held out now, as it is kept.

        `told` hears how many answers of how many have come. Raises ModelError, UnknownModel or StoreUnavailable.
        """
        from bot.evaluation.evaluation import to_kept

        cases, probes = self._datasets.held_out(task), self.safety_probes(task)
        one, other = (self.contestant(task, name) for name in (champion, challenger))
        total, come = 2 * (len(cases) + len(probes)), count(1)
        found = self.evaluator([one, other]).evaluate(
            task, one, other, cases, probes, step=lambda: told(next(come), total)
        )
        row = to_kept(found, time.time())
        self.keep_verdict(row)
        return row

    def _family_at(self, model_id: str) -> str:
        """The family of the custom model that answers there; "" if the registry knows none."""
        if not model_id.startswith("arn:") or not self._store.exists():
            return ""
        models = self._store.registry.models()
        return next((model.family for model in models if model.endpoint and model.endpoint.id == model_id), "")
