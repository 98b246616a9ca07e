from typing import Any

import pytest
from botocore.stub import ANY, Stubber

from bot.adapters.bedrock.chat import estimated_tokens
from tests.doubles.bedrock_prompts import HAIKU, Ask, prompt
from tests.doubles.bedrock_server import BedrockServer

COUNTED = "us.anthropic.claude-sonnet-4-20250514-v1:0"


def test_a_prompt_far_below_the_window_is_not_counted_by_the_service(bedrock: BedrockServer, ask: Ask) -> None:
    tokens = ask(COUNTED).count_tokens(prompt("Hello there"))

    assert bedrock.requests == []
    assert 10 < tokens < 100


def test_a_prompt_near_the_window_is_counted_against_the_foundation_model(bedrock: BedrockServer, ask: Ask) -> None:
    bedrock.input_tokens = 123_456

    tokens = ask(COUNTED).count_tokens(prompt("word " * 60_000))

    assert tokens == 123_456
    assert bedrock.requests[0].id == COUNTED.removeprefix("us.")


@pytest.mark.parametrize(
    ("code", "status", "message"),
    [
        ("ValidationException", 400, "The model does not support counting tokens"),
        ("AccessDeniedException", 403, "You may not"),
    ],
)
def test_a_model_that_cannot_count_is_not_asked_twice(
    bedrock: BedrockServer, ask: Ask, code: str, status: int, message: str
) -> None:
    model, long = ask(COUNTED), prompt("word " * 60_000)
    bedrock.fails(code, status, message, operation="CountTokens")

    counted = [model.count_tokens(long), model.count_tokens(long)]

    assert counted == [estimated_tokens(long)] * 2
    assert len(bedrock.requests) == 1


def test_a_count_that_fails_in_passing_is_tried_next_time(
    bedrock: BedrockServer, ask_anew: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    model, long = ask_anew(COUNTED), prompt("word " * 60_000)
    bedrock.fails("ServiceUnavailableException", 503, operation="CountTokens")

    counted = [model.count_tokens(long), model.count_tokens(long)]

    assert counted == [estimated_tokens(long), bedrock.input_tokens]


def test_a_count_request_is_one_that_the_service_model_allows(ask: Ask, runtime: Any) -> None:
    model = ask(COUNTED)

    with Stubber(runtime) as stub:
        stub.add_response("count_tokens", {"inputTokens": 7}, {"modelId": COUNTED.removeprefix("us."), "input": ANY})
        tokens = model.count_tokens(prompt("word " * 60_000))

    assert tokens == 7


# Tokens a character, at the highest known: Anthropic's 3.5 characters of English a token, times 1.35 for the tokenizer
# of Claude 4.7 and later; German 1.2 to 1.3 times English; Korean and Japanese 1 to 1.5 tokens a character.
@pytest.mark.parametrize(
    ("text", "tokens_a_character"),
    [
        ("Thank you for calling, my name is Jane. How can I help you today? ", 1.35 / 3.5),
        ("Vielen Dank für Ihren Anruf, mein Name ist Jörg. Wie kann ich helfen? ", 1.35 / 3.5 * 1.3),
        ("안녕하세요, 고객님. 무엇을 도와드릴까요? 주문 번호를 말씀해 주세요. ", 1.5),
        ("お電話ありがとうございます。ご注文番号を教えていただけますか。", 1.5),
        ("5550123 4429-8871 £19.99 ", 0.85),
    ],
    ids=["English", "German", "Korean", "Japanese", "digits"],
)
def test_the_estimate_is_not_too_low_and_within_twice_the_highest_known_ratio(
    text: str, tokens_a_character: float
) -> None:
    highest = len(text) * 100 * tokens_a_character

    estimate = estimated_tokens(prompt(text * 100, system=""))

    assert highest <= estimate <= 2 * highest


def test_the_window_leaves_room_for_the_reply(bedrock: BedrockServer, ask: Ask) -> None:
    assert ask(HAIKU).window == 200_000 - 4_096
