"""Datasets: made of pairs, read, and taken in."""

# Adapters are imported where they are made: each brings a heavy library.
# ruff: noqa: PLC0415

from __future__ import annotations

import time
from functools import cached_property, partial
from pathlib import Path

from bot.answers.family import EMBEDDED, FAMILIES, Family
from bot.datasets.dataset import FILES
from bot.datasets.exporter import Exporter
from bot.datasets.importer import Importer
from bot.datasets.ports import Datasets
from bot.errors import JobRefused, ReadError
from bot.evaluation.holdout import Case
from bot.evaluation.holdout import read as read_holdout
from bot.privacy import REDACTION_VERSION, mask_pair
from bot.settings import Settings
from bot.task import Task
from bot.wiring.answers import AnswerWiring
from bot.wiring.aws import AwsClients
from bot.wiring.store import StoreWiring


class DatasetWiring:
    """Makes what exports, imports and reads datasets."""

    def __init__(self, settings: Settings, store: StoreWiring, answers: AnswerWiring, aws: AwsClients) -> None:
        self._settings, self._store, self._answers, self._aws = settings, store, answers, aws

    @cached_property
    def exporter(self) -> Exporter:
        """What makes datasets of the pairs in the store. Raises StoreUnavailable or UnknownSchema."""
        from bot.adapters.local.export_workbench import SqliteWorkbench
        from bot.adapters.local.process_pool import Processes

        self._store.check()
        settings = self._settings
        return Exporter(
            self._store.many_pairs,
            self._store.lock,
            SqliteWorkbench,
            Processes,
            settings.redact,
            REDACTION_VERSION,
            settings.split_seed,
        )

    @cached_property
    def importer(self) -> Importer:
        """What takes pairs into the store. Raises StoreUnavailable or UnknownSchema."""
        self._store.check()
        settings = self._settings
        mask = None if settings.redact == "off" else partial(mask_pair, mode=settings.redact)
        pairs, tasks = self._store.many_pairs, self._answers.tasks
        return Importer(pairs, tasks, mask, REDACTION_VERSION, settings.max_bytes, time.time)

    def at(self, place: str, region: str | None = None) -> Datasets:
        """The dataset in a folder, or at s3://bucket/prefix; `region` is where its bucket must be."""
        if place.startswith("s3://"):
            from bot.adapters.bedrock.s3 import Bucket

            return Bucket(self._aws.s3(self._settings.region), place, region, self._settings.kms_key)
        from bot.adapters.local.folder import Folder

        return Folder(Path(place).expanduser())

    def named(self, family: Family, name: str) -> Datasets:
        """Where a job of the family finds the dataset of that name. Raises JobRefused if there is no bucket for it."""
        if family.name == EMBEDDED:
            return self.at(str(self._settings.data_dir / "datasets" / name))
        if not (bucket := self._settings.bucket):
            raise JobRefused(
                f"{family.name} reads its dataset from S3: set WRAPUP_BUCKET to a bucket in {family.region}."
            )
        return self.at(f"{bucket}/{name}", family.region)

    def held_out(self, task: Task) -> list[Case]:
        """The calls that an export would hold out now. Raises NothingToExport, StoreUnavailable or UnknownSchema."""
        with self.exporter.draft(task, FAMILIES[self._settings.family]) as draft:
            pieces = draft.bench.read(FILES["holdout"]) if FILES["holdout"] in draft.about["files"] else ()
            return read_holdout(b"".join(pieces).split(b"\n"), task)

    def held_out_at(self, task: Task, place: str) -> list[Case]:
        """The held-out calls of a dataset (a folder, or s3://bucket/prefix), or of a file alone, here or in S3.

        Raises ReadError, PlaceRefused or PlaceUnavailable.
        """
        folder, name = place, FILES["holdout"]
        if place.endswith(".jsonl") if place.startswith("s3://") else not Path(place).is_dir():
            folder, slash, name = place.rpartition("/")
            folder += slash or "."
        dataset = self.at(folder)
        found = b"".join(dataset.read(name))
        if not found and not Path(place).is_file() and not dataset.name():
            raise ReadError(f"{place} cannot be read: there are no held-out calls")
        try:
            return read_holdout(found.split(b"\n"), task)
        except ReadError as error:
            raise ReadError(f"{place}: {error.reason}", error.place, error.accepted) from error
