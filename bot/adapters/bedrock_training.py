"""Customization jobs on Amazon Bedrock, and what serves the models that come of them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, cast

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from bot.adapters.bedrock_errors import translate
from bot.adapters.bedrock_lifecycle import tuning_life
from bot.dataset import FILES
from bot.errors import JobRefused, ModelError, ModelRetired
from bot.family import Family
from bot.model import CustomizationJob, CustomModel, Endpoint, EndpointStatus, JobStatus, Look, Loss, Order

# By the part of a job that AWS tells of, in their order.
PHASES = {"validationDetails": "validation", "dataProcessingDetails": "data processing", "trainingDetails": "training"}
METRICS = {"step_wise_training_metrics.csv": "training", "validation_metrics.csv": "validation"}
OURS = "wrapup-"  # how the names of our jobs begin
MISSING = "ResourceNotFoundException"

# What AWS says of a failed job (user guide, fine-tuning-troubleshooting), and what to do; the first that fits wins.
FAILURES: tuple[tuple[str, str], ...] = (
    (
        r"GetObject permissions",
        "The job's role may not read the dataset: give WRAPUP_ROLE_ARN s3:GetObject and s3:ListBucket on the bucket.",
    ),
    (
        r"PutObject|write_access_check",
        "The job's role may not write its results: give WRAPUP_ROLE_ARN s3:PutObject below WRAPUP_BUCKET.",
    ),
    (r"JSONL format", "Bedrock could not read the dataset: check it with `wrapup pairs verify`, and export it anew."),
    (
        r"exceeds limit|Input size exceeded|token count",
        "A record is longer than the base model takes: `wrapup pairs check` names it.",
    ),
    (
        r"third-party license terms|Automated tests flagged",
        "Automated tests of AWS flagged the dataset as against the provider's terms: read it through for abuse and "
        "harm, then ask AWS Support.",
    ),
    (r"unexpected error", "Bedrock had an error of its own: start the job again."),
)

# Errors that are about a job or an endpoint, by their name on the wire; all others are told as in bedrock_errors.
REFUSALS = {
    "AccessDeniedException": "AWS does not let us do that: the credentials need bedrock:{operation} in {region}, and "
    "iam:PassRole for WRAPUP_ROLE_ARN where a job is created.",
    "ServiceQuotaExceededException": "A quota of the account is used up in {region}. For provisioned throughput it is 0 "
    "at first: ask in AWS Service Quotas for model units of {family} without commitment. What was trained is kept.",
    "ValidationException": "Bedrock refused that as invalid: check that WRAPUP_ROLE_ARN trusts bedrock.amazonaws.com, "
    "that the bucket is in {region}, and the hyperparameters (`wrapup families`).",
    MISSING: "Bedrock has no such job, model or base model in {region}: check the account and the Region.",
    "ConflictException": "Bedrock is changing that just now, or it is bound by a commitment: wait, then try again.",
    "ResourceInUseException": "That is in use by another operation: wait, then try again.",
    "TooManyTagsException": "Bedrock refused the tags: there are too many.",
}


def iam_client(region: str | None) -> Any:
    """A client for IAM, which gives up soon: it is only asked whether a role is there."""
    return boto3.client("iam", region_name=region, config=Config(connect_timeout=5, read_timeout=5))


class BedrockTraining:
    """Trains and serves one family, in its Region. `bucket` (s3://...) takes the results; threads may share it."""

    def __init__(
        self,
        clients: tuple[Any, Any, Any],
        family: Family,
        role_arn: str | None,
        bucket: str | None,
        kms_key: str | None,
    ) -> None:
        """`clients`: those for Bedrock, S3 and IAM."""
        client, self._s3, self._iam = clients
        self._client, self._family = client, family
        self._role, self._bucket, self._kms_key = role_arn, bucket, kms_key
        self._region: str = client.meta.region_name or ""
        self._provisions = family.serving == "provisioned throughput"

    def check(self, task: str) -> list[str]:
        unset = {"WRAPUP_ROLE_ARN": self._role, "WRAPUP_BUCKET": self._bucket}
        if missing := [name for name, value in unset.items() if not value]:
            raise JobRefused(f"{self._family.name} is trained on Bedrock: set {' and '.join(missing)}.")
        try:
            tuning_life(self._client, self._family.model_id)
        except ModelRetired as error:
            raise JobRefused(str(error)) from error
        except ModelError as error:
            return [f"How long the base model will live could not be asked: {error}", *self._check_role()]
        return self._check_role()

    def _check_role(self) -> list[str]:
        """Raises JobRefused where the role is not there; that it may not be asked about is a warning."""
        name = (self._role or "").rpartition("/")[2]
        try:
            self._iam.get_role(RoleName=name)
        except ClientError as error:
            if _code(error) == "NoSuchEntity":
                raise JobRefused(f"There is no role {name} in this account: check WRAPUP_ROLE_ARN.") from error
            return [f"Whether the role {name} is there could not be asked: that needs iam:GetRole."]
        except BotoCoreError:
            return [f"Whether the role {name} is there could not be asked: AWS IAM does not answer."]
        return []

    def start(self, job: CustomizationJob) -> str:
        order = job.order
        tags = [{"key": f"wrapup:{name}", "value": getattr(order, name)} for name in ("task", "dataset")]
        request: dict[str, Any] = {
            "jobName": job.name,
            "customModelName": job.name,
            "roleArn": self._role,
            "clientRequestToken": job.name,
            "baseModelIdentifier": order.base,
            "customizationType": "FINE_TUNING",
            "trainingDataConfig": {"s3Uri": f"{order.place}/{FILES['train']}"},
            "outputDataConfig": {"s3Uri": f"{self._bucket}/output"},
            "jobTags": tags,
            "customModelTags": tags,
        }
        if order.validation:
            request["validationDataConfig"] = {"validators": [{"s3Uri": f"{order.place}/{FILES['validation']}"}]}
        if order.hyperparameters:
            request["hyperParameters"] = order.hyperparameters
        if self._kms_key:
            request["customModelKmsKeyId"] = self._kms_key
        with self._told("CreateModelCustomizationJob"):
            try:
                return str(self._client.create_model_customization_job(**request)["jobArn"])
            except ClientError as error:
                if _code(error) != "ConflictException":
                    raise
            return str(self._client.get_model_customization_job(jobIdentifier=job.name)["jobArn"])

    def advance(self, job: CustomizationJob) -> Look:
        return self.look(job)

    def look(self, job: CustomizationJob) -> Look:
        with self._told("GetModelCustomizationJob"):
            found = self._client.get_model_customization_job(jobIdentifier=job.id or job.name)
        status = cast(JobStatus, found.get("status", "InProgress"))
        return Look(
            status=status,
            phase=_phase(found.get("statusDetails") or {}),
            model=found.get("outputModelArn", "") if status == "Completed" else "",
            failure=failure_of(found.get("failureMessage", "")) if status == "Failed" else "",
            losses=self._losses(found) if status == "Completed" else (),
        )

    def adopt(self, id_: str, task: str) -> CustomizationJob:
        with self._told("GetModelCustomizationJob"):
            found = self._client.get_model_customization_job(jobIdentifier=id_)
        name = self._family.base_model_id.partition(":")[0]
        if name not in found["baseModelArn"]:
            raise JobRefused(f"{id_} is not a job of {self._family.name}: choose its --family.")
        uri = str((found.get("trainingDataConfig") or {}).get("s3Uri", ""))
        place, tags = uri.rpartition("/")[0], self._tags(found["jobArn"])
        order = Order(
            task=task or tags.get("wrapup:task", ""),
            family=self._family.name,
            base=found["baseModelArn"].rpartition("/")[2],
            dataset=tags.get("wrapup:dataset") or place.rpartition("/")[2],
            place=place,
            sha256="",
            validation=bool((found.get("validationDataConfig") or {}).get("validators")),
            hyperparameters=found.get("hyperParameters") or {},
        )
        if not order.task:
            raise JobRefused(f"{id_} does not tell its task: give --task.")
        at = _seconds(found, "creationTime") or 0.0
        return CustomizationJob(name=found["jobName"], order=order, by="", at=at, id=found["jobArn"])

    def ours(self) -> list[CustomizationJob]:
        with self._told("ListModelCustomizationJobs"):
            pages = self._client.get_paginator("list_model_customization_jobs").paginate(nameContains=OURS)
            found = [each for page in pages for each in page.get("modelCustomizationJobSummaries", ())]
        name = self._family.base_model_id.partition(":")[0]
        ours = [each for each in found if each["jobName"].startswith(OURS) and name in each["baseModelArn"]]
        return [self.adopt(each["jobArn"], "") for each in ours]

    def _tags(self, arn: str) -> dict[str, str]:
        try:
            tags = self._client.list_tags_for_resource(resourceARN=arn).get("tags", ())
        except (ClientError, BotoCoreError):  # no right to ask is no reason to leave the job out
            return {}
        return {tag["key"]: tag["value"] for tag in tags}

    def stop(self, job: CustomizationJob) -> None:
        with self._told("StopModelCustomizationJob"):
            try:
                self._client.stop_model_customization_job(jobIdentifier=job.id or job.name)
            except ClientError as error:
                if _code(error) != "ConflictException":  # it has ended
                    raise

    def exists(self, model: CustomModel) -> bool:
        with self._told("GetCustomModel"):
            return _found(lambda: self._client.get_custom_model(modelIdentifier=model.id)) is not None

    def serve(self, model: CustomModel) -> Endpoint:
        if there := self.endpoint(model):
            return there
        token = f"{model.job}-{model.releases}"  # asked for twice it is made once, and anew after a release
        if self._provisions:
            with self._told("CreateProvisionedModelThroughput"):
                arn = self._client.create_provisioned_model_throughput(
                    provisionedModelName=model.job, modelId=model.id, modelUnits=1, clientRequestToken=token
                )["provisionedModelArn"]
        else:
            with self._told("CreateCustomModelDeployment"):
                arn = self._client.create_custom_model_deployment(
                    modelDeploymentName=model.job, modelArn=model.id, clientRequestToken=token
                )["customModelDeploymentArn"]
        return self.endpoint(model) or Endpoint(id=arn, status="Creating")

    def endpoint(self, model: CustomModel) -> Endpoint | None:
        if self._provisions:
            with self._told("GetProvisionedModelThroughput"):
                found = _found(lambda: self._client.get_provisioned_model_throughput(provisionedModelId=model.job))
            arn, since = "provisionedModelArn", _seconds(found, "creationTime")
        else:
            with self._told("GetCustomModelDeployment"):
                found = _found(
                    lambda: self._client.get_custom_model_deployment(customModelDeploymentIdentifier=model.job)
                )
            arn, since = "customModelDeploymentArn", None
        if found is None:
            return None
        failure = "AWS could not set it up" if found.get("failureMessage") else ""
        return Endpoint(
            id=found[arn], status=cast(EndpointStatus, found["status"]), since=since, failure=failure,
            units=found.get("modelUnits") or 1, committed_until=_seconds(found, "commitmentExpirationTime"),
        )  # fmt: skip

    def release(self, model: CustomModel) -> None:
        if self._provisions:
            with self._told("DeleteProvisionedModelThroughput"):
                _found(lambda: self._client.delete_provisioned_model_throughput(provisionedModelId=model.job))
        else:
            with self._told("DeleteCustomModelDeployment"):
                _found(lambda: self._client.delete_custom_model_deployment(customModelDeploymentIdentifier=model.job))

    def _losses(self, found: dict[str, Any]) -> tuple[Loss, ...]:
        """The losses in the job's files, found by their ends; the last ones by the job itself where those are not read."""
        try:
            files = list(self._metrics(found))
        except (ClientError, BotoCoreError):
            files = []
        losses = tuple(loss for name, text in files for loss in losses_in(name, text))
        last = (found.get("trainingMetrics") or {}).get("trainingLoss")
        return losses or (() if last is None else (Loss(step=0, loss=float(last), of="training"),))

    def _metrics(self, found: dict[str, Any]) -> Iterator[tuple[str, str]]:
        place = re.fullmatch(r"s3://([^/]+)/?(.*)", found["outputDataConfig"]["s3Uri"].rstrip("/"))
        if not place:
            return
        job = f"model-customization-job-{found['jobArn'].rpartition('/')[2]}/"
        prefix = f"{place[2]}/{job}" if place[2] else job
        for page in self._s3.get_paginator("list_objects_v2").paginate(Bucket=place[1], Prefix=prefix):
            for key in (each["Key"] for each in page.get("Contents", ())):
                if key.endswith(tuple(METRICS)):
                    yield key, self._s3.get_object(Bucket=place[1], Key=key)["Body"].read().decode("utf-8", "replace")

    @contextmanager
    def _told(self, operation: str) -> Iterator[None]:
        try:
            yield
        except ClientError as error:
            text = REFUSALS.get(_code(error))
            if not text:
                raise translate(error, self._family.base_model_id, self._region) from error
            raise JobRefused(text.format(operation=operation, region=self._region, family=self._family.name)) from error
        except BotoCoreError as error:
            raise translate(error, self._family.base_model_id, self._region) from error


def failure_of(message: str) -> str:
    """What to do about a failed job; AWS's own words are not shown where they may quote the dataset."""
    for words, text in FAILURES:
        if re.search(words, message, re.IGNORECASE):
            return text
    return "The job failed for a reason that Wrapup does not know: the Bedrock console shows it."


def losses_in(name: str, text: str) -> Iterator[Loss]:
    """The losses of a CSV file of metrics; a line that is none is passed over."""
    of = next(kind for end, kind in METRICS.items() if name.endswith(end))
    for row in csv.DictReader(io.StringIO(text)):
        try:
            yield Loss.model_validate({"step": int(row["step_number"]), "loss": float(row[f"{of}_loss"]), "of": of})
        except (KeyError, TypeError, ValueError):
            continue


def _phase(details: dict[str, Any]) -> str:
    """The part that is under way, else the last that is through."""
    stands = {name: (details.get(key) or {}).get("status", "NotStarted") for key, name in PHASES.items()}
    begun = [name for name, status in stands.items() if status != "NotStarted"]
    return next((name for name in begun if stands[name] == "InProgress"), begun[-1] if begun else "")


def _found(ask: Any) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = ask()
        return found
    except ClientError as error:
        if _code(error) == MISSING:
            return None
        raise


def _seconds(found: dict[str, Any] | None, key: str) -> float | None:
    at = (found or {}).get(key)
    return at.timestamp() if isinstance(at, datetime) else None


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))
