from datetime import date
from typing import Any

import pytest

from bot.adapters.bedrock.lifecycle import answering_life, foundation_model, lifecycle, tuning_life
from bot.errors import ModelRejected, ModelRetired, UnknownModel
from tests.doubles.bedrock_prompts import HAIKU
from tests.doubles.bedrock_server import BedrockServer

ACCOUNT = "arn:aws:bedrock:us-west-2:123456789012"
PROVISIONED = f"{ACCOUNT}:provisioned-model/abcdefghij12"
DEPLOYMENT = f"{ACCOUNT}:custom-model-deployment/abcdefghij12"
CUSTOM = f"{ACCOUNT}:custom-model/{HAIKU}:200k/abcdefghij12"
PROFILE = f"{ACCOUNT}:application-inference-profile/abcdefghij12"
FOUNDATION = f"arn:aws:bedrock:us-west-2::foundation-model/{HAIKU}"


ACTIVE = {"modelLifecycle": {"status": "ACTIVE", "startOfLifeTime": "2024-03-13T00:00:00Z"}}
LEGACY = {
    "modelLifecycle": {
        "status": "LEGACY",
        "startOfLifeTime": "2024-03-13T00:00:00Z",
        "legacyTime": "2026-03-10T00:00:00Z",
        "publicExtendedAccessTime": "2026-06-10T00:00:00Z",
        "endOfLifeTime": "2026-09-10T00:00:00Z",
    }
}


def holds(bedrock: BedrockServer, life: dict[str, Any]) -> None:
    bedrock.holds("GetFoundationModel", HAIKU, {"modelDetails": {"modelArn": FOUNDATION, "modelId": HAIKU, **life}})


def test_a_living_model_is_told_in_one_line(bedrock: BedrockServer, control: Any) -> None:
    holds(bedrock, ACTIVE)

    assert answering_life(control, HAIKU) == f"{HAIKU}: active since 13 Mar 2024"


def test_a_legacy_model_is_told_with_its_dates(bedrock: BedrockServer, control: Any) -> None:
    holds(bedrock, LEGACY)

    line = answering_life(control, f"us.{HAIKU}", date(2026, 9, 9))

    assert line == f"{HAIKU}: legacy since 10 Mar 2026, costs more from 10 Jun 2026, ends on 10 Sep 2026"


def test_a_model_whose_end_has_come_is_retired(bedrock: BedrockServer, control: Any) -> None:
    holds(bedrock, LEGACY)

    with pytest.raises(ModelRetired, match=f"{HAIKU} has been retired by AWS: choose another"):
        answering_life(control, HAIKU, date(2026, 9, 10))


def test_a_model_that_bedrock_no_longer_lists_is_told(bedrock: BedrockServer, control: Any) -> None:
    bedrock.fails(
        "ValidationException", 400, "The provided model identifier is invalid.", operation="GetFoundationModel"
    )

    with pytest.raises(ModelRetired, match=r"us\.amazon\.nova-2-lite"):
        lifecycle(control, HAIKU)


def test_an_active_base_model_may_be_tuned(bedrock: BedrockServer, control: Any) -> None:
    holds(bedrock, ACTIVE)

    assert tuning_life(control, HAIKU) == f"{HAIKU}: active since 13 Mar 2024"


def test_a_legacy_base_model_takes_no_new_jobs(bedrock: BedrockServer, control: Any) -> None:
    holds(bedrock, LEGACY)

    with pytest.raises(ModelRetired, match=r"legacy since 10 Mar 2026.* no new fine-tuning jobs .*nova-2-lite"):
        tuning_life(control, HAIKU)


def test_a_base_model_that_is_gone_is_told_with_another_family(bedrock: BedrockServer, control: Any) -> None:
    bedrock.fails(
        "ResourceNotFoundException",
        404,
        "This model version has reached the end of its life.",
        operation="GetFoundationModel",
    )

    with pytest.raises(ModelRetired, match=r"retired by AWS: choose another family, e\.g\. WRAPUP_FAMILY=nova-2-lite"):
        tuning_life(control, HAIKU)


def test_a_tuned_model_is_followed_to_its_foundation_model(bedrock: BedrockServer, control: Any) -> None:
    bedrock.holds("GetProvisionedModelThroughput", PROVISIONED, {"foundationModelArn": FOUNDATION})
    bedrock.holds("GetCustomModelDeployment", DEPLOYMENT, {"modelArn": CUSTOM})
    bedrock.holds("GetCustomModel", CUSTOM, {"baseModelArn": FOUNDATION})
    bedrock.holds("GetInferenceProfile", PROFILE, {"models": [{"modelArn": FOUNDATION}]})

    found = {arn: foundation_model(control, arn) for arn in (PROVISIONED, DEPLOYMENT, PROFILE, HAIKU)}

    assert set(found.values()) == {HAIKU}


def test_a_deployment_that_is_gone_is_told(bedrock: BedrockServer, control: Any) -> None:
    with pytest.raises(ModelRejected, match=f"Bedrock has no {DEPLOYMENT} in us-west-2"):
        foundation_model(control, DEPLOYMENT)


@pytest.mark.parametrize("arn", [f"{ACCOUNT}:imported-model/abcdefghij12", PROFILE])
def test_a_model_whose_base_is_not_told_is_unknown(bedrock: BedrockServer, control: Any, arn: str) -> None:
    bedrock.holds("GetInferenceProfile", PROFILE, {"models": []})

    with pytest.raises(UnknownModel, match="does not tell which foundation model"):
        foundation_model(control, arn)


def test_days_are_those_of_utc(bedrock: BedrockServer, control: Any) -> None:
    holds(bedrock, {"modelLifecycle": {"status": "LEGACY", "endOfLifeTime": "2026-09-10T23:30:00-02:00"}})

    assert lifecycle(control, HAIKU).end == date(2026, 9, 11)


@pytest.mark.parametrize(
    ("operation", "id_"),
    [
        ("GetFoundationModel", HAIKU),
        ("GetProvisionedModelThroughput", PROVISIONED),
        ("GetCustomModelDeployment", DEPLOYMENT),
        ("GetCustomModel", CUSTOM),
        ("GetInferenceProfile", PROFILE),
    ],
)
def test_a_question_that_is_denied_is_told_without_awss_words(
    bedrock: BedrockServer, control: Any, operation: str, id_: str
) -> None:
    bedrock.fails("AccessDeniedException", 403, "secret words", operation=operation)

    with pytest.raises(ModelRejected, match="AWS does not let us use") as told:
        lifecycle(control, id_)

    assert "secret words" not in str(told.value)
