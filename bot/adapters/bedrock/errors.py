"""Translates the errors of Bedrock and boto3.

The service's own text is matched but never shown, because it can contain a customer's words. The request id is shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from botocore import exceptions as boto
from botocore.exceptions import BotoCoreError, ClientError

from bot.answers.family import foundation_id
from bot.errors import ModelError, ModelRejected, ModelRetired, ModelThrottled, ModelUnavailable, UnknownModel

Error = type[ModelError] | type[UnknownModel]
Translation = tuple[Error, str]

# Each text says what was wrong, then what to do. {model}, {region}, {profile} and {choices} are filled in.
_SIGN_IN = "sign in again (`aws sso login`, `aws login`) or renew the keys in the environment or the profile."
_PERMIT = (
    "AWS does not let us use {model} in {region}: the credentials need bedrock:InvokeModel for it "
    "(bedrock:GetFoundationModel to check it), "
    "and the account needs access to the model (some providers ask for a use-case form or a Marketplace agreement)."
)
_AGAIN = "try again in a minute."
_RETIRED = "{model} has been retired by AWS: choose another model, e.g. {choices}."

# Every error shape of the bedrock and bedrock-runtime service models.
SHAPES: dict[str, Translation] = {
    "AccessDeniedException": (ModelRejected, _PERMIT),
    "ConflictException": (ModelRejected, "Bedrock is changing {model} just now: wait until that is done, then retry."),
    "InternalServerException": (ModelUnavailable, f"Bedrock had an internal error: {_AGAIN}"),
    "ModelErrorException": (ModelUnavailable, "{model} failed while it answered: " + _AGAIN),
    "ModelNotReadyException": (ModelUnavailable, "{model} is still being loaded: try again in a few minutes."),
    "ModelStreamErrorException": (ModelUnavailable, "{model} broke off its answer: " + _AGAIN),
    "ModelTimeoutException": (ModelUnavailable, "{model} took too long to answer: " + _AGAIN),
    "ResourceInUseException": (ModelRejected, "{model} is in use by another operation: wait until that is done."),
    "ResourceNotFoundException": (
        ModelRejected,
        "Bedrock has no {model} in {region}: check the id, the account and AWS_REGION.",
    ),
    "ServiceQuotaExceededException": (
        ModelRejected,
        "A Bedrock quota of the account is used up for {model} in {region}: ask for more in AWS Service Quotas.",
    ),
    "ServiceUnavailableException": (ModelUnavailable, f"Bedrock has no capacity just now: {_AGAIN}"),
    "ThrottlingException": (
        ModelThrottled,
        "Bedrock limits our requests to {model}: ask it less at once (`--jobs` in a shell, WRAPUP_THREADS of a worker), "
        "or ask AWS for a higher quota, and try again later.",
    ),
    "TooManyTagsException": (ModelRejected, "Bedrock refused the tags: there are too many."),
    "ValidationException": (
        ModelRejected,
        "Bedrock refused the request to {model} as invalid: check the model id and WRAPUP_GUARDRAIL, "
        "and that Wrapup and boto3 are up to date.",
    ),
}

# Codes that Bedrock sends although no service model lists them.
ON_THE_WIRE: dict[str, Translation] = {
    "ExpiredToken": (ModelRejected, f"The AWS credentials have expired: {_SIGN_IN}"),
    "ExpiredTokenException": (ModelRejected, f"The AWS credentials have expired: {_SIGN_IN}"),
    "FTUFormNotFilled": (
        ModelRejected,
        "The provider of {model} wants a use-case form first: fill it in once, in the Bedrock console.",
    ),
    "IncompleteSignatureException": (ModelRejected, f"AWS could not read our signature: {_SIGN_IN}"),
    "InvalidClientTokenId": (ModelRejected, f"AWS does not know these credentials: {_SIGN_IN}"),
    "InvalidSignatureException": (
        ModelRejected,
        f"AWS refused our signature: check this machine's clock and the secret key, or {_SIGN_IN}",
    ),
    "MissingAuthenticationTokenException": (ModelRejected, f"AWS got no credentials from us: {_SIGN_IN}"),
    "MPAgreementBeingCreated": (
        ModelUnavailable,
        "AWS is still drawing up the Marketplace agreement for {model}: try again in about two minutes.",
    ),
    "OptInRequired": (ModelRejected, "This AWS account is not signed up for Bedrock in {region}."),
    "RequestTimeTooSkewed": (ModelRejected, "AWS refused our signature: this machine's clock is wrong."),
    "SignatureDoesNotMatch": (ModelRejected, f"AWS refused our signature: check the secret key, or {_SIGN_IN}"),
    "UnknownOperationException": (
        ModelRejected,
        "What answered in Bedrock's place does not know the request: check AWS_ENDPOINT_URL_BEDROCK_RUNTIME "
        "and AWS_ENDPOINT_URL_BEDROCK.",
    ),
    "UnrecognizedClientException": (ModelRejected, f"AWS does not know these credentials: {_SIGN_IN}"),
}

# Cases that share a code and differ only in the service's words. The first match wins.
VAGUE = frozenset({"AccessDeniedException", "ResourceNotFoundException", "ValidationException"})
SAID: tuple[tuple[str, Error, str], ...] = (
    (r"end of its life|end[- ]of[- ]life|as legacy|upgrade to an active model", ModelRetired, _RETIRED),
    (
        r"model identifier is invalid|could not resolve the foundation model",
        ModelRetired,
        "Bedrock knows no model {model} in {region}: it has been retired by AWS, is not offered in this Region, "
        "or is misspelt. Choose another model, e.g. {choices}.",
    ),
    (
        r"on-demand throughput",
        UnknownModel,
        "{model} is only asked through an inference profile: set WRAPUP_MODEL_ID={profile}.",
    ),
    (
        r"doesn.t support the model|does not support the model",
        UnknownModel,
        "{model} isn't a chat model: choose one that is.",
    ),
    (
        r"too long|context (?:limit|window|length)|too many (?:input )?tokens|maximum number of input tokens",
        ModelRejected,
        "The prompt is too long for {model}: check that WRAPUP_FAMILY names the base model behind it, "
        "or choose a model with a larger window.",
    ),
    (
        r"maximum tokens you requested",
        ModelRejected,
        "{model} cannot give as long a reply as Wrapup asks for: check that WRAPUP_FAMILY names the base model behind it.",
    ),
    (
        r"guardrail",
        ModelRejected,
        "Bedrock cannot use the guardrail: check that WRAPUP_GUARDRAIL is `ID` or `ID:VERSION`, that it is in {region}, "
        "and that the credentials allow bedrock:ApplyGuardrail.",
    ),
    (
        r"api key|bearer token",
        ModelRejected,
        "AWS does not accept the Bedrock API key: set AWS_BEARER_TOKEN_BEDROCK to one that is valid.",
    ),
    (
        r"operation not allowed",
        ModelRejected,
        "AWS has not opened Bedrock for this account yet: open a case with AWS Support.",
    ),
)

# Errors before any answer. The first matching class wins, so subclasses come before their bases.
CLIENT_SIDE: tuple[tuple[type[Exception], Error, str], ...] = (
    (
        boto.NoCredentialsError,
        ModelRejected,
        "There are no AWS credentials: run `aws configure` or `aws sso login`, or set AWS_PROFILE, "
        "AWS_ACCESS_KEY_ID with AWS_SECRET_ACCESS_KEY, or AWS_BEARER_TOKEN_BEDROCK.",
    ),
    (
        boto.PartialCredentialsError,
        ModelRejected,
        "The AWS credentials are incomplete: set both AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.",
    ),
    (boto.NoAuthTokenError, ModelRejected, f"There is no token for AWS: {_SIGN_IN}"),
    (boto.TokenRetrievalError, ModelRejected, f"The AWS token could not be renewed: {_SIGN_IN}"),
    (boto.SSOError, ModelRejected, f"The AWS sign-in has expired or is missing: {_SIGN_IN}"),
    (boto.LoginError, ModelRejected, f"The AWS sign-in has expired or is missing: {_SIGN_IN}"),
    (boto.CredentialRetrievalError, ModelRejected, f"The AWS credentials could not be fetched: {_SIGN_IN}"),
    (boto.MetadataRetrievalError, ModelRejected, f"The AWS credentials could not be fetched: {_SIGN_IN}"),
    (boto.RefreshWithMFAUnsupportedError, ModelRejected, f"The AWS credentials need an MFA code: {_SIGN_IN}"),
    (boto.ProfileNotFound, ModelRejected, "There is no such AWS profile: check AWS_PROFILE against ~/.aws/config."),
    (
        boto.ConfigNotFound,
        ModelRejected,
        "There is no AWS config file at the place that is set: check AWS_CONFIG_FILE.",
    ),
    (boto.ConfigParseError, ModelRejected, "The AWS config file cannot be read: check ~/.aws/config."),
    (
        boto.InvalidRetryConfigurationError,
        ModelRejected,
        "The retry settings are wrong: check AWS_MAX_ATTEMPTS and AWS_RETRY_MODE.",
    ),
    (boto.NoRegionError, ModelRejected, "No AWS Region is set: set AWS_REGION, e.g. us-east-1."),
    (boto.InvalidRegionError, ModelRejected, "AWS_REGION isn't a Region: set one such as us-east-1."),
    (boto.UnknownEndpointError, ModelRejected, "Bedrock has no endpoint in {region}: check AWS_REGION."),
    (boto.EndpointProviderError, ModelRejected, "Bedrock has no endpoint in {region}: check AWS_REGION."),
    (
        boto.ProxyConnectionError,
        ModelUnavailable,
        "The proxy does not let us through to Bedrock: check HTTPS_PROXY and NO_PROXY.",
    ),
    (
        boto.SSLError,
        ModelUnavailable,
        "The TLS certificate on the way to Bedrock is not trusted: behind a company proxy, set AWS_CA_BUNDLE.",
    ),
    (
        boto.ReadTimeoutError,
        ModelUnavailable,
        "{model} did not answer in time: " + _AGAIN,
    ),
    (
        boto.EndpointConnectionError,
        ModelUnavailable,
        "Bedrock cannot be reached: check the network, AWS_REGION, and AWS_ENDPOINT_URL_BEDROCK_RUNTIME where it is set.",
    ),
    (boto.ConnectionError, ModelUnavailable, f"Bedrock cannot be reached: check the network, then {_AGAIN}"),
    (boto.HTTPClientError, ModelUnavailable, f"The connection to Bedrock broke: {_AGAIN}"),
    (
        boto.ParamValidationError,
        ModelRejected,
        "boto3 refused the request to {model} before it was sent: check WRAPUP_GUARDRAIL, and that boto3 is up to date.",
    ),
    (ValueError, ModelRejected, "The address of Bedrock is wrong: check AWS_ENDPOINT_URL_BEDROCK_RUNTIME."),
)

# Request fields that some models refuse, with the words by which the service says so.
_REFUSED = {
    "outputConfig": re.compile(r"output_?config|structured output|json_?schema|text_?format|response_?format", re.I),
    "temperature": re.compile(r"temperature|sampling param", re.I),
}


@contextmanager
def translated(model: str, region: str) -> Iterator[None]:
    """Turns boto3's errors into Wrapup's, for a request to `model` in `region`."""
    try:
        yield
    except (ClientError, BotoCoreError) as error:
        raise translate(error, model, region) from error


def translate(error: Exception, model: str, region: str) -> ModelError | UnknownModel:
    """Returns Wrapup's error for one of boto3's (ClientError, BotoCoreError, or ValueError from making a client)."""
    kind, text = _answered(error) if isinstance(error, ClientError) else _unanswered(error)
    told = kind(_filled(text, model, region))
    told.request = _request_id(error)
    return told


def retired(model: str, region: str) -> ModelRetired:
    """Returns the error to raise for a model that has reached its end of life."""
    return ModelRetired(_filled(_RETIRED, model, region))


def _filled(text: str, model: str, region: str) -> str:
    base, area = foundation_id(model) or model, _profile_area(region)
    choices = f"{area}.anthropic.claude-haiku-5-5 or {area}.amazon.nova-2-lite-v1:0 (`embedded` needs no AWS)"
    return text.format(model=model, region=region or "this Region", profile=f"{area}.{base}", choices=choices)


def refused_field(error: ClientError) -> str | None:
    """Returns the request field that the model refuses, or None if the error is about something else."""
    if _code(error) != "ValidationException":
        return None
    return next((field for field, words in _REFUSED.items() if words.search(_message(error))), None)


def _answered(error: ClientError) -> Translation:
    code, message = _code(error), _message(error)
    for words, kind, text in SAID:
        if code in VAGUE and re.search(words, message, re.IGNORECASE):
            return kind, text
    return SHAPES.get(code) or ON_THE_WIRE.get(code) or _by_status(code, _status(error))


def _by_status(code: str, status: int) -> Translation:
    """Translates a code that no table lists. Shows the code, because it is a name or number of AWS's."""
    shown = re.sub(r"\W", "", code)[:60] or "no code"
    if status == 429:
        return SHAPES["ThrottlingException"]
    if status >= 500:
        return ModelUnavailable, f"Bedrock has an error of its own ({shown}, HTTP {status}): {_AGAIN}"
    return ModelRejected, f"Bedrock refused the request to {{model}} ({shown}, HTTP {status})."


def _unanswered(error: Exception) -> Translation:
    for kind, ours, text in CLIENT_SIDE:
        if isinstance(error, kind):
            return ours, text
    return ModelRejected, f"boto3 could not ask Bedrock ({type(error).__name__}): check the AWS settings."


def _profile_area(region: str) -> str:
    """Returns the prefix of a Region's inference profiles."""
    areas = {"us-gov": "us-gov", "us": "us", "ca": "us", "eu": "eu"}
    return next((area for start, area in areas.items() if region.startswith(f"{start}-")), "global")


def _response(error: Exception) -> dict[str, Any]:
    response = getattr(error, "response", None)
    return response if isinstance(response, dict) else {}


def _code(error: ClientError) -> str:
    return str(_response(error).get("Error", {}).get("Code", ""))


def _message(error: ClientError) -> str:
    return str(_response(error).get("Error", {}).get("Message", ""))


def _status(error: ClientError) -> int:
    return int(_response(error).get("ResponseMetadata", {}).get("HTTPStatusCode", 0))


def _request_id(error: Exception) -> str:
    return re.sub(r"[^\w-]", "", str(_response(error).get("ResponseMetadata", {}).get("RequestId", "")))[:64]
