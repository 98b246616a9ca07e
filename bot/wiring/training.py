"""Training, serving and promoting, and what watches over them."""

# Adapters are imported where they are made: each brings a heavy library.
# ruff: noqa: PLC0415

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import cache, cached_property
from typing import TYPE_CHECKING

from bot.answers.answer import Answer
from bot.answers.family import EMBEDDED, FAMILIES, Family
from bot.calls.transcript import Transcript, Turn
from bot.models.custom_model import CustomModel
from bot.models.end_of_life import Lifecycle
from bot.retraining.retraining import Retraining, Rules
from bot.serving.canary_runner import Canaries
from bot.serving.cost_watch import CostWatch, Setup
from bot.serving.promoter import Promoter
from bot.settings import Settings
from bot.training.trainer import Trainer
from bot.wiring.answers import AnswerWiring
from bot.wiring.aws import AwsClients
from bot.wiring.datasets import DatasetWiring
from bot.wiring.evaluation import EvaluationWiring
from bot.wiring.store import StoreWiring

if TYPE_CHECKING:
    from bot.adapters.bedrock.training import BedrockTraining
    from bot.adapters.onboard.training import EmbeddedTraining

SMOKE = Transcript(  # nobody's call: what an endpoint is asked once, to see whether it answers
    "smoke",
    (
        Turn(0, "customer", "My router has been offline since this morning."),
        Turn(1, "agent", "I am sorry. I will send you a new one today, and call you tomorrow."),
    ),
)


class TrainingWiring:
    """Makes what trains, serves and promotes. Raises StoreUnavailable where that needs the store."""

    def __init__(
        self,
        settings: Settings,
        store: StoreWiring,
        aws: AwsClients,
        answers: AnswerWiring,
        datasets: DatasetWiring,
        evaluation: EvaluationWiring,
    ) -> None:
        self._settings, self._store, self._aws = settings, store, aws
        self._answers, self._datasets, self._evaluation = answers, datasets, evaluation
        self.customization = cache(self._customization)
        """Where the models of a family are trained and served, made once for each."""

    @cached_property
    def trainer(self) -> Trainer:
        """What runs customization jobs."""
        store, poll_s = self._store, self._settings.poll_seconds
        return Trainer(store.registry, store.lock, self.customization, time.time, time.sleep, poll_s)

    @cached_property
    def promoter(self) -> Promoter:
        """What serves, promotes and rolls back."""
        return Promoter(
            self._store.registry,
            self._store.lock,
            self.customization,
            self.smoke_answer,
            self._settings.model_id,
            time.time,
            time.sleep,
            self._settings.poll_seconds,
        )

    def smoke_answer(self, model: CustomModel) -> Answer:
        """The answer to a made-up call, in the tuned template and through the model's endpoint. Raises ModelError."""
        task = self._answers.task_named(model.task)
        endpoint = model.endpoint.id if model.endpoint else model.id
        asked = self._answers.tuned_model(task, model.family, endpoint)
        return self._answers.asking(asked).answer(task, SMOKE)

    @cached_property
    def canaries(self) -> Canaries:
        """What has a challenger answer a share of calls."""
        store, usual = self._store, self._settings.model_id
        return Canaries(store.registry, store.pairs, store.notices, usual, time.time)

    @cached_property
    def watch(self) -> CostWatch:
        """What watches costs and endings. Raises ReadError for the price file."""
        return CostWatch(
            setup(self._settings),
            self._store.registry,
            self.promoter,
            self._store.notices,
            self._store.lock,
            self.customization,
            self._lifecycle,
            self._evaluation.prices,
            time.time,
        )

    @cached_property
    def retraining(self) -> Retraining:
        """What takes the loop of a task further. Raises UnknownSchema, or ReadError for the price file."""
        settings = self._settings
        family = FAMILIES[settings.family]
        return Retraining(
            self._store.registry,
            self._store.lock,
            self._store.pairs,
            self._answers.tasks,
            family,
            self.trainer,
            self.promoter,
            self.canaries,
            self._datasets.exporter,
            lambda name: self._datasets.named(family, name),
            self.customization,
            self._evaluation.judge.judge,
            self._evaluation.prices,
            Rules(settings.two_person, settings.spend_limit),
            time.time,
        )

    def _customization(self, family: Family) -> BedrockTraining | EmbeddedTraining:
        if family.name == EMBEDDED:
            from bot.adapters.onboard.training import EmbeddedTraining

            return EmbeddedTraining(self._answers.artefacts, self._answers.tasks, self._read)
        from bot.adapters.bedrock.account import Account, clients
        from bot.adapters.bedrock.training import BedrockTraining

        settings, region, aws = self._settings, family.region, self._aws
        vpc = settings.subnets, settings.security_groups
        account = Account(settings.role_arn, settings.bucket, settings.kms_key, *vpc)
        return BedrockTraining(aws.control(region), aws.s3(region), cache(clients(region)), family, account)

    def _read(self, place: str, name: str) -> Iterator[bytes]:
        return self._datasets.at(place).read(name)

    def _lifecycle(self, model_id: str, region: str | None) -> Lifecycle:
        from bot.adapters.bedrock.lifecycle import lifecycle

        return lifecycle(self._aws.control(region), model_id)


def setup(settings: Settings) -> Setup:
    """What the settings say of models that cost or end."""
    family = FAMILIES[settings.family]
    return Setup(settings.model_id, settings.region, family, bool(settings.role_arn), settings.idle_hours)
