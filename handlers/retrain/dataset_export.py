"""What a worker does for `/retrain export`: it makes the dataset, shows its card, and sends it as a file."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

from bot.answers.family import family
from bot.datasets.exporter import Exporter
from bot.datasets.ports import Datasets
from bot.errors import ExportRunning, UnknownAnswer
from bot.models.audit import Entry
from bot.models.ports import Audit
from bot.queue.ports import Queue
from bot.queue.request import DownloadRequest, ExportRequest, Job
from bot.retraining.under_way import Say
from bot.settings import Settings
from bot.task import Task
from handlers.retrain import dataset_card
from handlers.slack import message
from handlers.slack.message import Message
from handlers.slack.reply import Reply
from handlers.worker.delivery import Delivery
from handlers.worker.progress import Progress

DATED = (1980, 1, 1, 0, 0, 0)  # the same time for each file, so that the same dataset gives the same archive


class Exports:
    """Makes datasets in the bucket of the settings or, without one, in the data folder. Threads may share it."""

    def __init__(
        self,
        settings: Settings,
        tasks: Mapping[str, Task],
        exporter: Exporter,
        dataset_at: Callable[[str, str | None], Datasets],
        audit: Audit,
        queue: Queue,
        progress: Progress,
        delivery: Delivery,
    ) -> None:
        """`dataset_at` gives the dataset at a place, whose bucket must be in the given Region."""
        self._settings, self._tasks, self._exporter, self._dataset_at = settings, tasks, exporter, dataset_at
        self._audit, self._queue, self._progress, self._delivery = audit, queue, progress, delivery

    def take(self, job: Job, reply: Reply) -> str:
        """Exports the training examples of a task, and shows the card of the dataset.

        Raises DatasetRefused, NothingToExport, PlaceRefused, PlaceUnavailable or StoreUnavailable.
        """
        request = job.request
        assert isinstance(request, ExportRequest)
        with self._progress.watching(reply, request.id, "Reading the training examples …") as watched:
            made = self._made(request, watched.say)
        return self._delivery.send(made, job, reply, "exported")

    def hand_over(self, job: Job, reply: Reply) -> str:
        """Attaches the dataset of a task as a ZIP file. Raises UnknownAnswer if it is no longer there."""
        request = job.request
        assert isinstance(request, DownloadRequest)
        reply.attach(f"{request.task}-dataset.zip", self._archive(request.task))
        self._queue.finish(job, "")
        return "downloaded"

    def _made(self, request: ExportRequest, say: Say) -> Message:
        """Exports the training examples of a task, and returns the card of the dataset.

        Raises DatasetRefused, NothingToExport, PlaceRefused, PlaceUnavailable or StoreUnavailable.
        """
        task, base = self._tasks[request.task], family(self._settings.family)
        place = self._place(request.task, base.name)
        at = self._dataset_at(place, base.region)
        try:
            done = self._exporter.export(
                task, base, at, None, lambda doing, pairs: say(f"{doing.capitalize()} … {pairs:,} examples")
            )
        except ExportRunning as error:
            return message.problem(request.id, str(error))
        name = str(done.about["name"])
        line = Entry(at=request.at, who=request.user, did="export", task=request.task, what=name, dataset=done.place)
        self._audit.note(request.id, line)
        download = "" if self._settings.bucket else request.task
        return dataset_card.exported(request.id, done.about, done.place, written=done.written, download=download)

    def _archive(self, task: str) -> bytes:
        """The dataset of a task in the data folder, as a ZIP file. Raises UnknownAnswer if there is none."""
        folder = Path(self._place(task, self._settings.family))
        packed = io.BytesIO()
        files = sorted(path for path in folder.glob("*.json*") if path.is_file())
        if not files:
            raise UnknownAnswer("This dataset is no longer here. Export it again.")
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in files:
                archive.writestr(zipfile.ZipInfo(path.name, DATED), path.read_bytes(), zipfile.ZIP_DEFLATED)
        return packed.getvalue()

    def _place(self, task: str, base: str) -> str:
        if self._settings.bucket:
            return f"{self._settings.bucket}/{task}/{base}"
        return str(self._settings.data_dir / "exports" / f"{task}-{base}")
