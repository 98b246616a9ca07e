"""Works on queued requests in parallel until told to stop."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from bot.errors import JobLost, StoreUnavailable
from bot.queue.ports import Queue
from bot.queue.request import Job

RENEWALS = 4  # per lease, so that two can fail
WAIT_S = 1.0  # how late a postponed request can start: only new arrivals wake the worker
TAKE_MOST = 50
STOP_S = 15.0  # platforms often leave 20 s between SIGTERM and SIGKILL

log = logging.getLogger(__name__)


class Worker:
    """Hands each due job to `handle`, which finishes or postpones it. A job left undone is retried later."""

    def __init__(self, queue: Queue, handle: Callable[[Job], None], threads: int, lease_s: float) -> None:
        """If this worker dies, others take its jobs after `lease_s` seconds."""
        self._queue, self._handle, self._threads, self._lease_s = queue, handle, threads, lease_s
        self._active: dict[str, Job] = {}
        self._lock = threading.Lock()
        self._freed, self._stopping, self._ended = threading.Event(), threading.Event(), threading.Event()

    def stop(self) -> None:
        """Makes `run` return. Can be called from a signal handler."""
        self._stopping.set()

    def run(self) -> None:
        """Works until `stop`, then waits 15 s for running jobs and hands back the rest."""
        pool = ThreadPoolExecutor(self._threads, thread_name_prefix="work")
        renewing = threading.Thread(target=self._renew, name="renew", daemon=True)
        renewing.start()
        while not self._stopping.is_set():
            try:
                self._take(pool)
            except StoreUnavailable as error:
                log.warning("waiting for the store", extra={"fields": {"reason": str(error)}})
                self._stopping.wait(WAIT_S)
        pool.shutdown(wait=False)
        self._drain()
        self._ended.set()

    def _take(self, pool: ThreadPoolExecutor) -> None:
        self._freed.clear()
        if not (free := self._threads - len(self._active)):
            self._freed.wait(WAIT_S)
            return
        jobs = self._queue.take(min(free, TAKE_MOST), self._lease_s)
        for job in jobs:
            with self._lock:
                self._active[job.token] = job
            pool.submit(self._work, job)
        if not jobs:
            self._queue.wait(WAIT_S)

    def _work(self, job: Job) -> None:
        try:
            self._handle(job)
        except (JobLost, StoreUnavailable) as error:
            log.warning("left to its lease", extra={"fields": {"request": job.request.id, "reason": str(error)}})
        except Exception:
            log.exception("left to its lease", extra={"fields": {"request": job.request.id}})
        finally:
            with self._lock:
                self._active.pop(job.token, None)
            self._freed.set()

    def _renew(self) -> None:
        while not self._ended.wait(self._lease_s / RENEWALS):
            with self._lock:
                jobs = list(self._active.values())
            try:
                for job in self._queue.renew(jobs, self._lease_s) if jobs else ():
                    log.warning("lost its lease", extra={"fields": {"request": job.request.id}})
            except StoreUnavailable:
                continue  # a worker that takes a job over later finds what was already posted

    def _drain(self) -> None:
        waited = 0.0
        while self._active and waited < STOP_S:
            self._freed.clear()
            self._freed.wait(0.1)
            waited += 0.1
        with self._lock:
            left = list(self._active.values())
        for job in left:
            try:
                self._queue.release(job)
            except StoreUnavailable:
                log.warning("left to its lease", extra={"fields": {"request": job.request.id}})
