"""Runs customization jobs on Amazon Bedrock and serves their models."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any, cast

from botocore.exceptions import BotoCoreError, ClientError

from bot.adapters.bedrock.account import Account, Clients, Preflight, tags
from bot.adapters.bedrock.endpoints import is_provisioned, served
from bot.adapters.bedrock.lifecycle import tuning_life
from bot.adapters.bedrock.losses import losses
from bot.adapters.bedrock.refusals import code, failure_of, if_there, told
from bot.answers.family import Family
from bot.datasets.dataset import FILES
from bot.errors import JobRefused, ModelError, ModelRetired, WrapupError
from bot.models.custom_model import CustomModel, Endpoint, EndpointStatus
from bot.models.job import CustomizationJob, JobStatus, Look, Order, task_in

# The parts of a job that AWS reports, in order.
PHASES = {"validationDetails": "validation", "dataProcessingDetails": "data processing", "trainingDetails": "training"}
OURS = "wrapup-"  # prefix of our jobs' names


class BedrockTraining:
    """Trains and serves one family, in its Region. Threads can share it."""

    def __init__(self, client: Any, s3: Any, others: Clients, family: Family, account: Account) -> None:
        """`client` is for Bedrock. `others` makes the clients that only the preflight needs."""
        self._client, self._s3, self._others = client, s3, others
        self._family, self._account = family, account
        self._told = partial(told, family=family, region=client.meta.region_name or "")
        self._provisions = family.serving == "provisioned throughput"

    def check(self, task: str) -> list[str]:
        self._account.check_set(self._family)
        return [*self._life(), *Preflight(self._client, self._s3, self._others, self._family, self._account).check()]

    def _life(self) -> list[str]:
        try:
            tuning_life(self._client, self._family.model_id)
        except ModelRetired as error:
            raise JobRefused(str(error)) from error
        except ModelError as error:
            return [f"How long the base model will live could not be asked: {error}"]
        return []

    def start(self, job: CustomizationJob) -> str:
        order, labels = job.order, tags(job.order.task, job.order.dataset)
        request: dict[str, Any] = {
            **self._account.request(),
            "jobName": job.name,
            "customModelName": job.name,
            "clientRequestToken": job.name,
            "baseModelIdentifier": order.base,
            "customizationType": "FINE_TUNING",
            "trainingDataConfig": {"s3Uri": f"{order.place}/{FILES['train']}"},
            "jobTags": labels,
            "customModelTags": labels,
        }
        if order.validation:
            request["validationDataConfig"] = {"validators": [{"s3Uri": f"{order.place}/{FILES['validation']}"}]}
        if order.hyperparameters:
            request["hyperParameters"] = order.hyperparameters
        with self._told("CreateModelCustomizationJob"):
            try:
                return str(self._client.create_model_customization_job(**request)["jobArn"])
            except ClientError as error:  # also if an earlier request, whose reply was lost, created it
                try:
                    return str(self._client.get_model_customization_job(jobIdentifier=job.name)["jobArn"])
                except (ClientError, BotoCoreError):
                    if code(error) == "ConflictException":
                        return job.name  # the job exists, and its name finds it too
                raise

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
            losses=losses(self._s3, found) if status == "Completed" else (),
        )

    def adopt(self, id_: str, task: str) -> CustomizationJob:
        with self._told("GetModelCustomizationJob"):
            found = self._client.get_model_customization_job(jobIdentifier=id_)
        name = self._family.base_model_id.partition(":")[0]
        if name not in found["baseModelArn"]:
            raise JobRefused(f"{id_} is not a job of {self._family.name}: choose its --family.")
        uri = str((found.get("trainingDataConfig") or {}).get("s3Uri", ""))
        place, labels = uri.rpartition("/")[0], self._tags(found["jobArn"])
        order = Order(
            task=task or labels.get("wrapup:task") or task_in(found["jobName"]),
            family=self._family.name,
            base=_base(found["baseModelArn"]),
            dataset=labels.get("wrapup:dataset") or place.rpartition("/")[2],
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
        with self._told("ListTagsForResource"):
            try:
                found = self._client.list_tags_for_resource(resourceARN=arn).get("tags", ())
            except ClientError as error:
                if code(error) != "AccessDeniedException":
                    raise
                return {}  # keep the job even if we may not read its tags
        return {tag["key"]: tag["value"] for tag in found}

    def stop(self, job: CustomizationJob) -> None:
        with self._told("StopModelCustomizationJob"):
            try:
                self._client.stop_model_customization_job(jobIdentifier=job.id or job.name)
            except ClientError as error:
                if code(error) != "ConflictException":  # it has ended
                    raise

    def exists(self, model: CustomModel) -> bool:
        with self._told("GetCustomModel"):
            return if_there(lambda: self._client.get_custom_model(modelIdentifier=model.id)) is not None

    def serve(self, model: CustomModel) -> Endpoint:
        if there := self.endpoint(model):
            return there
        token = f"{model.job}-{model.releases}"  # a repeated request creates nothing; after a release a new one does
        labels = tags(model.task, model.dataset)
        if self._provisions:
            with self._told("CreateProvisionedModelThroughput"):
                arn = self._client.create_provisioned_model_throughput(
                    provisionedModelName=model.job,
                    modelId=model.id,
                    modelUnits=1,
                    tags=labels,
                    clientRequestToken=token,
                )["provisionedModelArn"]
        else:
            with self._told("CreateCustomModelDeployment"):
                arn = self._client.create_custom_model_deployment(
                    modelDeploymentName=model.job, modelArn=model.id, tags=labels, clientRequestToken=token
                )["customModelDeploymentArn"]
        made = Endpoint(id=arn, status="Creating")
        try:
            return self.endpoint(model) or made
        except WrapupError:  # it exists, even if we can't read it yet
            return made

    def endpoint(self, model: CustomModel) -> Endpoint | None:
        if self._provisions:
            with self._told("GetProvisionedModelThroughput"):
                found = if_there(lambda: self._client.get_provisioned_model_throughput(provisionedModelId=model.job))
            arn, since = "provisionedModelArn", _seconds(found, "creationTime")
        else:
            with self._told("GetCustomModelDeployment"):
                found = if_there(
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

    def served(self) -> list[CustomModel]:
        with self._told("ListProvisionedModelThroughputs and bedrock:ListCustomModelDeployments"):
            return list(served(self._client, OURS))

    def release(self, model: CustomModel) -> None:
        if is_provisioned(model.endpoint.id) if model.endpoint else self._provisions:
            with self._told("DeleteProvisionedModelThroughput"):
                if_there(lambda: self._client.delete_provisioned_model_throughput(provisionedModelId=model.job))
        else:
            with self._told("DeleteCustomModelDeployment"):
                if_there(lambda: self._client.delete_custom_model_deployment(customModelDeploymentIdentifier=model.job))


def _base(arn: str) -> str:
    """Returns a job's base: the id of a foundation model, or the ARN of a custom model."""
    return arn if ":custom-model/" in arn else arn.rpartition("/")[2]


def _phase(details: dict[str, Any]) -> str:
    """Returns the part of the job in progress, or else the last finished one."""
    stands = {name: (details.get(key) or {}).get("status", "NotStarted") for key, name in PHASES.items()}
    begun = [name for name, status in stands.items() if status != "NotStarted"]
    return next((name for name in begun if stands[name] == "InProgress"), begun[-1] if begun else "")


def _seconds(found: dict[str, Any] | None, key: str) -> float | None:
    at = (found or {}).get(key)
    return at.timestamp() if isinstance(at, datetime) else None
