"""Makes an order of a dataset: what is to be trained, and what that is likely to cost."""

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
    """The dataset of all pairs as they are now, at the place that `place_of` has for its name."""
    with exporter.draft(task, family, told=told) as draft:
        place = place_of(draft.name)
    if not place.name():
        exporter.export(task, family, place, told=told)
    return place


def ordered(task: Task, family: Family, place: Datasets, given: Mapping[str, str], base: str = "") -> Order:
    """The order. Raises DatasetRefused where the dataset is not whole or is for another base model, JobRefused."""
    about: Any = place.manifest()
    if wrong := verify(place):
        raise DatasetRefused(f"The dataset in {place.place} is not what its manifest says: {' '.join(wrong)}")
    if about["task"] != task.name:
        raise DatasetRefused(f"The dataset in {place.place} is of the task {about['task']!r}, not {task.name!r}.")
    if family.name != EMBEDDED and about["family"] != family.name:  # on board either shape of record is read
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
    """The same dataset at the target, where a job can read it."""
    target.check()
    if target.name() != source.name():
        there = [name for name in ALL_FILES if next(source.read(name), b"")]
        target.write({name: source.read(name) for name in there})
    return target
