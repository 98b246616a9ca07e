"""Asks chat models on Amazon Bedrock through the Converse API."""

from __future__ import annotations

import json
import re
from typing import Any

import boto3
import botocore.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from bot.adapters.bedrock.errors import refused_field, translate, translated
from bot.answers.family import Family, chat_model, foundation_id
from bot.answers.prompts import Prompt
from bot.answers.reply import ModelReply, Usage
from bot.errors import MalformedReply, ModelError, ReplyBlocked, WrapupError
from bot.task import TemplateKind

ATTEMPTS = 6
CONNECT_TIMEOUT_S = 5
READ_TIMEOUT_S = 180  # 16,000 tokens can take three minutes, and so can a new JSON schema, which Bedrock compiles once

# Anthropic states 3.5 English characters per token, and up to 1.35 times as many tokens from Claude 4.7 on. German takes
# up to 1.3 times as many as English; Korean and Japanese take up to 1.5 tokens per character. The estimate is above all
# of these: two letters or spaces, one digit or mark, or 1.5 bytes beyond ASCII count as a token.
LETTERS_A_TOKEN = 2
WIDE_BYTES_A_TOKEN = 1.5
TOKENS_A_MESSAGE = 16
_LETTERS = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ "
# Below this part of the window, the estimate is good enough to save the request that counts tokens.
WORTH_COUNTING = 0.5

_ANEW = "try again, or choose another model."
# Stop reasons without a usable reply. {tokens} is the length of what came.
STOPS: dict[str, tuple[type[ModelError], str]] = {
    "max_tokens": (
        MalformedReply,
        "The reply was cut off at {tokens} tokens: choose a model with longer replies, or give the call in parts.",
    ),
    "model_context_window_exceeded": (
        MalformedReply,
        "The reply was cut off at {tokens} tokens, since the window was full: choose a model with a larger window.",
    ),
    "guardrail_intervened": (
        ReplyBlocked,
        "The guardrail blocked this call or its answer: its trace in the Bedrock console says why.",
    ),
    "content_filtered": (
        ReplyBlocked,
        "The provider's content filter blocked this call or its answer: write this one up by hand, or choose another model.",
    ),
    "refusal": (
        ReplyBlocked,
        "The model refused to answer this call: write this one up by hand, or choose another model.",
    ),
    "malformed_model_output": (MalformedReply, f"The model's output was malformed: {_ANEW}"),
    "malformed_tool_use": (MalformedReply, f"The model's output was malformed: {_ANEW}"),
    "tool_use": (MalformedReply, f"The model asked for a tool, and there is none: {_ANEW}"),
}


def runtime_client(region: str | None, threads: int) -> Any:
    """Returns a client for requests to models, for `threads` threads. Raises ModelRejected without a Region.

    Obeys AWS_ENDPOINT_URL_BEDROCK_RUNTIME, AWS_RETRY_MODE and AWS_MAX_ATTEMPTS, also in the AWS config file. By default a
    throttled or failed request is sent up to six times.
    """
    return _client("bedrock-runtime", region, threads)


def control_client(region: str | None) -> Any:
    """Returns a client for questions about models, with the same settings (AWS_ENDPOINT_URL_BEDROCK)."""
    return _client("bedrock", region, 1)


def _client(service: str, region: str | None, threads: int) -> Any:
    try:
        core = botocore.session.get_session()
        chosen = core.get_config_variable("max_attempts")
        config = Config(
            connect_timeout=CONNECT_TIMEOUT_S,
            read_timeout=READ_TIMEOUT_S,
            retries={} if chosen is not None else {"total_max_attempts": ATTEMPTS},
            tcp_keepalive=True,  # NAT gateways and VPC endpoints drop connections after 350 s of silence
            max_pool_connections=threads,
        )
        session = boto3.session.Session(region_name=region, botocore_session=core)
        return session.client(service, config=config)  # type: ignore[call-overload]  # by name
    except (BotoCoreError, ValueError) as error:
        raise translate(error, "the model", region or "") from error


class BedrockModel:
    """One model on Bedrock. Threads can share it.

    If the model refuses a field (a JSON schema, a temperature), later requests leave it out.
    """

    def __init__(
        self, client: Any, model_id: str, *, family: Family, template: TemplateKind, guardrail: str | None = None
    ) -> None:
        """`family` is the base model of an ARN that doesn't name one. `guardrail` is `ID` or `ID:VERSION`."""
        self.id = model_id
        self.template = template
        self._client = client
        self._region: str = client.meta.region_name or ""
        self._chat = chat_model(model_id, family)
        self._countable = (foundation_id(model_id) or family.model_id) if self._chat.count_tokens else None
        self._guardrail = _guardrail(guardrail) if guardrail else None
        fields = {"outputConfig": self._chat.structured_output, "temperature": not self._chat.thinks}
        self._taken = frozenset(field for field, taken in fields.items() if taken)

    @property
    def window(self) -> int:
        """The longest prompt in tokens that leaves room for the reply."""
        return self._chat.window - self._chat.answer_tokens

    def count_tokens(self, prompt: Prompt) -> int:
        """Returns the prompt's tokens: a high estimate, or Bedrock's exact count near the window's limit."""
        estimate = estimated_tokens(prompt)
        if self._countable is None or estimate < WORTH_COUNTING * self.window:
            return estimate
        try:
            with translated(self._countable, self._region):
                counted = self._client.count_tokens(modelId=self._countable, input={"converse": _conversation(prompt)})
                return int(counted["inputTokens"])
        except WrapupError as error:
            if not error.transient:
                self._countable = None
            return estimate

    def answer(self, prompt: Prompt) -> ModelReply:
        """Returns the model's reply. Raises ModelError, or UnknownModel for an id that can't be asked."""
        with translated(self.id, self._region):
            response = self._converse(prompt, self._taken)
        return reply_of(response, self._chat.answer_tokens)

    def probe(self) -> None:
        """Asks for one token, the cheapest proof that we have access to the model. Raises what `answer` raises."""
        with translated(self.id, self._region):
            self._client.converse(
                modelId=self.id,
                messages=[{"role": "user", "content": [{"text": "Hello"}]}],
                inferenceConfig={"maxTokens": 1},
            )

    def _converse(self, prompt: Prompt, fields: frozenset[str]) -> dict[str, Any]:
        try:
            response: dict[str, Any] = self._client.converse(**self._request(prompt, fields))
            return response
        except ClientError as error:
            refused = refused_field(error)
            if refused not in fields:
                raise
            self._taken -= {refused}
            return self._converse(prompt, fields - {refused})

    def _request(self, prompt: Prompt, fields: frozenset[str]) -> dict[str, Any]:
        inference: dict[str, Any] = {"maxTokens": self._chat.answer_tokens}
        if "temperature" in fields:
            inference["temperature"] = 0.0
        request: dict[str, Any] = {
            "modelId": self.id,
            **_conversation(prompt),
            "inferenceConfig": inference,
            "requestMetadata": {"task": _label(prompt.task), "call": _label(prompt.call)},
        }
        if self._guardrail:
            request["guardrailConfig"] = self._guardrail
        if "outputConfig" in fields:
            request["outputConfig"] = _output_config(prompt)
        return request


def estimated_tokens(prompt: Prompt) -> int:
    """Estimates the prompt's tokens by the rule above, for any script, without a request."""
    text = "".join([prompt.system, *(message.text for message in prompt.messages)])
    ascii_text = text.encode("ascii", "ignore")
    marks = len(ascii_text.translate(None, _LETTERS))
    letters = len(ascii_text) - marks
    wide = len(text.encode("utf-8", "replace")) - len(ascii_text)
    per_message = TOKENS_A_MESSAGE * (1 + len(prompt.messages))
    return round(letters / LETTERS_A_TOKEN + marks + wide / WIDE_BYTES_A_TOKEN) + per_message


def reply_of(response: dict[str, Any], asked_tokens: int) -> ModelReply:
    """Returns text and usage of a Converse response. Raises ReplyBlocked or MalformedReply if it is incomplete."""
    usage = response.get("usage")
    used = Usage(usage.get("inputTokens", 0), usage.get("outputTokens", 0)) if usage else None
    if stop := STOPS.get(response.get("stopReason", "")):
        raise stop[0](stop[1].format(tokens=used.output_tokens if used else asked_tokens))
    blocks = ((response.get("output") or {}).get("message") or {}).get("content") or []
    text = "".join(block["text"] for block in blocks if "text" in block)
    if not text.strip():
        raise MalformedReply(f"The model's reply was empty: {_ANEW}")
    return ModelReply(text, used)


def _conversation(prompt: Prompt) -> dict[str, Any]:
    messages = [{"role": message.role, "content": [{"text": message.text}]} for message in prompt.messages]
    return {"messages": messages, **({"system": [{"text": prompt.system}]} if prompt.system else {})}


def _output_config(prompt: Prompt) -> dict[str, Any]:
    name = re.sub(r"[^a-zA-Z0-9_-]", "_", prompt.task)[:64]
    schema = {"name": name, "schema": json.dumps(prompt.schema)}
    return {"textFormat": {"type": "json_schema", "structure": {"jsonSchema": schema}}}


def _label(text: str) -> str:
    """Makes a value valid as request metadata: allowed characters, at most 256."""
    return re.sub(r"[^a-zA-Z0-9\s:_@$#=/+,.-]", "_", text, flags=re.ASCII)[:256]


def _guardrail(setting: str) -> dict[str, str]:
    """Reads `ID` or `ID:VERSION`. The id can be an ARN, which has colons too."""
    identifier, colon, version = setting.rpartition(":")
    if colon and re.fullmatch(r"[0-9]{1,8}|DRAFT", version):
        return {"guardrailIdentifier": identifier, "guardrailVersion": version}
    return {"guardrailIdentifier": setting, "guardrailVersion": "DRAFT"}
