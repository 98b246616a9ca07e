"""Turns pairs or a dataset into an order for a job."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.answers.family import EMBEDDED, Family
from bot.datasets.dataset import ALL_FILES, FILES
from bot.datasets.exporter import Exporter, OnExport, verify
from bot.datasets.ports import Datasets
from bot.errors import DatasetRefused
from bot.models.job import Order, hyperparameters
from bot.task import Task


def brought(
    place: Datasets, task: Task, family: Family, given: Mapping[str, str], place_of: Callable[[str], Datasets]
) -> Datasets:
    """A dataset that exists, copied to where `place_of` has its name if a job cannot read it where it is.

    Raises DatasetRefused or JobRefused before anything is copied, or PlaceRefused.
    """
    place.check()
    ordered(task, family, place, given)
    if family.region and not place.place.startswith("s3://"):
        return copied(place, place_of(place.name()))
    return place


def exported(
    exporter: Exporter,
    task: Task,
    family: Family,
    place_of: Callable[[str], Datasets],
    told: OnExport = lambda *_: None,
) -> Datasets:
    """Exports all pairs as they are now to the place that `place_of` has for the dataset's name."""
    with exporter.draft(task, family, told=told) as draft:
        place = place_of(draft.name)
    if not place.name():
        exporter.export(task, family, place, told=told)
    return place


def ordered(task: Task, family: Family, place: Datasets, given: Mapping[str, str], base: str = "") -> Order:
    """The order. Raises DatasetRefused if the dataset is damaged or for another base model or task, or JobRefused."""
    about: Any = place.manifest()
    if wrong := verify(place):
        raise DatasetRefused(f"The dataset in {place.place} differs from its manifest: {' '.join(wrong)}")
    if about["task"] != task.name:
        raise DatasetRefused(f"The dataset in {place.place} is for the task {about['task']!r}, not {task.name!r}.")
    if family.name != EMBEDDED and about["family"] != family.name:  # the embedded model reads either shape of record
        raise DatasetRefused(
            f"The dataset in {place.place} is for {about['family']}: export the pairs for {family.name}."
        )
    if FILES["train"] not in about["files"]:
        raise DatasetRefused(f"The dataset in {place.place} has no {FILES['train']}: collect more pairs.")
    return Order(
        task=task.name,
        family=family.name,
        base=base or family.base_model_id,
        dataset=about["name"],
        place=place.place,
        sha256=about["files"][FILES["train"]]["sha256"],
        validation=FILES["validation"] in about["files"],
        hyperparameters=hyperparameters(family, given),
    )


def copied(source: Datasets, target: Datasets) -> Datasets:
    """Copies a dataset to the target, unless it is there already."""
    target.check()
    if target.name() != source.name():
        there = [name for name in ALL_FILES if next(source.read(name), b"")]
        target.write({name: source.read(name) for name in there})
    return target
