"""Which calls a canary takes, and what its test says of the counts."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, field
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import CanaryRefused
from bot.models.canary import (
    MARGIN,
    MISSES,
    WINS_AT,
    WORSE_AT,
    Canary,
    Tally,
    asked_for,
    evidence,
    find,
    takes,
    tallies,
)
from bot.models.champion import Champion

CANARY = Canary(
    task="summarize", model="m2", answers="arn:m2", family="embedded", dataset="d", by="ana", at=10.0, share=0.1,
    champion="arn:m1", beside=5.0,
)  # fmt: skip
CALLS = [f"call-{n}" for n in range(10_000)]
ALIKE = Tally(asked=900, approved=160, rejected=40), Tally(asked=100, approved=16, rejected=4)


def changed(**changes: object) -> Canary:
    return CANARY.model_copy(update=changes)


known_evidence = cache(evidence)  # the runs begin alike


@dataclass
class Votes:
    """People who vote on both arms, in the order in which it happens."""

    rng: random.Random
    champion: list[int] = field(default_factory=lambda: [0, 0])
    challenger: list[int] = field(default_factory=lambda: [0, 0])

    def stops(self, good: float, its_good: float, share: float, most: int) -> bool:
        """Whether the canary is stopped before the challenger has `most` votes, with a look after each."""
        while sum(self.challenger) < most:
            arm, rate = (self.challenger, its_good) if self.rng.random() < share else (self.champion, good)
            arm[self.rng.random() >= rate] += 1
            counts = (self.champion[0], self.champion[1]), (self.challenger[0], self.challenger[1])
            if known_evidence(*counts, 1 - share) >= WORSE_AT:
                return True
        return False


def stopped(good: float, its_good: float, share: float = 0.4, most: int = 60, runs: int = 100) -> float:
    """The share of runs in which the challenger is stopped."""
    return sum(Votes(random.Random(run)).stops(good, its_good, share, most) for run in range(runs)) / runs


def test_a_canary_takes_its_share_of_calls() -> None:
    taken = sum(takes(CANARY, call, "C1") for call in CALLS)

    assert taken == pytest.approx(1_000, abs=100)


def test_the_same_call_always_has_the_same_arm() -> None:
    first, second = ([takes(CANARY, call, "C1") for call in CALLS[:500]] for _ in range(2))

    assert first == second


def test_another_canary_takes_other_calls() -> None:
    both = sum(takes(changed(share=0.5), c, "C1") and takes(changed(share=0.5, at=11.0), c, "C1") for c in CALLS)

    assert both == pytest.approx(2_500, abs=250)


def test_a_larger_share_takes_the_same_calls_and_more() -> None:
    small, large = ({c for c in CALLS if takes(changed(share=share), c, "C1")} for share in (0.1, 0.3))

    assert small < large


def test_a_canary_in_some_channels_takes_nothing_elsewhere() -> None:
    canary = changed(channels=("C1",))

    assert any(takes(canary, call, "C1") for call in CALLS)
    assert not any(takes(canary, call, "C2") for call in CALLS)


@pytest.mark.parametrize(
    ("model", "channel", "at", "arm"),
    [
        ("arm:other", "C1", 11.0, None),
        ("arn:m2", "C1", 11.0, "challenger"),
        ("arn:m1", "C1", 11.0, "champion"),
        ("arn:m1", "C2", 11.0, None),
        ("arn:m2", "C1", 9.0, None),
    ],
)
def test_an_answer_belongs_to_an_arm_by_its_model_channel_and_time(
    model: str, channel: str, at: float, arm: str | None
) -> None:
    assert changed(channels=("C1",)).arm_of(model, channel, at) == arm


def test_a_stopped_canary_compares_nothing() -> None:
    assert changed(state="stopped").arm_of("arn:m2", "C1", 11.0) is None


def test_a_canary_is_over_when_another_is_made_the_champion() -> None:
    assert [CANARY.runs_beside(Champion(at=at)) for at in (5.0, 6.0)] == [True, False]


def test_counts_become_a_tally_of_each_arm() -> None:
    champion, challenger = tallies({"champion:asked": 3, "champion:open": 1, "challenger:corrected": 2})

    assert (champion, challenger) == (Tally(asked=3), Tally(corrected=2))


def test_a_correction_is_as_bad_as_a_thumb_down() -> None:
    rejected, corrected = (Tally(approved=5, **{state: 5}) for state in ("rejected", "corrected"))

    assert find(ALIKE[0], rejected, 0.1).sentence == find(ALIKE[0], corrected, 0.1).sentence


def test_few_votes_tell_nothing() -> None:
    assert find(*ALIKE, 0.1).state == find(Tally(), Tally(), 0.1).state == "running"
    assert (
        find(Tally(asked=3), Tally(), 0.1).sentence
        == "Too early to tell: nobody has rated an answer of either model yet."
    )


def test_a_challenger_that_does_worse_is_stopped_with_the_figures() -> None:
    found = find(ALIKE[0], Tally(asked=100, approved=8, rejected=20, corrected=12), 0.1)

    assert found.state == "stopped"
    assert "8 of 40 (20%) of the new model's rated answers were good, 160 of 200 (80%)" in found.sentence


def test_a_challenger_that_fails_to_answer_is_stopped_without_any_vote() -> None:
    found = find(Tally(asked=90), Tally(asked=10, failed=8), 0.1)

    assert (found.state, found.sentence) == (
        "stopped", "The new model could not answer 8 of 10 calls, the current model 0 of 90."
    )  # fmt: skip


def test_failures_that_both_arms_have_stop_nothing() -> None:
    assert find(Tally(asked=90, failed=60), Tally(asked=10, failed=8), 0.1).state == "running"


def test_a_challenger_that_does_better_can_be_promoted() -> None:
    found = find(Tally(approved=120, rejected=80), Tally(approved=95, rejected=5), 0.3)

    assert (found.state, "does better" in found.sentence) == ("won", True)


def test_a_challenger_that_is_as_good_can_be_promoted_after_many_votes() -> None:
    found = find(Tally(approved=1_600, rejected=400), Tally(approved=400, rejected=100), 0.2)

    assert (found.state, "less than 10 points worse" in found.sentence) == ("won", True)


def test_an_equal_challenger_is_seldom_stopped_though_looked_at_after_every_vote() -> None:
    assert stopped(0.8, 0.8) <= 0.05


def test_a_much_worse_challenger_is_stopped_soon() -> None:
    assert stopped(0.8, 0.4) >= 0.9


counts = st.tuples(st.integers(0, 300), st.integers(0, 300))


@given(counts, counts)
def test_evidence_never_speaks_for_both_sides(one: tuple[int, int], other: tuple[int, int]) -> None:
    assert min(evidence(one, other, 0.5), evidence(other, one, 0.5)) <= 1.0


def chance(good: int, of: int, rate: float) -> float:
    return math.comb(of, good) * rate**good * (1 - rate) ** (of - good)


@pytest.mark.parametrize("at", [4.0, 20.0])
@pytest.mark.parametrize("rate", [0.1, 0.3, 0.8, 0.995])
def test_where_both_are_equal_strong_evidence_is_as_rare_as_it_says(rate: float, at: float) -> None:
    """By the chance of every outcome of a number of votes."""
    found = sum(
        chance(a, 30, rate) * chance(b, 10, rate)
        for a in range(31)
        for b in range(11)
        if evidence((a, 30 - a), (b, 10 - b), 0.75) >= at
    )

    assert found <= 1 / at + MISSES


@pytest.mark.parametrize("rate", [0.3, 0.8])
def test_a_challenger_that_is_worse_by_the_margin_is_seldom_cleared(rate: float) -> None:
    cleared = sum(
        chance(a, 60, rate) * chance(b, 30, rate - MARGIN)
        for a in range(61)
        for b in range(31)
        if evidence((b, 30 - b), (a, 60 - a), 1 / 3, MARGIN) >= WINS_AT
    )

    assert cleared <= 1 / WINS_AT + MISSES


@pytest.mark.parametrize(
    ("words", "share", "channels"),
    [
        ("", 0.1, ()),
        ("10%", 0.1, ()),
        ("0.25", 0.25, ()),
        ("5% <#C0123|support> C0456", 0.05, ("C0123", "C0456")),
    ],
)
def test_a_share_and_channels_are_read_as_people_write_them(
    words: str, share: float, channels: tuple[str, ...]
) -> None:
    assert asked_for(words) == (share, channels)


@pytest.mark.parametrize("words", ["ten", "10% everywhere", "-5%", "%", "10% #support"])
def test_what_is_no_share_or_no_channel_is_refused(words: str) -> None:
    with pytest.raises(CanaryRefused, match="such as `10% #support`"):
        asked_for(words)
