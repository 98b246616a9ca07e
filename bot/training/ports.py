"""What training needs from outside: a service that runs customization jobs, and a registry of them."""

from __future__ import annotations

from typing import Protocol

from bot.models.job import CustomizationJob, Look
from bot.models.ports import CustomModels, Jobs, ModelHost


class Customization(ModelHost, Protocol):
    """Where the models of a family are trained. Raises a TrainingError, ModelError or UnknownModel."""

    def check(self, task: str) -> list[str]:
        """Checks, before anything costs, whether a job for the task can run; returns warnings of what it could not check.

        Raises JobRefused if it cannot, such as for a base model that is retired.
        """

    def start(self, job: CustomizationJob) -> str:
        """Creates the job and returns its id; if there is a job of its name already, that one's."""

    def advance(self, job: CustomizationJob) -> Look:
        """Takes a started job as far as it goes without waiting, and tells how far it is."""

    def look(self, job: CustomizationJob) -> Look:
        """How far a job is."""

    def adopt(self, id_: str, task: str) -> CustomizationJob:
        """The job of that name or id, which may have been started elsewhere, for a task. Raises JobRefused."""

    def ours(self) -> list[CustomizationJob]:
        """All jobs of the family that Wrapup started, as the family's service knows them."""

    def stop(self, job: CustomizationJob) -> None:
        """Stops the job; one that has ended stays as it is."""


class TrainingRegistry(Jobs, CustomModels, Protocol):
    """Jobs, and the custom models that they make."""
