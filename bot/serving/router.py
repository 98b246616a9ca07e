"""Finds the model that answers a call, anew every second, so a promotion or a canary needs no restart."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Protocol

from bot.answers.answer import Answer
from bot.answers.ports import Answerer, OnPart, unwatched
from bot.calls.transcript import Transcript
from bot.errors import (
    ModelError,
    ModelRejected,
    ModelRetired,
    ModelUnavailable,
    StoreUnavailable,
    UnknownModel,
    WrapupError,
)
from bot.models.canary import Arm, Canary, takes
from bot.models.champion import Champion, Reign
from bot.models.ports import ModelUse
from bot.serving.ports import ServingRegistry
from bot.task import Task

KEPT_S = 1.0
USED_S = 60.0  # a busy model is written down once a minute
DOWN = (ModelRejected, ModelRetired, ModelUnavailable, UnknownModel)
FAILURES = (ModelError, UnknownModel)  # counted the same for both arms, also if asking again would help

log = logging.getLogger(__name__)


class Uses:
    """Writes down when each model last answered, at most once a minute. Threads may share it."""

    def __init__(self, models: ModelUse, now: Callable[[], float]) -> None:
        self._models, self._now = models, now
        self._written: dict[str, float] = {}

    def __call__(self, id_: str) -> None:
        now = self._now()
        if now - self._written.get(id_, -USED_S) < USED_S:
            return
        self._written[id_] = now
        with suppress(StoreUnavailable):  # the answer does not depend on it
            self._models.use(id_, now)


class WithFallback:
    """A champion's summarizer. If its endpoint fails, the usual model answers, as the answer's `model` says."""

    def __init__(
        self, first: Answerer, usual: Callable[[], Answerer], used: Callable[[str], None] = lambda _: None
    ) -> None:
        """`used` hears the id of the first one each time it answers."""
        self._first, self._usual, self._used = first, usual, used

    def answer(self, task: Task, transcript: Transcript, progress: OnPart = unwatched) -> Answer:
        try:
            answer = self._first.answer(task, transcript, progress)
        except DOWN as error:
            _tell("the champion cannot answer, so the usual model does", task.name, error)
            return self._usual().answer(task, transcript, progress)
        self._used(answer.model)
        return answer


class Count(Protocol):
    """Hears for each call of a canary which arm was asked, and whether that failed."""

    def __call__(self, canary: Canary, arm: Arm, call: str, *, failed: bool) -> None: ...


class WithCanary:
    """Has the challenger answer its share of a channel's calls; if it cannot, the champion answers."""

    def __init__(
        self, canary: Canary, channel: str, champion: Answerer, challenger: Callable[[], Answerer], count: Count
    ) -> None:
        self._canary, self._channel, self._count = canary, channel, count
        self._champion, self._challenger = champion, challenger

    def answer(self, task: Task, transcript: Transcript, progress: OnPart = unwatched) -> Answer:
        call = transcript.call
        if not takes(self._canary, call, self._channel):
            return self._champions(task, transcript, progress)
        try:
            answer = self._challenger().answer(task, transcript, progress)
        except FAILURES as error:
            _tell("the challenger of a canary cannot answer, so the champion does", task.name, error)
            self._count(self._canary, "challenger", call, failed=True)
            return self._champion.answer(task, transcript, progress)
        self._count(self._canary, "challenger", call, failed=False)
        return answer

    def _champions(self, task: Task, transcript: Transcript, progress: OnPart) -> Answer:
        try:
            answer = self._champion.answer(task, transcript, progress)
        except FAILURES:
            self._count(self._canary, "champion", transcript.call, failed=True)
            raise
        self._count(self._canary, "champion", transcript.call, failed=answer.model != self._canary.champion)
        return answer


class Router:
    """Gives the summarizer of a task's champion, or of the usual model. Threads may share it.

    An answer in flight keeps the summarizer that it was given. `made` makes one of a task and its champion; if it cannot
    (the artefact is gone), the log says so and the usual model answers.
    """

    def __init__(
        self,
        models: ServingRegistry,
        usual: Callable[[], Answerer],
        made: Callable[[str, Reign], Answerer],
        clock: Callable[[], float],
        used: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._models, self._usual, self._made, self._clock, self._used = models, usual, made, clock, used
        self._lock = threading.RLock()
        self._found: dict[str, tuple[float, Champion, Canary | None]] = {}
        self._kept: dict[tuple[str, str], tuple[Reign, Answerer]] = {}
        self._fallback: Answerer | None = None

    def __call__(self, task: str, channel: str | None = None) -> Answerer:
        """The summarizer of a task. A running canary takes its share of the calls in a channel, and none without a channel."""
        with self._lock:
            champion, canary = self._now(task)
            first = self._first(task, champion.now)
        if channel is None or not canary or not canary.runs_beside(champion) or not canary.is_in(channel):
            return first
        return WithCanary(canary, channel, first, partial(self._summarizer, task, "challenger", canary), self._count)

    def usual(self) -> Answerer:
        with self._lock:
            self._fallback = self._fallback or self._usual()
            return self._fallback

    def _now(self, task: str) -> tuple[Champion, Canary | None]:
        """The champion and the canary, or what they last were if the store does not answer."""
        known = self._found.get(task)
        if known and self._clock() - known[0] < KEPT_S:
            return known[1:]
        try:
            found = self._models.answering(task)
        except StoreUnavailable:
            if not known:
                raise
            found = known[1:]
        self._found[task] = self._clock(), *found
        return found

    def _first(self, task: str, reign: Reign | None) -> Answerer:
        if reign:
            try:
                return WithFallback(self._summarizer(task, "champion", reign), self.usual, self._used)
            except WrapupError as error:
                _tell("the champion cannot answer, so the usual model does", task, error)
        return self.usual()

    def _summarizer(self, task: str, place: Arm, reign: Reign) -> Answerer:
        """Makes a summarizer once for each model in a place."""
        with self._lock:
            known = self._kept.get((task, place))
            if known and known[0] == reign:
                return known[1]
            made = self._made(task, reign)
            self._kept[task, place] = reign, made
            return made

    def _count(self, canary: Canary, arm: Arm, call: str, *, failed: bool) -> None:
        """An answer does not depend on its count."""
        if arm == "challenger" and not failed:
            self._used(canary.answers)
        try:
            self._models.tried(canary, arm, call, failed=failed)
        except StoreUnavailable as error:
            _tell("what a canary was asked could not be counted", canary.task, error)


def _tell(what: str, task: str, error: WrapupError) -> None:
    fields = {"task": task, "error": type(error).__name__, "reason": str(error)}
    log.error(what, extra={"fields": fields})
