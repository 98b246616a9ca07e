"""A prompt-completion pair: a call as the model saw it, masked, with the output that a reviewer stands by."""

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
    """`transcript` holds the lines of a prompt (bot.calls.transcript.to_lines); all of it and of the outputs is masked.

    `id` is the key of the answer that it came from. `rejected` is the output that was corrected, None where the answer
    was approved. `written` names the fields of the output that people wrote, where the pair came with that. `at` is when it settled, `redaction` the version of the masking, 0 where it was switched off.
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
        """The fields that people wrote: changed, or brought along; the others are a model's words that they left."""
        if self.written is not None:
            return frozenset(self.written)
        if self.rejected is None:
            return frozenset(self.output if self.source == "import" else ())
        return changed(self.rejected, self.output)

    @property
    def content(self) -> str:
        """A hash of what a model would learn from it: the same call with the same output has the same."""
        text = json.dumps([self.task, self.transcript, self.output], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Stored:
    """A pair as it is stored, by its key, with what was found out of just this text (bot.datasets.second_scan); b"" where nothing was."""

    key: str
    text: bytes
    scan: bytes = b""


def week_of(at: float) -> str:
    """The ISO week of a time (s), such as 2026-W48 (UTC)."""
    year, week, _ = datetime.fromtimestamp(at, UTC).isocalendar()
    return f"{year}-W{week:02d}"


def changed(was: Mapping[str, Any], now: Mapping[str, Any]) -> frozenset[str]:
    """The fields in which an output differs from what a model said."""
    return frozenset(name for name, value in now.items() if was.get(name) != value)


def to_json(pair: Pair) -> str:
    row = {each.name: getattr(pair, each.name) for each in fields(pair)}  # asdict would copy the output
    if pair.written is None:
        del row["written"]
    return json.dumps(row | {"schema": SCHEMA}, ensure_ascii=False)


def from_json(text: str | bytes) -> Pair:
    """The pair. Raises UnknownSchema where a later version of Wrapup wrote it."""
    row: dict[str, Any] = orjson.loads(text)
    if (schema := row.pop("schema", None)) != SCHEMA:
        raise UnknownSchema(f"A pair has the schema {schema}, and this version of Wrapup knows {SCHEMA}: upgrade it.")
    row["reviewers"] = tuple(row["reviewers"])
    if "written" in row:
        row["written"] = tuple(row["written"])
    return Pair(**row)


def call_hash(transcript: str) -> str:
    """The name of a call in a dataset, made of its masked transcript alone: an imported record keeps it."""
    return hashlib.sha256(transcript.encode("utf-8", "surrogatepass")).hexdigest()[:32]
