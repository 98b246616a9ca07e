"""The models that answer, and who answers a task now."""

# Adapters are imported where they are made: each brings a heavy library.
# ruff: noqa: PLC0415

from __future__ import annotations

import os
import time
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from bot import task
from bot.answers.family import EMBEDDED, FAMILIES, template_for
from bot.answers.ports import Model
from bot.answers.prompts import Wording
from bot.answers.summarizer import Summarizer
from bot.errors import UnknownModel, UnknownTask
from bot.models.champion import Reign
from bot.serving.router import Router, Uses
from bot.settings import Settings
from bot.task import Task
from bot.wiring.store import has_store, registry

if TYPE_CHECKING:
    from bot.adapters.bedrock.chat import BedrockModel
    from bot.adapters.onboard.vectors import Vectors

THREADS_AT_A_SERVICE, THREADS_ON_BOARD = 200, 4  # of a worker: waiting for a service costs it next to nothing
JOBS_AT_A_SERVICE = 8  # below the request quota of a new account, and past the point where waiting is what takes long


def tasks(settings: Settings) -> dict[str, Task]:
    """All tasks in the prompts folder, by name."""
    return {name: task.load(settings.prompts / name) for name in task.names(settings.prompts)}


def task_named(settings: Settings, name: str) -> Task:
    """The task of that name. Raises UnknownTask that names those there are."""
    if name not in (known := task.names(settings.prompts)):
        raise UnknownTask(f"There is no task {name!r}; there are: {', '.join(known)}.")
    return task.load(settings.prompts / name)


def usual_threads(settings: Settings) -> int:
    """How many requests a worker answers at once."""
    return settings.threads or (THREADS_ON_BOARD if settings.model_id == EMBEDDED else THREADS_AT_A_SERVICE)


def usual_jobs(settings: Settings) -> int:
    """How many calls to answer at once: as many as there are cores on board, a modest number at a service."""
    return os.cpu_count() or 1 if settings.model_id == EMBEDDED else JOBS_AT_A_SERVICE


def champions(settings: Settings, threads: int) -> Router:
    """Gives the summarizer of whoever answers a task now. Raises StoreUnavailable."""
    models, wording = registry(settings), Wording.load(settings.prompts)

    def usual() -> Summarizer:
        return summarizer(settings, threads)

    def made(task_name: str, reign: Reign) -> Summarizer:
        found = tuned_model(settings, task_named(settings, task_name), reign.family, reign.answers, threads)
        return Summarizer(found, wording, time.perf_counter)

    return Router(models, usual, made, time.monotonic, Uses(models, time.time))


def summarizer_of(settings: Settings, task_name: str, threads: int) -> Summarizer:
    """The summarizer of whoever answers the task now. Raises StoreUnavailable."""
    return champions(settings, threads)(task_name) if has_store(settings) else summarizer(settings, threads)


def summarizer(settings: Settings, threads: int) -> Summarizer:
    return Summarizer(model(settings, threads), Wording.load(settings.prompts), time.perf_counter)


def model(settings: Settings, threads: int) -> Model:
    """The model that the settings name, ready for `threads` callers at once."""
    if settings.model_id == EMBEDDED:
        from bot.adapters.onboard.model import Embedded

        return Embedded(tasks(settings), (), _vectors())
    return bedrock_model(settings, threads)


def tuned_model(settings: Settings, task: Task, family: str, endpoint: str, threads: int) -> Model:
    if family == EMBEDDED:
        return embedded(settings, task, artefact(settings, endpoint))
    region = endpoint.split(":")[3] if endpoint.startswith("arn:") else settings.region
    return bedrock_model(replace(settings, model_id=endpoint, family=family, region=region, template="tuned"), threads)


def artefacts(settings: Settings) -> Path:
    return settings.data_dir / "models"


def artefact(settings: Settings, model_id: str) -> Path | None:
    """The file of `embedded:DIGEST` or `embedded:FILE`; None for `embedded` alone."""
    from bot.adapters.onboard.training import artefact

    file = model_id.partition(":")[2]
    if not file or (path := Path(file).expanduser()).is_file():
        return path if file else None
    return artefact(artefacts(settings), model_id)


def embedded(settings: Settings, task: Task, file: Path | None) -> Model:
    from bot.adapters.onboard.learned import Learned
    from bot.adapters.onboard.model import Embedded

    learned = [Learned.load(file)] if file else []
    if other := [each.task for each in learned if each.task != task.name]:
        raise UnknownModel(f"The artefact {file} was trained for {other[0]}, not for {task.name}.")
    return Embedded(tasks(settings), learned, _vectors())


@cache
def _vectors() -> Vectors:
    """One for the process, since they hold its memory."""
    from bot.adapters.onboard.vectors import Vectors

    return Vectors()


def bedrock_model(settings: Settings, threads: int) -> BedrockModel:
    from bot.adapters.bedrock.chat import BedrockModel, runtime_client

    return BedrockModel(
        runtime_client(settings.region, threads),
        settings.model_id,
        family=FAMILIES[settings.family],
        template=settings.template or template_for(settings.model_id),
        guardrail=settings.guardrail,
    )
