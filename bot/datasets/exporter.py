"""Exports a task's pairs as a dataset for fine-tuning."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any

import orjson

from bot.answers.family import Family
from bot.answers.prompts import fingerprint, frame
from bot.datasets import rules
from bot.datasets.candidates import Gathering
from bot.datasets.dataset import (
    FILES,
    MANIFEST,
    PREFERENCE,
    SIDES,
    DatasetTally,
    Options,
    digest_of,
    head,
    name_of,
    quotas,
)
from bot.datasets.ports import Cores, Datasets, Workbench
from bot.datasets.rules import Finding
from bot.errors import DatasetRefused, ExportRunning, NothingToExport
from bot.feedback.pair import Stored
from bot.feedback.ports import Pairs
from bot.lock import Lock
from bot.privacy.masker import Redact
from bot.task import Task

BATCH = 200
LOCK = "exporting"
OnExport = Callable[[str, int], None]  # the current step, and how many pairs it has done


@dataclass(frozen=True, slots=True)
class Draft:
    """A dataset before it is written: the head of its manifest, and the workbench with the rest."""

    about: Mapping[str, Any]
    bench: Workbench
    stops: Sequence[Finding]

    @property
    def name(self) -> str:
        return str(self.about["name"])


@dataclass(frozen=True, slots=True)
class Exported:
    """The result of an export. `written` is False if exactly this dataset was there already."""

    about: Mapping[str, Any]
    place: str
    written: bool


class Exporter:
    """Exports datasets. Holds no state between calls.

    `redact` and `redaction` say how pairs are masked now; `seed` picks the split.
    """

    def __init__(
        self,
        pairs: Pairs,
        lock: Lock,
        bench: Callable[[], Workbench],
        cores: Callable[[], Cores],
        redact: Redact,
        redaction: int,
        seed: str,
    ) -> None:
        self._pairs, self._lock, self._bench, self._cores = pairs, lock, bench, cores
        self._redact, self._redaction, self._seed = redact, redaction, seed

    def export(
        self,
        task: Task,
        family: Family,
        place: Datasets,
        since: Datasets | None = None,
        told: OnExport = lambda *_: None,
    ) -> Exported:
        """Writes the dataset to the place, unless it is there already.

        Raises DatasetRefused if the base model would refuse it, NothingToExport, ExportRunning, PlaceRefused,
        PlaceUnavailable or StoreUnavailable. An error leaves the place as it was.
        """
        place.check()
        with self._alone(), self.draft(task, family, since, told) as draft:
            if draft.stops:
                raise DatasetRefused("\n".join(finding.detail for finding in draft.stops))
            if place.name() == draft.name:
                return Exported(draft.about, place.place, written=False)
            told("writing", sum(draft.about["pairs"].values()))
            place.write(_files(draft, _earlier(since)))
            calls = (call for side in SIDES for call, _ in draft.bench.calls(side))
            self._pairs.keep_export(draft.name, place.place, calls)
            return Exported(draft.about, place.place, written=True)

    @contextmanager
    def draft(
        self, task: Task, family: Family, since: Datasets | None = None, told: OnExport = lambda *_: None
    ) -> Iterator[Draft]:
        """Opens a dataset with its findings, without writing it. Raises NothingToExport or StoreUnavailable."""
        parent = str(since.manifest()["name"]) if since else ""
        tuned = fingerprint(task, "tuned")
        options = Options(task.name, family.name, tuned, self._redact, self._redaction, self._seed, parent)
        with closing(self._bench()) as bench, closing(self._cores()) as cores:
            gathering = Gathering(task, family, self._redact, self._seed, set(_earlier(since)), bench, cores)
            self._gather(gathering, told)
            told("choosing", gathering.candidates)
            yield _chosen(gathering, options)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with self._lock.held(LOCK) as alone:
            if not alone:
                raise ExportRunning("Another export is running. Try again when it is done.")
            yield

    def _gather(self, gathering: Gathering, told: OnExport) -> None:
        read, stored = 0, iter(self._pairs.stored())
        with ThreadPoolExecutor(1) as store:  # scan the next pairs on other cores while these are taken
            coming = store.submit(_some, stored)
            while batch := coming.result():
                coming = store.submit(_some, stored)
                if fresh := gathering.take(batch):
                    self._pairs.keep_scans(fresh)
                read += len(batch)
                told("reading", read)


def _some(stored: Iterator[Stored]) -> list[Stored]:
    return list(islice(stored, BATCH))


def verify(place: Datasets) -> list[str]:
    """Compares a dataset with its manifest. Returns a sentence per fault. Raises PlaceRefused without a manifest."""
    about = place.manifest()
    wrong = []
    if "task" not in about or "family" not in about or about.get("name") != name_of(about):
        wrong.append(f"{MANIFEST} was changed: its name doesn't match its content.")
    files: Any = about.get("files") if isinstance(about.get("files"), dict) else {}
    for name in (*FILES.values(), PREFERENCE):
        wrong += _wrong_in(name, files.get(name), place.read(name))
    return wrong + _wrong_hashes(about)


def _wrong_hashes(about: Mapping[str, Any]) -> list[str]:
    try:
        calls, contents = about["calls"], about["content"]
        hashes = ((side, *each) for side in SIDES for each in zip(calls[side], contents[side], strict=True))
        same = digest_of(hashes, about["earlier"]) == about["hashes"]
    except (KeyError, TypeError, ValueError):
        same = False
    if not same:
        return [f"{MANIFEST} was changed: its lists of calls don't match its name."]
    both = {*calls["train"], *calls["validation"]} & {*calls["holdout"]}
    return [f"{len(both)} call(s) are both in holdout.jsonl and in a training file."] if both else []


def _wrong_in(name: str, said: Any, pieces: Iterator[bytes]) -> list[str]:
    digest, size, records = hashlib.sha256(), 0, 0
    for piece in pieces:
        digest.update(piece)
        size, records = size + len(piece), records + piece.count(b"\n")
    if said is None:
        return [f"{name} isn't in the manifest."] if size else []
    if not size:
        return [f"{name} is missing."]
    if not isinstance(said, dict) or set(said) != {"records", "bytes", "sha256"}:
        return [f"{MANIFEST} was changed: it doesn't describe {name}."]
    if size != said["bytes"] or records != said["records"]:
        return [f"{name} has {records:,} lines and {size:,} bytes, not {said['records']} and {said['bytes']}."]
    return [] if digest.hexdigest() == said["sha256"] else [f"{name} was changed: its SHA-256 doesn't match."]


def _chosen(gathering: Gathering, options: Options) -> Draft:
    """Leaves out surplus and near-duplicate pairs, and counts the rest."""
    bench, limits = gathering.bench, gathering.family.limits
    bench.leave_out_conflicts()
    bench.leave_out_near_duplicates()
    bench.leave_out_known()
    most = quotas(limits, bench.count("validation"))
    bench.leave_out_surplus("validation", most.validation, rules.TOO_MANY if most.validation else rules.TOO_FEW)
    if most.train is not None:
        bench.leave_out_surplus("train", most.train, rules.TOO_MANY)
    counts = {side: bench.count(side) for side in SIDES}
    if not sum(counts.values()):
        raise NothingToExport(_nothing(options, bench))
    if gathering.redact == "off":
        bench.find(Finding("", rules.NOT_SCANNED, "masking is off (WRAPUP_REDACT), so nothing was scanned"))
    bench.warn()
    files = bench.files()
    stops = _stops(gathering, counts["train"], {name: file.bytes for name, file in files.items()})
    for finding in stops:
        bench.find(finding)
    tally = DatasetTally(
        files=files,
        hashes=digest_of(((side, *each) for side in SIDES for each in bench.calls(side)), sorted(gathering.earlier)),
        by={kind: bench.counted(kind) for kind in ("label", "source", "reviewer", "topic")},
        tokens={side: bench.tokens(side) for side in SIDES},
        left_out=bench.counts_of("left out"),
        mended=bench.counts_of("mended"),
        warnings=bench.counts_of("warning"),
    )
    return Draft(head(options, gathering.family, tally), bench, stops)


def _nothing(options: Options, bench: Workbench) -> str:
    reasons = ", ".join(f"{name}: {number:,}" for name, number in bench.counts_of("left out").items())
    why = (
        f"all were left out ({reasons})"
        if reasons
        else "none has settled yet. Import your own with `wrapup pairs import`"
    )
    return f"There is no pair of the task {options.task!r} to export: {why}."


def _stops(gathering: Gathering, train: int, sizes: Mapping[str, int]) -> list[Finding]:
    family, found = gathering.family, []
    least = family.limits.min_records or 1
    if train < least:
        text = (
            f"{family.name} needs at least {least:,} training records, and there are {train:,}. Collect more pairs"
            f"{', or see in `wrapup pairs check` what was left out' if gathering.bench.counts_of('left out') else ''}."
        )
        found.append(Finding("", rules.MIN_RECORDS, text))
    if word := rules.reserved(family, *frame(gathering.task, "tuned").texts("")):
        text = (
            f"The tuned template of {gathering.task.name!r} contains {word!r}, which {family.name} refuses. Reword it."
        )
        found.append(Finding("", rules.TEMPLATE, text))
    limits = {
        FILES["train"]: family.limits.max_training_bytes,
        FILES["validation"]: family.limits.max_validation_bytes,
    }
    for name, most in limits.items():
        if most and sizes.get(name, 0) > most:
            text = f"{name} has {sizes[name]:,} bytes, but {family.name} takes at most {most:,}. Export fewer pairs (--since)."
            found.append(Finding("", rules.FILE_SIZE, text))
    return found


def _files(draft: Draft, earlier: Iterable[str]) -> dict[str, Iterator[bytes]]:
    files = {name: draft.bench.read(name) for name in draft.about["files"]}
    return files | {MANIFEST: _manifest(draft, earlier)}


def _manifest(draft: Draft, earlier: Iterable[str]) -> Iterator[bytes]:
    """Yields the manifest in pieces, so that a million hashes aren't in memory at once."""
    yield orjson.dumps(draft.about, option=orjson.OPT_INDENT_2).removesuffix(b"\n}")
    for name, which in (("calls", 0), ("content", 1)):
        yield f',\n  "{name}": {{'.encode()
        for n, side in enumerate(SIDES):
            yield b"%s\n    " % (b"," if n else b"") + f'"{side}": ['.encode()
            yield from _listed(hashes[which] for hashes in draft.bench.calls(side))
            yield b"]"
        yield b"\n  }"
    yield b',\n  "earlier": ['
    yield from _listed(sorted(earlier))
    yield b"]\n}\n"


def _listed(hashes: Iterable[str]) -> Iterator[bytes]:
    for n, each in enumerate(hashes):
        yield f'{"," if n else ""}\n      "{each}"'.encode()


def _earlier(since: Datasets | None) -> list[str]:
    """Returns the contents of all pairs in an export and in the exports before it."""
    if since is None:
        return []
    about: Any = since.manifest()
    own = [each for side in SIDES for each in about.get("content", {}).get(side, ())]
    return sorted({*own, *about.get("earlier", ())})
