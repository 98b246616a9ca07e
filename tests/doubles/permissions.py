"""What the code calls in AWS, and what the template of deploy/ allows."""

from __future__ import annotations

import ast
import json
from functools import cache
from pathlib import Path
from typing import Any

import botocore.session
from botocore import xform_name
from cfnlint.decode import decode

ROOT = Path(__file__).parents[2]
TEMPLATE = ROOT / "deploy" / "wrapup.yaml"
# By the names of boto3. Where two have an operation of one name, the first is meant.
SERVICES = ("bedrock", "bedrock-runtime", "s3", "iam", "sts", "service-quotas")
KEY = ("kms:Decrypt", "kms:GenerateDataKey")
# What needs other rights than the one by its own name; each by operation, or by the method that boto3 adds.
OTHERWISE = {
    "Converse": ("bedrock:InvokeModel", "bedrock:ApplyGuardrail"),
    "CreateModelCustomizationJob": (
        "bedrock:CreateModelCustomizationJob", "bedrock:TagResource", "iam:PassRole", *KEY, "kms:DescribeKey",
        "kms:CreateGrant",
    ),
    "CreateProvisionedModelThroughput": ("bedrock:CreateProvisionedModelThroughput", "bedrock:TagResource"),
    "CreateCustomModelDeployment": ("bedrock:CreateCustomModelDeployment", "bedrock:TagResource"),
    "GetCallerIdentity": (),  # anybody may
    "HeadBucket": ("s3:ListBucket",),
    "ListObjectsV2": ("s3:ListBucket",),
    "GetObject": ("s3:GetObject", "kms:Decrypt"),
    "upload_fileobj": ("s3:PutObject", "s3:AbortMultipartUpload", *KEY),  # in parts, which are given up where one fails
}  # fmt: skip


ADDED_BY_BOTO3 = ("upload_file", "upload_fileobj", "download_file", "download_fileobj", "generate_presigned_url")


@cache
def calls() -> list[ast.Call]:
    trees = [ast.parse(path.read_text("utf-8")) for path in sorted((ROOT / "bot").rglob("*.py"))]
    return [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]


def called() -> set[str]:
    """The names of all methods that are called, and of all pages that are asked for."""
    names = set()
    for call in calls():
        if isinstance(call.func, ast.Attribute):
            names.add(call.func.attr)
            if call.func.attr == "get_paginator":
                names.add(_literal(call))
    return names


def needed() -> dict[str, tuple[str, ...]]:
    """The actions of IAM by operation."""
    names, known = called(), operations()
    found: dict[str, tuple[str, ...]] = {
        operation: (action,) for name, (operation, action) in known.items() if name in names
    }
    found |= {name: () for name in ADDED_BY_BOTO3 if name in names}
    return {operation: OTHERWISE.get(operation, actions) for operation, actions in found.items()}


@cache
def operations() -> dict[str, tuple[str, str]]:
    """Operation and action by the name of the client's method."""
    found: dict[str, tuple[str, str]] = {}
    for service in SERVICES:
        model = botocore.session.get_session().get_service_model(service)
        for operation in model.operation_names:
            found.setdefault(xform_name(operation), (operation, f"{model.signing_name}:{operation}"))
    return found


@cache
def template() -> dict[str, Any]:
    found, _ = decode(str(TEMPLATE))
    return dict(json.loads(json.dumps(found)))


def resources(kind: str) -> list[dict[str, Any]]:
    return [each["Properties"] for each in template()["Resources"].values() if each["Type"] == f"AWS::{kind}"]


def _literal(call: ast.Call) -> str:
    first = call.args[0] if call.args else None
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else ""
