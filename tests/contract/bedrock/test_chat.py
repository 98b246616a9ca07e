import json
import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from botocore.loaders import Loader
from botocore.stub import ANY, Stubber

from bot.adapters.bedrock.chat import STOPS, reply_of
from bot.answers.ports import Model
from bot.answers.reply import ModelReply, Usage
from bot.errors import MalformedReply, ModelError, ModelRejected, ReplyBlocked
from tests.doubles.bedrock_prompts import HAIKU, Ask, prompt
from tests.doubles.bedrock_server import BedrockServer, converse_body

STRUCTURED = "us.anthropic.claude-haiku-4-5-20251001-v1:0"
THINKING = "us.anthropic.claude-haiku-5-5"
ACCOUNT = "arn:aws:bedrock:us-west-2:123456789012"
PROVISIONED = f"{ACCOUNT}:provisioned-model/abcdefghij12"
DEPLOYMENT = f"{ACCOUNT}:custom-model-deployment/abcdefghij12"
PROFILE = f"{ACCOUNT}:application-inference-profile/abcdefghij12"

ALWAYS = ["messages", "system", "inferenceConfig", "requestMetadata", "guardrailConfig"]
SENT = {HAIKU: ALWAYS, STRUCTURED: [*ALWAYS, "outputConfig"], THINKING: ALWAYS}


# What is sent


@pytest.mark.parametrize("model_id", [HAIKU, STRUCTURED, THINKING])
def test_a_request_is_one_that_the_service_model_allows(ask: Ask, runtime: Any, model_id: str) -> None:
    model: Model = ask(model_id, "abc:2")

    with Stubber(runtime) as stub:
        stub.add_response("converse", converse_body("yes"), {"modelId": model_id} | dict.fromkeys(SENT[model_id], ANY))
        reply = model.answer(prompt())

    assert reply == ModelReply("yes", Usage(10, 5))


def test_the_conversation_is_sent_with_its_roles(bedrock: BedrockServer, ask: Ask) -> None:
    ask().answer(prompt("Hello").followed_by("Hm", "Again"))

    body = bedrock.requests[0].body
    assert body["system"] == [{"text": "You sum up calls."}]
    assert [(each["role"], each["content"][0]["text"]) for each in body["messages"]] == [
        ("user", "Hello"),
        ("assistant", "Hm"),
        ("user", "Again"),
    ]


def test_an_empty_system_text_is_left_out(bedrock: BedrockServer, ask: Ask) -> None:
    ask().answer(prompt(system=""))

    assert "system" not in bedrock.requests[0].body


@pytest.mark.parametrize(
    ("model_id", "inference"),
    [(HAIKU, {"maxTokens": 4096, "temperature": 0.0}), (THINKING, {"maxTokens": 16_000})],
)
def test_a_model_that_thinks_gets_room_and_no_temperature(
    bedrock: BedrockServer, ask: Ask, model_id: str, inference: dict[str, Any]
) -> None:
    ask(model_id).answer(prompt())

    assert bedrock.requests[0].body["inferenceConfig"] == inference


def test_the_schema_goes_as_a_string(bedrock: BedrockServer, ask: Ask) -> None:
    ask(STRUCTURED).answer(prompt())

    wanted = bedrock.requests[0].body["outputConfig"]["textFormat"]
    assert wanted["type"] == "json_schema"
    assert json.loads(wanted["structure"]["jsonSchema"]["schema"]) == prompt().schema


def test_metadata_holds_only_what_the_service_takes(bedrock: BedrockServer, ask: Ask) -> None:
    ask().answer(prompt(call="Müller; (call) 7" + "x" * 300))

    metadata = bedrock.requests[0].body["requestMetadata"]
    assert metadata == {"task": "summarize", "call": ("M_ller_ _call_ 7" + "x" * 300)[:256]}


@pytest.mark.parametrize(
    ("setting", "identifier", "version"),
    [
        ("abc123", "abc123", "DRAFT"),
        ("abc123:3", "abc123", "3"),
        (f"{ACCOUNT}:guardrail/abc123", f"{ACCOUNT}:guardrail/abc123", "DRAFT"),
        (f"{ACCOUNT}:guardrail/abc123:12", f"{ACCOUNT}:guardrail/abc123", "12"),
        ("abc123:DRAFT", "abc123", "DRAFT"),
    ],
)
def test_a_guardrail_is_sent_with_its_version(
    bedrock: BedrockServer, ask: Ask, setting: str, identifier: str, version: str
) -> None:
    ask(HAIKU, setting).answer(prompt())

    sent = bedrock.requests[0].body["guardrailConfig"]
    assert sent == {"guardrailIdentifier": identifier, "guardrailVersion": version}


@pytest.mark.parametrize("arn", [PROVISIONED, DEPLOYMENT, PROFILE])
def test_an_arn_goes_into_the_path_whole(bedrock: BedrockServer, ask: Ask, arn: str) -> None:
    ask(arn).answer(prompt())

    assert bedrock.requests[0].id == arn
    assert "%2F" in bedrock.requests[0].path


def test_a_probe_asks_for_one_token(bedrock: BedrockServer, ask: Ask) -> None:
    bedrock.says("H", stop_reason="max_tokens")

    ask(THINKING).probe()

    assert bedrock.requests[0].body["inferenceConfig"] == {"maxTokens": 1}


# What models refuse


@pytest.mark.parametrize(
    ("model_id", "message", "field"),
    [
        (STRUCTURED, "output_config.format: Extra inputs are not permitted", "outputConfig"),
        (HAIKU, "`temperature` is deprecated for this model.", "temperature"),
    ],
)
def test_a_field_that_the_model_refuses_is_left_out_at_once_and_from_then_on(
    bedrock: BedrockServer, ask: Ask, model_id: str, message: str, field: str
) -> None:
    model = ask(model_id)
    bedrock.fails("ValidationException", 400, message)

    model.answer(prompt())
    model.answer(prompt())

    sent = [field in {**each.body, **each.body["inferenceConfig"]} for each in bedrock.requests]
    assert sent == [True, False, False]


def test_a_model_may_refuse_two_fields(bedrock: BedrockServer, ask: Ask) -> None:
    bedrock.fails("ValidationException", 400, "outputConfig is not supported")
    bedrock.fails("ValidationException", 400, "temperature is not supported")

    ask(STRUCTURED).answer(prompt())

    assert bedrock.requests[2].body.keys() == {"messages", "system", "inferenceConfig", "requestMetadata"}


def test_a_refusal_of_what_was_not_sent_is_told(bedrock: BedrockServer, ask: Ask) -> None:
    bedrock.fails("ValidationException", 400, "outputConfig is not supported")

    with pytest.raises(ModelRejected):
        ask(HAIKU).answer(prompt())


def test_threads_that_are_refused_at_the_same_time_are_all_answered(bedrock: BedrockServer, ask: Ask) -> None:
    model, start = ask(STRUCTURED), Barrier(4)
    for _ in range(4):
        bedrock.fails("ValidationException", 400, "outputConfig is not supported", delay_s=0.1)

    def answer(_: int) -> ModelReply:
        start.wait()
        return model.answer(prompt())

    with ThreadPoolExecutor(4) as pool:
        replies = list(pool.map(answer, range(4)))

    assert [reply.text for reply in replies] == ["{}"] * 4


# What comes back


def test_text_blocks_are_joined_and_thoughts_are_not(bedrock: BedrockServer, ask: Ask) -> None:
    body = converse_body("")
    thought = {"reasoningContent": {"reasoningText": {"text": "Let me see"}}}
    body["output"]["message"]["content"] = [thought, {"text": '{"a"'}, {"text": ": 1}"}]
    bedrock.sends("Converse", body)

    reply = ask().answer(prompt())

    assert reply == ModelReply('{"a": 1}', Usage(10, 5))


@pytest.mark.parametrize(
    ("stop", "kind", "text"),
    [
        ("max_tokens", MalformedReply, "cut off at 5 tokens"),
        ("model_context_window_exceeded", MalformedReply, "cut off at 5 tokens"),
        ("guardrail_intervened", ReplyBlocked, "guardrail"),
        ("content_filtered", ReplyBlocked, "filter"),
        ("refusal", ReplyBlocked, "refused"),
        ("malformed_model_output", MalformedReply, "malformed"),
    ],
)
def test_a_reply_that_stopped_for_a_bad_reason_is_told(
    bedrock: BedrockServer, ask: Ask, stop: str, kind: type[ModelError], text: str
) -> None:
    bedrock.says("half an ans", stop_reason=stop)

    with pytest.raises(kind, match=text):
        ask().answer(prompt())


@pytest.mark.parametrize("stop", STOPS)
def test_every_stop_says_what_to_do(stop: str) -> None:
    assert re.search(r": (choose|try|write|its trace)", STOPS[stop][1])


def test_every_stop_reason_of_the_service_model_is_foreseen() -> None:
    reasons = Loader().load_service_model("bedrock-runtime", "service-2")["shapes"]["StopReason"]["enum"]

    assert set(reasons) - set(STOPS) == {"end_turn", "stop_sequence"}


@pytest.mark.parametrize("body", [{}, {"output": {}}, converse_body(" \n")], ids=["nothing", "no message", "blank"])
def test_an_empty_reply_is_malformed(body: dict[str, Any]) -> None:
    with pytest.raises(MalformedReply, match="empty"):
        reply_of(body, 4096)


def test_a_reply_without_usage_has_none() -> None:
    body = converse_body("yes")
    del body["usage"]

    assert reply_of(body, 4096) == ModelReply("yes", None)
