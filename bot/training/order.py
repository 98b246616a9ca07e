"""Makes an order of a dataset: what is to be trained, and what that is likely to cost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.answers.family import EMBEDDED, Family
from bot.datasets.dataset import ALL_FILES, FILES
from bot.datasets.exporter import Exporter, Told, verify
from bot.datasets.ports import Datasets
from bot.errors import DatasetRefused, JobRefused
from bot.models.custom_model import Order, hyperparameters
from bot.serving.promoter import Promoter
from bot.task import Task
from bot.training.ports import Customization


def exported(
    exporter: Exporter, task: Task, family: Family, place_of: Callable[[str], Datasets], told: Told = lambda *_: None
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


def base_of(name: str, task: str, family: Family, promoter: Promoter, customization: Customization) -> str:
    """The id of a custom model that a job is to go on from, by a name of it. Raises JobRefused or UnknownModel."""
    if family.name == EMBEDDED:
        raise JobRefused("The embedded model learns from the whole dataset each time: leave --base out.")
    model = promoter.model(name)
    if (model.family, model.task) != (family.name, task):
        raise JobRefused(
            f"{model.id} is a model of {model.family} for {model.task}: a job of {family.name} for {task} cannot go on from it."
        )
    if not customization.exists(model):
        raise JobRefused(f"{model.id} was deleted: leave --base out, or name another (`wrapup models list`).")
    return model.id


def copied(source: Datasets, target: Datasets) -> Datasets:
    """The same dataset at the target, where a job can read it."""
    target.check()
    if target.name() != source.name():
        there = [name for name in ALL_FILES if next(source.read(name), b"")]
        target.write({name: source.read(name) for name in there})
    return target
