from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rouge_score.rouge_scorer import RougeScorer

from bot.evaluation.similarity import best_assignment, hierarchical_f1, matched, names_f1, rouge_l, token_f1, tokens

WORDS = st.lists(st.sampled_from("the lamp is broken send a new one today".split()), max_size=12).map(" ".join)
GAINS = st.integers(1, 5).flatmap(
    lambda rows: st.integers(1, 5).flatmap(
        lambda columns: st.lists(
            st.lists(st.integers(0, 6).map(float), min_size=columns, max_size=columns), min_size=rows, max_size=rows
        )
    )
)


def test_words_are_tokens_whatever_their_case_and_punctuation() -> None:
    assert tokens("Send 2 lamps, Größe XL!") == ["send", "2", "lamps", "größe", "xl"]


def test_letters_of_korean_and_japanese_are_tokens() -> None:
    assert tokens("배송이 PC修理ﾙ") == ["배", "송", "이", "pc", "修", "理", "ル"]


def test_a_korean_particle_costs_a_letter_and_not_the_word() -> None:
    assert token_f1("청소기를 배송", "청소기 배송") == pytest.approx(2 * 5 / (6 + 5))


def test_token_f1_counts_a_word_as_often_as_both_have_it() -> None:
    assert token_f1("very very good", "very good lamp today") == pytest.approx(2 * 2 / (3 + 4))


def test_two_texts_without_words_agree() -> None:
    assert token_f1("", "-") == 1.0


def test_rouge_l_wants_the_same_order() -> None:
    assert (token_f1("lamp new", "new lamp"), rouge_l("lamp new", "new lamp")) == (1.0, 0.5)


@given(WORDS.filter(bool), WORDS.filter(bool))
def test_rouge_l_is_that_of_rouge_score(one: str, other: str) -> None:
    theirs = RougeScorer(["rougeL"]).score(other, one)["rougeL"].fmeasure

    assert rouge_l(one, other) == pytest.approx(theirs)


def test_names_are_compared_as_sets_whatever_their_case() -> None:
    assert names_f1(["Billing", "login"], ["billing ", "delivery", "refund"]) == pytest.approx(2 / 5)


def test_nothing_given_where_nothing_was_wanted_is_right() -> None:
    assert (names_f1([], []), names_f1([], ["billing"])) == (1.0, 0.0)


def test_the_right_parent_counts_in_a_hierarchy() -> None:
    assert hierarchical_f1(["billing > refund"], ["Billing>invoice"]) == pytest.approx(2 * 1 / (2 + 2))


def test_items_are_matched_for_the_whole_and_not_the_best_pair_first() -> None:
    given = ["send new lamp today", "new lamp"]
    wanted = ["send new lamp", "send lamp today please"]

    assert matched(given, wanted) == [(0, 1), (1, 0)]


def test_items_that_share_less_than_half_of_their_words_are_not_matched() -> None:
    assert matched(["send a new lamp", "call back"], ["refund the postage", "call back"]) == [(1, 1)]


@given(GAINS)
def test_an_assignment_is_the_best_of_all(gain: list[list[float]]) -> None:
    pairs = best_assignment(gain)

    wide = gain if len(gain) <= len(gain[0]) else [list(row) for row in zip(*gain, strict=True)]
    best = max(
        sum(row[column] for row, column in zip(wide, columns, strict=True))
        for columns in permutations(range(len(wide[0])), len(wide))
    )
    assert sum(gain[row][column] for row, column in pairs) == best
    assert len(pairs) == len({row for row, _ in pairs}) == len({column for _, column in pairs}) == len(wide)
