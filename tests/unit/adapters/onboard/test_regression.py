import numpy as np
import pytest

from bot.adapters.onboard.regression import best_cutoff, logistic, out_of_fold, ridge

X = np.array([[1.0, 0.0, 0.5], [0.9, 0.1, 0.0], [0.0, 1.0, 0.5], [0.1, 0.9, 0.0]])
Y = np.array([[1.0], [1.0], [0.0], [0.0]])
NO_OFFSET = np.zeros((4, 1))


def test_without_examples_of_a_label_nothing_is_learned() -> None:
    assert not logistic(X, np.full((4, 1), np.nan), NO_OFFSET, 0.1).any()


def test_examples_are_told_apart() -> None:
    scores = X @ logistic(X, Y, NO_OFFSET, 0.01)

    assert scores[:2].min() > scores[2:].max()


def test_the_gradient_is_zero_where_it_stops() -> None:
    weights = logistic(X, Y, NO_OFFSET, 0.5)

    slope = X.T @ (1 / (1 + np.exp(-X @ weights)) - Y) + 0.5 * weights
    assert np.abs(slope).max() < 1e-6


def test_more_columns_than_rows_give_the_same_answer() -> None:
    wide = np.hstack([X, np.zeros((4, 9))])

    assert logistic(wide, Y, NO_OFFSET, 0.5)[:3] == pytest.approx(logistic(X, Y, NO_OFFSET, 0.5), abs=1e-6)


def test_a_score_that_explains_all_leaves_little_to_learn() -> None:
    certain = np.where(Y == 1, 9.0, -9.0)

    assert np.abs(logistic(X, Y, certain, 0.1)).max() < 0.01


def test_features_that_are_all_zero_teach_nothing() -> None:
    assert not logistic(np.zeros((2, 5)), Y[:2], NO_OFFSET[:2], 0.1).any()


def test_ridge_shrinks_to_nothing() -> None:
    small, large = (np.abs(ridge(X, Y[:, 0], l2)).sum() for l2 in (0.01, 100.0))

    assert large < 0.1 * small


def test_the_best_cutoff_is_in_the_middle_of_the_gap() -> None:
    assert best_cutoff(np.array([-1.0, -0.5, 0.5, 1.0]), np.array([0.0, 0.0, 1.0, 1.0]), -2.0, 2.0) == pytest.approx(
        0, abs=0.1
    )


def test_no_row_is_scored_by_a_model_that_saw_its_group() -> None:
    groups = np.array([0, 0, 1, 2, 3, 5])

    seen = out_of_fold(groups, lambda rows: np.full((6, 1), float(rows.sum())))

    assert seen[:, 0].tolist() == [4, 4, 4, 5, 5, 4]
