from collections import Counter

import pytest

from bot.calls.assemble import assemble
from bot.calls.reading import CallLog, Utterance
from bot.calls.transcript import Transcript


def assembled(*utterances: Utterance, call: str | None = None, taken: Counter[str] | None = None) -> Transcript:
    return assemble(CallLog(list(utterances), call), "plain", [], Counter() if taken is None else taken)


def starts(*values: float | None) -> list[float | None]:
    return [turn.start_s for turn in assembled(*(Utterance("x", "Agent", start_s=value) for value in values)).turns]


def roles(*said: tuple[str, str]) -> list[str]:
    return [turn.speaker for turn in assembled(*(Utterance(text, label) for label, text in said)).turns]


def test_turns_are_numbered_from_zero() -> None:
    assert [turn.index for turn in assembled(Utterance("a"), Utterance("b")).turns] == [0, 1]


def test_control_characters_and_outer_space_go() -> None:
    assert assembled(Utterance(" a\x00\u2028\ud800b\tc\nd\ufeff ")).turns[0].text == "ab\tc\nd"


def test_utterances_without_words_are_left_out() -> None:
    assert [turn.text for turn in assembled(Utterance(" \x00"), Utterance("a")).turns] == ["a"]


def test_an_utterance_is_left_as_the_reader_gave_it() -> None:
    said = Utterance(" a ")

    assembled(said)

    assert said.text == " a "


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([12.5, 20.0], [12.5, 20.0]),
        ([-1.5, 20.0], [0.0, 21.5]),
        ([1714500000.25, 1714500010.75], [0.0, 10.5]),
        ([5.0, None, 3.0], [3.0, 5.0, None]),
    ],
)
def test_times_count_from_the_start_in_order(given: list[float | None], expected: list[float | None]) -> None:
    assert starts(*given) == expected


def test_turns_put_in_order_are_told() -> None:
    transcript = assembled(Utterance("b", start_s=2.0), Utterance("a", start_s=1.0))

    assert "The turns were out of order and were sorted by time." in transcript.notes


def test_an_end_before_its_start_is_left_out() -> None:
    assert assembled(Utterance("a", start_s=2.0, end_s=1.0)).turns[0].end_s is None


def test_turns_without_a_time_among_others_are_told() -> None:
    assert "1 turn(s) have no time." in assembled(Utterance("a", start_s=2.0), Utterance("b")).notes


def test_the_role_that_the_file_tells_wins() -> None:
    assert assembled(Utterance("a", "Agent", "customer")).turns[0].speaker == "customer"


def test_the_only_other_speaker_of_an_agent_is_the_customer() -> None:
    assert roles(("Jane (Agent)", "a"), ("Bob", "b")) == ["agent", "customer"]


def test_a_system_beside_the_agent_is_no_customer() -> None:
    assert roles(("Agent", "a"), ("System", "b")) == ["agent", "other"]


def test_who_opens_like_a_desk_is_the_agent() -> None:
    assert roles(("Jane", "How can I help you?"), ("Bob", "b")) == ["agent", "customer"]


def test_two_names_without_a_clear_opening_stay_other() -> None:
    assert roles(("Jane", "Hello."), ("Bob", "Hi.")) == ["other", "other"]


def test_three_names_stay_other_beside_the_agent() -> None:
    assert roles(("Agent", "a"), ("Bob", "b"), ("Amy", "c")) == ["agent", "other", "other"]


@pytest.mark.parametrize("said", [[("Jane", "How can I help you?"), ("Bob", "b")], [("Agent", "a"), ("Bob", "b")]])
def test_an_inferred_role_is_told(said: list[tuple[str, str]]) -> None:
    notes = assembled(*(Utterance(text, label) for label, text in said)).notes

    assert notes[-1] == "Role inferred: Bob is the customer (the only other speaker)."


def test_the_files_id_is_kept() -> None:
    assert assembled(Utterance("a"), call=" A-1 ").call == "A-1"


def test_a_call_without_an_id_gets_one_of_its_content() -> None:
    assert assembled(Utterance("a", start_s=1.0)).call == assembled(Utterance("a")).call


def test_an_id_given_before_in_the_file_is_changed_and_told() -> None:
    transcript = assembled(Utterance("a"), call="A", taken=Counter(["A", "A-2"]))

    assert (transcript.call, transcript.notes) == (
        "A-3",
        ("Another call in this file has the id A. This one became A-3.",),
    )


def test_a_file_that_names_no_speaker_says_so() -> None:
    transcript = assembled(Utterance("a"), Utterance("b"))

    assert transcript.notes == ("The file doesn't say who speaks. Every speaker is shown as other.",)


def test_a_system_that_answers_the_user_is_the_agent() -> None:
    turns = [Utterance(f"turn {n}", ("USER", "SYSTEM")[n % 2]) for n in range(6)]

    transcript = assembled(*turns)

    assert [turn.speaker for turn in transcript.turns] == ["customer", "agent"] * 3
    assert "Role inferred: SYSTEM is the agent (the only other speaker)." in transcript.notes


def test_a_system_that_only_announces_is_no_agent() -> None:
    turns = [Utterance("You are in the queue.", "System"), *(Utterance(f"turn {n}", "Customer") for n in range(3))]

    assert assembled(*turns).turns[0].speaker == "other"
