"""Runs customization jobs from their start to the custom model, even if a process is killed on the way."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import count

from bot.answers.family import FAMILIES, Family
from bot.errors import JobRefused, WrapupError
from bot.lock import Lock
from bot.models.audit import Entry
from bot.models.custom_model import CustomModel, Endpoint
from bot.models.job import CustomizationJob, Look, Order, job_name, looked
from bot.training.ports import Customization, TrainingRegistry

OURS = "Something went wrong on our side. The log of a worker says where. We try again."

OnJob = Callable[[CustomizationJob], None]

log = logging.getLogger(__name__)


class Trainer:
    """Keeps all state in the registry, so any process can go on if another was killed."""

    def __init__(
        self,
        models: TrainingRegistry,
        lock: Lock,
        customization: Callable[[Family], Customization],
        now: Callable[[], float],
        sleep: Callable[[float], None],
        poll_s: float,
    ) -> None:
        self._models, self._lock, self._customization = models, lock, customization
        self._now, self._sleep, self._poll_s = now, sleep, poll_s

    def start(self, order: Order, by: str, approved_by: str = "") -> CustomizationJob:
        """The job of this order: a new one, unless one runs or has made a model. It starts failed and stopped ones anew.

        Raises what the family's service says; then the job is kept as Failed, unless trying again may help.
        """
        for attempt in count(1):
            name, now = job_name(order, attempt), self._now()
            if not (job := self._models.job(name)):
                job = CustomizationJob(name=name, order=order, by=by, at=now)
                entry = self._entry(job, by, "start").model_copy(update={"approved_by": approved_by})
                if not self._models.keep_job(job, None, entry):
                    job = self.job(name)
            if not self._is_over(job):
                return self._created(job)
        raise AssertionError("there is always another attempt")

    def jobs(self) -> Sequence[CustomizationJob]:
        """All jobs, the newest first."""
        return self._models.jobs()

    def job(self, name: str | None) -> CustomizationJob:
        """The job of that name or id; None: the newest. Raises JobRefused with the jobs that there are."""
        jobs = self._models.jobs()
        found = next((job for job in jobs if name in (None, job.name, job.id)), None)
        if not found:
            there = ", ".join(job.name for job in jobs[:10])
            asked = f"There is no job {name!r}" if name else "There is no job yet"
            raise JobRefused(f"{asked}{f'; there are: {there}' if there else ': start one with `wrapup train start`'}.")
        return found

    def look(self, job: CustomizationJob) -> CustomizationJob:
        """The job as it is now, without taking it further."""
        if job.ended or not job.id:
            return job
        return self._seen(job, self._at(job).look(job))

    def step(self, job: CustomizationJob) -> CustomizationJob:
        """Takes the job as far as it goes without waiting; if another process is at it, gives it as it is kept."""
        if job.ended:
            return self._taken_in(job)
        with self._lock.held(f"training:{job.name}") as alone:
            job = self.job(job.name)
            if not alone or job.ended:
                return job
            try:
                job = self._created(job)
                return job if job.ended else self._seen(job, self._at(job).advance(job))
            except WrapupError as error:
                if not error.transient and not (job := self.job(job.name)).ended:
                    self._models.keep_job(job.model_copy(update={"fault": error.sentence}), job)
                raise

    def watch(self, job: CustomizationJob, told: OnJob = lambda _: None) -> CustomizationJob:
        """Takes the job to its end; `told` hears of each change. Waits and tries again after transient errors."""
        while not job.ended:
            try:
                now = self.step(job)
            except WrapupError as error:
                if not error.transient:
                    raise
                now = job
            if now == job:
                self._sleep(self._poll_s)
            else:
                told(now)
            job = now
        return self._taken_in(job)

    def adopt(self, family: Family, id_: str, task: str, by: str) -> CustomizationJob:
        """Adds a job that was started elsewhere to the registry. Raises JobRefused."""
        return self._adopted(self._customization(family).adopt(id_, task), by)

    def reconcile(self, family: Family, by: str) -> Sequence[CustomizationJob]:
        """Adds every job and model that the family's service knows to the registry, if it lacks them; returns the jobs."""
        return [self._adopted(job, by) for job in self._customization(family).ours()]

    def round(self) -> bool:
        """Takes every job that was started a step further; True if one moved. The log says what goes wrong with one.

        Raises StoreUnavailable.
        """
        due = [job for job in self._models.jobs() if not job.ended or self._lacks_model(job)]
        return sum(self._moved(job) for job in due) > 0

    def stop(self, job: CustomizationJob, by: str) -> CustomizationJob:
        """Stops the job. Raises JobRefused if it has ended."""
        if job.ended:
            raise JobRefused(f"{job.name} has already ended: it is {job.look.status}.")
        job = self._created(job)  # AWS may have created it, even if it gave no answer
        self._at(job).stop(job)
        while job.look.status != "Stopping" and not job.ended:
            stopping = looked(job, Look(status="Stopping", phase=job.look.phase), self._now())
            self._models.keep_job(stopping, job, self._entry(job, by, "stop"))
            job = self.job(job.name)
        return self.step(job)

    def _adopted(self, job: CustomizationJob, by: str) -> CustomizationJob:
        job = job.model_copy(update={"by": by})
        if not self._models.job(job.name):
            self._models.keep_job(job, None, self._entry(job, by, "adopt"))
        job = self.job(job.name)
        return self._taken_in(job if job.ended else self.look(job))

    def _moved(self, job: CustomizationJob) -> bool:
        try:
            return self.step(job) != job
        except WrapupError as error:
            if error.sentence != job.fault:  # once, not at every look
                log.warning("a job waits", extra={"fields": {"job": job.name, "reason": error.sentence}})
        except Exception as error:  # the other jobs go on
            if job.fault != OURS:
                log.error("a job could not be taken on", extra={"fields": {"job": job.name}}, exc_info=error)
                with suppress(WrapupError):
                    self._models.keep_job(job.model_copy(update={"fault": OURS}), job)
        return False

    def _created(self, job: CustomizationJob) -> CustomizationJob:
        if job.id or job.ended:
            return self._taken_in(job)
        try:
            id_ = self._at(job).start(job)
        except WrapupError as error:
            if not error.transient:
                self._seen(job, Look(status="Failed", failure=error.sentence))
            raise
        self._models.keep_job(job.model_copy(update={"id": id_}), job)
        return self.job(job.name)

    def _seen(self, job: CustomizationJob, look: Look) -> CustomizationJob:
        now = looked(job, look, self._now())
        if now == job:
            return job
        entry = self._entry(job, "wrapup", f"training {now.look.status}") if now.ended else None
        if not self._models.keep_job(now, job, entry):
            return self.job(job.name)
        return self._taken_in(now)

    def _taken_in(self, job: CustomizationJob) -> CustomizationJob:
        """Adds the model of a completed job to the registry."""
        if self._lacks_model(job):
            order, at = job.order, job.ended_at or self._now()
            model = CustomModel(
                id=job.look.model, task=order.task, family=order.family, job=job.name, dataset=order.dataset, at=at
            )
            self._models.keep_model(model.model_copy(update={"endpoint": self._endpoint(job, model)}), None)
        return job

    def _lacks_model(self, job: CustomizationJob) -> bool:
        return job.look.status == "Completed" and not self._models.model(job.look.model)

    def _endpoint(self, job: CustomizationJob, model: CustomModel) -> Endpoint | None:
        """The model's endpoint if it has one; if we may not ask for it, we add the model without."""
        try:
            return self._at(job).endpoint(model)
        except WrapupError:
            return None

    def _is_over(self, job: CustomizationJob) -> bool:
        """Whether the job gives no model any more: it failed, was stopped, or its model is gone."""
        if job.look.status in ("Failed", "Stopped"):
            return True
        if job.look.status != "Completed":
            return False
        self._taken_in(job)
        model = self._models.model(job.look.model)
        return model is None or model.deleted or not self._at(job).exists(model)

    def _at(self, job: CustomizationJob) -> Customization:
        return self._customization(FAMILIES[job.order.family])

    def _entry(self, job: CustomizationJob, who: str, did: str) -> Entry:
        return Entry(at=self._now(), who=who, did=did, task=job.order.task, what=job.name, dataset=job.order.dataset)
