import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.adapters.onboard.call import take_in
from bot.adapters.onboard.sentences import size
from bot.adapters.onboard.summaries import BUDGET, Summaries, features
from bot.calls.transcript import Turn
from tests.doubles.onboard_calls import CALLS, CLEANER, KETTLE, LAMPE, MEETING, ROUTER, said, vectors

WORDS = st.text("abcdefghij ,.?!\n", min_size=1, max_size=200).filter(str.strip)
TURNS = st.lists(st.tuples(st.sampled_from(["agent", "customer", "other"]), WORDS), min_size=1, max_size=6)


def summary(turns: tuple[Turn, ...]) -> str:
    return Summaries.seeded().of(take_in(turns, vectors()))


def quotes(text: str) -> list[tuple[str, int]]:
    """What a summary quotes, with the turn that each quote is linked to."""
    found = re.findall(r"(?s)(.*?) \[(\d+)\](?: |$)", text)
    bare = [
        (re.sub(r"^(Customer|Agent|Kunde|Mitarbeiter|고객|상담원|お客様|担当者): ", "", words), int(turn))
        for words, turn in found
    ]
    return [(words.strip(" …"), turn) for words, turn in bare]


@pytest.mark.parametrize("turns", CALLS)
def test_one_to_three_sentences_are_quoted(turns: tuple[Turn, ...]) -> None:
    assert 1 <= len(quotes(summary(turns))) <= 3


@pytest.mark.parametrize("turns", CALLS)
def test_every_quote_of_a_call_stands_in_its_turn(turns: tuple[Turn, ...]) -> None:
    assert all(words in turns[turn].text for words, turn in quotes(summary(turns)))


@settings(deadline=None, max_examples=40)
@given(TURNS)
def test_every_quote_of_anything_stands_in_its_turn(given_turns: list[tuple[str, str]]) -> None:
    turns = tuple(Turn(n, speaker, text) for n, (speaker, text) in enumerate(given_turns))  # type: ignore[arg-type]

    found = quotes(summary(turns))

    assert all(words in given_turns[turn][1] for words, turn in found)


def test_the_summary_names_the_trouble_and_what_is_done_about_it() -> None:
    assert summary(KETTLE) == (
        "Customer: … I ordered a kettle two weeks ago and it still has not arrived. [1] "
        "… I was charged 15 dollars for express shipping. [3] "
        "Agent: I'll refund the 15 dollars today, and the warehouse team will call you by Friday to arrange a new delivery. [4]"
    )


@pytest.mark.parametrize(("turns", "prefix"), [(LAMPE, "Kunde: "), (CLEANER, "고객: "), (ROUTER, "お客様: ")])
def test_speakers_are_named_in_the_language_of_the_call(turns: tuple[Turn, ...], prefix: str) -> None:
    assert summary(turns).startswith(prefix)


def test_speakers_whose_role_is_unknown_have_no_prefix() -> None:
    assert summary(MEETING).startswith("We should move the launch to May. [0]")


def test_speakers_whose_role_is_unknown_are_called_by_their_names() -> None:
    turns = tuple(Turn(turn.index, turn.speaker, turn.text, "Ann") for turn in MEETING)

    assert summary(turns).startswith("Ann: We should move")


def test_sentences_that_were_not_neighbours_are_parted_by_a_mark() -> None:
    turns = said(
        "C: My router is broken since Monday.", "A: Hm.", "C: Yes.", "A: A technician will visit you on Friday at 9."
    )

    assert summary(turns) == (
        "Customer: My router is broken since Monday. [0] Agent: … A technician will visit you on Friday at 9. [3]"
    )


def test_the_budget_of_words_is_kept() -> None:
    long = " ".join(["The invoice of March shows a fee for a service that I never ordered from you"] * 2) + "."
    turns = said(*(f"C: {n} {long}" for n in range(9)))

    assert sum(size(words) for words, _ in quotes(summary(turns))) <= BUDGET


def test_summaries_that_people_wrote_teach_which_sentences_count() -> None:
    calls = [
        said(
            f"C: My order {n} has not come and I am unhappy with it.",
            "A: Okay.",
            "A: Fine, the colour is called dark teal.",
        )
        for n in range(12)
    ]
    taken = [take_in(turns, vectors()) for turns in calls]

    learned = Summaries.seeded().fitted(taken, ["The colour is called dark teal."] * 12)

    scores = features(taken[0]) @ (learned.weights - Summaries.seeded().weights)
    assert scores[-1] > scores[0]


def test_a_summary_that_shares_no_word_with_its_call_teaches_nothing_wild() -> None:
    learned = Summaries.seeded().fitted([take_in(KETTLE, vectors())], ["Zebra."])

    assert abs(learned.weights - Summaries.seeded().weights).max() < 2
