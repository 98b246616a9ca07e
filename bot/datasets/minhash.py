"""How alike two calls are, from a signature of each.

The signature is MinHash with one permutation: each shingle (three words in a row) is hashed once, its first bits choose
one of 128 bins, and a bin keeps its smallest hash, of which one byte is stored. The share of bins in which two
signatures agree is close to the share of shingles that the calls have in common (Jaccard; standard error 0.04 at most).
"""

from __future__ import annotations

import re
import zlib

BINS = 128
BAND = 6  # bins of a band; calls with a band in common are compared: 98 % of those with a likeness of 0.75
ALIKE = 0.75  # from here on: near-duplicates
_WORD = re.compile(r"\w+")
_FURTHER = 0x9E3779B1  # from an empty bin on, the next ones are asked in steps of this


def signature(lines: str) -> bytes:
    """128 bytes of a transcript's lines: 2 KB of text take some 0.4 ms."""
    words = _WORD.findall(lines.casefold())
    shingles = {" ".join(words[n : n + 3]) for n in range(max(len(words) - 2, 1))}
    bins: list[int | None] = [None] * BINS
    for shingle in shingles:
        mixed = zlib.crc32(shingle.encode("utf-8", "surrogatepass")) * _FURTHER & 0xFFFFFFFF
        place, value = mixed & BINS - 1, mixed >> 7
        kept = bins[place]
        if kept is None or value < kept:
            bins[place] = value
    return bytes(_filled(bins))


def likeness(one: bytes, other: bytes) -> float:
    """0 to 1 for two signatures: the shingles in common, corrected for bytes that agree by chance."""
    agree = sum(a == b for a, b in zip(one, other, strict=True)) / BINS
    return max(0.0, (agree - 1 / 256) / (1 - 1 / 256))


def agreeing(least: float) -> int:
    """The bins that have to agree for a likeness of `least`."""
    return round((least * (1 - 1 / 256) + 1 / 256) * BINS)


def _filled(bins: list[int | None]) -> list[int]:
    """An empty bin borrows from the next full one, mixed with the distance, so that short calls compare as well."""
    filled = []
    for place in range(BINS):
        distance = 0
        while (value := bins[(place + distance) % BINS]) is None:
            distance += 1
        filled.append((value + distance * _FURTHER >> 11) & 0xFF)
    return filled
