import numpy as np
import pytest

from bot.adapters.onboard.comments import Comments
from tests.doubles.onboard_calls import vectors


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("You are an idiot and a liar.", "insult"),
        ("I will kill you.", "threat"),
        ("What the fuck is this bullshit.", "obscene"),
        ("Du bist so ein Trottel.", "insult"),
    ],
)
def test_abuse_is_toxic_and_has_its_category(text: str, category: str) -> None:
    answer = Comments.seeded().of(text, vectors())

    assert answer["toxic"] is True
    assert category in answer["categories"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "I waited forty minutes for my refund.",
        "The council should publish the costs of the bridge.",
        "Danke für die Hilfe!",
    ],
)
def test_a_harmless_comment_has_no_categories(text: str) -> None:
    assert Comments.seeded().of(text, vectors()) == {"toxic": False, "categories": []}


def test_corrections_teach_a_word_that_the_seed_does_not_know() -> None:
    toxic = [f"You are such a zorblax, {name}." for name in "Ann Bob Cem Dan Eve Fay Gus Hal".split()]
    harmless = [f"Thank you for the parcel, {name}." for name in "Ann Bob Cem Dan Eve Fay Gus Hal".split()]
    labels = [{"toxic": True}] * 8 + [{"toxic": False}] * 8

    learned = Comments.seeded().fitted([*toxic, *harmless], labels, vectors())

    assert learned.of("What a zorblax you are, Ida.", vectors())["toxic"] is True


def test_a_label_that_nobody_gave_stays_with_its_seed_rule() -> None:
    learned = Comments.seeded().fitted(["Fine.", "You idiot."], [{"toxic": False}, {"toxic": True}], vectors())

    assert not learned.weights[:, 1:].any()


def test_the_same_corrections_teach_the_same() -> None:
    texts, labels = (
        ["You fool.", "Hello there.", "Go away, liar."],
        [{"toxic": True}, {"toxic": False}, {"toxic": True}],
    )

    one, other = (Comments.seeded().fitted(texts, labels, vectors()) for _ in range(2))

    assert np.array_equal(one.weights, other.weights)
