"""A service that trains and serves as a test scripts it."""

from __future__ import annotations

from bot.errors import JobRefused, WrapupError
from bot.models.custom_model import CustomModel, Endpoint
from bot.models.job import CustomizationJob, Look


class ScriptedService:
    """A service that answers each look with the next of these, then with the last one for ever."""

    def __init__(self, *looks: Look | WrapupError) -> None:
        self.looks, self.started, self.stopped = list(looks), 0, 0
        self.refuses: WrapupError | None = None
        self.models = {"m"}

    def check(self, task: str) -> list[str]:
        return []

    def start(self, job: CustomizationJob) -> str:
        self.started += 1
        if self.refuses:
            raise self.refuses
        return f"arn:{job.name}"

    def advance(self, job: CustomizationJob) -> Look:
        found = self.looks.pop(0) if len(self.looks) > 1 else self.looks[0]
        if isinstance(found, WrapupError):
            raise found
        return found

    look = advance

    def adopt(self, id_: str, task: str) -> CustomizationJob:
        raise JobRefused("no")

    def ours(self) -> list[CustomizationJob]:
        return []

    def stop(self, job: CustomizationJob) -> None:
        if not job.id:
            raise JobRefused("There is no such job.")
        self.stopped += 1

    def exists(self, model: CustomModel) -> bool:
        return model.id in self.models

    def serve(self, model: CustomModel) -> Endpoint:
        raise JobRefused("no")

    def endpoint(self, model: CustomModel) -> Endpoint | None:
        return None

    def served(self) -> list[CustomModel]:
        return []

    def release(self, model: CustomModel) -> None:
        """Nothing is served."""
