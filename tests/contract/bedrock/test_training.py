"""Training and serving on a local Bedrock that obeys botocore's service model, with S3 by moto; and the same by commands."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from moto import mock_aws
from redis import Redis

from bot.__main__ import main
from bot.adapters.bedrock.account import Account, clients
from bot.adapters.bedrock.chat import control_client
from bot.adapters.bedrock.losses import losses_in
from bot.adapters.bedrock.refusals import FAILURES, REFUSALS, failure_of
from bot.adapters.bedrock.training import BedrockTraining
from bot.adapters.redis.embedded_server import running
from bot.adapters.redis.keys import JOBS, MODELS
from bot.answers.family import FAMILIES
from bot.errors import JobRefused, ModelThrottled
from bot.models.custom_model import CustomModel
from bot.models.job import CustomizationJob, Look, Order, job_name
from bot.wiring import Wiring
from tests.doubles import training_bedrock
from tests.doubles.made_pairs import pairs, settle
from tests.doubles.shell import Shell
from tests.doubles.training_bedrock import JOB_CALLS, ROLE, TrainingBedrock

NOVA = FAMILIES["nova-lite"]
BUCKET = f"s3://{training_bedrock.BUCKET}"
CSV = "step_number,epoch_number,training_loss,perplexity\n0,0,1.5,4.4\n1,0,0.75,2.1\n"


@pytest.fixture
def bedrock(monkeypatch: pytest.MonkeyPatch) -> Iterator[TrainingBedrock]:
    for name in [name for name in os.environ if name.startswith(("AWS_", "WRAPUP_", "REDIS_"))]:
        monkeypatch.delenv(name)
    server = TrainingBedrock()
    with server, mock_aws():
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        yield server


@pytest.fixture
def s3(bedrock: TrainingBedrock) -> Any:
    return training_bedrock.account()


@pytest.fixture(params=["claude-3-haiku", "nova-lite"])
def training(request: pytest.FixtureRequest, s3: Any) -> BedrockTraining:
    return made(s3, request.param)


@pytest.fixture
def haiku(s3: Any) -> BedrockTraining:
    return made(s3, "claude-3-haiku")


def made(s3: Any, family: str, **account: Any) -> BedrockTraining:
    given: dict[str, Any] = {"role_arn": ROLE, "bucket": BUCKET} | account
    return BedrockTraining(control_client("us-west-2"), s3, clients("us-west-2"), FAMILIES[family], Account(**given))


def job(**changes: Any) -> CustomizationJob:
    order = Order(
        task="summarize", family=NOVA.name, base=NOVA.base_model_id, dataset="d-1", place=f"{BUCKET}/d-1", sha256="0",
        validation=True, hyperparameters={"epochCount": "3"},
    )  # fmt: skip
    return CustomizationJob(name="wrapup-summarize-abc", order=order, by="ana", at=1.0, **changes)


def model(id_: str) -> CustomModel:
    return CustomModel(id=id_, task="summarize", family=NOVA.name, job=job().name, dataset="d-1", at=1.0)


def trained(bedrock: TrainingBedrock, training: BedrockTraining) -> CustomModel:
    training.start(job())
    return model(bedrock.complete())


def test_a_job_is_created_with_all_that_was_ordered(bedrock: TrainingBedrock, training: BedrockTraining) -> None:
    training.start(job())

    (request,) = bedrock.asked("CreateModelCustomizationJob")
    assert request.body["clientRequestToken"] == request.body["jobName"] == request.body["customModelName"]
    assert request.body["trainingDataConfig"] == {"s3Uri": f"{BUCKET}/d-1/train.jsonl"}
    assert request.body["validationDataConfig"] == {"validators": [{"s3Uri": f"{BUCKET}/d-1/validation.jsonl"}]}
    assert (request.body["hyperParameters"], request.body["roleArn"]) == ({"epochCount": "3"}, ROLE)
    assert {"key": "wrapup:dataset", "value": "d-1"} in request.body["jobTags"]


def test_a_job_runs_in_the_vpc_and_with_the_key_that_are_set(bedrock: TrainingBedrock, s3: Any) -> None:
    key = f"arn:aws:kms:us-west-2:123456789012:key/{'0' * 36}"
    training = made(s3, "nova-lite", kms_key=key, subnets=("subnet-0123abcd",), security_groups=("sg-0123abcd",))

    training.start(job())

    (request,) = bedrock.asked("CreateModelCustomizationJob")
    assert request.body["customModelKmsKeyId"] == key
    assert request.body["vpcConfig"] == {"subnetIds": ["subnet-0123abcd"], "securityGroupIds": ["sg-0123abcd"]}


def test_costs_are_named_by_task_and_dataset(bedrock: TrainingBedrock, training: BedrockTraining) -> None:
    training.serve(trained(bedrock, training))

    created = [each for each in bedrock.requests if each.operation.startswith("Create")]
    wanted = [{"key": "wrapup:task", "value": "summarize"}, {"key": "wrapup:dataset", "value": "d-1"}]
    labels = [
        each.body[kind] for each in created for kind in ("jobTags", "customModelTags", "tags") if kind in each.body
    ]
    assert labels == [wanted] * 3


def test_a_job_that_is_there_already_is_adopted(bedrock: TrainingBedrock, training: BedrockTraining) -> None:
    first, second = (training.start(job()) for _ in range(2))

    assert first == second
    assert len(bedrock.jobs) == 1


@pytest.mark.parametrize("code", ["AccessDeniedException", "ServiceQuotaExceededException", "ConflictException"])
def test_a_job_whose_first_answer_was_lost_is_found_whatever_the_second_one_says(
    bedrock: TrainingBedrock, training: BedrockTraining, code: str
) -> None:
    arn = training.start(job())
    bedrock.fails(code, 400, operation="CreateModelCustomizationJob")

    assert training.start(job()) == arn


def test_a_job_that_is_there_and_may_not_be_looked_at_is_named_by_its_name(
    bedrock: TrainingBedrock, training: BedrockTraining
) -> None:
    training.start(job())
    bedrock.fails("AccessDeniedException", 403, operation="GetModelCustomizationJob")

    assert training.start(job()) == job().name


def test_an_endpoint_that_may_not_be_looked_at_once_it_is_made_is_known_all_the_same(
    bedrock: TrainingBedrock, haiku: BedrockTraining
) -> None:
    made = trained(bedrock, haiku)
    bedrock.fails("ResourceNotFoundException", 404, operation="GetProvisionedModelThroughput")
    bedrock.fails("AccessDeniedException", 403, operation="GetProvisionedModelThroughput")

    assert haiku.serve(made).status == "Creating"


def test_a_job_in_progress_tells_its_phase(training: BedrockTraining) -> None:
    training.start(job())

    look = training.look(job())

    assert (look.status, look.phase, look.model) == ("InProgress", "validation", "")


def test_a_job_that_is_through_tells_its_model_and_the_losses_of_its_files(
    bedrock: TrainingBedrock, training: BedrockTraining, s3: Any
) -> None:
    arn = training.start(job())
    made = bedrock.complete()
    key = f"output/model-customization-job-{arn.rpartition('/')[2]}/training_artifacts/step_wise_training_metrics.csv"
    s3.put_object(Bucket="wrapup-data", Key=key, Body=CSV.encode())

    look = training.look(job(id=arn))

    assert (look.status, look.model) == ("Completed", made)
    assert [(loss.step, loss.loss, loss.of) for loss in look.losses] == [(0, 1.5, "training"), (1, 0.75, "training")]


def test_without_its_files_the_jobs_own_last_loss_is_told(bedrock: TrainingBedrock, training: BedrockTraining) -> None:
    training.start(job())
    bedrock.complete()

    assert [loss.loss for loss in training.look(job()).losses] == [0.25]


@pytest.mark.parametrize("operation", ["ListObjectsV2", "GetObject"])
def test_files_of_metrics_that_may_not_be_read_leave_the_jobs_own_last_loss(
    bedrock: TrainingBedrock, training: BedrockTraining, s3: Any, operation: str
) -> None:
    arn = training.start(job())
    bedrock.complete()
    key = f"output/model-customization-job-{arn.rpartition('/')[2]}/training_artifacts/step_wise_training_metrics.csv"
    s3.put_object(Bucket="wrapup-data", Key=key, Body=CSV.encode())
    training_bedrock.deny(s3, operation)

    assert [loss.loss for loss in training.look(job()).losses] == [0.25]


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ("Could not validate GetObject permissions to access Amazon S3 bucket: B at key K", "may not read the dataset"),
        (
            "Amazon S3 perms missing (PutObject): at key output/.write_access_check_file.tmp",
            "may not write its results",
        ),
        ("Unable to parse Amazon S3 file: F. Data files must conform to JSONL format.", "could not read the dataset"),
        ("Maximum input token count 4097 exceeds limit of 4096", "longer than the base model takes"),
        (
            "Automated tests flagged this fine-tuning job as including materials that are potentially inconsistent with "
            "Anthropic's third-party license terms. Please contact support.",
            "flagged the dataset",
        ),
        ("Encountered an unexpected error when processing the request, please try again", "start the job again"),
        ("something new about My Secret Customer", "See the Bedrock console"),
    ],
)
def test_a_failure_is_told_with_what_to_do_and_without_awss_words(message: str, told: str) -> None:
    assert told in failure_of(message)
    assert "My Secret Customer" not in failure_of(message)


def test_every_failure_that_is_known_says_what_to_do() -> None:
    assert all(text.endswith(".") and ":" in text for _, text in FAILURES)


def test_a_job_is_stopped_and_one_that_has_ended_is_left(bedrock: TrainingBedrock, training: BedrockTraining) -> None:
    training.start(job())
    training.stop(job())
    stopping = training.look(job()).status
    bedrock.complete()

    training.stop(job())

    assert (stopping, training.look(job()).status) == ("Stopping", "Completed")


def test_a_model_that_was_deleted_behind_our_back_is_missed(
    bedrock: TrainingBedrock, training: BedrockTraining
) -> None:
    made = trained(bedrock, training)
    there = training.exists(made)

    bedrock.models.clear()

    assert (there, training.exists(made)) == (True, False)


def test_a_model_is_served_once_however_often_that_is_asked(
    bedrock: TrainingBedrock, training: BedrockTraining
) -> None:
    made = trained(bedrock, training)

    first, second = (training.serve(made) for _ in range(2))

    assert (first.id, first.status) == (second.id, "Creating")
    assert len(bedrock.endpoints) == 1


def test_provisioned_throughput_costs_from_its_creation_on_and_a_deployment_not_by_the_hour(
    bedrock: TrainingBedrock, haiku: BedrockTraining, s3: Any
) -> None:
    nova = made(s3, "nova-lite")
    provisioned = haiku.serve(trained(bedrock, haiku))
    bedrock.endpoints.clear()

    deployed = nova.serve(model(bedrock.complete()))

    assert ((provisioned.since or 0) > 0, deployed.since) == (True, None)


def test_what_was_released_is_gone_and_may_be_released_again(
    bedrock: TrainingBedrock, training: BedrockTraining
) -> None:
    made = trained(bedrock, training)
    training.serve(made)

    for _ in range(2):
        training.release(made)

    assert training.endpoint(made) is None
    assert training.exists(made)


@pytest.mark.parametrize("kind", ["claude-3-haiku", "nova-lite"])
def test_what_serves_is_found_and_released_whatever_its_family_serves_by(
    bedrock: TrainingBedrock, training: BedrockTraining, s3: Any, kind: str
) -> None:
    other = made(s3, kind)
    endpoint = other.serve(trained(bedrock, other))

    (found,) = training.served()
    training.release(found)

    assert (found.endpoint, found.job, found.task) == (endpoint, job().name, "")
    assert bedrock.endpoints == {}


def test_what_others_serve_is_not_ours(bedrock: TrainingBedrock, training: BedrockTraining) -> None:
    training.serve(trained(bedrock, training).model_copy(update={"job": "their-wrapup-model"}))

    assert training.served() == []


def test_what_serves_is_not_told_without_the_right_to_list_it(
    bedrock: TrainingBedrock, training: BedrockTraining
) -> None:
    bedrock.fails("AccessDeniedException", 403, operation="ListCustomModelDeployments")

    with pytest.raises(JobRefused, match="bedrock:ListProvisionedModelThroughputs"):
        training.served()


def test_units_and_the_end_of_a_commitment_are_told(bedrock: TrainingBedrock, haiku: BedrockTraining) -> None:
    made = trained(bedrock, haiku)
    haiku.serve(made)
    for each in bedrock.endpoints.values():
        each |= {"modelUnits": 2, "commitmentExpirationTime": "2026-12-01T00:00:00Z"}

    (found,) = haiku.served()

    assert found.endpoint == haiku.endpoint(made)
    assert found.endpoint
    assert (found.endpoint.units, found.endpoint.committed_until) == (2, 1_796_083_200.0)


def test_a_legacy_base_model_is_refused_before_anything_costs(bedrock: TrainingBedrock, haiku: BedrockTraining) -> None:
    bedrock.life = "LEGACY"

    with pytest.raises(JobRefused, match="WRAPUP_FAMILY=nova-2-lite"):
        haiku.check("summarize")


def test_a_lifecycle_that_may_not_be_asked_is_a_warning(bedrock: TrainingBedrock, haiku: BedrockTraining) -> None:
    bedrock.fails("AccessDeniedException", 403, operation="GetFoundationModel")

    (warning,) = haiku.check("summarize")

    assert "could not be asked" in warning


# What makes each of these calls.
CALLS: dict[str, Callable[[BedrockTraining, CustomModel], object]] = {
    "CreateModelCustomizationJob": lambda training, _: training.start(job().model_copy(update={"name": "wrapup-new"})),
    "GetModelCustomizationJob": lambda training, _: training.look(job()),
    "ListModelCustomizationJobs": lambda training, _: training.ours(),
    "StopModelCustomizationJob": lambda training, _: training.stop(job()),
    "GetCustomModel": lambda training, model: training.exists(model),
    "CreateProvisionedModelThroughput": lambda training, model: training.serve(model),
    "GetProvisionedModelThroughput": lambda training, model: training.endpoint(model),
    "DeleteProvisionedModelThroughput": lambda training, model: training.release(model),
    "CreateCustomModelDeployment": lambda training, model: training.serve(model),
    "GetCustomModelDeployment": lambda training, model: training.endpoint(model),
    "DeleteCustomModelDeployment": lambda training, model: training.release(model),
    "ListProvisionedModelThroughputs": lambda training, _: training.served(),
    "ListCustomModelDeployments": lambda training, _: training.served(),
}


@pytest.mark.parametrize("operation", JOB_CALLS)
def test_a_call_that_is_denied_names_what_is_lacking(bedrock: TrainingBedrock, s3: Any, operation: str) -> None:
    training = made(s3, "nova-lite" if "Deployment" in operation else "claude-3-haiku")
    model = trained(bedrock, training)
    bedrock.fails("AccessDeniedException", 403, "secret words", operation=operation)

    with pytest.raises(JobRefused, match=f"the credentials need .*bedrock:{operation}\\b.* in us-west-2") as told:
        CALLS[operation](training, model)

    assert "secret words" not in str(told.value)


def test_a_job_whose_tags_may_not_be_read_is_adopted_by_the_task_that_is_given(
    bedrock: TrainingBedrock, s3: Any
) -> None:
    training = made(s3, "nova-lite")
    arn = training.start(job())
    bedrock.fails("AccessDeniedException", 403, operation="ListTagsForResource")

    assert training.adopt(arn, "moderate").order.task == "moderate"


def test_without_the_right_to_read_tags_all_jobs_are_found_by_what_their_names_tell(
    bedrock: TrainingBedrock, s3: Any
) -> None:
    training = made(s3, "nova-lite")
    ordered = job()
    training.start(ordered.model_copy(update={"name": job_name(ordered.order, 2)}))
    bedrock.fails("AccessDeniedException", 403, operation="ListTagsForResource")

    assert [each.order.task for each in training.ours()] == [ordered.order.task]


@pytest.mark.parametrize(
    ("operation", "code"),
    [
        *(("GetModelCustomizationJob", code) for code in REFUSALS),
        *(("CreateModelCustomizationJob", code) for code in REFUSALS if code != "ConflictException"),
    ],
)
def test_every_refusal_says_what_to_do(
    bedrock: TrainingBedrock, haiku: BedrockTraining, code: str, operation: str
) -> None:
    bedrock.fails(code, 400, "secret words", operation=operation)
    bedrock.fails(code, 400, "secret words", operation="GetModelCustomizationJob")

    with pytest.raises(JobRefused) as told:
        haiku.start(job()) if operation.startswith("Create") else haiku.look(job())

    assert "{" not in str(told.value)
    assert "secret words" not in str(told.value)


def test_a_quota_of_zero_for_provisioned_throughput_is_explained(
    bedrock: TrainingBedrock, haiku: BedrockTraining
) -> None:
    made = trained(bedrock, haiku)
    bedrock.fails("ServiceQuotaExceededException", 400, operation="CreateProvisionedModelThroughput")

    with pytest.raises(JobRefused, match="it is 0 at first"):
        haiku.serve(made)


def test_a_throttled_request_may_be_tried_again(
    bedrock: TrainingBedrock, haiku: BedrockTraining, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)
    for _ in range(6):
        bedrock.fails("ThrottlingException", 429, operation="GetModelCustomizationJob")

    with pytest.raises(ModelThrottled):
        haiku.look(job())


def test_lines_that_are_no_losses_are_passed_over() -> None:
    text = f"{CSV}x,y,z\n2,0,,\n"

    assert [loss.step for loss in losses_in("step_wise_training_metrics.csv", text)] == [0, 1]


@pytest.mark.parametrize("diverged", ["nan", "inf"])
def test_the_losses_of_a_job_that_diverged_can_be_kept(diverged: str) -> None:
    found = Look(
        status="Completed", losses=tuple(losses_in("step_wise_training_metrics.csv", f"{CSV}2,0,{diverged},\n"))
    )

    assert Look.model_validate_json(found.model_dump_json()) == found


@pytest.fixture
def shell(tmp_path: Path, s3: Any) -> Shell:
    made = Shell(tmp_path / "data")
    made.environment |= {
        "WRAPUP_FAMILY": "claude-3-haiku", "WRAPUP_ROLE_ARN": ROLE, "WRAPUP_BUCKET": BUCKET, "WRAPUP_POLL_S": "0.05",
    }  # fmt: skip
    settle(Wiring(made.settings).services.pairs, *pairs(60))
    return made


def served(bedrock: TrainingBedrock, shell: Shell, made: str) -> dict[str, Any]:
    """Has the model served by an endpoint that answers at once."""
    bedrock.at_once = True
    row: dict[str, Any] = shell.json("models", "serve", made, "--yes")
    return row


def test_the_loop_on_bedrock_from_the_shell(bedrock: TrainingBedrock, shell: Shell) -> None:
    started = shell.json("train", "start", "--yes")
    made = bedrock.complete()
    watched = shell.json("train", "watch")
    row = served(bedrock, shell, made)
    shell.judge(row["endpoint"])
    shell.run("promote", made, "--yes")
    answering = shell.answering()
    shell.run("rollback")
    released = shell.json("models", "release", made, "--yes")

    assert (started["estimate"]["usd"], "claude-3-haiku.training" in started["estimate"]["why_unknown"]) == (None, True)
    assert (watched["status"], watched["model"]) == ("Completed", made)
    assert row["bills"]["usd_hour"] is None
    assert answering == row["endpoint"]
    assert (released["endpoint"], released["bills"], bedrock.endpoints) == (None, None, {})


def test_start_pressed_twice_creates_one_job(bedrock: TrainingBedrock, shell: Shell) -> None:
    first, second = (shell.json("train", "start", "--yes") for _ in range(2))

    assert (first["job"], len(bedrock.jobs)) == (second["job"], 1)


def test_a_start_that_was_killed_after_bedrock_created_the_job_adopts_it(
    bedrock: TrainingBedrock, shell: Shell
) -> None:
    name = shell.json("train", "start", "--yes")["name"]
    models = Wiring(shell.settings).store.registry
    known = models.job(name)
    assert known
    models.keep_job(known.model_copy(update={"id": ""}), known)

    again = shell.json("train", "start", "--yes")

    assert (again["job"], len(bedrock.jobs)) == (known.id, 1)


def test_a_retired_base_model_is_refused_before_anything_is_uploaded(
    bedrock: TrainingBedrock, shell: Shell, s3: Any
) -> None:
    bedrock.life = "LEGACY"

    told = shell.run("train", "start", "--yes", code=1)

    assert "WRAPUP_FAMILY=nova-2-lite" in told
    assert "Contents" not in s3.list_objects_v2(Bucket="wrapup-data")


def test_a_job_that_fails_ends_the_watch_with_code_4(bedrock: TrainingBedrock, shell: Shell) -> None:
    shell.json("train", "start", "--yes")
    bedrock.fail("Could not validate GetObject permissions to access Amazon S3 bucket: B at key K")

    watched = shell.json("train", "watch", code=4)

    assert (watched["status"], "may not read the dataset" in watched["failure"]) == ("Failed", True)


def test_serving_that_fails_leaves_the_model_and_says_what_costs(bedrock: TrainingBedrock, shell: Shell) -> None:
    shell.json("train", "start", "--yes")
    made = bedrock.complete()
    shell.json("train", "watch")
    bedrock.fails("ServiceQuotaExceededException", 400, operation="CreateProvisionedModelThroughput")

    told = shell.run("models", "serve", made, "--yes", code=1)

    (row,) = shell.json("models", "list")
    assert "it is 0 at first" in told
    assert (row["state"], row["bills"]) == ("not served", None)


def test_what_costs_and_answers_nothing_is_named(bedrock: TrainingBedrock, shell: Shell) -> None:
    shell.json("train", "start", "--yes")
    made = bedrock.complete()
    shell.json("train", "watch")
    row = served(bedrock, shell, made)

    (listed,) = shell.json("models", "list")

    assert (listed["endpoint"], listed["bills"]["since"] > 0) == (row["endpoint"], True)


def test_a_meter_shows_the_hours_and_the_cost_so_far(bedrock: TrainingBedrock, shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "prices.yaml").write_text("claude-3-haiku.model_unit_hour: 40\n")
    shell.environment |= {"WRAPUP_PRICES": str(tmp_path / "prices.yaml"), "COLUMNS": "400"}
    shell.json("train", "start", "--yes")
    made = bedrock.complete()
    shell.json("train", "watch")
    served(bedrock, shell, made)

    (listed,) = shell.json("models", "list")

    bills = listed["bills"]
    assert bills["hours"] > 0
    assert bills["usd"] == pytest.approx(bills["hours"] * 40, abs=0.05)
    assert "so far ($" in shell.run("models", "list")


@pytest.mark.parametrize(
    ("prices", "told"),
    [("claude-3-haiku.storage: 1.95", "costs 1.95 USD a month"), ("{}", "at a price that is unknown, until")],
)
def test_what_stays_billed_of_a_released_model_is_said(
    bedrock: TrainingBedrock, shell: Shell, tmp_path: Path, prices: str, told: str
) -> None:
    (tmp_path / "prices.yaml").write_text(prices)
    shell.environment["WRAPUP_PRICES"] = str(tmp_path / "prices.yaml")
    shell.json("train", "start", "--yes")
    made = bedrock.complete()
    shell.json("train", "watch")
    served(bedrock, shell, made)

    assert told in shell.run("models", "retire", made, "--yes")


def test_an_endpoint_that_the_store_has_forgotten_is_named_and_released_by_command(
    bedrock: TrainingBedrock, shell: Shell
) -> None:
    shell.json("train", "start", "--yes")
    made = bedrock.complete()
    shell.json("train", "watch")
    arn = served(bedrock, shell, made)["endpoint"]
    forgotten(shell)

    (named,) = shell.json("models", "watch")
    (listed,) = shell.json("models", "list")
    shown = shell.json("models", "release", arn)
    kept = dict(bedrock.endpoints)
    released = shell.json("models", "release", arn, "--yes")

    assert (named["kind"], f"`wrapup models release {arn} --yes`" in named["text"]) == ("leak", True)
    assert (listed["endpoint"], listed["role"], listed["bills"]["hours"] > 0) == (arn, "none", True)
    assert (shown["endpoint"], len(kept)) == (arn, 1)
    assert (released["endpoint"], bedrock.endpoints, shell.json("models", "watch")) == (None, {}, [])


def test_a_list_that_aws_does_not_give_is_told_beside_what_is_known(bedrock: TrainingBedrock, shell: Shell) -> None:
    for _ in range(2):
        bedrock.fails("AccessDeniedException", 403, operation="ListProvisionedModelThroughputs")

    assert "could not be seen" in CliRunner().invoke(main, ["models", "list"], env=shell.environment).stderr


def test_a_champion_whose_endpoint_was_deleted_leaves_the_answers_to_the_usual_model(
    bedrock: TrainingBedrock, shell: Shell
) -> None:
    shell.json("train", "start", "--yes")
    made = bedrock.complete()
    shell.json("train", "watch")
    served(bedrock, shell, made)
    shell.run("promote", made, "--yes", "--override", "because")

    bedrock.endpoints.clear()
    bedrock.fails("ResourceNotFoundException", 404)

    assert shell.answering() == "embedded"
    assert shell.json("models", "list")[0]["state"] == "not served"


def forgotten(shell: Shell) -> None:
    """What is kept of jobs and models is lost, as with a store that was set up anew."""
    Redis.from_url(running(shell.settings.data_dir)).delete(JOBS, MODELS)


def test_what_was_lost_in_the_store_is_built_anew_from_aws(bedrock: TrainingBedrock, shell: Shell) -> None:
    started = shell.json("train", "start", "--yes")
    made = bedrock.complete()
    shell.json("train", "watch")
    row = served(bedrock, shell, made)
    forgotten(shell)

    (job,) = shell.json("train", "reconcile")

    (listed,) = shell.json("models", "list")
    assert (job["job"], job["dataset"], job["model"]) == (started["job"], started["dataset"], made)
    assert (listed["endpoint"], listed["task"]) == (row["endpoint"], "summarize")
    assert listed["bills"]["since"] == row["bills"]["since"]


def test_a_job_that_was_started_elsewhere_is_adopted_with_its_model(bedrock: TrainingBedrock, shell: Shell) -> None:
    arn = shell.json("train", "start", "--yes")["job"]
    forgotten(shell)

    adopted = shell.json("train", "adopt", arn, "--task", "moderate")
    made = bedrock.complete()
    shell.json("train", "watch")

    assert adopted["status"] == "InProgress"
    assert [(row["model"], row["task"]) for row in shell.json("models", "list")] == [(made, "moderate")]


def test_a_job_of_another_base_model_is_not_adopted(bedrock: TrainingBedrock, shell: Shell) -> None:
    arn = shell.json("train", "start", "--yes")["job"]

    assert "not a job of nova-lite" in shell.run("train", "adopt", arn, "--family", "nova-lite", code=1)


def test_a_job_goes_on_from_a_custom_model(bedrock: TrainingBedrock, shell: Shell) -> None:
    first = shell.json("train", "start", "--yes")
    made = bedrock.complete()
    shell.json("train", "watch")

    second = shell.json("train", "start", "--base", first["name"], "--yes")

    (_, request) = bedrock.asked("CreateModelCustomizationJob")
    assert (second["base"], request.body["baseModelIdentifier"]) == (made, made)
    assert second["name"] != first["name"]


def test_a_job_that_goes_on_from_a_custom_model_is_built_anew_from_aws_with_its_base(
    bedrock: TrainingBedrock, shell: Shell
) -> None:
    first = shell.json("train", "start", "--yes")
    made = bedrock.complete()
    shell.json("train", "watch")
    second = shell.json("train", "start", "--base", first["name"], "--yes")
    forgotten(shell)

    shell.json("train", "reconcile")

    kept = Wiring(shell.settings).store.registry.job(second["name"])
    assert kept
    assert kept.order.base == made


def test_a_base_that_was_deleted_is_refused(bedrock: TrainingBedrock, shell: Shell) -> None:
    first = shell.json("train", "start", "--yes")
    bedrock.complete()
    shell.json("train", "watch")
    bedrock.models.clear()

    assert "was deleted: train without a base" in shell.run("train", "start", "--base", first["name"], "--yes", code=1)


def test_a_base_of_another_task_is_refused(bedrock: TrainingBedrock, shell: Shell) -> None:
    first = shell.json("train", "start", "--yes")
    bedrock.complete()
    shell.json("train", "watch")

    told = shell.run("train", "start", "--base", first["name"], "--task", "moderate", "--yes", code=1)

    assert "a job of claude-3-haiku for moderate cannot go on from it" in told


def test_a_base_that_is_not_known_is_refused(bedrock: TrainingBedrock, shell: Shell) -> None:
    assert "no custom model 'other'" in shell.run("train", "start", "--base", "other", "--yes", code=1)


def test_an_account_that_could_not_serve_the_model_is_warned_and_may_start(
    bedrock: TrainingBedrock, shell: Shell
) -> None:
    bedrock.quotas["L-BE77399C"] = 0.0

    done = CliRunner().invoke(main, ("train", "start", "--yes", "--json"), env=shell.environment)

    assert "its quota L-BE77399C is 0" in done.stderr
    assert len(bedrock.jobs) == 1


def test_the_losses_of_a_job_are_drawn(bedrock: TrainingBedrock, shell: Shell, tmp_path: Path) -> None:
    shell.json("train", "start", "--yes")
    bedrock.complete()
    shell.json("train", "watch")

    shell.run("train", "chart", "--out", str(tmp_path / "losses.png"))

    assert (tmp_path / "losses.png").read_bytes().startswith(b"\x89PNG")


def test_a_job_without_losses_is_not_drawn(bedrock: TrainingBedrock, shell: Shell, tmp_path: Path) -> None:
    shell.json("train", "start", "--yes")

    assert "has no losses" in shell.run("train", "chart", "--out", str(tmp_path / "losses.png"), code=1)
