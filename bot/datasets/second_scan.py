"""Scans a stored pair's text once, and keeps the result beside it."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import get_args

from bot.datasets.minhash import BINS, signature
from bot.datasets.rules import is_canonical, personal
from bot.feedback.pair import Pair, from_json, to_json
from bot.privacy import REDACTION_VERSION
from bot.privacy.masker import Redact

_FORMAT = 1  # raise it whenever a change gives other signatures or scans
_VERSION: dict[Redact, bytes] = {
    mode: bytes([_FORMAT, REDACTION_VERSION % 256, REDACTION_VERSION // 256]) + mode[:2].encode()
    for mode in get_args(Redact)
}


@dataclass(frozen=True, slots=True)
class Scan:
    """A pair's signature, whether its transcript is in the lines of a prompt, and the types of personal data in it."""

    signature: bytes
    whole: bool
    personal: tuple[str, ...]


def scan(pair: Pair, mode: Redact) -> Scan:
    """Scans a pair. Takes some milliseconds, nearly all of them to find personal data."""
    return Scan(signature(pair.transcript), is_canonical(pair.transcript), tuple(personal(pair, mode)))


def scanned(pair: Pair, mode: Redact) -> bytes:
    """Scans a pair and returns the bytes to store."""
    return to_bytes(scan(pair, mode), to_json(pair).encode(), mode)


def scan_stored(text: bytes, mode: Redact) -> bytes:
    """Does the same for a stored pair, on another core. Raises what bot.feedback.pair.from_json raises."""
    return to_bytes(scan(from_json(text), mode), text, mode)


def to_bytes(found: Scan, text: bytes, mode: Redact) -> bytes:
    """Returns the bytes to store, valid only for this text, masking and version.

    The store drops them with the text. Length and checksum reveal a scan stored while the text was changing.
    """
    kinds = " ".join(found.personal).encode()
    return _stamp(text, mode) + found.signature + bytes([found.whole]) + kinds


def from_bytes(kept: bytes, text: bytes, mode: Redact) -> Scan | None:
    """Returns the stored scan, or None if it is from another text or version."""
    stamp = _stamp(text, mode)
    if not kept.startswith(stamp):
        return None
    at = len(stamp) + BINS
    return Scan(kept[len(stamp) : at], bool(kept[at]), tuple(kept[at + 1 :].decode().split()))


def _stamp(text: bytes, mode: Redact) -> bytes:
    return (len(text) << 32 | zlib.crc32(text)).to_bytes(8, "big") + _VERSION[mode]
