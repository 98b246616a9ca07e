"""Training, serving and promoting, and what watches over them."""

# Adapters are imported where they are made: each brings a heavy library.
# ruff: noqa: PLC0415

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import TYPE_CHECKING

from bot.answers.answer import Answer
from bot.answers.family import EMBEDDED, FAMILIES, Family
from bot.answers.prompts import Wording
from bot.answers.summarizer import Summarizer
from bot.calls.transcript import Transcript, Turn
from bot.feedback.ports import Pairs
from bot.models.custom_model import CustomModel
from bot.models.end_of_life import Lifecycle
from bot.models.prices import load as load_prices
from bot.retraining.retraining import Retraining, Rules
from bot.serving.canary_runner import Canaries
from bot.serving.cost_watch import CostWatch, Setup
from bot.serving.promoter import Promoter
from bot.settings import Settings
from bot.training.trainer import Trainer
from bot.wiring.answers import artefacts, task_named, tasks, tuned_model
from bot.wiring.datasets import dataset_at, dataset_named, exporter
from bot.wiring.evaluation import judged
from bot.wiring.store import lock, notices, registry, store_client

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


def customization(settings: Settings, family: Family) -> BedrockTraining | EmbeddedTraining:
    """Where the models of a family are trained and served."""
    if family.name == EMBEDDED:
        from bot.adapters.onboard.training import EmbeddedTraining

        def read(place: str, name: str) -> Iterator[bytes]:
            return dataset_at(settings, place).read(name)

        return EmbeddedTraining(artefacts(settings), tasks(settings), read)
    from bot.adapters.bedrock.account import Account, clients
    from bot.adapters.bedrock.chat import control_client
    from bot.adapters.bedrock.s3 import client
    from bot.adapters.bedrock.training import BedrockTraining

    vpc = settings.subnets, settings.security_groups
    account = Account(settings.role_arn, settings.bucket, settings.kms_key, *vpc)
    region = family.region
    return BedrockTraining(control_client(region), client(region), clients(region), family, account)


def _customizations(settings: Settings) -> Callable[[Family], BedrockTraining | EmbeddedTraining]:
    """Gives that of each family, made once: its clients take a tenth of a second."""
    return cache(partial(customization, settings))


def _pairs(settings: Settings) -> Pairs:
    from bot.adapters.redis.pairs import RedisPairs

    return RedisPairs(store_client(settings), settings.keep_days)


def trainer(settings: Settings) -> Trainer:
    """What runs customization jobs. Raises StoreUnavailable."""
    places = _customizations(settings)
    return Trainer(registry(settings), lock(settings), places, time.time, time.sleep, settings.poll_seconds)


def promoter(settings: Settings) -> Promoter:
    """What serves, promotes and rolls back. Raises StoreUnavailable."""
    places, smoke = _customizations(settings), partial(smoke_answer, settings)
    usual = settings.model_id
    alone, poll_s = lock(settings), settings.poll_seconds
    return Promoter(registry(settings), alone, places, smoke, usual, time.time, time.sleep, poll_s)


def smoke_answer(settings: Settings, model: CustomModel) -> Answer:
    """The answer to a made-up call, in the tuned template and through the model's endpoint. Raises ModelError."""
    task = task_named(settings, model.task)
    endpoint = model.endpoint.id if model.endpoint else model.id
    asked = tuned_model(settings, task, model.family, endpoint, 1)
    return Summarizer(asked, Wording.load(settings.prompts), time.perf_counter).answer(task, SMOKE)


def canaries(settings: Settings) -> Canaries:
    """What has a challenger answer a share of calls. Raises StoreUnavailable."""
    return Canaries(registry(settings), _pairs(settings), notices(settings), settings.model_id, time.time, time.sleep)


def setup(settings: Settings) -> Setup:
    """What the settings say of models that cost or end."""
    family = FAMILIES[settings.family]
    return Setup(settings.model_id, settings.region, family, bool(settings.role_arn), settings.idle_hours)


def watch(settings: Settings) -> CostWatch:
    """What watches costs and endings. Raises StoreUnavailable, or ReadError for the price file."""
    return CostWatch(
        setup(settings),
        registry(settings),
        promoter(settings),
        notices(settings),
        lock(settings),
        _customizations(settings),
        _lifecycle,
        load_prices(settings.prices),
        time.time,
    )


def retraining(settings: Settings) -> Retraining:
    """What takes the loop of a task further. Raises StoreUnavailable."""
    family = FAMILIES[settings.family]
    return Retraining(
        registry(settings),
        _pairs(settings),
        tasks(settings),
        family,
        trainer(settings),
        promoter(settings),
        canaries(settings),
        partial(exporter, settings),
        partial(dataset_named, settings, family),
        _customizations(settings),
        partial(judged, settings),
        load_prices(settings.prices),
        Rules(settings.two_person, settings.spend_limit),
        time.time,
    )


def _lifecycle(model_id: str, region: str | None) -> Lifecycle:
    from bot.adapters.bedrock.chat import control_client
    from bot.adapters.bedrock.lifecycle import lifecycle

    return lifecycle(control_client(region), model_id)
