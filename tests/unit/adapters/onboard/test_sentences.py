import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.onboard.sentences import Sentence, sentences, size
from bot.calls.transcript import Turn


def cut(text: str) -> list[str]:
    return [sentence.text for sentence in sentences([Turn(0, "customer", text)])]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("It came broken. Can I send it back?", ["It came broken.", "Can I send it back?"]),
        ("I paid 3.50 to Dr. Hale for it. It is lost.", ["I paid 3.50 to Dr. Hale for it.", "It is lost."]),
        ("I want a refund. Please. Now.", ["I want a refund. Please. Now."]),
        ("First I called you\nThen I wrote to you", ["First I called you", "Then I wrote to you"]),
        ("注文が届きません。返金してください。", ["注文が届きません。", "返金してください。"]),
        ("주문한 상품이 안 왔어요 확인 부탁드려요", ["주문한 상품이 안 왔어요", "확인 부탁드려요"]),
        ("", []),
    ],
)
def test_a_turn_is_cut_into_sentences(text: str, parts: list[str]) -> None:
    assert cut(text) == parts


def test_speech_without_punctuation_is_cut_before_joining_words_and_marked() -> None:
    text = " and ".join(["the line went dead again while I was talking to my sister in town"] * 4)

    first, *_, last = sentences([Turn(0, "customer", text)])

    assert (first.cut_before, first.cut_after, last.cut_before, last.cut_after) == (False, True, True, False)


@pytest.mark.parametrize("text", ["a" * 5_000, "担当者が" * 2_000, "on the line " * 900, ".?!" * 30_000])
def test_no_sentence_is_longer_than_anyone_would_quote(text: str) -> None:
    assert all(len(part) <= 400 or not size(part) for part in cut(text))


@given(st.text(alphabet="ab .,!?\n。？요 and"))
def test_every_sentence_stands_in_its_turn_word_for_word(text: str) -> None:
    assert all(part and part in text for part in cut(text))


@given(st.text(alphabet="ab .,!?\n。？요 and"))
def test_no_word_is_lost(text: str) -> None:
    assert "".join("".join(cut(text)).split()) == "".join(text.split())


def test_fillers_at_the_start_are_cut_and_marked() -> None:
    sentence = Sentence(0, "agent", None, "Okay, um, so the line is dead.")

    assert sentence.quote() == "… the line is dead."


def test_a_sentence_of_fillers_alone_is_kept() -> None:
    assert Sentence(0, "agent", None, "Okay, sure.").quote() == "Okay, sure."


def test_meaning_is_read_without_links_and_names() -> None:
    sentence = Sentence(0, "customer", None, "@shop the page https://shop.example/x?y=1 is down")

    assert sentence.plain == "the page is down"


@pytest.mark.parametrize(
    ("text", "words"), [("it's the 2nd one", 4), ("환불해 주세요", 3), ("返金ください", 3), ("...", 0)]
)
def test_two_letters_of_korean_or_japanese_count_as_a_word(text: str, words: int) -> None:
    assert size(text) == words
