"""The losses of a job as a picture: a PNG, drawn without a library."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence

from bot.model import Loss

WIDTH, HEIGHT, EDGE = 640, 360, 64  # pixels
WHITE, INK, GRID = (255, 255, 255), (29, 28, 29), (221, 221, 221)
COLOURS = {"training": (54, 113, 198), "validation": (224, 101, 40)}
SCALE = 2  # pixels of the picture a pixel of a digit
# Digits of three by five pixels, a row an octal digit.
DIGITS = {
    "0": "75557", "1": "26227", "2": "71747", "3": "71717", "4": "55711", "5": "74717", "6": "74757", "7": "71122",
    "8": "75757", "9": "75717", ".": "00002",
}  # fmt: skip
Colour = tuple[int, int, int]


class _Canvas:
    def __init__(self) -> None:
        self.rows = [bytearray(bytes(WHITE) * WIDTH) for _ in range(HEIGHT)]

    def dot(self, x: int, y: int, colour: Colour, size: int = 1) -> None:
        for row in self.rows[max(y, 0) : y + size]:
            row[3 * x : 3 * (x + size)] = bytes(colour) * size

    def line(self, one: tuple[int, int], other: tuple[int, int], colour: Colour, size: int = 1) -> None:
        steps = max(abs(other[0] - one[0]), abs(other[1] - one[1]), 1)
        for n in range(steps + 1):
            x, y = (round(a + (b - a) * n / steps) for a, b in zip(one, other, strict=True))
            self.dot(x, y, colour, size)

    def number(self, text: str, right: int, top: int) -> None:
        """The digits, ending at `right`."""
        for n, sign in enumerate(reversed(text)):
            left = right - (n + 1) * 4 * SCALE
            for y, row in enumerate(DIGITS[sign]):
                for x in range(3):
                    if int(row) & (4 >> x):
                        self.dot(left + x * SCALE, top + y * SCALE, INK, SCALE)

    def png(self) -> bytes:
        """Eight bits a colour, each row unfiltered."""
        pixels = zlib.compress(b"".join(b"\0" + bytes(row) for row in self.rows), 9)
        head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
        return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", pixels) + _chunk(b"IEND", b"")


def png(losses: Sequence[Loss]) -> bytes:
    """Loss by step: training blue, validation orange; the numbers are the ends of both axes. Needs one loss."""
    canvas, steps = _Canvas(), max(1, *(each.step for each in losses), 1)
    highest = max(each.loss for each in losses) or 1.0

    def place(step: int, loss: float) -> tuple[int, int]:
        across, up = (WIDTH - 2 * EDGE) * step / steps, (HEIGHT - 2 * EDGE) * loss / highest
        return EDGE + round(across), HEIGHT - EDGE - round(up)

    for part in (0.5, 1.0):
        canvas.line(place(0, highest * part), place(steps, highest * part), GRID)
        canvas.number(f"{highest * part:.3f}", EDGE - 8, place(0, highest * part)[1] - 5)
    canvas.line(place(0, 0), place(steps, 0), INK)
    canvas.line(place(0, 0), place(0, highest), INK)
    canvas.number("0", EDGE - 8, HEIGHT - EDGE - 5)
    canvas.number(str(steps), WIDTH - EDGE, HEIGHT - EDGE + 8)
    for kind, colour in COLOURS.items():
        points = [place(each.step, each.loss) for each in sorted(losses, key=lambda each: each.step) if each.of == kind]
        for one, other in zip(points, points[1:] or points, strict=False):
            canvas.line(one, other, colour, 3)
    return canvas.png()


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
