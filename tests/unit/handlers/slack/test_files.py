"""Files come from Slack, and the bot's token goes nowhere else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.errors import ReadError, SlackRefused, SlackUnavailable
from bot.queue.request import FileRef
from handlers.slack.files import download
from tests.doubles.canned_slack import CannedSlack

TEXT = {"Content-Type": "text/plain"}


@pytest.fixture
def slack() -> Iterator[CannedSlack]:
    with CannedSlack() as canned:
        yield canned


@pytest.fixture
def stranger() -> Iterator[CannedSlack]:
    with CannedSlack(**{"/call.txt": (200, TEXT, b"stolen")}) as canned:
        yield canned


def at(slack: CannedSlack) -> FileRef:
    return FileRef(id="F1", name="call.txt", url=f"{slack.url}/call.txt")


def test_a_file_is_downloaded_with_the_token(slack: CannedSlack) -> None:
    slack.answers["/call.txt"] = (200, TEXT, b"Agent: hello")

    assert download(slack.client(), at(slack), 100) == b"Agent: hello"
    assert slack.tokens == ["Bearer xoxb-test"]


def test_of_a_file_that_is_too_large_one_byte_more_is_read(slack: CannedSlack) -> None:
    slack.answers["/call.txt"] = (200, TEXT, b"x" * 1000)

    assert len(download(slack.client(), at(slack), 100)) == 101


def test_a_file_whose_address_is_hidden_is_asked_for(slack: CannedSlack) -> None:
    slack.answers["files.info"] = {"ok": True, "file": {"url_private": f"{slack.url}/call.txt"}}
    slack.answers["/call.txt"] = (200, TEXT, b"Agent: hello")

    assert download(slack.client(), FileRef(id="F1"), 100) == b"Agent: hello"


@pytest.mark.parametrize(
    "url",
    [
        "https://files.slack.com.evil.example/call.txt",
        "https://evilslack.com/call.txt",
        "http://files.slack.com/call.txt",
        "https://files.slack.com:8443/call.txt",
        "file:///etc/passwd",
        "https://user@evil.example/files.slack.com",
    ],
)
def test_what_lies_outside_of_slack_is_not_asked_for(slack: CannedSlack, url: str) -> None:
    with pytest.raises(ReadError, match="outside Slack"):
        download(slack.client(), FileRef(id="F1", url=url), 100)


def test_a_redirection_out_of_slack_does_not_take_the_token_along(slack: CannedSlack, stranger: CannedSlack) -> None:
    slack.answers["/call.txt"] = (302, {"Location": f"{stranger.url}/call.txt"}, b"")

    with pytest.raises(ReadError):
        download(slack.client(), at(slack), 100)

    assert stranger.asked == []


def test_slacks_sign_in_page_is_a_missing_right_and_no_call_log(slack: CannedSlack) -> None:
    slack.answers["/call.txt"] = (200, {"Content-Type": "text/html; charset=utf-8"}, b"<!DOCTYPE html><html>Sign in")

    with pytest.raises(SlackRefused, match="lacks a permission"):
        download(slack.client(), at(slack), 100)


def test_a_file_that_is_gone_is_told(slack: CannedSlack) -> None:
    slack.answers["/call.txt"] = (404, TEXT, b"")

    with pytest.raises(ReadError, match="no longer exists"):
        download(slack.client(), at(slack), 100)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_slack_is_asked_again_later(slack: CannedSlack, status: int) -> None:
    slack.answers["/call.txt"] = (status, TEXT, b"")

    with pytest.raises(SlackUnavailable):
        download(slack.client(), at(slack), 100)
