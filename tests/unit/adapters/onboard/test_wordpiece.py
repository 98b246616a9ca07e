import pytest

from bot.adapters.onboard.wordpiece import WordPiece

PIECES = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "refund", "##s", "cafe", ",", "注", "文", "re"]


@pytest.fixture(scope="module")
def shipped() -> WordPiece:
    return WordPiece.load(limit=16)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Refunds", ["refund", "##s"]),
        ("refund, refund", ["refund", ",", "refund"]),
        ("Café", ["cafe"]),
        ("注文", ["注", "文"]),
        ("re\u200bfund\tre", ["refund", "re"]),
        ("refundxy", ["[UNK]"]),
        ("s" * 101, ["[UNK]"]),
        ("", []),
    ],
)
def test_a_text_becomes_the_longest_known_pieces(text: str, pieces: list[str]) -> None:
    ids = WordPiece(PIECES, limit=16).ids(text)

    assert [PIECES[each] for each in ids] == ["[CLS]", *pieces, "[SEP]"]


def test_a_long_text_is_cut_and_still_ends_with_the_end_mark(shipped: WordPiece) -> None:
    ids = shipped.ids("word " * 50)

    assert (len(ids), ids[-1]) == (16, 102)


def test_the_shipped_vocabulary_gives_the_ids_of_bert_uncased(shipped: WordPiece) -> None:
    assert shipped.ids("Hello, world!") == [101, 7592, 1010, 2088, 999, 102]
