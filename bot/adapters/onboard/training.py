"""Trains the built-in model as a customization job."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from bot.adapters.onboard.learned import Learned
from bot.adapters.onboard.model import Embedded, LearnedPair
from bot.answers.family import EMBEDDED
from bot.answers.prompts import Prompt, PromptMessage, transcript_of
from bot.datasets.dataset import FILES
from bot.datasets.record import from_record
from bot.errors import JobRefused, ReadError, WrapupError
from bot.models.custom_model import CustomModel, Endpoint
from bot.models.job import CustomizationJob, Look
from bot.task import Task

LEARNS = ("summarize", "moderate")
VALIDATING, TRAINING = "validation", "training"


class EmbeddedTraining:
    """Trains in this process and stores each result as a file in `folder`. `read` reads a file of a dataset.

    If the process is killed, another one repeats the step. The same records give the same result.
    """

    def __init__(self, folder: Path, tasks: Mapping[str, Task], read: Callable[[str, str], Iterator[bytes]]) -> None:
        self._folder, self._tasks, self._read = folder, tasks, read

    def check(self, task: str) -> list[str]:
        if task not in LEARNS:
            raise JobRefused(f"The embedded model learns {' and '.join(LEARNS)}, not {task}: choose another --family.")
        return []

    def start(self, job: CustomizationJob) -> str:
        return job.name

    def advance(self, job: CustomizationJob) -> Look:
        if job.look.status == "Stopping":
            return Look(status="Stopped")
        if not job.look.phase:
            return Look(status="InProgress", phase=VALIDATING)
        try:
            pairs = list(self._pairs(job))
            if job.look.phase == VALIDATING:
                return Look(status="InProgress", phase=TRAINING)
            learned = Embedded(self._tasks).fit(job.order.task, pairs)
            learned.save(self._folder)
        except (WrapupError, ValueError) as error:
            return Look(status="Failed", phase=job.look.phase, failure=str(error))
        except OSError:
            return Look(status="Failed", phase=job.look.phase, failure=f"The artefact cannot be kept in {self._folder}: "
                        "check its rights and free space, then start again.")  # fmt: skip
        return Look(status="Completed", phase=TRAINING, model=f"{EMBEDDED}:{learned.digest[:12]}")

    def look(self, job: CustomizationJob) -> Look:
        return job.look

    def adopt(self, id_: str, task: str) -> CustomizationJob:
        raise JobRefused(
            f"{id_} cannot be adopted for {task or 'a task'}: the embedded model is trained by Wrapup alone."
        )

    def ours(self) -> list[CustomizationJob]:
        """Returns none, because only the registry knows these jobs."""
        return []

    def stop(self, job: CustomizationJob) -> None:
        """Does nothing: the training process sees before its next step that the job is being stopped."""

    def exists(self, model: CustomModel) -> bool:
        try:
            return Learned.load(artefact(self._folder, model.id)).task == model.task
        except WrapupError:
            return False

    def serve(self, model: CustomModel) -> Endpoint:
        if found := self.endpoint(model):
            return found
        raise JobRefused(f"The artefact of {model.id} is missing or was changed: train it again.")

    def endpoint(self, model: CustomModel) -> Endpoint | None:
        return Endpoint(id=model.id, status="Active") if self.exists(model) else None

    def served(self) -> list[CustomModel]:
        """Returns none: the built-in model has no endpoints that cost anything."""
        return []

    def release(self, model: CustomModel) -> None:
        """Does nothing, because the built-in model costs nothing."""

    def _pairs(self, job: CustomizationJob) -> Iterator[LearnedPair]:
        """Returns the turns and outputs of the records. Raises ReadError if the file isn't the ordered one."""
        data = b"".join(self._read(job.order.place, FILES["train"]))
        if hashlib.sha256(data).hexdigest() != job.order.sha256:
            raise ReadError(f"the {FILES['train']} in {job.order.place} is missing or is not the one that was ordered",
                            accepted="Export it again, and start anew.")  # fmt: skip
        task = self._tasks[job.order.task]
        for number, line in enumerate(data.splitlines(), 1):
            try:
                found = from_record(json.loads(line))
                turns = transcript_of(Prompt("", (PromptMessage("user", found.user),), task.name, "", {}))
                wanted = json.loads(found.completion)
                task.output.model_validate(wanted)
            except ValueError as error:
                raise ReadError(f"this is no record of an answer of the task {task.name}", f"line {number}") from error
            yield turns, wanted


def artefact(folder: Path, model_id: str) -> Path:
    """Returns the file of `embedded:DIGEST`, or a path that can't be opened if there is none."""
    digest = model_id.partition(":")[2]
    return next(folder.glob(f"*-{digest}.npz"), folder / f"{digest}.npz") if digest.isalnum() else folder / digest
