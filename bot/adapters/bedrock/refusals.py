"""Translates Bedrock's refusals of jobs and endpoints into what to do."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from bot.adapters.bedrock.errors import translate
from bot.answers.family import Family
from bot.errors import JobRefused

MISSING = "ResourceNotFoundException"

# AWS's words about a failed job (user guide, fine-tuning-troubleshooting), and what to do. The first match wins.
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

# Errors about a job or an endpoint, by code. bot.adapters.bedrock.errors translates all others.
REFUSALS = {
    "AccessDeniedException": "AWS does not let us do that: the credentials need bedrock:{operation} in {region}, where "
    "something is created bedrock:TagResource too, and for a job iam:PassRole on WRAPUP_ROLE_ARN; deploy/wrapup.yaml "
    "allows all of it.",
    "ServiceQuotaExceededException": "A quota of the account is used up in {region}. For provisioned throughput it is 0 "
    "at first: ask in AWS Service Quotas for model units of {family} without commitment. What was trained is kept.",
    "ValidationException": "Bedrock refused that as invalid: check that WRAPUP_ROLE_ARN trusts bedrock.amazonaws.com, "
    "that the bucket, WRAPUP_KMS_KEY and WRAPUP_SUBNETS are in {region}, and the hyperparameters (`wrapup families`).",
    MISSING: "Bedrock has no such job, model or base model in {region}: check the account and the Region.",
    "ConflictException": "Bedrock is changing that just now, or it is bound by a commitment: wait, then try again.",
    "ResourceInUseException": "That is in use by another operation: wait, then try again.",
    "TooManyTagsException": "Bedrock refused the tags: there are too many.",
}


@contextmanager
def told(operation: str, family: Family, region: str) -> Iterator[None]:
    """Turns an operation's errors into JobRefused, or into the ModelError or UnknownModel that fits."""
    try:
        yield
    except (ClientError, BotoCoreError) as error:
        if text := REFUSALS.get(code(error)) if isinstance(error, ClientError) else None:
            raise JobRefused(text.format(operation=operation, region=region, family=family.name)) from error
        found = translate(error, family.base_model_id, region)
        found.request = ""  # finds the request in CloudTrail
        raise found from error


def failure_of(message: str) -> str:
    """Returns what to do about a failed job. Hides AWS's own words, because they can quote the dataset."""
    for words, text in FAILURES:
        if re.search(words, message, re.IGNORECASE):
            return text
    return "The job failed, and Wrapup doesn't know the reason. See the Bedrock console."


def if_there(ask: Callable[[], Any]) -> dict[str, Any] | None:
    """Returns what `ask` returns, or None if AWS doesn't find it."""
    try:
        response: dict[str, Any] = ask()
        return response
    except ClientError as error:
        if code(error) == MISSING:
            return None
        raise


def code(error: BaseException | None) -> str:
    """Returns the code of an AWS error, or "" for other errors."""
    return str(error.response.get("Error", {}).get("Code", "")) if isinstance(error, ClientError) else ""
