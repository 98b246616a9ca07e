"""Work on all cores: Python computes on one at a time, so each gets a process."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from bot.datasets.ports import Item, Result

LEAST = 100  # things that are worth the start of processes, which takes some 0.3 s
_PIECES = 4  # that each process is given, so that none waits long for the other


class Processes:
    """A process a core, started when first needed. For one thread; `close` ends them, and so does the end of this process."""

    def __init__(self, cores: int = 0) -> None:
        self._cores = cores or os.cpu_count() or 1
        self._pool: ProcessPoolExecutor | None = None

    def map(self, work: Callable[[Item], Result], items: Sequence[Item]) -> list[Result]:
        """What `work`, a function of a module, makes of each, in their order; here where there is little or one core."""
        if self._cores > 1 and len(items) >= LEAST:
            try:
                return list(self._started().map(work, items, chunksize=len(items) // (_PIECES * self._cores) + 1))
            except BrokenProcessPool:  # one was killed, such as for want of memory
                self.close()
                self._cores = 1
        return [work(item) for item in items]

    def close(self) -> None:
        if self._pool:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None

    def _started(self) -> ProcessPoolExecutor:
        if self._pool is None:  # spawned, not forked: where this is called other threads run
            fresh = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(self._cores, fresh, initializer=_end_with_parent)
        return self._pool


def _end_with_parent() -> None:
    """Without this a process would wait for ever for work from a parent that was killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to take
    threading.Thread(target=_watch, daemon=True).start()


def _watch() -> None:
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)
