"""Asks Bedrock how long a foundation model will be available."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from bot.adapters.bedrock.errors import retired, translated
from bot.answers.family import foundation_id
from bot.errors import ModelRetired, UnknownModel
from bot.models.end_of_life import Lifecycle

# A custom model can be tuned from another custom model. Longer chains aren't followed.
LONGEST_CHAIN = 10
_OTHER_FAMILY = "choose another family, e.g. WRAPUP_FAMILY=nova-2-lite (`wrapup families` shows all)."


def lifecycle(client: Any, model_id: str) -> Lifecycle:
    """Returns the lifecycle of the foundation model behind an id or ARN. Raises ModelError, or UnknownModel if there is none."""
    foundation = foundation_model(client, model_id)
    with translated(foundation, _region(client)):
        details = client.get_foundation_model(modelIdentifier=foundation)["modelDetails"]
    told = details.get("modelLifecycle", {})
    return Lifecycle(
        model_id=details.get("modelId", foundation),
        status=told.get("status", "ACTIVE"),
        start=_day(told.get("startOfLifeTime")),
        legacy=_day(told.get("legacyTime")),
        extended_access=_day(told.get("publicExtendedAccessTime")),
        end=_day(told.get("endOfLifeTime")),
    )


def answering_life(client: Any, model_id: str, today: date | None = None) -> str:
    """Returns the answering model's lifecycle in one line. Raises ModelRetired if it has ended by `today`."""
    life = lifecycle(client, model_id)
    if life.ended(today or datetime.now(UTC).date()):
        raise retired(life.model_id, _region(client))
    return str(life)


def tuning_life(client: Any, model_id: str) -> str:
    """Returns a base model's lifecycle in one line. Raises ModelRetired if it takes no new jobs."""
    try:
        life = lifecycle(client, model_id)
    except ModelRetired as error:
        raise ModelRetired(f"{model_id} has been retired by AWS: {_OTHER_FAMILY}") from error
    if life.status != "ACTIVE":
        raise ModelRetired(f"{life}; AWS takes no new fine-tuning jobs for a legacy model: {_OTHER_FAMILY}")
    return str(life)


def foundation_model(client: Any, model_id: str) -> str:
    """Returns the foundation-model id behind an id, profile, provisioned throughput, deployment or custom model."""
    with translated(model_id, _region(client)):
        current = model_id
        for _ in range(LONGEST_CHAIN):
            if foundation := foundation_id(current):
                return foundation
            current = _behind(client, current)
    raise UnknownModel(f"Bedrock does not tell which foundation model is behind {model_id}.")


def _behind(client: Any, arn: str) -> str:
    """Returns the ARN that an ARN was made from, or "" if Bedrock doesn't say."""
    kind = arn.split(":")[5].partition("/")[0] if arn.startswith("arn:") else ""
    if kind == "provisioned-model":
        found = client.get_provisioned_model_throughput(provisionedModelId=arn).get("foundationModelArn")
    elif kind == "custom-model-deployment":
        found = client.get_custom_model_deployment(customModelDeploymentIdentifier=arn).get("modelArn")
    elif kind == "custom-model":
        found = client.get_custom_model(modelIdentifier=arn).get("baseModelArn")
    elif kind == "application-inference-profile":
        models = client.get_inference_profile(inferenceProfileIdentifier=arn).get("models") or [{}]
        found = models[0].get("modelArn")
    else:
        found = None
    if not found:
        raise UnknownModel(f"Bedrock does not tell which foundation model is behind {arn}.")
    return str(found)


def _day(moment: datetime | None) -> date | None:
    return moment.astimezone(UTC).date() if moment else None


def _region(client: Any) -> str:
    return client.meta.region_name or ""
