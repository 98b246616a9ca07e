"""A local Bedrock that keeps customization jobs, custom models and what serves them, by the service model of botocore."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, urlsplit

import boto3
import botocore.session
import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from moto.core.responses import ActionResult
from moto.iam.responses import IamResponse
from moto.servicequotas.responses import ServiceQuotasResponse

from tests.doubles.bedrock_server import ROUTES, BedrockServer, Request, Response, converse_body

ACCOUNT, REGION = "123456789012", "us-west-2"
BASE = f"arn:aws:bedrock:{REGION}"
CREATED = 1_790_000_000.0  # seconds
ROLE, BUCKET = f"arn:aws:iam::{ACCOUNT}:role/wrapup", "wrapup-data"
TRUST: dict[str, Any] = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "bedrock.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
MORE_ROUTES = {
    "CreateModelCustomizationJob": ("POST", r"/model-customization-jobs()"),
    "GetModelCustomizationJob": ("GET", r"/model-customization-jobs/([^/]+)"),
    "ListModelCustomizationJobs": ("GET", r"/model-customization-jobs()"),
    "ListTagsForResource": ("POST", r"/listTagsForResource()"),
    "ListCustomModels": ("GET", r"/custom-models()"),
    "StopModelCustomizationJob": ("POST", r"/model-customization-jobs/([^/]+)/stop"),
    "CreateProvisionedModelThroughput": ("POST", r"/provisioned-model-throughput()"),
    "ListProvisionedModelThroughputs": ("GET", r"/provisioned-model-throughputs()"),
    "ListCustomModelDeployments": ("GET", r"/model-customization/custom-model-deployments()"),
    "DeleteProvisionedModelThroughput": ("DELETE", r"/provisioned-model-throughput/([^/]+)"),
    "CreateCustomModelDeployment": ("POST", r"/model-customization/custom-model-deployments()"),
    "DeleteCustomModelDeployment": ("DELETE", r"/model-customization/custom-model-deployments/([^/]+)"),
}
ROUTES.update({name: route for name, route in MORE_ROUTES.items() if name not in ROUTES})


Meddle = Callable[[Callable[[], Response]], Response]  # gets what would answer the request
REPLY = '{"summary": "s", "topics": [], "action_items": [], "next_steps": []}'
# Every call for jobs, models and endpoints that is no question of the pre-flight.
JOB_CALLS = (
    "CreateModelCustomizationJob",
    "GetModelCustomizationJob",
    "ListModelCustomizationJobs",
    "StopModelCustomizationJob",
    "GetCustomModel",
    "CreateProvisionedModelThroughput",
    "GetProvisionedModelThroughput",
    "DeleteProvisionedModelThroughput",
    "CreateCustomModelDeployment",
    "GetCustomModelDeployment",
    "DeleteCustomModelDeployment",
    "ListProvisionedModelThroughputs",
    "ListCustomModelDeployments",
)


def _wrap_up(request: Request) -> str:
    return REPLY


@dataclass
class TrainingBedrock(BedrockServer):
    """A job runs until `complete` or `fail`; an endpoint is Creating until `ready`; `at_once`: both are done when created.

    What is created costs nothing here; `made` has every endpoint that there ever was. `meddles` stand between an operation
    and its answer.

    It adds to moto what that lacks of an account: the quotas of Bedrock, and what a principal may do (all, but for the
    actions in `forbidden`).
    """

    answer: Callable[[Request], str] = _wrap_up
    jobs: dict[str, dict[str, Any]] = field(default_factory=dict)
    models: dict[str, dict[str, Any]] = field(default_factory=dict)
    endpoints: dict[str, dict[str, Any]] = field(default_factory=dict)
    life: str = "ACTIVE"
    ends: str = ""
    quotas: dict[str, float] = field(default_factory=dict)
    forbidden: list[str] = field(default_factory=list)
    missing_context: list[str] = field(default_factory=list)
    at_once: bool = False
    meddles: dict[str, Meddle] = field(default_factory=dict)
    made: list[str] = field(default_factory=list)

    def bills(self) -> set[str]:
        """The endpoints that there are."""
        return {each["arn"] for each in self.endpoints.values()}

    def __enter__(self) -> TrainingBedrock:
        super().__enter__()
        self._moto = pytest.MonkeyPatch()
        self._moto.setattr(IamResponse, "simulate_principal_policy", self._simulate, raising=False)
        self._moto.setattr(ServiceQuotasResponse, "get_service_quota", self._quota)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._moto.undo()
        super().__exit__(kind, error, trace)

    def forget(self) -> None:
        super().forget()
        for kept in (self.jobs, self.models, self.endpoints, self.quotas, self.meddles, self.made):
            kept.clear()
        self.life, self.ends, self.answer, self.at_once = "ACTIVE", "", _wrap_up, False
        self.forbidden, self.missing_context = [], []

    def complete(self) -> str:
        """Every job is through; gives the ARN of the last one's model."""
        for name, job in self.jobs.items():
            foundation = job["jobArn"].split("/")[1]
            arn = f"{BASE}:{ACCOUNT}:custom-model/{foundation}/{_digits(name)}"
            job |= {"status": "Completed", "outputModelArn": arn, "trainingMetrics": {"trainingLoss": 0.25}}
            self.models[arn] = {"modelArn": arn, "modelName": name, "creationTime": "2026-11-01T00:00:00Z"}
        return arn

    def fail(self, message: str) -> None:
        for job in self.jobs.values():
            job |= {"status": "Failed", "failureMessage": message}

    def ready(self, status: str) -> None:
        for endpoint in self.endpoints.values():
            endpoint["status"] = status

    def respond(self, request: Request) -> Response:
        meddle = self.meddles.get(request.operation)
        return meddle(lambda: self._done(request)) if meddle else self._done(request)

    def _done(self, request: Request) -> Response:
        if request.operation in ROUTES and not self._queue(request.operation):
            handler = getattr(self, f"_{_snake(request.operation)}", None)
            if handler:
                self.requests.append(request)
                if fault := faults(request.operation, request.body):
                    return Response(400, {"message": fault}, "ValidationException")
                response: Response = handler(request)
                return response
        return super().respond(request)

    def _create_model_customization_job(self, request: Request) -> Response:
        name = request.body["jobName"]
        if name in self.jobs:
            return Response(400, {"message": "name is taken"}, "ConflictException")
        base = request.body["baseModelIdentifier"]
        if base.startswith("arn:") and base not in self.models:
            return Response(404, {"message": "no base model"}, "ResourceNotFoundException")
        foundation = base.split("/")[1] if base.startswith("arn:") else base
        arn = f"{BASE}:{ACCOUNT}:model-customization-job/{foundation}/{_digits(name)}"
        self.jobs[name] = {
            "jobArn": arn, "jobName": name, "status": "InProgress", "outputDataConfig": request.body["outputDataConfig"],
            "statusDetails": {"validationDetails": {"status": "InProgress"}}, "jobTags": request.body["jobTags"],
            "baseModelArn": base if base.startswith("arn:") else f"{BASE}::foundation-model/{base}",
            "trainingDataConfig": request.body["trainingDataConfig"], "creationTime": "2026-11-01T00:00:00Z",
        }  # fmt: skip
        if self.at_once:
            self.complete()
        return Response(201, {"jobArn": arn})

    def _get_model_customization_job(self, request: Request) -> Response:
        return _one(job for job in self.jobs.values() if request.id in (job["jobArn"], job["jobName"]))

    def _list_model_customization_jobs(self, request: Request) -> Response:
        return Response(200, {"modelCustomizationJobSummaries": list(self.jobs.values())})

    def _list_tags_for_resource(self, request: Request) -> Response:
        found = [job["jobTags"] for job in self.jobs.values() if job["jobArn"] == request.body["resourceARN"]]
        return Response(200, {"tags": found[0]})

    def _stop_model_customization_job(self, request: Request) -> Response:
        for job in self.jobs.values():
            if request.id in (job["jobArn"], job["jobName"]):
                if job["status"] != "InProgress":
                    return Response(400, {"message": "it has ended"}, "ConflictException")
                job["status"] = "Stopping"
        return Response(200, {})

    def _get_custom_model(self, request: Request) -> Response:
        return _one(model for model in self.models.values() if request.id in (model["modelArn"], model["modelName"]))

    def _get_foundation_model(self, request: Request) -> Response:
        about = {"modelArn": f"{BASE}::foundation-model/{request.id}", "modelId": request.id}
        life = {"status": self.life, **({"endOfLifeTime": self.ends} if self.ends else {})}
        return Response(200, {"modelDetails": about | {"modelLifecycle": life}})

    def _list_custom_models(self, request: Request) -> Response:
        about = {"baseModelArn": f"{BASE}::foundation-model/amazon.nova-lite-v1:0", "baseModelName": "Nova Lite"}
        return Response(200, {"modelSummaries": [about | model for model in self.models.values()]})

    @property
    def _simulate(self) -> Any:
        def simulate(response: Any) -> ActionResult:
            (action,) = response._get_param("ActionNames")
            decision = "implicitDeny" if action in self.forbidden else "allowed"
            result = {"EvalActionName": action, "EvalDecision": decision, "MissingContextValues": self.missing_context}
            return ActionResult({"EvaluationResults": [result]})

        return simulate

    @property
    def _quota(self) -> Any:
        def get_service_quota(response: Any) -> str:
            code = json.loads(response.body)["QuotaCode"]
            return json.dumps({"Quota": {"QuotaCode": code, "Value": self.quotas.get(code, 10_000.0)}})

        return get_service_quota

    def _create_provisioned_model_throughput(self, request: Request) -> Response:
        return self._serve(request, "provisioned-model", "provisionedModel")

    def _create_custom_model_deployment(self, request: Request) -> Response:
        return self._serve(request, "custom-model-deployment", "customModelDeployment")

    def _serve(self, request: Request, kind: str, word: str) -> Response:
        name = request.body.get("provisionedModelName") or request.body["modelDeploymentName"]
        arn = f"{BASE}:{ACCOUNT}:{kind}/{_digits(f'{name} {len(self.requests)}')}"
        model = request.body.get("modelId") or request.body["modelArn"]
        if model not in self.models:
            return Response(404, {"message": "no model"}, "ResourceNotFoundException")
        if name in self.endpoints:
            return Response(400, {"message": "name is taken"}, "ConflictException")
        self.made.append(arn)
        self.endpoints[name] = {
            f"{word}Arn": arn, "arn": arn, f"{word}Name": name, "status": "Creating", "creationTime": "2026-11-01T00:00:00Z",
            "createdAt": "2026-11-01T00:00:00Z", "modelArn": model, "modelUnits": request.body.get("modelUnits"),
        }  # fmt: skip
        if self.at_once:
            self.ready("InService" if word == "provisionedModel" else "Active")
        return Response(202, {f"{word}Arn": arn})

    def _get_provisioned_model_throughput(self, request: Request) -> Response:
        return _one(each for name, each in self.endpoints.items() if request.id == name)

    _get_custom_model_deployment = _get_provisioned_model_throughput

    def _list_provisioned_model_throughputs(self, request: Request) -> Response:
        return Response(200, {"provisionedModelSummaries": self._listed("provisionedModel", request)})

    def _list_custom_model_deployments(self, request: Request) -> Response:
        return Response(200, {"modelDeploymentSummaries": self._listed("customModelDeployment", request)})

    def _listed(self, word: str, request: Request) -> list[dict[str, Any]]:
        (part,) = parse_qs(urlsplit(request.path).query)["nameContains"]
        return [each for name, each in self.endpoints.items() if f"{word}Arn" in each and part in name]

    def _delete_provisioned_model_throughput(self, request: Request) -> Response:
        if self.endpoints.pop(request.id, None) is None:
            return _one(())
        return Response(200, {})

    _delete_custom_model_deployment = _delete_provisioned_model_throughput


def account(region: str = REGION) -> Any:
    """A client for S3 of moto's account, where the bucket and the role of the jobs are there."""
    client = boto3.client("s3", region_name=region)
    client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": region})
    boto3.client("iam").create_role(RoleName="wrapup", AssumeRolePolicyDocument=json.dumps(TRUST))
    return client


def answer(client: Any, operation: str, body: dict[str, Any], status: int = 200) -> None:
    """What the client gets from AWS for an operation from now on."""

    def respond(**_: Any) -> tuple[AWSResponse, dict[str, Any]]:
        return AWSResponse("", status, HTTPHeaders(), None), body | {"ResponseMetadata": {"HTTPStatusCode": status}}

    service = client.meta.service_model.service_id.hyphenize()
    client.meta.events.register(f"before-call.{service}.{operation}", respond)


def deny(client: Any, operation: str, code: str = "AccessDenied") -> None:
    """The client may not call an operation any more."""
    answer(client, operation, {"Error": {"Code": code, "Message": "secret words"}}, 403)


def faults(operation: str, body: Mapping[str, Any]) -> str:
    """What the service would refuse in a request: its patterns and lengths, which boto3 does not check."""
    shape = _service().operation_model(operation).input_shape
    found = _faults(shape, body) if shape else []
    return "; ".join(found)


def _faults(shape: Any, value: Any) -> list[str]:
    if shape.type_name == "structure":
        inner = [(each, value[name]) for name, each in shape.members.items() if name in (value or {})]
        return [fault for each, part in inner for fault in _faults(each, part)]
    if shape.type_name == "list":
        return [fault for part in value for fault in _faults(shape.member, part)]
    if shape.type_name == "map":
        return [fault for part in value.values() for fault in _faults(shape.value, part)]
    about = shape.metadata
    wrong = shape.type_name == "string" and (
        not re.fullmatch(about.get("pattern", r"(?s).*"), value)
        or len(value) > about.get("max", len(value))
        or (about.get("enum") and value not in about["enum"])
    )
    return [f"{shape.name}: {value}"] if wrong else []


@cache
def _service() -> Any:
    return botocore.session.get_session().get_service_model("bedrock")


def _one(found: Any) -> Response:
    for each in found:
        return Response(200, each)
    return Response(404, {"message": "there is none"}, "ResourceNotFoundException")


def _digits(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:12]


def _snake(operation: str) -> str:
    return re.sub(r"(?<!^)([A-Z])", r"_\1", operation).lower()


__all__ = ["BUCKET", "ROLE", "TrainingBedrock", "account", "answer", "converse_body", "deny", "faults"]
