"""Evaluations of a challenger against the champion."""

# Adapters are imported where they are made: each brings a heavy library.
# ruff: noqa: PLC0415

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from bot.answers.family import EMBEDDED, FAMILIES, check_model_id, template_for
from bot.answers.ports import Model
from bot.evaluation.holdout import Case
from bot.evaluation.ports import Scorecards
from bot.evaluation.probes import PROBES, SafetyProbe
from bot.evaluation.probes import load as load_probes
from bot.models.prices import Prices
from bot.models.prices import load as load_prices
from bot.settings import SHIPPED_PROMPTS, Settings
from bot.task import Task, TemplateKind
from bot.wiring.answers import JOBS_AT_A_SERVICE, AnswerWiring
from bot.wiring.datasets import DatasetWiring
from bot.wiring.store import StoreWiring

if TYPE_CHECKING:
    from bot.evaluation.evaluator import Evaluator
    from bot.evaluation.judge import Judge


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

    @cached_property
    def judge(self) -> Judge:
        """What judges two models and keeps the verdict."""
        from bot.evaluation.judge import Judge

        return Judge(self.contestant, self.evaluator, self._cases, self.safety_probes, self._scorecards, time.time)

    def _cases(self, task: Task, holdout: str) -> list[Case]:
        return self._datasets.held_out_at(task, holdout) if holdout else self._datasets.held_out(task)

    def _scorecards(self) -> Scorecards | None:
        return self._store.registry if self._store.exists() else None

    def _family_at(self, model_id: str) -> str:
        """The family of the custom model that answers there; "" if the registry knows none."""
        if not model_id.startswith("arn:") or not self._store.exists():
            return ""
        models = self._store.registry.models()
        return next((model.family for model in models if model.endpoint and model.endpoint.id == model_id), "")
