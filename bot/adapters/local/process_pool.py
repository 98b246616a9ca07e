"""Runs work on all cores, in one process per core."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from bot.datasets.ports import Item, Result

LEAST = 100  # fewest items worth starting processes for, which takes about 0.3 s
_PIECES = 4  # items per process at once, so that none waits long for the others


class Processes:
    """One process per core, started when first needed. For one thread. They end with `close` or with this process."""

    def __init__(self, cores: int = 0) -> None:
        self._cores = cores or os.cpu_count() or 1
        self._pool: ProcessPoolExecutor | None = None

    def map(self, work: Callable[[Item], Result], items: Sequence[Item]) -> list[Result]:
        """Yields `work(each)` in order; in this process if there is little to do or only one core."""
        if self._cores > 1 and len(items) >= LEAST:
            try:
                return list(self._started().map(work, items, chunksize=len(items) // (_PIECES * self._cores) + 1))
            except BrokenProcessPool:  # a process was killed, perhaps because memory ran out
                self.close()
                self._cores = 1
        return [work(item) for item in items]

    def close(self) -> None:
        if self._pool:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None

    def _started(self) -> ProcessPoolExecutor:
        if self._pool is None:  # spawned, not forked, because the caller has other threads
            fresh = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(self._cores, fresh, initializer=_end_with_parent)
        return self._pool


def _end_with_parent() -> None:
    """Ends this process with its parent. Otherwise it would wait for ever if the parent is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent handles Ctrl-C
    threading.Thread(target=_watch, daemon=True).start()


def _watch() -> None:
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)
