"""A dataset is made of pairs: the same bytes every time, on the right sides, within the base model's limits."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot import task
from bot.adapters.local.export_workbench import SqliteWorkbench
from bot.adapters.local.folder import Folder
from bot.adapters.local.process_pool import Processes
from bot.adapters.memory import MemoryPairs, OneCore
from bot.answers.family import FAMILIES, DatasetLimits, Family
from bot.datasets.dataset import side_of
from bot.datasets.exporter import Exporter, verify
from bot.errors import DatasetRefused, ExportRunning, NothingToExport, PlaceRefused, StoreUnavailable
from bot.feedback.pair import Pair, Stored, call_hash
from bot.privacy import REDACTION_VERSION
from bot.settings import SHIPPED_PROMPTS
from tests.doubles.locks import Free
from tests.doubles.made_pairs import pair, pairs, settle
from tests.doubles.published_rules import faults

SUMMARIZE = task.load(SHIPPED_PROMPTS / "summarize")
HAIKU, NOVA, EMBEDDED = FAMILIES["claude-3-haiku"], FAMILIES["nova-lite"], FAMILIES["embedded"]


def exporter(made: list[Pair], store: MemoryPairs | None = None, free: bool = True, **changes: Any) -> Exporter:
    store = store or MemoryPairs()
    settle(store, *made)
    settings: dict[str, Any] = {"redact": "standard", "redaction": REDACTION_VERSION, "seed": "wrapup"} | changes
    return Exporter(store, Free(0 if free else 1), SqliteWorkbench, OneCore, **settings)


def exported(folder: Path, made: list[Pair], family: Family = HAIKU, **changes: Any) -> Mapping[str, Any]:
    """What stands in the manifest after these pairs were exported."""
    exporter(made, **changes).export(SUMMARIZE, family, Folder(folder))
    found: dict[str, Any] = json.loads((folder / "manifest.json").read_bytes())
    return found


def rows(folder: Path, name: str) -> list[Any]:
    path = folder / f"{name}.jsonl"
    return [json.loads(line) for line in path.read_bytes().splitlines()] if path.exists() else []


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def limited(**limits: int) -> Family:
    return replace(EMBEDDED, limits=DatasetLimits(**limits))


def test_every_pair_stands_in_one_file(tmp_path: Path) -> None:
    about = exported(tmp_path, pairs(400))

    counts = {name: len(rows(tmp_path, name)) for name in ("train", "validation", "holdout")}
    assert counts == about["pairs"]
    assert sum(counts.values()) == 400
    assert 280 < counts["train"] < 360


def test_writing_in_another_order_gives_the_same_bytes(tmp_path: Path) -> None:
    made = pairs(300)
    exported(tmp_path / "one", made)

    random.Random(1).shuffle(made)
    exported(tmp_path / "two", made)

    assert files(tmp_path / "one") == files(tmp_path / "two")


def test_no_call_moves_and_none_is_lost_as_more_come(tmp_path: Path) -> None:
    exported(tmp_path / "before", pairs(200), EMBEDDED)

    exported(tmp_path / "after", pairs(600), EMBEDDED)

    for name in ("train", "validation", "holdout"):
        before, after = ({json.dumps(row) for row in rows(tmp_path / when, name)} for when in ("before", "after"))
        assert before <= after


def test_another_seed_moves_calls(tmp_path: Path) -> None:
    one = exported(tmp_path / "one", pairs(100), seed="a")

    two = exported(tmp_path / "two", pairs(100), seed="b")

    assert one["calls"]["holdout"] != two["calls"]["holdout"]


def test_all_versions_of_a_call_are_on_one_side(tmp_path: Path) -> None:
    made = pairs(100)
    again = [
        replace(each, id=f"{each.id}-2", at=each.at + 9_000, output=each.output | {"next_steps": []}) for each in made
    ]

    about = exported(tmp_path, [*made, *again], EMBEDDED)

    sides = [set(about["calls"][side]) for side in ("train", "validation", "holdout")]
    assert sum(map(len, sides)) == len(set.union(*sides)) == 100
    assert (about["warnings"]["duplicated prompt"], sum(about["pairs"].values())) == (200, 200)


def near(made: Pair, number: int) -> Pair:
    """Nearly the same call, asked about later."""
    return replace(
        made, id=f"{made.id}-n{number}", call=f"{made.call}-n{number}", asked_at=made.asked_at + 5_000,
        transcript=made.transcript.replace("[3] customer: ", f"[3] customer: {'Well' * (number + 1)} "),
    )  # fmt: skip


def test_near_duplicates_never_stand_on_two_sides(tmp_path: Path) -> None:
    made = pairs(100)
    twins = [near(each, 0) for each in made]

    about = exported(tmp_path, [*made, *twins], EMBEDDED)

    crossing = sum(
        side_of(call_hash(a.transcript), "wrapup") != side_of(call_hash(b.transcript), "wrapup")
        for a, b in zip(made, twins, strict=True)
    )
    assert crossing > 10
    assert about["left_out"] == {"near-duplicate": crossing}
    assert sum(about["pairs"].values()) == 200 - crossing


def test_of_near_duplicates_the_younger_is_left_out(tmp_path: Path) -> None:
    made = pairs(60)
    before = exported(tmp_path / "before", made, EMBEDDED)

    after = exported(tmp_path / "after", [*made, *(near(each, n) for each in made for n in range(3))], EMBEDDED)

    for side in ("train", "validation", "holdout"):
        assert set(before["calls"][side]) <= set(after["calls"][side])


def test_another_transcript_under_the_same_call_id_does_not_stand_on_another_side(tmp_path: Path) -> None:
    made = [pair(n, call=f"call-{n % 50}") for n in range(100)]

    exported(tmp_path, made, EMBEDDED)

    side = {each.transcript: each.call for each in made}
    found = {name: {side[_said(row)] for row in rows(tmp_path, name)} for name in ("train", "validation", "holdout")}
    assert not found["train"] & found["holdout"]
    assert not found["train"] & found["validation"]


def _said(row: Any) -> str:
    if "transcript" in row:
        return str(row["transcript"])
    return str(row["messages"][0]["content"]).removeprefix("<transcript>\n").removesuffix("\n</transcript>")


def test_corrections_of_calls_to_learn_from_are_preferred_to_what_they_correct(tmp_path: Path) -> None:
    exported(tmp_path, pairs(200))

    preferred, learned = (
        rows(tmp_path, "preference"),
        {row["messages"][1]["content"] for row in rows(tmp_path, "train")},
    )
    assert preferred
    assert all(
        row["chosen"] in learned and json.loads(row["rejected"])["summary"] == "All is well." for row in preferred
    )


def test_the_same_again_writes_nothing(tmp_path: Path) -> None:
    made = exporter(pairs(100))
    first = made.export(SUMMARIZE, HAIKU, Folder(tmp_path))
    times = {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()}

    second = made.export(SUMMARIZE, HAIKU, Folder(tmp_path))

    assert (first.written, second.written) == (True, False)
    assert {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == times


def test_a_new_dataset_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    exported(tmp_path, pairs(600))

    exported(tmp_path, pairs(100))

    assert not (tmp_path / "validation.jsonl").exists()
    assert verify(Folder(tmp_path)) == []


def test_a_validation_file_below_the_minimum_is_not_written_and_that_is_told(tmp_path: Path) -> None:
    about = exported(tmp_path, pairs(100))

    assert not (tmp_path / "validation.jsonl").exists()
    assert about["left_out"]["too few for validation"] == 100 - about["pairs"]["train"] - about["pairs"]["holdout"]


def test_too_few_training_records_stop_the_export(tmp_path: Path) -> None:
    with pytest.raises(DatasetRefused, match="needs at least 32 training records"):
        exported(tmp_path / "out", pairs(20))

    assert not (tmp_path / "out").exists()


def test_no_pair_at_all_is_nothing_to_export(tmp_path: Path) -> None:
    with pytest.raises(NothingToExport, match=r"none has settled yet\. Import your own with `wrapup pairs import`"):
        exported(tmp_path, [])


def test_where_there_is_too_much_each_topic_keeps_its_share_and_corrections_come_first(tmp_path: Path) -> None:
    rare = [pair(n, output=pair(n).output | {"topics": ["rare"]}) for n in range(300, 310)]
    learned = [each for each in [*pairs(300), *rare] if side_of(call_hash(each.transcript), "wrapup") == "train"]

    about = exported(tmp_path, learned, limited(max_records=60))

    kept = {each.transcript for each in learned} & {_said(row) for row in rows(tmp_path, "train")}
    by_topic = {
        name: {each.transcript for each in learned if each.output["topics"] == [name]} for name in about["by_topic"]
    }
    assert about["left_out"] == {"too many": len(learned) - 60}
    assert by_topic["rare"] <= kept
    assert about["by_label"]["corrected"] >= 40


def test_the_newest_of_equals_stay(tmp_path: Path) -> None:
    made = [pair(n, label="approved", rejected=None, output=pair(1).output) for n in range(100)]
    learned = [each for each in made if side_of(call_hash(each.transcript), "wrapup") == "train"]

    exported(tmp_path, learned, limited(max_records=10))

    assert {_said(row) for row in rows(tmp_path, "train")} == {each.transcript for each in learned[-10:]}


def test_training_and_validation_together_stay_within_the_limit(tmp_path: Path) -> None:
    about = exported(tmp_path, pairs(300), limited(max_records=100, max_validation_records=10, max_total_records=100))

    assert about["pairs"]["validation"] == 10
    assert about["pairs"]["train"] == 90


def test_an_export_since_another_holds_only_what_is_new(tmp_path: Path) -> None:
    exported(tmp_path / "one", pairs(100), EMBEDDED)
    store = exporter(pairs(150))

    store.export(SUMMARIZE, EMBEDDED, Folder(tmp_path / "two"), Folder(tmp_path / "one"))
    with pytest.raises(NothingToExport, match="earlier export: 150"):
        store.export(SUMMARIZE, EMBEDDED, Folder(tmp_path / "three"), Folder(tmp_path / "two"))

    about = json.loads((tmp_path / "two" / "manifest.json").read_bytes())
    assert sum(about["pairs"].values()) == 50
    assert about["parent"] == json.loads((tmp_path / "one" / "manifest.json").read_bytes())["name"]


def since(folder: Path, before: list[Pair], after: list[Pair]) -> Mapping[str, Any]:
    """The manifest of an export of all of them, after one of the first."""
    exported(folder / "one", before, EMBEDDED)
    exporter([*before, *after]).export(SUMMARIZE, EMBEDDED, Folder(folder / "two"), Folder(folder / "one"))
    found: dict[str, Any] = json.loads((folder / "two" / "manifest.json").read_bytes())
    return found


def test_a_near_duplicate_of_what_an_earlier_export_holds_does_not_stand_on_another_side(tmp_path: Path) -> None:
    made = pairs(100)
    twins = [near(each, 0) for each in made]

    about = since(tmp_path, made, twins)

    crossing = sum(
        side_of(call_hash(a.transcript), "wrapup") != side_of(call_hash(b.transcript), "wrapup")
        for a, b in zip(made, twins, strict=True)
    )
    assert about["left_out"] == {"near-duplicate": crossing, "in an earlier export": 100}
    assert sum(about["pairs"].values()) == 100 - crossing


def test_what_an_earlier_export_holds_stands_over_an_older_near_duplicate(tmp_path: Path) -> None:
    made = pairs(100)
    older = [replace(near(each, 0), asked_at=1.0) for each in made]

    about = since(tmp_path, made, older)

    assert about["left_out"]["in an earlier export"] == 100


def test_an_import_in_conflict_with_what_an_earlier_export_holds_is_left_out(tmp_path: Path) -> None:
    made = pairs(40)
    other = made[0].output | {"summary": "Something else."}
    imported = replace(made[0], id="import:1#0", source="import", output=other, reviewers=(), rejected=None)

    about = since(tmp_path, made, [imported, *pairs(10, start=40)])

    assert about["left_out"] == {"conflict": 1, "in an earlier export": 40}
    assert sum(about["pairs"].values()) == 10


def test_a_pair_that_the_store_gives_twice_is_taken_once(tmp_path: Path) -> None:
    class Twice(MemoryPairs):
        def stored(self) -> Iterator[Stored]:
            yield from super().stored()
            yield from super().stored()

    exported(tmp_path / "twice", [*pairs(100), near(pair(1), 0)], store=Twice())

    exported(tmp_path / "once", [*pairs(100), near(pair(1), 0)])
    assert files(tmp_path / "twice") == files(tmp_path / "once")


def test_a_second_export_at_once_is_told(tmp_path: Path) -> None:
    with pytest.raises(ExportRunning, match="Another export is running"):
        exporter(pairs(100), free=False).export(SUMMARIZE, HAIKU, Folder(tmp_path / "out"))


@pytest.mark.parametrize(
    "family", [each for each in FAMILIES.values() if each.limits.min_records != 100], ids=lambda each: each.name
)
def test_every_file_keeps_the_rules_that_are_published(tmp_path: Path, family: Family) -> None:
    exported(tmp_path, pairs(500), family)

    for name in ("train.jsonl", "validation.jsonl"):
        assert faults(tmp_path / name, family.name) == []


def test_llama_takes_a_hundred_records(tmp_path: Path) -> None:
    about = exported(tmp_path, pairs(200), FAMILIES["llama-3.3-70b"])

    assert about["pairs"]["train"] >= 100
    assert faults(tmp_path / "train.jsonl", "llama-3.3-70b") == []


class Breaking(MemoryPairs):
    """A store that goes away in the middle."""

    def stored(self) -> Iterator[Stored]:
        for n, each in enumerate(super().stored()):
            if n == 50:
                raise StoreUnavailable("The store does not answer.")
            yield each


def test_a_store_that_goes_away_leaves_what_stood_there(tmp_path: Path) -> None:
    exported(tmp_path, pairs(80))
    before = files(tmp_path)

    with pytest.raises(StoreUnavailable):
        exported(tmp_path, pairs(100), store=Breaking())

    assert files(tmp_path) == before


class Strange(MemoryPairs):
    """A store with a pair of a later version and one that is damaged."""

    def stored(self) -> Iterator[Stored]:
        yield from super().stored()
        yield Stored("later", b'{"schema": 99}')
        yield Stored("damaged", b"{")


def test_a_pair_of_a_later_version_is_left_out_and_the_rest_goes_on(tmp_path: Path) -> None:
    about = exported(tmp_path, pairs(100), store=Strange())

    assert about["left_out"]["unreadable"] == 2
    assert about["pairs"]["train"] > 32


def test_what_was_scanned_is_not_scanned_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = MemoryPairs()
    exported(tmp_path / "one", pairs(100), store=store)
    monkeypatch.setattr("bot.datasets.second_scan.personal", None)

    made = Exporter(store, Free(), SqliteWorkbench, OneCore, "standard", REDACTION_VERSION, "wrapup")
    made.export(SUMMARIZE, HAIKU, Folder(tmp_path / "two"))

    assert files(tmp_path / "one") == files(tmp_path / "two")


def test_more_cores_give_the_same_bytes(tmp_path: Path) -> None:
    store = MemoryPairs()
    settle(store, *pairs(120))
    made = Exporter(store, Free(), SqliteWorkbench, partial(Processes, 2), "standard", REDACTION_VERSION, "wrapup")

    made.export(SUMMARIZE, HAIKU, Folder(tmp_path / "two"))

    exported(tmp_path / "one", pairs(120))
    assert files(tmp_path / "one") == files(tmp_path / "two")


def test_a_full_disk_below_the_working_files_is_told(tmp_path: Path) -> None:
    class Full(SqliteWorkbench):
        def __init__(self) -> None:
            super().__init__()
            self._lines.close()
            self._lines = Path("/dev/full").open("w+b", buffering=1 << 12)  # noqa: SIM115

    store = MemoryPairs()
    settle(store, *pairs(100))
    made = Exporter(store, Free(), Full, OneCore, "standard", REDACTION_VERSION, "wrapup")

    with pytest.raises(PlaceRefused, match="is the disk full"):
        made.export(SUMMARIZE, HAIKU, Folder(tmp_path / "out"))


def changed(folder: Path, name: str, old: bytes, new: bytes) -> None:
    path = folder / name
    path.write_bytes(path.read_bytes().replace(old, new, 1))


def test_a_dataset_as_it_was_written_is_whole(tmp_path: Path) -> None:
    exported(tmp_path, pairs(100))

    assert verify(Folder(tmp_path)) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("train.jsonl", b"customer", b"Customer", "train.jsonl was changed"),
        ("train.jsonl", b"\n", b"", "train.jsonl has"),
        ("manifest.json", b'"seed": "wrapup"', b'"seed": "other"', "its name doesn't match its content"),
        ("manifest.json", b'"sha256"', b'"sha512"', "it doesn't describe"),
        ("manifest.json", b'"calls": {', b'"call": {', "its lists of calls don't match its name"),
        ("manifest.json", b'"earlier": []', b'"earlier": ["ab"]', "its lists of calls don't match its name"),
    ],
)
def test_a_change_in_a_file_is_found(tmp_path: Path, name: str, old: bytes, new: bytes, said: str) -> None:
    exported(tmp_path, pairs(100))

    changed(tmp_path, name, old, new)

    assert [text for text in verify(Folder(tmp_path)) if said in text]


def test_a_missing_file_is_found(tmp_path: Path) -> None:
    exported(tmp_path, pairs(100))

    (tmp_path / "holdout.jsonl").unlink()

    assert verify(Folder(tmp_path)) == ["holdout.jsonl is missing."]


def test_a_folder_without_a_manifest_holds_no_dataset(tmp_path: Path) -> None:
    with pytest.raises(PlaceRefused, match="isn't a Wrapup dataset"):
        verify(Folder(tmp_path))


def test_what_a_killed_export_left_is_removed_by_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    ours = tmp_path / f"wrapup-export-{os.getpid()}-abc"
    left = tmp_path / f"wrapup-export-{gone.pid}-abc"
    for folder in (ours, left):
        folder.mkdir()

    SqliteWorkbench().close()

    assert list(tmp_path.iterdir()) == [ours]
