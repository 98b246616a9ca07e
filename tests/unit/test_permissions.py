"""What the code calls on AWS against what deploy/wrapup.yaml allows."""

from __future__ import annotations

import ast
import json
import re
from typing import Any

import botocore.session
import pytest
from cfnlint.api import lint_file

from bot import settings
from bot.adapters.bedrock.account import BEDROCK, trusts
from tests.doubles.permissions import (
    ADDED_BY_BOTO3,
    OTHERWISE,
    SERVICES,
    TEMPLATE,
    _literal,
    called,
    calls,
    needed,
    resources,
    template,
)

MOST_CHARACTERS = 6_144  # of a managed policy, without white space


def clients() -> set[str]:
    """The services that a client is made for."""
    makers = [call for call in calls() if _name(call).endswith("client")]
    return {_literal(call) for call in makers} & set(botocore.session.get_session().get_available_services())


def allowed() -> list[str]:
    policies = [each["PolicyDocument"]["Statement"] for each in resources("IAM::ManagedPolicy")]
    return [action for statements in policies for each in statements for action in _list(each["Action"])]


def filled(value: Any) -> Any:
    """A part of the template with a long name in place of each parameter, and every condition true."""
    if isinstance(value, list):
        return [filled(each) for each in value]
    if not isinstance(value, dict):
        return value
    if "Fn::If" in value:
        return filled(value["Fn::If"][1])
    if "Fn::Sub" in value:
        lengths = {
            "AWS::Partition": 3,
            "AWS::Region": 9,
            "AWS::AccountId": 12,
            "Bucket": 63,
            "Prefix": 30,
            "AppRoleName": 64,
        }
        return re.sub(r"\$\{(.+?)\}", lambda name: "x" * lengths[name[1]], value["Fn::Sub"])
    if "Fn::GetAtt" in value or "Ref" in value:
        return "x" * 100
    return {key: filled(each) for key, each in value.items()}


def test_the_template_is_well_formed() -> None:
    assert [str(match) for match in lint_file(TEMPLATE)] == []


def test_the_app_may_do_what_the_code_calls_and_nothing_else() -> None:
    wanted = {action for actions in needed().values() for action in actions}

    assert set(allowed()) == wanted


def test_every_service_that_a_client_is_made_for_is_looked_at() -> None:
    assert clients() == set(SERVICES)


def test_every_method_that_boto3_adds_is_known() -> None:
    assert {name for name in ADDED_BY_BOTO3 if name in called()} <= set(OTHERWISE)


def test_no_exception_outlives_its_call() -> None:
    assert set(OTHERWISE) <= set(needed())


def test_no_action_is_a_pattern() -> None:
    assert [action for action in allowed() if "*" in action] == []


def test_only_lists_are_allowed_on_everything() -> None:
    statements = [each for policy in resources("IAM::ManagedPolicy") for each in policy["PolicyDocument"]["Statement"]]

    wide = [action for each in statements if each["Resource"] == "*" for action in _list(each["Action"])]

    assert [action for action in wide if not action.startswith("bedrock:List")] == []


@pytest.mark.parametrize("policy", resources("IAM::ManagedPolicy"), ids=lambda policy: policy["Description"])
def test_a_policy_is_short_enough_for_iam(policy: dict[str, Any]) -> None:
    text = json.dumps(filled(policy["PolicyDocument"]), separators=(",", ":"))

    assert len(text) <= MOST_CHARACTERS


def test_the_pre_flight_finds_that_the_role_trusts_bedrock() -> None:
    (role,) = resources("IAM::Role")

    assert trusts(role["AssumeRolePolicyDocument"], BEDROCK)


def test_bedrock_takes_the_role_on_for_jobs_of_this_account_alone() -> None:
    (role,) = resources("IAM::Role")

    (statement,) = role["AssumeRolePolicyDocument"]["Statement"]
    conditions = statement["Condition"]
    assert conditions["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
    assert conditions["ArnLike"]["aws:SourceArn"]["Fn::Sub"].endswith(":${AWS::AccountId}:model-customization-job/*")


def test_the_outputs_are_named_by_the_settings_that_they_are_for() -> None:
    names = {name for name, _, _ in settings.table()}

    told = {each["Description"] for each in template()["Outputs"].values() if each["Description"].startswith("WRAPUP")}

    assert told == {"WRAPUP_BUCKET", "WRAPUP_ROLE_ARN", "WRAPUP_KMS_KEY"}
    assert told <= names


def _name(call: ast.Call) -> str:
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
