"""What was found out of a stored pair's text once, and is kept beside it: its signature and what a second scan found."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import get_args

from bot.datasets.minhash import BINS, signature
from bot.datasets.rules import is_canonical, personal
from bot.feedback.pair import Pair, from_json, to_json
from bot.privacy import REDACTION_VERSION
from bot.privacy.masker import Redact

_FORMAT = 1  # raised whenever a signature or a scan would come out otherwise
_VERSION: dict[Redact, bytes] = {
    mode: bytes([_FORMAT, REDACTION_VERSION % 256, REDACTION_VERSION // 256]) + mode[:2].encode()
    for mode in get_args(Redact)
}


@dataclass(frozen=True, slots=True)
class Scan:
    """`whole`: the transcript is in the lines of a prompt. `personal`: the types of personal data that are in it."""

    signature: bytes
    whole: bool
    personal: tuple[str, ...]


def scan(pair: Pair, mode: Redact) -> Scan:
    """Reads a pair through: some milliseconds, nearly all of them for personal data."""
    return Scan(signature(pair.transcript), is_canonical(pair.transcript), tuple(personal(pair, mode)))


def scanned(pair: Pair, mode: Redact) -> bytes:
    """What is kept of a pair, scanned now."""
    return to_bytes(scan(pair, mode), to_json(pair).encode(), mode)


def scan_stored(text: bytes, mode: Redact) -> bytes:
    """The same for a pair as it is stored, by another core. Raises as bot.feedback.pair.from_json does."""
    return to_bytes(scan(from_json(text), mode), text, mode)


def to_bytes(found: Scan, text: bytes, mode: Redact) -> bytes:
    """What is kept: good for just this text, this masking and this version.

    The store drops it with the text; length and checksum tell what was kept while the text changed.
    """
    kinds = " ".join(found.personal).encode()
    return _stamp(text, mode) + found.signature + bytes([found.whole]) + kinds


def from_bytes(kept: bytes, text: bytes, mode: Redact) -> Scan | None:
    """The scan that was kept; None where it was made of another text or by another version."""
    stamp = _stamp(text, mode)
    if not kept.startswith(stamp):
        return None
    at = len(stamp) + BINS
    return Scan(kept[len(stamp) : at], bool(kept[at]), tuple(kept[at + 1 :].decode().split()))


def _stamp(text: bytes, mode: Redact) -> bytes:
    return (len(text) << 32 | zlib.crc32(text)).to_bytes(8, "big") + _VERSION[mode]
