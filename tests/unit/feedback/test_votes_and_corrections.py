"""What people's votes and corrections come to."""

from __future__ import annotations

import random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.feedback.votes_and_corrections import STATES, Event, Standing, standing, table

FIRST, SECOND = {"summary": "first"}, {"summary": "second"}


def vote(user: str, at: float, *, up: bool | None = True, by: str = "button", **more: Any) -> Event:
    return Event(kind="vote", id=f"{user}-{by}-{at}", user=user, at=at, by=by, up=up, **more)


def correction(user: str, at: float, output: dict[str, Any] = FIRST, over: tuple[str, ...] = ()) -> Event:
    return Event(kind="correction", id=f"{user}-{float(at)}", user=user, at=at, output=output, over=over)


def withdrawal(user: str, at: float, of: str) -> Event:
    return Event(kind="withdrawal", id=f"w-{user}-{at}", user=user, at=at, over=(of,))


def test_without_events_an_answer_is_open() -> None:
    assert standing([]) == Standing("open")


def test_a_thumb_up_approves() -> None:
    found = standing([vote("ana", 1)])

    assert (found.state, found.up, found.reviewers) == ("approved", 1, ("ana",))


def test_a_thumb_down_rejects_and_keeps_its_reason() -> None:
    found = standing([vote("ana", 1, up=False, reason="invented")])

    assert (found.state, found.down, found.reasons) == ("rejected", 1, (("ana", "invented"),))


def test_the_latest_vote_of_a_person_counts_however_they_gave_it() -> None:
    found = standing([vote("ana", 2, up=False), vote("ana", 1, by="+1")])

    assert (found.state, found.up, found.down) == ("rejected", 0, 1)


def test_a_reaction_taken_away_takes_its_vote_and_leaves_the_other() -> None:
    events = [vote("ana", 1, by="+1"), vote("ana", 2, up=False, by="-1"), vote("ana", 3, up=None, by="-1")]

    assert standing(events).state == "approved"


def test_all_votes_taken_away_leave_it_withdrawn() -> None:
    assert standing([vote("ana", 1, by="+1"), vote("ana", 2, up=None, by="+1")]).state == "withdrawn"


def test_even_votes_leave_it_open() -> None:
    assert standing([vote("ana", 1), vote("ben", 2, up=False)]).state == "open"


def test_the_votes_of_others_are_counted_and_settle_nothing() -> None:
    found = standing([vote("guest", 1, reviewer=False)])

    assert (found.state, found.up) == ("open", 1)


def test_a_correction_beats_votes_before_and_after_it() -> None:
    found = standing([vote("ben", 1, up=False), correction("ana", 2), vote("cem", 3, up=False)])

    assert (found.state, found.output) == ("corrected", FIRST)


def test_a_thumb_up_on_a_correction_approves_the_correction() -> None:
    found = standing([correction("ana", 1), vote("ben", 2)])

    assert (found.state, found.output, found.approvers) == ("corrected", FIRST, ("ben",))


def test_the_latest_correction_of_a_person_counts() -> None:
    found = standing([correction("ana", 2, SECOND), correction("ana", 1, FIRST)])

    assert (found.state, found.output) == ("corrected", SECOND)


def test_two_reviewers_who_correct_alike_are_no_conflict() -> None:
    found = standing([correction("ana", 1), correction("ben", 2)])

    assert (found.state, found.reviewers) == ("corrected", ("ana", "ben"))


def test_two_different_corrections_are_a_conflict() -> None:
    found = standing([correction("ana", 1), correction("ben", 2, SECOND)])

    assert (found.state, found.output, len(found.corrections)) == ("conflict", None, 2)


def test_a_decision_settles_the_conflict() -> None:
    events = [
        correction("ana", 1),
        correction("ben", 2, SECOND),
        correction("cem", 3, FIRST, over=("ana-1.0", "ben-2.0")),
    ]

    found = standing(events)

    assert (found.state, found.output, found.reviewers) == ("corrected", FIRST, ("ana", "cem"))


def test_a_correction_after_the_decision_is_a_conflict_anew() -> None:
    events = [
        correction("ana", 1),
        correction("ben", 2, SECOND),
        correction("cem", 3, FIRST, over=("ana-1.0", "ben-2.0")),
        correction("ana", 4, SECOND),
    ]

    assert standing(events).state == "conflict"


def test_a_decision_taken_back_leaves_the_conflict() -> None:
    events = [
        correction("ana", 1),
        correction("ben", 2, SECOND),
        correction("cem", 3, FIRST, over=("ana-1.0", "ben-2.0")),
        withdrawal("cem", 4, "cem-3.0"),
    ]

    assert standing(events).state == "conflict"


def test_a_correction_taken_back_leaves_the_votes() -> None:
    events = [vote("ben", 1), correction("ana", 2), withdrawal("ana", 3, "ana-2.0")]

    assert standing(events).state == "approved"


def test_nobody_takes_back_what_another_made() -> None:
    events = [correction("ana", 2), withdrawal("ben", 3, "ana-2.0")]

    assert standing(events).state == "corrected"


def test_the_table_has_every_row_and_reaches_every_state() -> None:
    rows = table()

    assert len({row[:2] for row in rows}) == 12
    assert {state for row in rows for state in row[2:]} == set(STATES)


users = st.sampled_from(["ana", "ben", "cem"])
times = st.integers(0, 9).map(float)
ids = st.builds(lambda user, at: f"{user}-{at}", users, times)
events = st.lists(
    st.one_of(
        st.builds(lambda u, a, up, by: vote(u, a, up=up, by=by), users, times, st.sampled_from([True, False, None]), st.sampled_from(["button", "+1", "-1"])),
        st.builds(correction, users, times, st.sampled_from([FIRST, SECOND]), st.lists(ids, max_size=2).map(tuple)),
        st.builds(withdrawal, users, times, ids),
    ),
    max_size=14,
    unique_by=lambda event: event.id,
)  # fmt: skip


@given(events, st.randoms(use_true_random=False))
def test_order_and_repetition_change_nothing(some: list[Event], chance: random.Random) -> None:
    again = [*some, *chance.choices(some, k=5)] if some else []
    chance.shuffle(again)

    assert standing(again) == standing(some)


@given(events)
def test_only_settled_answers_have_reviewers_to_name(some: list[Event]) -> None:
    found = standing(some)

    assert found.reviewers or found.state not in ("approved", "corrected", "conflict")
