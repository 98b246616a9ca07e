"""The pre-flight of an AWS account: what is known to be wrong, and what may not be asked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError
from moto import mock_aws

from bot.adapters.bedrock.account import Account, Preflight, clients, trusts
from bot.adapters.bedrock.chat import control_client
from bot.answers.family import FAMILIES
from bot.errors import JobRefused
from tests.doubles import training_bedrock
from tests.doubles.permissions import needed, resources
from tests.doubles.training_bedrock import BUCKET, JOB_CALLS, ROLE, TRUST, TrainingBedrock, answer, deny

PLACE = f"s3://{BUCKET}"
REGION = "us-west-2"
# Every question of the pre-flight: the service, the operation, and what its warning says.
QUESTIONS = {
    ("s3", "HeadBucket"): "the credentials need s3:ListBucket",
    ("iam", "GetRole"): "needs iam:GetRole",
    ("sts", "GetCallerIdentity"): "Whether the role may be passed could not be asked",
    ("iam", "SimulatePrincipalPolicy"): "needs iam:SimulatePrincipalPolicy",
    ("service-quotas", "GetServiceQuota"): "needs servicequotas:GetServiceQuota",
    ("bedrock", "ListCustomModels"): "bedrock:ListCustomModels",
}


# The other calls are denied in test_datasets and in test_bedrock_training, _lifecycle, _counting and _errors.
DENIED_ELSEWHERE = {
    *JOB_CALLS, "ListTagsForResource", "ListObjectsV2", "GetObject", "DeleteObject", "upload_fileobj", "GetFoundationModel",
    "GetInferenceProfile", "Converse", "CountTokens",
}  # fmt: skip


class Asked:
    """The clients of one pre-flight, by the names of their services."""

    def __init__(self) -> None:
        others = clients(REGION)
        self._made: dict[str, Any] = {name: others(name) for name in ("iam", "sts", "service-quotas")}
        self._made |= {"bedrock": control_client(REGION), "s3": boto3.client("s3", region_name=REGION)}

    def __call__(self, service: str) -> Any:
        return self._made[service]

    def preflight(self, family: str = "claude-3-haiku", **changes: Any) -> list[str]:
        account = Account(**({"role_arn": ROLE, "bucket": PLACE} | changes))
        return Preflight(self("bedrock"), self("s3"), self, FAMILIES[family], account).check()


@pytest.fixture
def bedrock(monkeypatch: pytest.MonkeyPatch) -> Iterator[TrainingBedrock]:
    with TrainingBedrock() as server, mock_aws():
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        training_bedrock.account()
        yield server


@pytest.fixture
def asked(bedrock: TrainingBedrock) -> Asked:
    return Asked()


@pytest.mark.parametrize("family", ["claude-3-haiku", "nova-lite"])
def test_an_account_where_all_is_well_is_told_nothing(asked: Asked, family: str) -> None:
    assert asked.preflight(family) == []


@pytest.mark.parametrize(("service", "operation"), QUESTIONS)
def test_a_question_that_is_denied_is_a_warning(asked: Asked, service: str, operation: str) -> None:
    deny(asked(service), operation, "403" if service == "s3" else "AccessDenied")

    warnings = asked.preflight()

    assert any(QUESTIONS[service, operation] in warning for warning in warnings)
    assert "secret words" not in "".join(warnings)


def test_every_call_of_the_code_is_denied_in_a_test() -> None:
    assert set(needed()) == {operation for _, operation in QUESTIONS} | DENIED_ELSEWHERE


@pytest.mark.parametrize(("service", "operation"), QUESTIONS)
def test_a_question_that_gets_no_answer_is_a_warning(asked: Asked, service: str, operation: str) -> None:
    def unreachable(**_: Any) -> None:
        raise EndpointConnectionError(endpoint_url="https://example.amazonaws.com")

    name = asked(service).meta.service_model.service_id.hyphenize()
    asked(service).meta.events.register(f"before-call.{name}.{operation}", unreachable)

    assert all("could not be asked" in warning for warning in asked.preflight())
    assert asked.preflight()


def test_a_quota_that_aws_does_not_name_is_a_warning(asked: Asked) -> None:
    deny(asked("service-quotas"), "GetServiceQuota", "NoSuchResourceException")

    assert "The quota for serving could not be asked: AWS says NoSuchResourceException." in asked.preflight()


def test_a_quota_without_a_value_is_passed_over(asked: Asked) -> None:
    answer(asked("service-quotas"), "GetServiceQuota", {"Quota": {"ErrorReason": {"ErrorCode": "X"}}})

    assert asked.preflight() == []


def test_a_bucket_that_is_not_there_is_refused(asked: Asked) -> None:
    with pytest.raises(JobRefused, match="There is no bucket elsewhere: check its name, or create it"):
        asked.preflight(bucket="s3://elsewhere")


def test_a_bucket_in_another_region_is_refused(asked: Asked) -> None:
    answer(asked("s3"), "HeadBucket", {"BucketRegion": "eu-west-1"})

    with pytest.raises(JobRefused, match=f"is in eu-west-1, and the base model is fine-tuned in {REGION}"):
        asked.preflight()


def test_a_key_in_another_region_is_refused(asked: Asked) -> None:
    with pytest.raises(JobRefused, match=f"WRAPUP_KMS_KEY is in eu-west-1, and the job runs in {REGION}"):
        asked.preflight(kms_key=f"arn:aws:kms:eu-west-1:123456789012:key/{'0' * 36}")


def test_a_role_that_is_not_there_is_refused(asked: Asked) -> None:
    with pytest.raises(JobRefused, match="There is no role other in this account: check WRAPUP_ROLE_ARN"):
        asked.preflight(role_arn="arn:aws:iam::123456789012:role/other")


def test_a_role_of_another_account_is_refused_with_the_one_there_is(asked: Asked) -> None:
    with pytest.raises(JobRefused, match=f"of this account is {ROLE}: set WRAPUP_ROLE_ARN to that"):
        asked.preflight(role_arn="arn:aws:iam::999999999999:role/wrapup")


def test_a_role_that_does_not_trust_bedrock_is_refused(asked: Asked) -> None:
    document = json.dumps(TRUST).replace("bedrock", "sagemaker")
    asked("iam").update_assume_role_policy(RoleName="wrapup", PolicyDocument=document)

    with pytest.raises(JobRefused, match=r"does not trust bedrock\.amazonaws\.com: let it"):
        asked.preflight()


def test_a_role_that_may_not_be_passed_is_refused(bedrock: TrainingBedrock, asked: Asked) -> None:
    bedrock.forbidden = ["iam:PassRole"]

    with pytest.raises(JobRefused, match="may not pass the role wrapup to Bedrock: allow it iam:PassRole"):
        asked.preflight()


def test_a_right_that_hangs_on_what_a_simulation_does_not_know_is_a_warning(
    bedrock: TrainingBedrock, asked: Asked
) -> None:
    bedrock.forbidden, bedrock.missing_context = ["iam:PassRole"], ["aws:SourceIp"]

    (warning,) = asked.preflight()

    assert "depends on conditions that only a start shows" in warning


def test_a_session_is_asked_about_by_its_role(bedrock: TrainingBedrock, asked: Asked) -> None:
    boto3.client("iam").create_role(RoleName="bot", Path="/apps/", AssumeRolePolicyDocument="{}")
    answer(asked("sts"), "GetCallerIdentity", {"Arn": "arn:aws:sts::123456789012:assumed-role/bot/i-0123"})
    sources: list[str] = []
    asked("iam").meta.events.register(
        "before-parameter-build.iam.SimulatePrincipalPolicy",
        lambda params, **_: sources.append(params["PolicySourceArn"]),
    )

    asked.preflight()

    assert sources[0] == "arn:aws:iam::123456789012:role/apps/bot"


@pytest.mark.parametrize("action", ["s3:ListBucket", "s3:GetObject", "s3:PutObject"])
def test_a_role_that_may_not_use_the_bucket_by_its_own_policies_is_a_warning(
    bedrock: TrainingBedrock, asked: Asked, action: str
) -> None:
    bedrock.forbidden = [action]

    (warning,) = asked.preflight()

    assert f"the role wrapup may not {action} in {PLACE}: allow it, unless the bucket's policy does" in warning


def test_what_the_role_may_do_under_conditions_that_are_not_known_is_no_warning(
    bedrock: TrainingBedrock, asked: Asked
) -> None:
    bedrock.forbidden, bedrock.missing_context = ["s3:PutObject"], ["aws:SourceVpc"]

    assert asked.preflight() == []


def test_the_simulation_knows_what_the_roles_of_the_template_are_bound_to(asked: Asked) -> None:
    known: set[str] = set()
    asked("iam").meta.events.register(
        "before-parameter-build.iam.SimulatePrincipalPolicy",
        lambda params, **_: known.update(each["ContextKeyName"] for each in params["ContextEntries"]),
    )

    asked.preflight()

    (role,) = resources("IAM::Role")
    statements = role["Policies"][0]["PolicyDocument"]["Statement"]
    assert {key for each in statements for keys in each["Condition"].values() for key in keys} <= known


@pytest.mark.parametrize(("family", "quota"), [("claude-3-haiku", "L-BE77399C"), ("nova-lite", "L-430C95DD")])
def test_a_quota_of_zero_for_serving_is_told_before_the_training(
    bedrock: TrainingBedrock, asked: Asked, family: str, quota: str
) -> None:
    bedrock.quotas[quota] = 0.0

    (warning,) = asked.preflight(family)

    assert f"its quota {quota} is 0" in warning
    assert "before you pay for the training" in warning


def test_a_quota_of_records_below_the_usual_one_is_told(bedrock: TrainingBedrock, asked: Asked) -> None:
    bedrock.quotas["L-679179D2"] = 500.0

    assert asked.preflight() == [
        "AWS takes 500 records from this account, not 10,000 (L-679179D2): train on no more, or ask for more."
    ]


def test_an_account_that_is_full_of_custom_models_is_told(bedrock: TrainingBedrock, asked: Asked) -> None:
    bedrock.quotas["L-CB5B847D"] = 1.0
    arn = f"arn:aws:bedrock:{REGION}:123456789012:custom-model/amazon.nova-lite-v1:0/abcdefghij12"
    bedrock.models[arn] = {"modelArn": arn, "modelName": "one", "creationTime": "2026-11-01T00:00:00Z"}

    (warning,) = asked.preflight()

    assert "it may have 1 custom models (L-CB5B847D), and 1 are there. Delete one" in warning


@pytest.mark.parametrize(
    ("statement", "trusted"),
    [
        (TRUST["Statement"][0], True),
        (TRUST["Statement"][0] | {"Principal": {"Service": ["ec2.amazonaws.com", "bedrock.amazonaws.com"]}}, True),
        (TRUST["Statement"][0] | {"Action": ["sts:AssumeRole", "sts:TagSession"]}, True),
        (TRUST["Statement"][0] | {"Effect": "Deny"}, False),
        (TRUST["Statement"][0] | {"Action": "sts:TagSession"}, False),
        (TRUST["Statement"][0] | {"Principal": {"AWS": "arn:aws:iam::123456789012:root"}}, False),
    ],
)
def test_a_trust_policy_is_read_as_iam_does(statement: dict[str, Any], trusted: bool) -> None:
    assert trusts({"Statement": statement}, "bedrock.amazonaws.com") == trusts(
        {"Statement": [statement]}, "bedrock.amazonaws.com"
    )
    assert trusts({"Statement": [statement]}, "bedrock.amazonaws.com") is trusted
