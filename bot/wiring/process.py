"""All that one process is built of."""

# Adapters are imported where they are made: each brings a heavy library.
# ruff: noqa: PLC0415

from __future__ import annotations

from functools import cached_property, partial

from bot.checks import Probe
from bot.feedback.reviews import Reviews
from bot.privacy import REDACTION_VERSION, mask_pair
from bot.queue.request import Limits
from bot.settings import Settings
from bot.wiring.answers import JOBS_AT_A_SERVICE, AnswerWiring
from bot.wiring.aws import AwsClients
from bot.wiring.datasets import DatasetWiring
from bot.wiring.evaluation import EvaluationWiring
from bot.wiring.health import probes
from bot.wiring.services import Services
from bot.wiring.store import StoreWiring
from bot.wiring.training import TrainingWiring

WORKER_TIMEOUT_S = 5.0  # longer than it waits for work


class Wiring:
    """Makes each thing once, when it is first asked for. A process has one of these, and threads share it."""

    def __init__(self, settings: Settings, threads: int = 1, timeout_s: float | None = None) -> None:
        """`threads` call at once. `timeout_s` is for a process that waits on the store; by default it gives up well
        before Slack does.
        """
        self.settings = settings
        self.store = StoreWiring(settings, threads, timeout_s)
        self.aws = AwsClients(max(threads, JOBS_AT_A_SERVICE))
        self.answers = AnswerWiring(settings, self.store, self.aws)
        self.datasets = DatasetWiring(settings, self.store, self.answers, self.aws)
        self.evaluation = EvaluationWiring(settings, self.store, self.answers, self.datasets)
        self.training = TrainingWiring(settings, self.store, self.aws, self.answers, self.datasets, self.evaluation)

    @cached_property
    def services(self) -> Services:
        """What Slack's side needs. Raises StoreUnavailable or UnknownSchema."""
        from bot.adapters.redis.answers import RedisAnswers
        from bot.datasets.second_scan import scanned

        self.store.check()
        settings, store, tasks = self.settings, self.store, self.answers.tasks
        answers = RedisAnswers(store.client, tasks, settings.keep_days)
        mask = None if settings.redact == "off" else partial(mask_pair, mode=settings.redact)
        scan = partial(scanned, mode=settings.redact)
        on_threads = settings.train_on_threads
        return Services(
            settings,
            tasks,
            store.queue,
            answers,
            store.pairs,
            Reviews(answers, store.pairs, store.queue, store.registry, mask, REDACTION_VERSION, scan, on_threads),
            Limits(settings.person_per_minute, settings.channel_per_minute, settings.most_waiting),
        )

    def probes(self) -> list[Probe]:
        """What `wrapup check` asks, in order."""
        return probes(self.settings, self.store, self.answers, self.aws)
