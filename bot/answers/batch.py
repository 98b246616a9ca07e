"""Answers many calls in parallel, in order, with only a few in memory."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from bot.answers.answer import Answer
from bot.answers.ports import Answerer, OnPart, unwatched
from bot.calls.files import Taken
from bot.errors import ModelRetired, ReadError, UnknownModel, WrapupError
from bot.task import Task

# The same error would meet every other call, so the rest aren't asked.
HOPELESS = (ModelRetired, UnknownModel)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One call's answer, or the error to show."""

    file: str
    result: Answer | WrapupError


def answer_all(
    answerer: Answerer, task: Task, taken: Iterable[Taken], jobs: int, progress: OnPart = unwatched
) -> Iterator[Outcome]:
    """Yields an outcome for each call, in order. Holds at most twice `jobs` calls at once."""

    def outcome(each: Taken) -> Outcome:
        if isinstance(each.found, ReadError):
            return Outcome(each.file, each.found)
        try:
            return Outcome(each.file, answerer.answer(task, each.found, progress))
        except WrapupError as error:
            return Outcome(each.file, error)

    with ThreadPoolExecutor(jobs, thread_name_prefix="answer") as pool:
        waiting: deque[Future[Outcome]] = deque()
        for each in taken:
            waiting.append(pool.submit(outcome, each))
            if len(waiting) < 2 * jobs:
                continue
            yield (first := waiting.popleft().result())
            if isinstance(first.result, HOPELESS):
                waiting.clear()
                return
        while waiting:
            yield waiting.popleft().result()
