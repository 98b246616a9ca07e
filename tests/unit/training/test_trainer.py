"""Jobs through what goes wrong on their way, with a service that is scripted and a clock that is set."""

from __future__ import annotations

import pytest
from fakeredis import FakeRedis

from bot.adapters.redis.registry import RedisRegistry
from bot.errors import JobRefused, ModelThrottled, WrapupError
from bot.models.job import CustomizationJob, Look, Order
from bot.training.trainer import Trainer
from tests.doubles.locks import Free
from tests.doubles.scripted_service import ScriptedService

ORDER = Order(
    task="summarize", family="nova-lite", base="b", dataset="d", place="s3://b/d", sha256="0", validation=False,
    hyperparameters={},
)  # fmt: skip
RUNNING, DONE = Look(status="InProgress", phase="training"), Look(status="Completed", model="m")


class Bench:
    def __init__(self, *looks: Look | WrapupError, taken: int = 0) -> None:
        self.service, self.now = ScriptedService(*looks), 0.0
        self.models = RedisRegistry(FakeRedis())
        self.trainer = Trainer(
            self.models, Free(taken), lambda _: self.service, lambda: self.now, self._sleep, poll_s=30.0
        )

    def _sleep(self, seconds: float) -> None:
        self.now += seconds

    def started(self) -> CustomizationJob:
        return self.trainer.start(ORDER, "ana")


def test_an_hour_of_throttling_is_waited_for() -> None:
    bench = Bench(*[ModelThrottled("slow down")] * 120, DONE)

    ended = bench.trainer.watch(bench.started())

    assert (ended.look.status, bench.now >= 3_600) == ("Completed", True)


def test_what_goes_wrong_on_our_side_is_kept_with_the_job_until_it_goes_well(monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench(DONE)
    bench.started()
    monkeypatch.setattr(bench.service, "advance", {}.__getitem__)

    moved = [bench.trainer.round()]
    faults = [bench.trainer.job(None).fault]
    monkeypatch.undo()
    moved += [bench.trainer.round(), bench.trainer.round()]
    faults.append(bench.trainer.job(None).fault)

    assert moved == [False, True, False]
    assert ["went wrong on our side" in fault for fault in faults] == [True, False]
    assert bench.trainer.job(None).look.status == "Completed"


def test_what_trying_again_does_not_help_ends_the_watch_and_leaves_the_job() -> None:
    bench = Bench(JobRefused("no rights"), DONE)
    job = bench.started()

    with pytest.raises(JobRefused):
        bench.trainer.watch(job)

    assert bench.trainer.watch(bench.trainer.job(None)).look.status == "Completed"


def test_a_job_that_bedrock_does_not_create_is_kept_as_failed_and_started_anew_under_another_name() -> None:
    bench = Bench(DONE)
    bench.service.refuses = JobRefused("no rights")
    with pytest.raises(JobRefused):
        bench.started()

    bench.service.refuses = None
    again = bench.started()

    assert [job.look.status for job in bench.trainer.jobs()] == ["Failed", "InProgress"]
    assert again.name.endswith("-2")


def test_a_job_whose_creation_was_throttled_is_created_by_whoever_watches_it() -> None:
    bench = Bench(DONE)
    bench.service.refuses = ModelThrottled("slow down")
    with pytest.raises(ModelThrottled):
        bench.started()

    bench.service.refuses = None

    ended = bench.trainer.watch(bench.trainer.job(None))
    assert (ended.look.status, len(bench.trainer.jobs())) == ("Completed", 1)


def test_a_job_that_runs_is_not_started_again() -> None:
    bench = Bench(RUNNING)

    first, second = bench.started(), bench.started()

    assert (first, bench.service.started) == (second, 1)


def test_a_job_that_has_a_model_is_not_done_again() -> None:
    bench = Bench(DONE)
    bench.trainer.watch(bench.started())

    assert bench.started().look.status == "Completed"
    assert bench.service.started == 1


def test_a_job_whose_model_was_deleted_behind_our_back_is_done_again() -> None:
    bench = Bench(DONE)
    bench.trainer.watch(bench.started())

    bench.service.models.clear()

    assert bench.started().name.endswith("-2")


def test_while_another_process_works_on_the_job_it_is_waited_for() -> None:
    bench = Bench(DONE, taken=3)

    ended = bench.trainer.watch(bench.started())

    assert (ended.look.status, bench.now) == ("Completed", 90.0)


def test_a_stop_reaches_the_service_and_the_audit() -> None:
    bench = Bench(Look(status="Stopped"))
    job = bench.started()

    stopped = bench.trainer.stop(job, "bea")

    assert (stopped.look.status, bench.service.stopped) == ("Stopped", 1)
    assert [entry.did for entry in bench.models.audit()] == ["start", "stop", "training Stopped"]


def test_a_job_whose_creation_was_held_up_is_stopped_and_not_begun_later() -> None:
    bench = Bench(Look(status="Stopped"))
    bench.service.refuses = ModelThrottled("slow down")
    with pytest.raises(ModelThrottled):
        bench.started()
    bench.service.refuses = None

    stopped = bench.trainer.stop(bench.trainer.job(None), "bea")

    assert (stopped.look.status, bench.service.stopped) == ("Stopped", 1)


def test_a_job_that_has_ended_is_not_stopped() -> None:
    bench = Bench(DONE)
    ended = bench.trainer.watch(bench.started())

    with pytest.raises(JobRefused, match="has already ended: it is Completed"):
        bench.trainer.stop(ended, "bea")


def test_a_model_whose_line_was_lost_in_a_crash_is_registered_by_the_next_look() -> None:
    bench = Bench(DONE)
    job = bench.started()
    through = job.model_copy(update={"look": DONE, "ended_at": 1.0})
    assert bench.models.keep_job(through, job)

    bench.trainer.step(through)

    assert [model.id for model in bench.models.models()] == ["m"]


def test_a_job_that_is_not_known_is_told_with_those_there_are() -> None:
    bench = Bench(DONE)
    name = bench.started().name

    with pytest.raises(JobRefused, match=f"no job 'x'; there are: {name}"):
        bench.trainer.job("x")
