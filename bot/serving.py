"""Which model answers a task now: the champion, looked up anew every second, so that a promotion needs no restart."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import suppress

from bot.answer import Answer
from bot.errors import ModelRejected, ModelRetired, ModelUnavailable, StoreUnavailable, UnknownModel, WrapupError
from bot.model import Reign
from bot.ports import Models
from bot.summarizing import Progress, Summarizer, unwatched
from bot.task import Task
from bot.transcript import Transcript

KEPT_S = 1.0
USED_S = 60.0  # a model that answers all the time is written down once a minute

log = logging.getLogger(__name__)


class Uses:
    """Writes down when a model last answered, at most once a minute a model. Threads may share it."""

    def __init__(self, models: Models, now: Callable[[], float]) -> None:
        self._models, self._now = models, now
        self._written: dict[str, float] = {}

    def __call__(self, id_: str) -> None:
        now = self._now()
        if now - self._written.get(id_, -USED_S) < USED_S:
            return
        self._written[id_] = now
        with suppress(StoreUnavailable):  # no answer hangs on it
            self._models.use(id_, now)


class WithFallback(Summarizer):
    """A champion's summarizer; where its endpoint fails the usual model answers, as the answer's `model` says."""

    def __init__(
        self, first: Summarizer, usual: Callable[[], Summarizer], used: Callable[[str], None] = lambda _: None
    ) -> None:
        """`used` hears the id of the first one whenever that has answered."""
        self._first, self._usual, self._used = first, usual, used

    def answer(self, task: Task, transcript: Transcript, progress: Progress = unwatched) -> Answer:
        try:
            answer = self._first.answer(task, transcript, progress)
        except (ModelRejected, ModelRetired, ModelUnavailable, UnknownModel) as error:
            _tell(task.name, error)
            return self._usual().answer(task, transcript, progress)
        self._used(answer.model)
        return answer


class Champions:
    """Gives the summarizer of a task's champion, or of the usual model. Threads may share it.

    An answer in flight keeps the summarizer that it was given. `made` makes one of a task and its champion; where it
    cannot (the artefact is gone) that is told in the log, and the usual model answers.
    """

    def __init__(
        self,
        models: Models,
        usual: Callable[[], Summarizer],
        made: Callable[[str, Reign], Summarizer],
        clock: Callable[[], float],
        used: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._models, self._usual, self._made, self._clock, self._used = models, usual, made, clock, used
        self._lock = threading.RLock()
        self._found: dict[str, tuple[float, Reign | None, Summarizer]] = {}
        self._fallback: Summarizer | None = None

    def __call__(self, task: str) -> Summarizer:
        with self._lock:
            known = self._found.get(task)
            if known and self._clock() - known[0] < KEPT_S:
                return known[2]
            reign = self._reign(task)
            same = known and known[1] == reign
            summarizer = known[2] if known and same else self._summarizer(task, reign)
            self._found[task] = self._clock(), reign, summarizer
            return summarizer

    def usual(self) -> Summarizer:
        with self._lock:
            self._fallback = self._fallback or self._usual()
            return self._fallback

    def _reign(self, task: str) -> Reign | None:
        """The champion; what it was where the store does not answer."""
        try:
            return self._models.champion(task).now
        except StoreUnavailable:
            if task not in self._found:
                raise
            return self._found[task][1]

    def _summarizer(self, task: str, reign: Reign | None) -> Summarizer:
        if reign:
            try:
                return WithFallback(self._made(task, reign), self.usual, self._used)
            except WrapupError as error:
                _tell(task, error)
        return self.usual()


def _tell(task: str, error: WrapupError) -> None:
    fields = {"task": task, "error": type(error).__name__, "reason": str(error)}
    log.error("the champion cannot answer, so the usual model does", extra={"fields": fields})
