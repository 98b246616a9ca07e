"""Checks the AWS account before a customization job costs anything."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from math import inf
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from bot.adapters.bedrock.refusals import code
from bot.adapters.bedrock.s3 import Bucket
from bot.answers.family import Family
from bot.errors import JobRefused, PlaceDenied, PlaceRefused, PlaceUnavailable

Clients = Callable[[str], Any]
Warnings = Iterator[str]

BEDROCK = "bedrock.amazonaws.com"
SOON = Config(connect_timeout=5, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 2})
DENIED = ("AccessDenied", "AccessDeniedException")
# Quotas of Amazon Bedrock (AWS General Reference).
CUSTOM_MODELS = "L-CB5B847D"
SERVING = {"provisioned throughput": "L-BE77399C", "on-demand deployment": "L-430C95DD"}
RECORDS = {"claude-3-haiku": "L-679179D2"}  # by family; the quotas of other families can't be raised


@dataclass(frozen=True, slots=True)
class Account:
    """A job's role, the bucket (s3://...) for its results, its KMS key, and its VPC if it has one."""

    role_arn: str | None
    bucket: str | None
    kms_key: str | None = None
    subnets: tuple[str, ...] = ()
    security_groups: tuple[str, ...] = ()

    def check_set(self, family: Family) -> None:
        """Raises JobRefused, which names the settings that a job of the family lacks."""
        unset = {"WRAPUP_ROLE_ARN": self.role_arn, "WRAPUP_BUCKET": self.bucket}
        if missing := [name for name, value in unset.items() if not value]:
            raise JobRefused(
                f"{family.name} is trained on Bedrock: set {' and '.join(missing)}, or train on board with WRAPUP_FAMILY=embedded."
            )

    def request(self) -> dict[str, Any]:
        """Returns the fields for a job's request."""
        fields: dict[str, Any] = {"roleArn": self.role_arn, "outputDataConfig": {"s3Uri": self.output}}
        if self.kms_key:
            fields["customModelKmsKeyId"] = self.kms_key
        if self.subnets:
            fields["vpcConfig"] = {"subnetIds": [*self.subnets], "securityGroupIds": [*self.security_groups]}
        return fields

    @property
    def output(self) -> str:
        return f"{self.bucket}/output"


def clients(region: str | None) -> Clients:
    """Returns a function that makes a client by service name. Clients give up soon, because they only serve checks."""
    return partial(boto3.client, region_name=region, config=SOON)


def tags(task: str, dataset: str) -> list[dict[str, str]]:
    """Returns the tags by which AWS reports the costs of a job, a model or an endpoint."""
    return [{"key": "wrapup:task", "value": task}, {"key": "wrapup:dataset", "value": dataset}]


class Preflight:
    """Checks whether a job of the family would run in the account, and whether its model could be served.

    Refuses what would fail, and warns of what wouldn't stop the job or can't be checked.
    """

    def __init__(self, bedrock: Any, s3: Any, others: Clients, family: Family, account: Account) -> None:
        """`others` makes the clients for `iam`, `sts` and `service-quotas`."""
        self._bedrock, self._s3, self._client = bedrock, s3, others
        self._family, self._account = family, account
        self._role = account.role_arn or ""
        self._region: str = bedrock.meta.region_name or ""

    def check(self) -> list[str]:
        """Returns warnings to show before a job starts. Raises JobRefused if it can't run."""
        return [
            *self._bucket(),
            *self._key(),
            *_asked(self._trust, f"Whether the role {_name(self._role)} is there", "iam:GetRole"),
            *_asked(
                self._passing,
                "Whether the role may be passed",
                "iam:GetRole and iam:SimulatePrincipalPolicy on who asks",
            ),
            *_asked(self._access, "Whether the role may use the bucket", "iam:SimulatePrincipalPolicy on it"),
            *_asked(self._serving, "The quota for serving", "servicequotas:GetServiceQuota"),
            *_asked(self._records, "The quota of records", "servicequotas:GetServiceQuota"),
            *_asked(
                self._room,
                "How many custom models there may be",
                "servicequotas:GetServiceQuota, bedrock:ListCustomModels",
            ),
        ]

    def _bucket(self) -> Warnings:
        try:
            Bucket(self._s3, self._account.bucket or "", self._region, self._account.kms_key).check()
        except (PlaceDenied, PlaceUnavailable) as error:
            yield f"Whether the bucket can be used could not be asked: {error}"
        except PlaceRefused as error:
            raise JobRefused(str(error)) from error

    def _key(self) -> Warnings:
        key = self._account.kms_key or ""
        if key.startswith("arn:") and (region := key.split(":")[3]) != self._region:
            raise JobRefused(f"WRAPUP_KMS_KEY is in {region}, and the job runs in {self._region}: name a key there.")
        yield from ()

    def _trust(self) -> Warnings:
        name = _name(self._role)
        try:
            role = self._client("iam").get_role(RoleName=name)["Role"]
        except ClientError as error:
            if code(error) != "NoSuchEntity":
                raise
            raise JobRefused(f"There is no role {name} in this account: check WRAPUP_ROLE_ARN.") from error
        if role["Arn"] != self._role:
            raise JobRefused(f"The role {name} of this account is {role['Arn']}: set WRAPUP_ROLE_ARN to that.")
        if not trusts(role.get("AssumeRolePolicyDocument") or {}, BEDROCK):
            raise JobRefused(f"The role {name} does not trust {BEDROCK}: let it, as deploy/wrapup.yaml does.")
        yield from ()

    def _passing(self) -> Warnings:
        caller, service = self._caller(), [("iam:PassedToService", BEDROCK)]
        for denied in self._denied(caller, "iam:PassRole", self._role, service):
            if not denied.get("MissingContextValues"):
                raise JobRefused(
                    f"{_name(caller)} may not pass the role {_name(self._role)} to Bedrock: allow it iam:PassRole on "
                    f"{self._role}, as deploy/wrapup.yaml does."
                )
            yield f"Whether {_name(caller)} may pass the role {_name(self._role)} depends on conditions that only a start shows."

    def _access(self) -> Warnings:
        """Looks only at the role's policies. Only warns, because the bucket's policy may allow access too."""
        _, partition, _, _, account, _ = self._role.split(":", 5)
        place = f"arn:{partition}:s3:::{(self._account.bucket or '').removeprefix('s3://')}"
        wanted = {
            "s3:ListBucket": place.partition("/")[0],
            "s3:GetObject": f"{place}/dataset/train.jsonl",
            "s3:PutObject": f"{place}/output/metrics.csv",
        }
        owner = [("aws:ResourceAccount", account)]
        denied = [each for action, arn in wanted.items() for each in self._denied(self._role, action, arn, owner)]
        if actions := ", ".join(each["EvalActionName"] for each in denied if not each.get("MissingContextValues")):
            yield (
                f"By its own policies the role {_name(self._role)} may not {actions} in {self._account.bucket}: allow it, "
                "unless the bucket's policy does."
            )

    def _serving(self) -> Warnings:
        quota = SERVING[self._family.serving]
        if self._quota(quota) == 0:
            yield (
                f"The account may not serve the model: its quota {quota} is 0 in {self._region}. It would be trained and "
                f"kept; ask AWS for more in Service Quotas, Amazon Bedrock, before you pay for the training."
            )

    def _records(self) -> Warnings:
        if not (quota := RECORDS.get(self._family.name)):
            return
        most, usual = self._quota(quota), self._family.limits.max_total_records or 0
        if most < usual:
            yield f"AWS takes {most:,.0f} records from this account, not {usual:,} ({quota}): train on no more, or ask for more."

    def _room(self) -> Warnings:
        most = self._quota(CUSTOM_MODELS)
        pages = self._bedrock.get_paginator("list_custom_models").paginate(isOwned=True)
        there = sum(len(page.get("modelSummaries", ())) for page in pages)
        if there >= most:
            yield (
                f"The account is full: it may have {most:,.0f} custom models ({CUSTOM_MODELS}), and {there} are there. Delete one "
                "in the Bedrock console, or ask for more, before you start."
            )

    def _quota(self, quota: str) -> float:
        found = self._client("service-quotas").get_service_quota(ServiceCode="bedrock", QuotaCode=quota)
        return float(found.get("Quota", {}).get("Value", inf))

    def _caller(self) -> str:
        """Returns the caller's user or role ARN. Asks IAM for a role, because a session's ARN lacks the role's path."""
        arn = str(self._client("sts").get_caller_identity()["Arn"])
        if ":assumed-role/" not in arn:
            return arn
        return str(self._client("iam").get_role(RoleName=arn.split("/")[1])["Role"]["Arn"])

    def _denied(self, who: str, action: str, resource: str, context: Iterable[tuple[str, str]]) -> list[dict[str, Any]]:
        entries = [
            {"ContextKeyName": key, "ContextKeyType": "string", "ContextKeyValues": [value]} for key, value in context
        ]
        found = self._client("iam").simulate_principal_policy(
            PolicySourceArn=who, ActionNames=[action], ResourceArns=[resource], ContextEntries=entries
        )
        return [each for each in found.get("EvaluationResults", ()) if each["EvalDecision"] != "allowed"]


def trusts(document: Mapping[str, Any], service: str) -> bool:
    """True if a role's trust policy lets the service assume the role."""
    return any(
        each.get("Effect") == "Allow"
        and {service, "*"} & {*_list(_principals(each.get("Principal")))}
        and {"sts:AssumeRole", "sts:*", "*"} & {*_list(each.get("Action"))}
        for each in _list(document.get("Statement"))
    )


def _principals(principal: Any) -> Any:
    return principal.get("Service") if isinstance(principal, Mapping) else principal


def _asked(ask: Callable[[], Warnings], about: str, needs: str) -> list[str]:
    """Returns what a check found, or a warning if AWS denies the question or doesn't answer."""
    try:
        return [*ask()]
    except ClientError as error:
        why = f"that needs {needs}" if code(error) in DENIED else f"AWS says {code(error)}"
    except BotoCoreError:
        why = "AWS does not answer"
    return [f"{about} could not be asked: {why}."]


def _name(arn: str) -> str:
    return arn.rpartition("/")[2]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
