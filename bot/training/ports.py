"""What training needs from outside: a service that runs customization jobs, and a registry of them."""

from __future__ import annotations

from typing import Protocol

from bot.models.job import CustomizationJob, Look
from bot.models.ports import CustomModels, Jobs, ModelHost


class Customization(ModelHost, Protocol):
    """Where the models of a family are trained. Raises a TrainingError, ModelError or UnknownModel."""

    def check(self, task: str) -> list[str]:
        """Asks, before anything costs, whether a job for the task can run; gives what could not be asked.

        Raises JobRefused where it cannot, such as for a base model that is retired.
        """

    def start(self, job: CustomizationJob) -> str:
        """Has the job created and gives its id; where a job of its name is there already, that one's."""

    def advance(self, job: CustomizationJob) -> Look:
        """Takes a job that was started as far as it goes at once, and tells how far it is."""

    def look(self, job: CustomizationJob) -> Look:
        """How far a job is."""

    def adopt(self, id_: str, task: str) -> CustomizationJob:
        """A job by its name or id that may have been started elsewhere, for a task. Raises JobRefused."""

    def ours(self) -> list[CustomizationJob]:
        """All jobs of the family that Wrapup started, as the family's service knows them."""

    def stop(self, job: CustomizationJob) -> None:
        """Has the job stopped; one that has ended stays as it is."""


class TrainingRegistry(Jobs, CustomModels, Protocol):
    """Jobs, and the custom models that come of them."""
