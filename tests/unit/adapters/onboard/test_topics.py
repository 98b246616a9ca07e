import numpy as np

from bot.adapters.onboard.call import Call, take_in
from bot.adapters.onboard.topics import WIDTH, Topics
from bot.task import Topic
from tests.doubles.onboard_calls import CLEANER, KETTLE, LAMPE, ROUTER, said, vectors

TAXONOMY = (
    Topic("delivery", "a package or an order that came late, broken or not at all"),
    Topic("internet", "a slow or lost internet connection, a router, an outage"),
    Topic("login", "a forgotten password, a locked account, signing in"),
)


def seeded() -> Topics:
    return Topics.seeded(TAXONOMY, vectors())


def call(*lines: str) -> Call:
    return take_in(said(*lines), vectors())


GARDEN = [
    call(f"C: The {plant} in my garden does not grow.", f"A: Give the {plant} less water.")
    for plant in ("rose", "tulip", "fern", "apple tree", "lilac", "ivy")
]


def test_the_likeliest_topic_comes_first() -> None:
    assert seeded().of(take_in(KETTLE, vectors()))[0] == "delivery"


def test_calls_in_german_korean_and_japanese_find_their_topics() -> None:
    found = [seeded().of(take_in(turns, vectors()))[0] for turns in (LAMPE, CLEANER, ROUTER)]

    assert found == ["delivery", "delivery", "internet"]


def test_a_label_that_is_as_near_as_the_best_is_given_too() -> None:
    parcels = Topic("parcels", "a package or an order that came late, damaged or never")

    topics = Topics.seeded((*TAXONOMY, parcels), vectors())

    assert set(topics.of(take_in(KETTLE, vectors()))) == {"delivery", "parcels"}


def test_without_a_taxonomy_there_are_no_topics() -> None:
    assert Topics.seeded((), vectors()).of(take_in(KETTLE, vectors())) == []


def test_a_label_that_corrections_bring_is_learned() -> None:
    joined = seeded().joined_by(["gardening"], vectors())

    learned = joined.fitted(GARDEN[:5], [["gardening"]] * 5)

    assert learned.of(GARDEN[5]) == ["gardening"]


def test_a_few_corrections_leave_other_calls_as_they_were() -> None:
    joined = seeded().joined_by(["gardening"], vectors())

    learned = joined.fitted(GARDEN[:2], [["gardening"]] * 2)

    assert learned.of(take_in(ROUTER, vectors())) == seeded().of(take_in(ROUTER, vectors()))


def test_one_correction_alone_can_be_learned_from() -> None:
    learned = seeded().fitted(GARDEN[:1], [["login"]])

    assert learned.names == seeded().names


def test_what_was_learned_survives_another_order_of_the_taxonomy() -> None:
    learned = seeded().joined_by(["gardening"], vectors()).fitted(GARDEN[:5], [["gardening"]] * 5)
    turned = Topics.seeded(TAXONOMY[::-1], vectors())

    taught = turned.taught(learned.names, learned.weights, learned.centre, vectors())

    assert taught.of(GARDEN[5]) == learned.of(GARDEN[5])


def test_a_new_model_has_learned_nothing() -> None:
    assert np.array_equal(seeded().weights, np.zeros((WIDTH, 3)))
