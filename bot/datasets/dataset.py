"""Defines a dataset and the side (train, validation, holdout) of each call.

The side depends only on a hash of the masked transcript. So it never changes: not when pairs are added or forgotten, not
on another machine, not after an export is edited and imported again. But near-duplicates can land on different sides.
Then the younger call (by when it was first asked about) is left out, so no model is tested on what it has learned.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, NamedTuple

import orjson

from bot.answers.family import DatasetLimits, Family
from bot.datasets.record import line
from bot.errors import PlaceRefused

Side = Literal["train", "validation", "holdout"]
SIDES: tuple[Side, ...] = ("train", "validation", "holdout")
SHARES = (80, 90, 100)  # percent of calls: below the first is train, below the second validation, the rest holdout
FILES: dict[Side, str] = {side: f"{side}.jsonl" for side in SIDES}
PREFERENCE, MANIFEST = "preference.jsonl", "manifest.json"
ALL_FILES = (*FILES.values(), PREFERENCE, MANIFEST)
SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Options:
    """The settings of an export, which its manifest records."""

    task: str
    family: str
    prompt: str  # fingerprint of the tuned template
    redact: str
    redaction: int
    seed: str
    parent: str = ""  # the name of an earlier export, whose pairs are left out


@dataclass(frozen=True, slots=True)
class Quotas:
    """The most records of each file; None means no limit."""

    train: int | None
    validation: int


class Candidate(NamedTuple):
    """A pair that can go into a dataset, with everything needed to decide. Hashes are raw bytes.

    `call` hashes the transcript, `call_id` the call's own id, `content` the transcript and completion. `known` means an
    earlier export holds it. `line` is its record, `preference` its line in preference.jsonl, b"" if there is none.
    """

    key: str
    call: bytes
    call_id: bytes
    content: bytes
    side: Side
    known: bool
    asked_at: float
    at: float
    label: str
    source: str
    reviewers: tuple[str, ...]
    topics: tuple[str, ...]
    tokens: int
    signature: bytes
    line: bytes
    preference: bytes


@dataclass(frozen=True, slots=True)
class File:
    """A file of a dataset, as its manifest lists it."""

    records: int
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class DatasetTally:
    """The counts of a dataset. `by` has a count by name for each kind: label, source, reviewer, topic.

    `hashes` is the digest of its lists of calls and contents.
    """

    files: Mapping[str, File]
    hashes: str
    by: Mapping[str, Mapping[str, int]]
    tokens: Mapping[str, int]
    left_out: Mapping[str, int]
    mended: Mapping[str, int]
    warnings: Mapping[str, int]


def side_of(call: str, seed: str) -> Side:
    """Returns a call's side, from the hash of its masked transcript (bot.feedback.pair.call_hash)."""
    share = int.from_bytes(hashlib.sha256(f"{seed} {call}".encode()).digest()[:8], "big") % 100
    return SIDES[sum(share >= most for most in SHARES)]


def quotas(limits: DatasetLimits, validation: int) -> Quotas:
    """Returns how many records go into each file. The small validation file is filled first.

    It gets none if there are fewer than the family's minimum.
    """
    checked = min(validation, limits.max_validation_records or limits.max_records or validation)
    if checked < (limits.min_records or 1):
        checked = 0
    whole = None if limits.max_total_records is None else limits.max_total_records - checked
    return Quotas(min((most for most in (limits.max_records, whole) if most is not None), default=None), checked)


def head(options: Options, family: Family, tally: DatasetTally) -> dict[str, Any]:
    """Returns the manifest without its lists of calls. Its `name` is the hash of the rest."""
    about = {
        "schema": SCHEMA,
        **{name: value for name, value in asdict(options).items() if name != "parent"},
        "parent": options.parent or None,
        "base_model": family.base_model_id,
        "record_format": family.record_format,
        "split": dict(zip(SIDES, (80, 10, 10), strict=True)),
        "files": {name: asdict(file) for name, file in tally.files.items()},
        "hashes": tally.hashes,
        "pairs": {side: tally.files[FILES[side]].records if FILES[side] in tally.files else 0 for side in SIDES},
        **{f"by_{kind}": dict(sorted(counts.items())) for kind, counts in tally.by.items()},
        "left_out": dict(sorted(tally.left_out.items())),
        "mended": dict(sorted(tally.mended.items())),
        "warnings": dict(sorted(tally.warnings.items())),
        "tokens": {**tally.tokens, "training": tally.tokens.get("train", 0), "counted": "estimated, 3 bytes each"},
    }
    return {"name": name_of(about), **about}


def name_of(about: Mapping[str, Any]) -> str:
    """Computes a dataset's name from its manifest, ignoring the name written there."""
    rest = {key: value for key, value in about.items() if key not in ("name", "calls", "content", "earlier")}
    return f"{about['task']}-{about['family']}-{hashlib.sha256(line(rest)).hexdigest()[:16]}"


def digest_of(hashes: Iterable[tuple[str, str, str]], earlier: Iterable[str]) -> str:
    """Returns the digest of a dataset's sides, calls and contents, and of earlier exports' contents."""
    digest = hashlib.sha256()
    for each in hashes:
        digest.update(" ".join(each).encode())
    for content in earlier:
        digest.update(content.encode())
    return digest.hexdigest()


def name_in(start: bytes) -> str:
    """Returns a dataset's name from the start of its manifest, or "" if that isn't one."""
    found = re.match(rb'\{\s*"name":\s*"([\w.-]+)"', start)
    return found[1].decode() if found else ""


def manifest_in(text: bytes, place: str) -> dict[str, Any]:
    """Parses a manifest. Raises PlaceRefused if it isn't one."""
    try:
        found = orjson.loads(text)
    except ValueError as error:
        raise PlaceRefused(f"The {MANIFEST} in {place} isn't JSON. It was changed or cut off; export again.") from error
    if not isinstance(found, dict) or not isinstance(found.get("name"), str):
        raise PlaceRefused(f"The {MANIFEST} in {place} isn't a Wrapup manifest. Export to another place.")
    return found
