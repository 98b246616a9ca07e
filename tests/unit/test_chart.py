"""The picture of a job's losses."""

from __future__ import annotations

import struct
import zlib

import pytest

from bot.chart import COLOURS, HEIGHT, WIDTH, png
from bot.model import Loss


def losses(*values: float, of: str = "training") -> list[Loss]:
    return [Loss.model_validate({"step": n, "loss": value, "of": of}) for n, value in enumerate(values)]


def pixels(data: bytes) -> list[bytes]:
    """The rows of the picture, each after its filter byte; every chunk must have its right checksum."""
    at, found = 8, b""
    while at < len(data):
        (size,), kind = struct.unpack(">I", data[at : at + 4]), data[at + 4 : at + 8]
        body = data[at + 8 : at + 8 + size]
        assert struct.unpack(">I", data[at + 8 + size : at + 12 + size])[0] == zlib.crc32(kind + body)
        found += body if kind == b"IDAT" else b""
        at += 12 + size
    whole = zlib.decompress(found)
    return [whole[n : n + 1 + 3 * WIDTH][1:] for n in range(0, len(whole), 1 + 3 * WIDTH)]


def reach(rows: list[bytes], kind: str) -> tuple[int, int]:
    """The highest and lowest row that has the colour of a kind."""
    colour = bytes(COLOURS[kind])
    found = [y for y, row in enumerate(rows) if any(row[n : n + 3] == colour for n in range(0, len(row), 3))]
    return min(found), max(found)


def test_it_is_a_whole_picture_of_its_size() -> None:
    rows = pixels(png(losses(1.5, 0.75)))

    assert (len(rows), {len(row) for row in rows}) == (HEIGHT, {3 * WIDTH})


def test_a_higher_loss_stands_higher() -> None:
    rows = pixels(png([*losses(1.0, 0.9), *losses(0.3, 0.2, of="validation")]))

    assert reach(rows, "training")[1] < reach(rows, "validation")[0]


@pytest.mark.parametrize("values", [(0.25,), (0.0,), (0.0, 0.0), tuple(1 / (n + 1) for n in range(5_000))])
def test_any_number_of_losses_is_drawn(values: tuple[float, ...]) -> None:
    assert reach(pixels(png(losses(*values))), "training")
