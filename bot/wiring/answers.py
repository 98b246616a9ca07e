"""The models that answer, and who answers a task now."""

# Adapters are imported where they are made: each brings a heavy library.
# ruff: noqa: PLC0415

from __future__ import annotations

import os
import time
from dataclasses import replace
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from bot import task
from bot.answers.family import EMBEDDED, FAMILIES, template_for
from bot.answers.ports import Answerer, Model
from bot.answers.prompts import Wording
from bot.answers.summarizer import Summarizer
from bot.errors import UnknownModel, UnknownTask
from bot.models.champion import Reign
from bot.serving.router import Router, Uses
from bot.settings import Settings
from bot.task import Task
from bot.wiring.aws import AwsClients
from bot.wiring.store import StoreWiring

if TYPE_CHECKING:
    from bot.adapters.bedrock.chat import BedrockModel
    from bot.adapters.onboard.vectors import Vectors

THREADS_AT_A_SERVICE, THREADS_ON_BOARD = 200, 4  # of a worker: waiting for a service costs it next to nothing
JOBS_AT_A_SERVICE = 8  # below the request quota of a new account, and past the point where waiting is what takes long


def usual_threads(settings: Settings) -> int:
    """How many requests a worker answers at once."""
    return settings.threads or (THREADS_ON_BOARD if settings.model_id == EMBEDDED else THREADS_AT_A_SERVICE)


def usual_jobs(settings: Settings) -> int:
    """How many calls to answer at once: as many as there are cores on board, a modest number at a service."""
    return os.cpu_count() or 1 if settings.model_id == EMBEDDED else JOBS_AT_A_SERVICE


class AnswerWiring:
    """Makes models, and the summarizers that ask them."""

    def __init__(self, settings: Settings, store: StoreWiring, aws: AwsClients) -> None:
        self._settings, self._store, self._aws = settings, store, aws
        self._task = cache(task.load)

    @cached_property
    def tasks(self) -> dict[str, Task]:
        """All tasks in the prompts folder, by name."""
        folder = self._settings.prompts
        return {name: self._task(folder / name) for name in task.names(folder)}

    def task_named(self, name: str) -> Task:
        """The task of that name. Raises UnknownTask that names those there are."""
        folder = self._settings.prompts
        if name not in (known := task.names(folder)):
            raise UnknownTask(f"There is no task {name!r}; there are: {', '.join(known)}.")
        return self._task(folder / name)

    @cached_property
    def wording(self) -> Wording:
        return Wording.load(self._settings.prompts)

    @cached_property
    def uses(self) -> Uses:
        """Writes down when a model last answered."""
        return Uses(self._store.registry, time.time)

    @cached_property
    def champions(self) -> Router:
        """Gives the summarizer of whoever answers a task now. Raises StoreUnavailable."""

        def made(task_name: str, reign: Reign) -> Answerer:
            return self.asking(self.tuned_model(self.task_named(task_name), reign.family, reign.answers))

        return Router(self._store.registry, lambda: self.usual, made, time.monotonic, self.uses)

    @cached_property
    def usual(self) -> Summarizer:
        """The summarizer with the model that the settings name."""
        return self.asking(self.model)

    def summarizer_of(self, task_name: str) -> Answerer:
        """The summarizer of whoever answers the task now. Raises StoreUnavailable."""
        return self.champions(task_name) if self._store.exists() else self.usual

    def asking(self, model: Model) -> Summarizer:
        """A summarizer with that model."""
        return Summarizer(model, self.wording, time.perf_counter)

    @cached_property
    def model(self) -> Model:
        """The model that the settings name."""
        if self._settings.model_id == EMBEDDED:
            from bot.adapters.onboard.model import Embedded

            return Embedded(self.tasks, (), _vectors())
        return self.bedrock(self._settings)

    def tuned_model(self, task: Task, family: str, endpoint: str) -> Model:
        """The custom model of the family behind an endpoint, or the artefact on board. Raises UnknownModel."""
        if family == EMBEDDED:
            return self.embedded(task, endpoint)
        region = endpoint.split(":")[3] if endpoint.startswith("arn:") else self._settings.region
        return self.bedrock(replace(self._settings, model_id=endpoint, family=family, region=region, template="tuned"))

    def bedrock(self, settings: Settings) -> BedrockModel:
        """The model on Bedrock that these settings name."""
        from bot.adapters.bedrock.chat import BedrockModel

        return BedrockModel(
            self._aws.runtime(settings.region),
            settings.model_id,
            family=FAMILIES[settings.family],
            template=settings.template or template_for(settings.model_id),
            guardrail=settings.guardrail,
        )

    def embedded(self, task: Task, model_id: str) -> Model:
        """The embedded model with what it has learned: `embedded:DIGEST`, `embedded:FILE`, or `embedded` for nothing.

        Raises UnknownModel if it learned that for another task.
        """
        from bot.adapters.onboard.learned import Learned
        from bot.adapters.onboard.model import Embedded

        file = self._artefact(model_id)
        learned = [Learned.load(file)] if file else []
        if other := [each.task for each in learned if each.task != task.name]:
            raise UnknownModel(f"The artefact {file} was trained for {other[0]}, not for {task.name}.")
        return Embedded(self.tasks, learned, _vectors())

    @property
    def artefacts(self) -> Path:
        """The folder with what the embedded model has learned."""
        return self._settings.data_dir / "models"

    def _artefact(self, model_id: str) -> Path | None:
        from bot.adapters.onboard.training import artefact

        file = model_id.partition(":")[2]
        if not file or (path := Path(file).expanduser()).is_file():
            return path if file else None
        return artefact(self.artefacts, model_id)


@cache
def _vectors() -> Vectors:
    """One for the process, since they hold its memory."""
    from bot.adapters.onboard.vectors import Vectors

    return Vectors()
