"""Datasets: made of pairs, read, and taken in."""

# Adapters are imported where they are made: each brings a heavy library.
# ruff: noqa: PLC0415

from __future__ import annotations

import time
from functools import partial
from pathlib import Path

from bot.answers.family import EMBEDDED, FAMILIES, Family
from bot.datasets.exporter import Exporter
from bot.datasets.importer import Importer
from bot.datasets.ports import Datasets
from bot.errors import JobRefused, ReadError
from bot.evaluation.holdout import Case
from bot.evaluation.holdout import read as read_holdout
from bot.settings import Settings
from bot.task import Task
from bot.wiring.answers import tasks
from bot.wiring.store import EXPORT_TIMEOUT_S, store_client


def exporter(settings: Settings) -> Exporter:
    """What makes datasets of the pairs in the store. Raises StoreUnavailable or UnknownSchema."""
    from bot.adapters.local.export_workbench import SqliteWorkbench
    from bot.adapters.local.process_pool import Processes
    from bot.adapters.redis.lock import RedisLock
    from bot.adapters.redis.migrations import check
    from bot.adapters.redis.pairs import RedisPairs
    from bot.privacy import REDACTION_VERSION

    client = store_client(settings, timeout_s=EXPORT_TIMEOUT_S)
    check(client)
    pairs, lock = RedisPairs(client, settings.keep_days), RedisLock(client)
    return Exporter(pairs, lock, SqliteWorkbench, Processes, settings.redact, REDACTION_VERSION, settings.split_seed)


def importer(settings: Settings) -> Importer:
    """What takes pairs into the store. Raises StoreUnavailable or UnknownSchema."""
    from bot.adapters.redis.migrations import check
    from bot.adapters.redis.pairs import RedisPairs
    from bot.privacy import REDACTION_VERSION, mask_pair

    client = store_client(settings, timeout_s=EXPORT_TIMEOUT_S)
    check(client)
    mask = None if settings.redact == "off" else partial(mask_pair, mode=settings.redact)
    pairs = RedisPairs(client, settings.keep_days)
    return Importer(pairs, tasks(settings), mask, REDACTION_VERSION, settings.max_bytes, time.time)


def dataset_at(settings: Settings, place: str, region: str | None = None) -> Datasets:
    """The dataset in a folder, or at s3://bucket/prefix; `region` is where its bucket must be."""
    if place.startswith("s3://"):
        from bot.adapters.bedrock.s3 import Bucket, client

        return Bucket(client(settings.region), place, region, settings.kms_key)
    from bot.adapters.local.folder import Folder

    return Folder(Path(place).expanduser())


def dataset_named(settings: Settings, family: Family, name: str) -> Datasets:
    """Where a job of the family finds the dataset of that name. Raises JobRefused where there is no bucket for it."""
    if family.name == EMBEDDED:
        return dataset_at(settings, str(settings.data_dir / "datasets" / name))
    if not settings.bucket:
        raise JobRefused(f"{family.name} reads its dataset from S3: set WRAPUP_BUCKET to a bucket in {family.region}.")
    return dataset_at(settings, f"{settings.bucket}/{name}", family.region)


def held_out(settings: Settings, task: Task) -> list[Case]:
    """The calls that an export would hold out now. Raises NothingToExport, StoreUnavailable or UnknownSchema."""
    from bot.datasets.dataset import FILES

    with exporter(settings).draft(task, FAMILIES[settings.family]) as draft:
        pieces = draft.bench.read(FILES["holdout"]) if FILES["holdout"] in draft.about["files"] else ()
        return read_holdout(b"".join(pieces).split(b"\n"), task)


def held_out_at(settings: Settings, task: Task, place: str) -> list[Case]:
    """The held-out calls of a dataset (a folder, or s3://bucket/prefix), or of a file alone, here or in S3.

    Raises ReadError, PlaceRefused or PlaceUnavailable.
    """
    from bot.datasets.dataset import FILES

    folder, name = place, FILES["holdout"]
    if place.endswith(".jsonl") if place.startswith("s3://") else not Path(place).is_dir():
        folder, slash, name = place.rpartition("/")
        folder += slash or "."
    dataset = dataset_at(settings, folder)
    found = b"".join(dataset.read(name))
    if not found and not Path(place).is_file() and not dataset.name():
        raise ReadError(f"{place} cannot be read: there are no held-out calls")
    try:
        return read_holdout(found.split(b"\n"), task)
    except ReadError as error:
        raise ReadError(f"{place}: {error.reason}", error.place, error.accepted) from error
