"""What Slack's side needs of all that is not Slack."""

# Adapters are imported where they are made: each brings a heavy library.
# ruff: noqa: PLC0415

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from bot.answers.ports import Answers
from bot.feedback.ports import Pairs
from bot.feedback.reviews import Reviews
from bot.queue.ports import Queue
from bot.queue.request import Limits
from bot.settings import Settings
from bot.task import Task
from bot.wiring.answers import tasks
from bot.wiring.store import CONNECTIONS_BESIDE, store_client

WORKER_TIMEOUT_S = 5.0  # longer than it waits for work


@dataclass(frozen=True)
class Services:
    """What Slack's side needs of all that is not Slack; listeners get each by its name."""

    settings: Settings
    tasks: Mapping[str, Task]
    queue: Queue
    answers: Answers
    pairs: Pairs
    reviews: Reviews
    limits: Limits


def services(settings: Settings, threads: int, timeout_s: float | None = None) -> Services:
    """Services for `threads` callers at once, on the store that the settings name. Raises StoreUnavailable.

    `timeout_s` is for a process that waits on the store; by default it gives up well before Slack does.
    """
    from bot.adapters.redis.answers import RedisAnswers
    from bot.adapters.redis.migrations import check
    from bot.adapters.redis.pairs import RedisPairs
    from bot.adapters.redis.queue import RedisQueue
    from bot.adapters.redis.registry import RedisRegistry
    from bot.datasets.second_scan import scanned
    from bot.privacy import REDACTION_VERSION, mask_pair

    client = store_client(settings, threads + CONNECTIONS_BESIDE, timeout_s)
    check(client)
    known = tasks(settings)
    queue, answers = RedisQueue(client), RedisAnswers(client, known, settings.keep_days)
    pairs = RedisPairs(client, settings.keep_days)
    mask = None if settings.redact == "off" else partial(mask_pair, mode=settings.redact)
    scan = partial(scanned, mode=settings.redact)
    return Services(
        settings,
        known,
        queue,
        answers,
        pairs,
        Reviews(answers, pairs, queue, RedisRegistry(client), mask, REDACTION_VERSION, scan, settings.train_on_threads),
        Limits(settings.person_per_minute, settings.channel_per_minute, settings.most_waiting),
    )
