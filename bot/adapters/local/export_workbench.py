"""Holds an export on disk while it is made.

Candidates and findings are in SQLite, lines in a file, so a million pairs take no more memory than a thousand.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import groupby, islice
from pathlib import Path
from typing import Any

import orjson

from bot.adapters.local import near_duplicates
from bot.datasets.dataset import FILES, PREFERENCE, SIDES, Candidate, File, Side
from bot.datasets.import_rows import standing
from bot.datasets.rules import CONFLICT, KNOWN, OTHER_SIDE, RARE, RARE_TOPIC, RULES, SAME_PROMPT, Effect, Finding, Rule
from bot.errors import PlaceRefused

_BATCH = 1_000
_PREFIX = "wrapup-export-"
_LINES = 150  # in a piece of some megabyte
_TABLES = """
pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -20000; pragma temp_store = file;
create table candidate (
  n integer primary key, key text unique, call blob, call_id blob, content blob, side integer, known integer,
  asked_at real, at real, label text, source text, reviewers text, topics text, tokens integer, start integer,
  size integer, preference integer, out text
);
create table finding (rule text, pair text, detail text, primary key (rule, pair, detail)) without rowid;
"""
# The chosen candidates in the order of the files, sorted once for all reads.
_CHOSEN = """
create table chosen as select side, call, content, start, size, preference from candidate where out is null
order by side, call, content, key
"""
# Newest corrections first. Hashes decide between pairs that settled at the same time, so the order is stable.
_FIRST = "label = 'corrected' desc, at desc, call, content, candidate.key"
# A pair's rank is its best rank within any of its topics, so that every topic gets its share.
_SURPLUS = f"""
update candidate set out = :rule where n in (
  select n from (
    select n, min(place) as best from (
      select n, row_number() over (partition by topic.value order by {_FIRST}) as place
      from candidate, json_each(topics) as topic where side = :side and out is null
    ) group by n
  ) join candidate using (n) order by best, {_FIRST} limit -1 offset :most
)
"""  # noqa: S608
_IMPORTED = """
select n, call, content, source, reviewers, at from candidate
where call in (select call from candidate group by call having count(distinct content) > 1 and max(source = 'import'))
order by call, n
"""
_LINES_OF = {file: f"side = {SIDES.index(side)}" for side, file in FILES.items()}
_LINES_OF[PREFERENCE] = f"side = {SIDES.index('train')} and preference > 0"
_SAME_PROMPT = """
select key from candidate where out is null
and call in (select call from candidate where out is null group by call having count(*) > 1)
"""


@dataclass(frozen=True, slots=True)
class _Version:
    n: int
    content: bytes
    source: str
    reviewers: list[str]
    at: float


def _remove_what_was_left() -> None:
    """Removes the working files of killed processes, because they contain calls."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        owner = folder.name.removeprefix(_PREFIX).partition("-")[0]
        if owner.isdecimal() and not _runs(int(owner)):
            shutil.rmtree(folder, ignore_errors=True)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


class SqliteWorkbench:
    """A Workbench in SQLite. `close` removes everything. Raises PlaceRefused if the disk is full."""

    def __init__(self) -> None:
        _remove_what_was_left()
        self._folder = tempfile.TemporaryDirectory(prefix=f"{_PREFIX}{os.getpid()}-")
        root = Path(self._folder.name)
        with _told():
            self._lines = (root / "lines").open("wb", buffering=1 << 20)
            self._signatures = (root / "signatures").open("wb", buffering=1 << 20)
            self._written = (root / "lines").open("rb", buffering=0)
            # An upload to S3 reads in another thread, but never at the same time.
            self._database = sqlite3.connect(root / "candidates.sqlite", isolation_level=None, check_same_thread=False)
            self._database.executescript(_TABLES)
            self._database.execute("begin")
        self._count = self._at = 0
        self._ordered = False
        self._rows: list[tuple[Any, ...]] = []
        self._findings: list[tuple[str, str, str]] = []

    def add(self, candidate: Candidate) -> None:
        """Adds a candidate, unless its key is there already."""
        with _told():
            self._lines.write(candidate.line)
            if candidate.preference:
                self._lines.write(candidate.preference)
            self._signatures.write(candidate.signature)
        self._rows.append(self._row(candidate))
        self._at += len(candidate.line) + len(candidate.preference)
        self._count += 1
        if len(self._rows) >= _BATCH:
            self._flush()

    def _row(self, each: Candidate) -> tuple[Any, ...]:
        topics = orjson.dumps(tuple(dict.fromkeys(each.topics or ("",)))).decode()
        return (
            self._count, each.key, each.call, each.call_id, each.content, SIDES.index(each.side), each.known, each.asked_at,
            each.at, each.label, each.source, " ".join(each.reviewers), topics, each.tokens, self._at, len(each.line),
            len(each.preference), None,
        )  # fmt: skip

    def find(self, finding: Finding) -> None:
        """Adds a finding."""
        self._findings.append((finding.rule.name, finding.pair, finding.detail))
        if len(self._findings) >= _BATCH:
            self._flush()

    def findings(self) -> Iterator[Finding]:
        """Yields all findings, sorted by rule, then by pair."""
        rules = {rule.name: rule for rule in RULES}
        for name, rule in rules.items():
            for pair, detail in self._all(
                "select pair, detail from finding where rule = ? order by pair, detail", name
            ):
                yield Finding(pair, rule, detail)

    def counts_of(self, effect: Effect) -> dict[str, int]:
        """Returns the number of findings for each rule with that effect."""
        found = dict(self._all("select rule, count(*) from finding group by rule"))
        return {rule.name: found[rule.name] for rule in RULES if rule.effect == effect and rule.name in found}

    def leave_out_conflicts(self) -> None:
        """Leaves out outputs of imported calls that lost (bot.datasets.import_rows.standing)."""
        self._flush()
        for _, some in groupby(list(self._all(_IMPORTED)), lambda row: row[1]):
            versions = [
                _Version(n, content, source, reviewers.split(), at) for n, _, content, source, reviewers, at in some
            ]
            stand = {version.n for version in standing(versions)}
            self._leave_out(CONFLICT, [version.n for version in versions if version.n not in stand])

    def leave_out_near_duplicates(self) -> None:
        """Leaves out the younger of two calls on different sides that are nearly the same or have the same id."""
        self._flush()
        calls = self._all("select n, side, call_id from candidate order by known desc, asked_at, key")
        self._leave_out(OTHER_SIDE, near_duplicates.younger(Path(self._signatures.name), self._count, calls))

    def leave_out_known(self) -> None:
        """Leaves out what the earlier export holds."""
        self._leave_out(KNOWN, [n for (n,) in self._all("select n from candidate where known and out is null")])

    def leave_out_surplus(self, side: Side, most: int, rule: Rule) -> None:
        """Keeps `most` candidates of a side: a fair share of each topic, newest corrections first."""
        if self.count(side) <= most:
            return
        with _told():
            given = {"rule": rule.name, "side": SIDES.index(side), "most": most}
            self._database.execute(_SURPLUS, given)
            self._database.execute(
                "insert or ignore into finding select out, key, '' from candidate where out = :rule and side = :side",
                given,
            )

    def count(self, side: Side) -> int:
        """Returns the number of candidates still in on a side."""
        self._flush()
        return int(self._one("select count(*) from candidate where out is null and side = ?", SIDES.index(side)))

    def warn(self) -> None:
        """Adds findings for duplicated prompts and for topics with few examples."""
        for (key,) in list(self._all(_SAME_PROMPT)):
            self.find(Finding(key, SAME_PROMPT))
        for name, number in self.counted("topic").items():
            if number < RARE:
                self.find(Finding("", RARE_TOPIC, f"{name}: {number}"))
        self._flush()

    def counted(self, kind: str) -> dict[str, int]:
        """Returns the number of candidates still in, by `label`, `source`, `reviewer` or `topic`."""
        if kind == "topic":
            query = "select value, count(*) from candidate, json_each(topics) where out is null and value != '' group by value"
            return dict(self._all(query))
        if kind != "reviewer":
            return dict(self._all(f"select {kind}, count(*) from candidate where out is null group by {kind}"))  # noqa: S608
        counts: dict[str, int] = {}
        query = "select reviewers, count(*) from candidate where out is null group by reviewers"
        for together, number in self._all(query):
            for reviewer in together.split():
                counts[reviewer] = counts.get(reviewer, 0) + number
        return counts

    def tokens(self, side: Side) -> int:
        query = "select coalesce(sum(tokens), 0) from candidate where out is null and side = ?"
        return int(self._one(query, SIDES.index(side)))

    def files(self) -> dict[str, File]:
        """Returns the files that have lines, by name."""
        found = {}
        for name in (*FILES.values(), PREFERENCE):
            digest, size = hashlib.sha256(), 0
            for piece in self.read(name):
                digest.update(piece)
                size += len(piece)
            if size:
                records = self._one(f"select count(*) from chosen where {_LINES_OF[name]}")  # noqa: S608
                found[name] = File(records, size, digest.hexdigest())
        return found

    def read(self, name: str) -> Iterator[bytes]:
        """Yields a file in pieces of whole lines, sorted by their calls' hashes so that the store's order doesn't show."""
        self._order()
        file = self._written.fileno()
        place = "start + size, preference" if name == PREFERENCE else "start, size"
        places = self._all(f"select {place} from chosen where {_LINES_OF[name]} order by rowid")  # noqa: S608
        while some := list(islice(places, _LINES)):
            yield b"".join([os.pread(file, size, start) for start, size in some])

    def calls(self, side: Side) -> Iterator[tuple[str, str]]:
        """Yields the hashes of a side's calls and their contents, in the file's order."""
        self._order()
        query = "select call, content from chosen where side = ? order by rowid"
        for call, content in self._all(query, SIDES.index(side)):
            yield call.hex(), content.hex()

    def close(self) -> None:
        self._database.close()
        for file in (self._lines, self._signatures, self._written):
            with suppress(OSError):  # closing fails on a full disk, but nothing needs to be written any more
                file.close()
        self._folder.cleanup()

    def _order(self) -> None:
        """Sorts the chosen candidates into the order of the files. After this nothing more is left out."""
        if not self._ordered:
            self._flush()
            with _told():
                self._lines.flush()
                self._database.execute(_CHOSEN)
            self._ordered = True

    def _leave_out(self, rule: Rule, numbers: Iterable[int]) -> None:
        given = [(rule.name, number) for number in numbers]
        with _told():
            self._database.executemany("update candidate set out = ? where n = ?", given)
            self._database.executemany(
                "insert or ignore into finding select ?, key, '' from candidate where n = ?", given
            )

    def _flush(self) -> None:
        with _told():
            marks = ", ".join("?" * 18)
            self._database.executemany(f"insert or ignore into candidate values ({marks})", self._rows)  # noqa: S608
            self._database.executemany("insert or ignore into finding values (?, ?, ?)", self._findings)
            self._signatures.flush()
        self._rows, self._findings = [], []

    def _all(self, query: str, *given: object) -> Iterator[tuple[Any, ...]]:
        self._flush()
        yield from self._database.execute(query, given)

    def _one(self, query: str, *given: object) -> Any:
        return next(self._all(query, *given))[0]


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise PlaceRefused(
            f"The working files of the export cannot be written below {tempfile.gettempdir()} (is the disk full?): "
            "free some space, or set TMPDIR to a folder on another disk."
        ) from error
