from contextlib import closing

import pytest

from bot.adapters.bedrock.chat import runtime_client
from bot.errors import ModelRejected, ModelThrottled, ModelUnavailable
from tests.doubles.bedrock_prompts import Ask, prompt
from tests.doubles.bedrock_server import REQUEST_ID, BedrockServer


@pytest.mark.parametrize(
    ("error", "status"),
    [("ThrottlingException", 429), ("ModelNotReadyException", 429), ("ServiceUnavailableException", 503)],
)
def test_a_passing_error_is_retried(bedrock: BedrockServer, ask: Ask, error: str, status: int) -> None:
    bedrock.fails(error, status)

    reply = ask().answer(prompt())

    assert reply.text == "{}"
    assert len(bedrock.requests) == 2


def test_the_retries_of_the_environment_are_obeyed(
    bedrock: BedrockServer, ask_anew: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    bedrock.fails("ThrottlingException", 429, "Too many tokens, please wait before trying again.")

    with pytest.raises(ModelThrottled, match=rf"try again later. \(request {REQUEST_ID}\)"):
        ask_anew().answer(prompt())

    assert len(bedrock.requests) == 1


def test_without_a_word_from_the_environment_a_request_is_sent_up_to_six_times(bedrock: BedrockServer) -> None:
    with closing(runtime_client(None, 1)) as client:
        retries = client.meta.config.retries

    assert retries == {"mode": "standard", "total_max_attempts": 6}


def test_a_client_has_a_connection_for_each_thread_and_keeps_it_alive(bedrock: BedrockServer) -> None:
    with closing(runtime_client(None, 32)) as client:
        config = client.meta.config

    assert (config.max_pool_connections, config.tcp_keepalive) == (32, True)


def test_the_retry_mode_of_the_environment_is_obeyed(bedrock: BedrockServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_RETRY_MODE", "adaptive")

    with closing(runtime_client(None, 1)) as client:
        retries = client.meta.config.retries

    assert retries["mode"] == "adaptive"


def test_a_server_that_is_silent_is_told(
    bedrock: BedrockServer, ask_anew: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    monkeypatch.setattr("bot.adapters.bedrock.chat.READ_TIMEOUT_S", 0.1)
    bedrock.says("late", delay_s=0.3)

    with pytest.raises(ModelUnavailable, match="did not answer in time"):
        ask_anew().answer(prompt())


def test_a_server_that_is_not_there_is_told(ask_anew: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    monkeypatch.setenv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "http://127.0.0.1:1")

    with pytest.raises(ModelUnavailable, match="AWS_ENDPOINT_URL_BEDROCK_RUNTIME"):
        ask_anew().answer(prompt())


def test_missing_credentials_are_told(ask_anew: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")

    with pytest.raises(ModelRejected, match="There are no AWS credentials"):
        ask_anew().answer(prompt())


def test_half_credentials_are_told(ask_anew: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")

    with pytest.raises(ModelRejected, match="are incomplete"):
        ask_anew().answer(prompt())


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("AWS_PROFILE", "nobody", "no such AWS profile"),
        ("AWS_MAX_ATTEMPTS", "0", "AWS_MAX_ATTEMPTS"),
        ("AWS_RETRY_MODE", "eager", "AWS_RETRY_MODE"),
        ("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "not a url", "AWS_ENDPOINT_URL_BEDROCK_RUNTIME"),
    ],
)
def test_a_wrong_setting_is_told_when_the_client_is_made(
    bedrock: BedrockServer, monkeypatch: pytest.MonkeyPatch, name: str, value: str, text: str
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(ModelRejected, match=text):
        runtime_client(None, 1)


def test_a_missing_region_is_told_when_the_client_is_made(
    bedrock: BedrockServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_DEFAULT_REGION")

    with pytest.raises(ModelRejected, match="No AWS Region is set"):
        runtime_client(None, 1)
