import inspect
import re
from typing import Any

import botocore.exceptions
import pytest
from botocore.exceptions import BotoCoreError, ClientError
from botocore.loaders import Loader

from bot.adapters.bedrock.errors import CLIENT_SIDE, ON_THE_WIRE, SHAPES, refused_field, retired, translate, translated
from bot.answers.family import CAUTIOUS, known
from bot.errors import ModelError, ModelRejected, ModelRetired, ModelThrottled, ModelUnavailable, UnknownModel

MODEL = "anthropic.claude-3-haiku-20240307-v1:0"
SECRET = "my card number is 4111 1111 1111 1111"


def shapes_of(service: str) -> set[str]:
    shapes: dict[str, dict[str, Any]] = Loader().load_service_model(service, "service-2")["shapes"]
    return {name for name, shape in shapes.items() if shape.get("exception")}


MODELLED = shapes_of("bedrock") | shapes_of("bedrock-runtime")
BOTO = [
    kind
    for _, kind in inspect.getmembers(botocore.exceptions, inspect.isclass)
    if issubclass(kind, BotoCoreError) and kind is not BotoCoreError
]


def wire_error(code: str, message: str = "", status: int = 400) -> ClientError:
    metadata: Any = {"HTTPStatusCode": status, "RequestId": "abc-123"}
    return ClientError({"Error": {"Code": code, "Message": message}, "ResponseMetadata": metadata}, "Converse")


def told(code: str, message: str = "", status: int = 400, region: str = "us-west-2") -> ModelError | UnknownModel:
    return translate(wire_error(code, message, status), MODEL, region)


def made(kind: type[Exception]) -> Exception:
    """An error of a class of botocore's, without the arguments that each wants of its own."""
    return kind.__new__(kind)


def test_every_error_shape_of_both_services_has_a_translation_and_none_is_dead() -> None:
    assert set(SHAPES) == MODELLED


def test_the_codes_from_outside_the_service_models_are_outside_them() -> None:
    assert not set(ON_THE_WIRE) & MODELLED


@pytest.mark.parametrize("code", [*SHAPES, *ON_THE_WIRE])
def test_a_code_becomes_the_error_of_its_entry(code: str) -> None:
    error = told(code)

    assert type(error) is (SHAPES.get(code) or ON_THE_WIRE[code])[0]


def test_no_entry_for_a_client_side_error_is_hidden_by_one_above_it() -> None:
    kinds = [kind for kind, _, _ in CLIENT_SIDE]

    hidden = [kind for n, kind in enumerate(kinds) if any(issubclass(kind, above) for above in kinds[:n])]

    assert not hidden


@pytest.mark.parametrize("kind", BOTO)
def test_every_error_of_botocore_becomes_a_sentence_that_says_what_to_do(kind: type[Exception]) -> None:
    error = translate(made(kind), MODEL, "us-west-2")

    assert re.search(r"check|set |sign in|try again|fill|run ", str(error))


def test_words_of_the_service_are_only_heeded_under_a_vague_code() -> None:
    error = told("ThrottlingException", "Too many tokens, please wait before trying again.", 429)

    assert type(error) is ModelThrottled


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("ValidationException", "The provided model identifier is invalid."),
        ("ResourceNotFoundException", "This model version has reached the end of its life. Please refer to the docs."),
        (
            "ResourceNotFoundException",
            "Access denied. This Model is marked by provider as Legacy and you have not been actively using the "
            "model in the last 15 days. Please upgrade to an active model on Amazon Bedrock",
        ),
        (
            "ResourceNotFoundException",
            "Access denied. This Model is marked by provider as Legacy and you have not been actively using the "
            "model in the last 30 days. Please upgrade to an active model on Amazon Bedrock",
        ),
        ("ResourceNotFoundException", "Could not resolve the foundation model from the provided model identifier."),
    ],
)
def test_a_retired_model_is_told_with_one_that_lives(code: str, message: str) -> None:
    error = told(code, message)

    assert type(error) is ModelRetired
    assert re.match(
        rf".*{MODEL}.*retired by AWS.*hoose another model, e\.g\. us\.anthropic\.claude-haiku-5-5", str(error)
    )


@pytest.mark.parametrize(
    ("region", "profile"),
    [
        ("us-east-1", "us."),
        ("us-gov-west-1", "us-gov."),
        ("eu-central-1", "eu."),
        ("ap-northeast-2", "global."),
    ],
)
def test_a_model_that_needs_an_inference_profile_is_told_with_that_of_the_region(region: str, profile: str) -> None:
    message = f"Invocation of model ID {MODEL} with on-demand throughput isn’t supported. Retry your request with ..."

    error = told("ValidationException", message, region=region)

    assert type(error) is UnknownModel
    assert f"set WRAPUP_MODEL_ID={profile}{MODEL}." in str(error)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("Input is too long for requested model.", "The prompt is too long"),
        (
            "The model returned the following errors: prompt is too long: 210000 tokens > 200000",
            "The prompt is too long",
        ),
        ("input length and `max_tokens` exceed context limit: 199000 + 8000 > 200000", "The prompt is too long"),
        ("The maximum tokens you requested exceeds the model limit of 2048.", "cannot give as long a reply"),
        ("This action doesn't support the model that you provided.", "isn't a chat model"),
        ("The guardrail identifier or version provided in the request does not exist.", "WRAPUP_GUARDRAIL"),
        ("Operation not allowed", "open a case with AWS Support"),
    ],
)
def test_a_refused_request_is_told_by_its_reason(message: str, expected: str) -> None:
    assert expected in str(told("ValidationException", message))


def test_a_rejected_api_key_is_told_as_one() -> None:
    error = told("AccessDeniedException", "Authentication failed: Please make sure your API Key is valid.", 403)

    assert "AWS_BEARER_TOKEN_BEDROCK" in str(error)


@pytest.mark.parametrize("code", [*SHAPES, *ON_THE_WIRE, "SomethingNew"])
def test_what_the_service_says_is_never_shown(code: str) -> None:
    assert SECRET not in str(told(code, SECRET))


def test_the_request_id_is_shown() -> None:
    assert str(told("InternalServerException", status=500)).endswith("(request abc-123)")


@pytest.mark.parametrize(
    ("status", "kind"), [(429, ModelThrottled), (500, ModelUnavailable), (502, ModelUnavailable), (413, ModelRejected)]
)
def test_an_unknown_code_is_told_by_its_status(status: int, kind: type[ModelError]) -> None:
    assert type(told(str(status), status=status)) is kind


def test_an_unknown_code_is_named() -> None:
    assert "(SomethingNew, HTTP 418)" in str(told("SomethingNew", status=418))


def test_an_error_that_is_not_one_of_boto3_passes() -> None:
    with pytest.raises(ZeroDivisionError), translated(MODEL, "us-west-2"):
        raise ZeroDivisionError


def test_the_foreign_error_is_kept_as_the_cause() -> None:
    cause = wire_error("ThrottlingException", status=429)

    with pytest.raises(ModelThrottled) as caught, translated(MODEL, "us-west-2"):
        raise cause

    assert caught.value.__cause__ is cause


@pytest.mark.parametrize(
    ("code", "message", "field"),
    [
        ("ValidationException", "`temperature` is deprecated for this model.", "temperature"),
        ("ValidationException", "output_config.format: Extra inputs are not permitted", "outputConfig"),
        ("ValidationException", "This model doesn't support the outputConfig.textFormat field.", "outputConfig"),
        ("ValidationException", "The provided model identifier is invalid.", None),
        ("ThrottlingException", "temperature", None),
    ],
)
def test_a_refused_field_is_read_from_the_error(code: str, message: str, field: str | None) -> None:
    assert refused_field(wire_error(code, message)) == field


def test_the_models_that_are_recommended_are_known() -> None:
    named = re.findall(r"us\.([a-z]+\.[a-z0-9.:-]+)", str(retired(MODEL, "us-west-2")))

    assert len(named) == 2
    assert CAUTIOUS not in [known(each) for each in named]
