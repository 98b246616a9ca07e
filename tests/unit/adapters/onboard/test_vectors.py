from pathlib import Path

import numpy as np
import pytest

from bot.adapters.onboard.vectors import Vectors
from bot.errors import ModelUnavailable
from tests.doubles.onboard_calls import vectors


def test_a_text_has_the_same_bits_alone_and_among_others() -> None:
    texts = [
        "My parcel is late.",
        "Hello.",
        "I would like my money back for the broken kettle that came on Monday.",
    ] * 4

    together = Vectors().of([*texts, "One more."])
    alone = np.vstack([Vectors().of([text]) for text in texts[:3]])

    assert np.array_equal(together[:3], alone)


def test_like_meanings_are_nearer_than_unlike_ones() -> None:
    parcel, package, weather = vectors().of(
        ["Where is my parcel?", "My package has not come.", "It will rain in Rome."]
    )

    assert parcel @ package > parcel @ weather + 0.2


def test_no_texts_give_no_rows() -> None:
    assert vectors().of([]).shape == (0, 384)


def test_the_memory_for_vectors_is_bounded() -> None:
    small = Vectors(kept=3)

    small.of([f"Sentence number {n}." for n in range(10)])

    assert small.remembered == 3


def test_another_model_file_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "model.onnx"
    other.write_bytes(b"another model")

    with pytest.raises(ModelUnavailable, match="is not the embedded model"):
        Vectors(other)


def test_a_missing_model_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="can't be read"):
        Vectors(tmp_path / "none.onnx")
