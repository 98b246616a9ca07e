"""Evaluations of a challenger against the champion."""

# Adapters are imported where they are made: each brings a heavy library.
# ruff: noqa: PLC0415

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING, Any

from bot.answers.family import EMBEDDED, FAMILIES, check_model_id, template_for
from bot.answers.ports import Model
from bot.answers.prompts import Wording
from bot.errors import UnknownModel
from bot.evaluation.probes import PROBES, SafetyProbe
from bot.evaluation.probes import load as load_probes
from bot.models.audit import Entry
from bot.models.champion import Judged
from bot.models.prices import Prices
from bot.models.prices import load as load_prices
from bot.serving.router import Uses
from bot.settings import SHIPPED_PROMPTS, Settings
from bot.task import Task, TemplateKind
from bot.wiring.answers import JOBS_AT_A_SERVICE, artefact, bedrock_model, embedded, tuned_model
from bot.wiring.datasets import held_out
from bot.wiring.store import has_store, registry, store_client

if TYPE_CHECKING:
    from bot.evaluation.evaluator import Evaluator


def evaluator(settings: Settings, models: Iterable[Model], prices: Prices) -> Evaluator:
    """What judges these models. Raises StoreUnavailable where one asks a service, whose answers are kept in the store."""
    from bot.adapters.memory import MemoryAttempts
    from bot.adapters.redis.attempts import RedisAttempts
    from bot.evaluation.evaluator import Evaluator

    at_a_service = any(not each.id.startswith(EMBEDDED) for each in models)
    return Evaluator(
        Wording.load(settings.prompts),
        RedisAttempts(store_client(settings), settings.keep_days) if at_a_service else MemoryAttempts(),
        time.perf_counter,
        time.sleep,
        settings.patience_minutes * 60,
        JOBS_AT_A_SERVICE if at_a_service else os.cpu_count() or 1,
        prices,
        lambda model_id: FAMILIES[_family_at(settings, model_id) or settings.family],
        Uses(registry(settings), time.time) if at_a_service else lambda _: None,
    )


def contestant(settings: Settings, task: Task, name: str, template: TemplateKind | None = None) -> Model:
    """A model to be evaluated: `base` (WRAPUP_MODEL_ID with the base template), `embedded:FILE` or
    `embedded:DIGEST` (what the embedded model has learned), or a model id. Raises UnknownModel.
    """
    if name == "base":
        name, template = settings.model_id, "base"
    if name.partition(":")[0] == EMBEDDED:
        return embedded(settings, task, artefact(settings, name))
    check_model_id(name)
    if not template and (family := _family_at(settings, name)):
        return tuned_model(settings, task, family, name, JOBS_AT_A_SERVICE)
    usual = settings.template if name == settings.model_id else None
    return bedrock_model(
        replace(settings, model_id=name, template=template or usual or template_for(name)), JOBS_AT_A_SERVICE
    )


def _family_at(settings: Settings, model_id: str) -> str:
    """The family of the custom model that answers there; "" where the registry knows none."""
    if not model_id.startswith("arn:") or not has_store(settings):
        return ""
    models = registry(settings).models()
    return next((model.family for model in models if model.endpoint and model.endpoint.id == model_id), "")


def safety_probes(settings: Settings, task: Task) -> list[SafetyProbe]:
    """The task's safety probes: those beside the team's own prompts, else those that ship. Raises UnknownTask."""
    own = settings.prompts / PROBES
    return load_probes(own if own.is_file() else SHIPPED_PROMPTS / PROBES, task)


def keep_verdict(settings: Settings, row: Mapping[str, Any]) -> None:
    """Keeps an evaluation (bot.evaluation.evaluation.to_kept): all of it to be shown, and its verdict for a promotion.

    Raises StoreUnavailable.
    """
    if has_store(settings):
        models = registry(settings)
        models.keep_scorecard(row)
        models.judge(Judged.model_validate({name: row[name] for name in Judged.model_fields if name in row}))


def audit_verdict(settings: Settings, row: Mapping[str, Any], by: str) -> None:
    """Writes who had an evaluation made into the audit. Raises StoreUnavailable."""
    if not has_store(settings):
        return
    models, asked = registry(settings), row["challenger"]
    model = next((each for each in models.models() if asked in (each.id, each.endpoint and each.endpoint.id)), None)
    what, dataset = (model.id, model.dataset) if model else (asked, "")
    entry = Entry(at=row["at"], who=by, did="evaluate", task=row["task"], what=what, dataset=dataset,
                  reason=row["verdict"])  # fmt: skip
    models.note(f"evaluate:{asked}:{row['at']}", entry)


def kept_scorecard(settings: Settings, task: Task, champion: Model, challenger: Model) -> Mapping[str, Any]:
    """The last evaluation of the two. Raises UnknownModel where none is kept, or StoreUnavailable."""
    row = registry(settings).scorecard(task.name, champion.id, challenger.id) if has_store(settings) else None
    if row is None:
        raise UnknownModel(f"No evaluation of {challenger.id} against {champion.id} is kept: leave out --kept.")
    return row


def judged(
    settings: Settings, task: Task, champion: str, challenger: str, told: Callable[[int, int], None]
) -> Mapping[str, Any]:
    """The challenger against the champion on the calls that are held out now, as it is kept.

    `told` hears how many answers of how many have come. Raises ModelError, UnknownModel or StoreUnavailable.
    """
    from bot.evaluation.evaluation import to_kept

    prices, cases, probes = load_prices(settings.prices), held_out(settings, task), safety_probes(settings, task)
    one, other = (contestant(settings, task, name) for name in (champion, challenger))
    total, come = 2 * (len(cases) + len(probes)), count(1)
    found = evaluator(settings, [one, other], prices).evaluate(
        task, one, other, cases, probes, step=lambda: told(next(come), total)
    )
    row = to_kept(found, time.time())
    keep_verdict(settings, row)
    return row
