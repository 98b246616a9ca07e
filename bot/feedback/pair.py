"""Holds a prompt-completion pair: a masked call and the output a reviewer agreed to."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any, Literal

import orjson

from bot.answers.answer import Source
from bot.errors import UnknownSchema

SCHEMA = 1
Label = Literal["approved", "corrected"]
Added = Literal["taken", "known", "conflict", "forgotten"]


@dataclass(frozen=True, slots=True)
class Pair:
    """A masked transcript (the lines of bot.calls.transcript.to_lines) with its masked reference output.

    `id` is the key of its answer. `rejected` is the output that was corrected, None if the answer was approved. `written`
    names the fields that people wrote, if an import says so. `at` is when it settled (seconds since 1970). `redaction` is
    the masking's version, 0 if masking was off.
    """

    id: str
    call: str
    task: str
    source: Source
    label: Label
    transcript: str
    output: dict[str, Any]
    rejected: dict[str, Any] | None
    reviewers: tuple[str, ...]
    channel: str
    model: str
    prompt: str
    redaction: int
    asked_at: float
    at: float
    written: tuple[str, ...] | None = None

    @property
    def week(self) -> str:
        """The ISO week in which it settled, such as 2026-W48 (UTC)."""
        return week_of(self.at)

    @property
    def by_people(self) -> frozenset[str]:
        """The fields that people wrote or changed. The others are a model's words that they left."""
        if self.written is not None:
            return frozenset(self.written)
        if self.rejected is None:
            return frozenset(self.output if self.source == "import" else ())
        return changed(self.rejected, self.output)

    @property
    def content(self) -> str:
        """A hash of the call and the output, which is all that a model learns from."""
        text = json.dumps([self.task, self.transcript, self.output], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Stored:
    """A stored pair with its key, and the saved scan of this text (bot.datasets.second_scan); b"" if there is none."""

    key: str
    text: bytes
    scan: bytes = b""


def week_of(at: float) -> str:
    """Returns the ISO week of a time in seconds, such as 2026-W48 (UTC)."""
    year, week, _ = datetime.fromtimestamp(at, UTC).isocalendar()
    return f"{year}-W{week:02d}"


def changed(was: Mapping[str, Any], now: Mapping[str, Any]) -> frozenset[str]:
    """Returns the fields in which an output differs from the model's."""
    return frozenset(name for name, value in now.items() if was.get(name) != value)


def to_json(pair: Pair) -> str:
    row = {each.name: getattr(pair, each.name) for each in fields(pair)}  # asdict would copy the output
    if pair.written is None:
        del row["written"]
    return json.dumps(row | {"schema": SCHEMA}, ensure_ascii=False)


def from_json(text: str | bytes) -> Pair:
    """Reads a pair. Raises UnknownSchema if a later version of Wrapup wrote it."""
    row: dict[str, Any] = orjson.loads(text)
    if (schema := row.pop("schema", None)) != SCHEMA:
        raise UnknownSchema(f"A pair has the schema {schema}, but this Wrapup only knows {SCHEMA}. Upgrade Wrapup.")
    row["reviewers"] = tuple(row["reviewers"])
    if "written" in row:
        row["written"] = tuple(row["written"])
    return Pair(**row)


def call_hash(transcript: str) -> str:
    """Returns a call's name in datasets, made only from its masked transcript so that importing keeps it."""
    return hashlib.sha256(transcript.encode("utf-8", "surrogatepass")).hexdigest()[:32]
