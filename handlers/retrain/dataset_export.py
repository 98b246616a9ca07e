"""What a worker does for `/retrain export`: it makes the dataset, shows it, and hands it over as a file."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

from bot import wiring
from bot.answers.family import family
from bot.errors import ExportRunning, UnknownAnswer
from bot.models.audit import Entry
from bot.models.ports import Audit
from bot.queue.request import Request
from bot.retraining.retraining import Say
from bot.settings import Settings
from bot.task import Task
from handlers.calls import card
from handlers.calls.card import Message
from handlers.retrain import dataset_card

DATED = (1980, 1, 1, 0, 0, 0)  # a dataset has no clock inside, so its archive has none either


class Exports:
    """Makes datasets in the bucket of the settings, or below the data folder. Threads may share it."""

    def __init__(self, settings: Settings, tasks: Mapping[str, Task], audit: Audit) -> None:
        self._settings, self._tasks, self._audit = settings, tasks, audit

    def make(self, request: Request, say: Say) -> Message:
        """Exports the pairs of a task, and gives the card of the dataset.

        Raises DatasetRefused, NothingToExport, PlaceRefused, PlaceUnavailable or StoreUnavailable.
        """
        task, base = self._tasks[request.task], family(self._settings.family)
        place = self._place(request.task, base.name)
        at = wiring.dataset_at(self._settings, place, base.region)
        try:
            done = wiring.exporter(self._settings).export(
                task, base, at, None, lambda doing, pairs: say(f"{doing.capitalize()} … {pairs:,} pairs")
            )
        except ExportRunning as error:
            return card.problem(request.id, str(error))
        name = str(done.about["name"])
        line = Entry(at=request.at, who=request.user, did="export", task=request.task, what=name, dataset=done.place)
        self._audit.note(request.id, line)
        download = "" if self._settings.bucket else request.task
        return dataset_card.exported(request.id, done.about, done.place, written=done.written, download=download)

    def archive(self, task: str) -> bytes:
        """The dataset of a task that stands below the data folder, as a ZIP file. Raises UnknownAnswer where none does."""
        folder = Path(self._place(task, self._settings.family))
        packed = io.BytesIO()
        files = sorted(path for path in folder.glob("*.json*") if path.is_file())
        if not files:
            raise UnknownAnswer("This dataset is not here any more: export it again.")
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in files:
                archive.writestr(zipfile.ZipInfo(path.name, DATED), path.read_bytes(), zipfile.ZIP_DEFLATED)
        return packed.getvalue()

    def _place(self, task: str, base: str) -> str:
        if self._settings.bucket:
            return f"{self._settings.bucket}/{task}/{base}"
        return str(self._settings.data_dir / "exports" / f"{task}-{base}")
