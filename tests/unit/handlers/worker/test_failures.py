"""What people are told of an error, and whom else it is for."""

import pytest

from bot.errors import (
    MalformedReply,
    ModelError,
    ModelRejected,
    ModelThrottled,
    ModelUnavailable,
    ReadError,
    ReplyBlocked,
    SlackRefused,
    UnknownModel,
    WrapupError,
)
from handlers.worker.failures import is_the_askers, told, waiting


@pytest.mark.parametrize("error", [ModelRejected("Set AWS_REGION."), UnknownModel("Set WRAPUP_MODEL_ID.")])
def test_what_only_an_admin_can_mend_says_so_before_it_says_what(error: WrapupError) -> None:
    text = told(error)

    assert text.startswith("I can't wrap this up: something in my setup is wrong")
    assert text.endswith(f"Tell an admin: {error}")


@pytest.mark.parametrize("error", [ModelThrottled("Ask for a quota."), MalformedReply("It holds no JSON object.")])
def test_what_may_go_well_later_is_worth_another_try(error: ModelError) -> None:
    text = told(error)

    assert text.startswith("I couldn't wrap this up just now. Try again in a while.")
    assert text.endswith(f"tell an admin: {error}")


@pytest.mark.parametrize("error", [ReplyBlocked("The model refused."), SlackRefused("not_in_channel", "Invite me.")])
def test_what_is_meant_for_people_is_told_as_it_is(error: WrapupError) -> None:
    assert told(error) == str(error)


def test_a_call_log_that_cannot_be_read_is_for_who_sent_it_and_a_wrong_model_is_not() -> None:
    assert [is_the_askers(error) for error in (ReadError("no text"), UnknownModel("x"))] == [True, False]


def test_who_waits_is_told_no_operators_words() -> None:
    errors = [ModelThrottled("Ask for a quota."), ModelUnavailable("Check HTTPS_PROXY.")]

    assert [waiting(error) for error in errors] == ["The model is busy.", "I can't reach the model just now."]
