import pytest

from bot.adapters.onboard.actions import Actions
from bot.adapters.onboard.call import take_in
from bot.adapters.onboard.items import due_of, items_of
from bot.adapters.onboard.sentences import Sentence
from bot.adapters.onboard.steps import next_steps
from bot.calls.transcript import Speaker, Turn
from tests.doubles.onboard_calls import CALLS, CLEANER, KETTLE, LAMPE, ROUTER, said, vectors


def items(text: str, speaker: Speaker = "agent") -> list[tuple[str, str]]:
    return [(item["task"], item["owner"]) for item in items_of(Sentence(0, speaker, None, text))]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("I'll send you a new router today.", [("… send you a new router today.", "agent")]),
        ("Okay, please restart the router tonight.", [("… restart the router tonight.", "customer")]),
        ("If it fails again, I'll replace the router.", [("If it fails again, I'll replace the router.", "agent")]),
        ("The engineer will call you on Friday.", [("The engineer will call you on Friday.", "other")]),
        (
            "I'll cancel the old order, and then you need to place a new one.",
            [("… cancel the old order …", "agent"), ("… place a new one.", "customer")],
        ),
        ("Ich schicke Ihnen eine neue Lampe.", [("Ich schicke Ihnen eine neue Lampe.", "agent")]),
        (
            "You will get the ticket by e-mail within the hour; please check the name on it.",
            [("You will get the ticket by e-mail within the hour …", "agent"), ("… check the name on it.", "customer")],
        ),
        (
            "For the scanner, first download driver 5, then restart the scanner, and then run the test page.",
            [
                ("For the scanner, first download driver 5 …", "customer"),
                ("… restart the scanner …", "customer"),
                ("… run the test page.", "customer"),
            ],
        ),
        ("I'll do it.", []),
    ],
)
def test_a_sentence_gives_what_there_is_to_do_and_who_does_it(text: str, found: list[tuple[str, str]]) -> None:
    assert items(text) == found


def test_what_a_customer_asks_for_is_the_agents() -> None:
    assert items("Please cancel my gym contract.", "customer") == [("… cancel my gym contract.", "agent")]


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("I'll call you on Friday between 9 and 11.", "on Friday between 9 and 11"),
        ("It takes 3 to 5 business days.", "3 to 5 business days"),
        ("You have it within two weeks.", "within two weeks"),
        ("Der Techniker kommt am Montag um 9 Uhr.", "am Montag um 9 Uhr"),
        ("Am Montag zwischen 8 und 12 Uhr kommt ein Techniker.", "Am Montag zwischen 8 und 12 Uhr"),
        ("내일까지 보내 드리겠습니다.", "내일까지"),
        ("오늘 오후 6시까지 입력해 주세요.", "오늘 오후 6시까지"),
        ("3営業日以内にお送りします。", "3営業日以内に"),
        ("I'll e-mail you by tomorrow noon.", "by tomorrow noon"),
        ("Please call me back before noon.", "before noon"),
        ("I'll call you at 3 pm.", "at 3 pm"),
        ("You will have it within the hour.", "within the hour"),
        ("I bought it last Tuesday.", None),
        ("Guten Morgen, ich rufe Sie zurück.", None),
    ],
)
def test_the_time_is_found_word_for_word(text: str, due: str | None) -> None:
    assert due_of(text) == due


def tasks(turns: tuple[Turn, ...]) -> list[tuple[str, str, str | None]]:
    found = Actions.seeded().of(take_in(turns, vectors()), turns)
    return [(item["task"], item["owner"], item["due"]) for item in found]


@pytest.mark.parametrize(
    ("turns", "found"),
    [
        (
            KETTLE,
            [
                ("… refund the 15 dollars today …", "agent", "today"),
                ("… the warehouse team will call you by Friday to arrange a new delivery.", "other", "by Friday"),
                ("… send us a photo of the invoice when you have a moment.", "customer", None),
            ],
        ),
        (
            LAMPE,
            [
                ("Ich schicke Ihnen heute noch eine neue Lampe.", "agent", "heute noch"),
                ("… laden Sie ein Foto der Lampe hoch.", "customer", None),
            ],
        ),
        (CLEANER, [("내일까지 발송해 드리겠습니다.", "agent", "내일까지")]),
        (
            ROUTER,
            [
                ("明日の午前中に技術者が訪問いたします。", "other", "明日の午前中に"),
                ("ルーターの電源は入れたままにしてください。", "customer", None),
            ],
        ),
    ],
)
def test_a_call_gives_its_action_items(turns: tuple[Turn, ...], found: list[tuple[str, str, str | None]]) -> None:
    assert tasks(turns) == found


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        (["A: Please unplug the router for a minute.", "C: I did that, it is still red."], []),
        (["A: Bitte prüfen Sie, ob der Hahn offen ist.", "C: Der ist offen, das habe ich schon nachgesehen."], []),
        (["A: 電源を抜いて、入れ直してください。", "C: やってみましたが、まだ赤いままです。"], []),
        (["A: I can send a new lamp by express today.", "C: No, I would rather have my money back."], []),
        (
            ["A: I can send a new lamp by express today.", "C: That would be perfect."],
            ["I can send a new lamp by express today."],
        ),
        (
            ["A: We will have a look at the matter and will contact you by Friday."],
            ["… have a look at the matter and will contact you by Friday."],
        ),
        (
            ["A: Please drop the old boots at a parcel shop, the label is in your e-mail."],
            ["… drop the old boots at a parcel shop, the label is in your e-mail."],
        ),
        (
            ["A: Our carrier will collect the broken lamp next Tuesday."],
            ["Our carrier will collect the broken lamp next Tuesday."],
        ),
        (
            ["A: Please drop the old boots at a parcel shop.", "C: What if it doesn't come in time?"],
            ["… drop the old boots at a parcel shop."],
        ),
        (
            ["A: For that, first download driver 5, then restart the scanner."],
            ["For that, first download driver 5 …", "… restart the scanner."],
        ),
        (
            ["A: Am Montag zwischen 8 und 12 Uhr kommt bei Ihnen ein Techniker vorbei."],
            ["Am Montag zwischen 8 und 12 Uhr kommt bei Ihnen ein Techniker vorbei."],
        ),
        (["A: 新しい暗証番号は別便で郵送いたします。"], ["新しい暗証番号は別便で郵送いたします。"]),
        (["A: You want to buy four tickets for the game on March 4th?", "C: Yes, that's correct."], []),
        (["A: You should see a park on your right."], []),
        (["A: You should be able to receive it in five business days."], []),
        (["A: Please give confirmation details: a table for two at the Loft on 9 March."], []),
        (["C: わかりました。よろしくお願いします。"], []),
    ],
)
def test_only_what_is_still_to_be_done_is_listed(lines: list[str], found: list[str]) -> None:
    before = ["A: Thank you for calling, how can I help?", "C: I have a problem with what I ordered from you."]

    assert [task for task, _, _ in tasks(said(*before, *lines))] == found


def test_what_is_said_twice_is_listed_once() -> None:
    promise = "A: I'll send you the return label by email today."

    assert len(tasks(said("C: My lamp came broken and I want to return it.", promise, "C: Okay.", promise))) == 1


def test_at_most_eight_items_are_listed() -> None:
    things = "lamp chair table carpet mirror kettle toaster blender curtain pillow".split()

    assert len(tasks(said(*(f"A: I'll send you the new {thing} on Monday." for thing in things)))) == 8


def test_corrections_move_what_is_listed() -> None:
    calls = [
        said("C: The bike is here.", f"A: Tyres need {n} bar of air.", "A: I'll send the bill.") for n in range(2, 10)
    ]
    taken = [take_in(turns, vectors()) for turns in calls[:7]]

    learned = Actions.seeded().fitted(taken, [[f"Tyres need {n} bar of air"] for n in range(2, 9)])

    found = learned.of(take_in(calls[7], vectors()), calls[7])
    assert [item["task"] for item in found] == ["Tyres need 9 bar of air."]


def test_next_steps_are_the_items_with_who_takes_them() -> None:
    call = take_in(KETTLE, vectors())

    steps = next_steps(Actions.seeded().of(call, KETTLE), call.language)

    assert steps == [
        "Agent: … refund the 15 dollars today … [4]",
        "… the warehouse team will call you by Friday to arrange a new delivery. [4]",
        "Customer: … send us a photo of the invoice when you have a moment. [6]",
    ]


def test_every_call_of_ours_has_an_item() -> None:
    assert all(tasks(turns) for turns in CALLS)
