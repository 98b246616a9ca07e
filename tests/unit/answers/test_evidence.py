import pytest

from bot.answers.evidence import missing_evidence, telling_words
from bot.answers.summary import ActionItem, Summary
from bot.calls.transcript import Speaker, Transcript, Turn
from bot.task import Unverified

CALL = Transcript(
    "call-1",
    (
        Turn(0, "agent", "Good morning, how can I help?"),
        Turn(1, "customer", "My router is broken. Could you send me a new one?"),
        Turn(2, "agent", "Yes, I'll do that today."),
        Turn(3, "agent", "Please return the old router within 14 days."),
        Turn(4, "customer", "Fine. The weather is lovely."),
        Turn(5, "customer", "오늘 저녁에 사진을 보내겠습니다."),
        Turn(6, "other", "We will review the refund form."),
        Turn(7, "agent", "For the scanner, first install the driver."),
    ),
)


@pytest.mark.parametrize(
    ("task", "owner", "turn"),
    [
        ("Send a new router", "agent", 2),  # the turn before says what
        ("Send a new router", "agent", 1),  # asked by the customer
        ("Return the old router", "customer", 3),  # asked by the agent
        ("Install the driver", "customer", 7),
        ("사진 보내기", "customer", 5),
        ("Review the refund form", "agent", 6),  # who spoke is not known
        ("Review the refund form", "other", 6),
    ],
)
def test_an_item_is_backed_by_a_turn_that_says_it(task: str, owner: Speaker, turn: int) -> None:
    assert missing_evidence(task, owner, turn, CALL) == ""


@pytest.mark.parametrize(
    ("task", "owner", "turn", "reason"),
    [
        ("Send a new router", "agent", None, "no turn given"),
        ("Send a new router", "agent", 99, "no such turn: 99"),
        ("Send a new router", "agent", -1, "no such turn: -1"),
        ("Send a new router", "agent", 0, "turn 0 doesn't mention it"),
        ("Enjoy the lovely weather", "agent", 4, "turn 4 is the customer's and asks nothing of the agent"),
    ],
)
def test_missing_evidence_has_a_reason(task: str, owner: Speaker, turn: int | None, reason: str) -> None:
    assert missing_evidence(task, owner, turn, CALL) == reason


def test_a_summary_lists_the_items_without_evidence_by_their_index() -> None:
    output = Summary(
        summary="A router.",
        topics=[],
        action_items=[
            ActionItem(task="Return the router", owner="customer", turn=3),
            ActionItem(task="Fly to the moon", owner="agent", turn=40),
        ],
        next_steps=[],
    )

    assert output.unverified(CALL) == [Unverified(1, "no such turn: 40")]


def test_words_that_every_turn_has_tell_nothing() -> None:
    assert telling_words("Yes, I will do that for you, thank you") == set()
