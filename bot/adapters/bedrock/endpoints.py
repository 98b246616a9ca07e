"""Lists the endpoints in the AWS account that serve our models."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, cast

from bot.answers.family import tuned_from
from bot.models.custom_model import CustomModel, Endpoint, EndpointStatus


def served(client: Any, prefix: str) -> Iterator[CustomModel]:
    """Yields every provisioned throughput and deployment in the client's Region whose name starts with the prefix.

    Skips base models of no family, because Wrapup didn't make those endpoints.
    """
    for page in client.get_paginator("list_provisioned_model_throughputs").paginate(nameContains=prefix):
        for each in page.get("provisionedModelSummaries", ()):
            yield from _ours(each, "provisionedModel", prefix)
    for page in client.get_paginator("list_custom_model_deployments").paginate(nameContains=prefix):
        for each in page.get("modelDeploymentSummaries", ()):
            yield from _ours(each, "customModelDeployment", prefix)


def is_provisioned(arn: str) -> bool:
    return ":provisioned-model/" in arn


def _ours(found: dict[str, Any], word: str, prefix: str) -> Iterator[CustomModel]:
    name, family = found[f"{word}Name"], tuned_from(found["modelArn"])
    if family and name.startswith(prefix):
        at = _seconds(found.get("creationTime") or found.get("createdAt"))
        endpoint = Endpoint(
            id=found[f"{word}Arn"],
            status=cast(EndpointStatus, found["status"]),
            since=at if word == "provisionedModel" else None,  # deployments cost per token, not per hour
            units=found.get("modelUnits") or 1,
            committed_until=_seconds(found.get("commitmentExpirationTime")),
        )
        yield CustomModel(
            id=found["modelArn"], task="", family=family.name, job=name, dataset="", at=at or 0.0, endpoint=endpoint
        )


def _seconds(at: Any) -> float | None:
    return at.timestamp() if isinstance(at, datetime) else None
