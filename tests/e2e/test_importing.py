"""Pairs go out as a dataset and come in again, as a person does it: processes on an embedded store each."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot import task
from bot.calls.transcript import Turn, to_lines
from bot.datasets import record
from bot.settings import SHIPPED_PROMPTS
from sandbox.child import LIMIT_S

CLEAN = {
    name: value for name, value in os.environ.items() if not name.startswith(("WRAPUP_", "AWS_", "REDIS_", "SLACK_"))
}
SUMMARIZE = task.load(SHIPPED_PROMPTS / "summarize")
WORDS = "router parcel kettle invoice garden window ticket bicycle lamp mirror piano carpet sofa bucket ladder".split()
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def at(tmp_path: Path) -> Callable[[str], Run]:
    """Runs commands on the store of a name."""

    def store(name: str) -> Run:
        def run(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[str]:
            command = [sys.executable, "-m", "bot", *arguments]
            env = CLEAN | {"WRAPUP_DATA_DIR": str(tmp_path / name)}
            done = subprocess.run(command, input=stdin, capture_output=True, env=env, timeout=LIMIT_S, check=False)
            return subprocess.CompletedProcess(command, done.returncode, done.stdout.decode(), done.stderr.decode())

        return run

    return store


def row(n: int, summary: str = "") -> dict[str, Any]:
    """A call that is like no other, with its output."""
    said = " ".join(f"{word} {n * 7 + place}x{n}" for place, word in enumerate(WORDS[n % 7 :]))
    turns = (Turn(0, "agent", "Hello, what is it about?"), Turn(1, "customer", f"It is about the {said}."))
    output = {
        "summary": summary or f"About {WORDS[n % 15]}.",
        "topics": ["billing"],
        "action_items": [],
        "next_steps": [],
    }
    return {"transcript": to_lines(turns), "output": output, "task": "summarize"}


def rows_file(folder: Path, count: int) -> Path:
    file = folder / "pairs.jsonl"
    file.write_bytes(b"".join(record.line(row(n)) for n in range(count)))
    return file


def test_an_export_that_is_imported_elsewhere_is_exported_as_the_same_bytes(
    at: Callable[[str], Run], tmp_path: Path
) -> None:
    first, second = at("first"), at("second")
    first("pairs", "import", str(rows_file(tmp_path, 60)))
    assert first("pairs", "export", "--family", "embedded", "--out", str(tmp_path / "one")).returncode == 0

    done = second("pairs", "import", str(tmp_path / "one"))

    assert (done.returncode, done.stderr) == (0, "")
    assert second("pairs", "export", "--family", "embedded", "--out", str(tmp_path / "two")).returncode == 0
    names = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert names == sorted(path.name for path in (tmp_path / "two").iterdir())
    assert {"train.jsonl", "holdout.jsonl", "manifest.json"} <= set(names)
    for name in names:
        assert (tmp_path / "two" / name).read_bytes() == (tmp_path / "one" / name).read_bytes(), name


def test_each_refused_line_is_told_on_standard_error_and_the_others_are_taken(
    at: Callable[[str], Run], tmp_path: Path
) -> None:
    run, file = at("store"), tmp_path / "some.jsonl"
    file.write_bytes(
        b"\n".join([record.line(row(0)).strip(), b"{broken", record.line(row(1)).strip(), b'{"prompt": 1}'])
    )

    done = run("pairs", "import", str(file))

    assert done.returncode == 2
    assert [line.split(": ")[:2] for line in done.stderr.splitlines()] == [
        [f"{file}:2", "refused"],
        [f"{file}:4", "refused"],
    ]
    assert done.stdout.splitlines() == [
        f"{file}:1: taken (1)",
        f"{file}:3: taken (1)",
        "2 taken, 0 known already, 0 in conflict, 2 refused.",
    ]


def test_a_rerun_adds_nothing(at: Callable[[str], Run], tmp_path: Path) -> None:
    run, file = at("store"), rows_file(tmp_path, 3)
    run("pairs", "import", str(file))

    done = run("pairs", "import", str(file))

    assert (done.returncode, done.stdout.splitlines()[0]) == (0, f"{file}:1-3: known already (3)")
    assert json.loads(run("pairs", "stats", "--json").stdout)["by_source"] == {"import": 3}


def test_the_report_is_a_line_of_json_a_line(at: Callable[[str], Run], tmp_path: Path) -> None:
    done = at("store")("pairs", "import", "--json", "--dry-run", "-", stdin=record.line(row(0)) + b"[]\n")

    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(each["file"], each["line"], each["state"]) for each in told] == [("-", 1, "taken"), ("-", 2, "refused")]
    assert done.returncode == 2


def test_a_trial_run_adds_nothing(at: Callable[[str], Run], tmp_path: Path) -> None:
    run = at("store")

    done = run("pairs", "import", "--dry-run", str(rows_file(tmp_path, 3)))

    assert "Nothing was added" in done.stdout
    assert json.loads(run("pairs", "stats", "--json").stdout)["pairs"] == 0


def test_a_conflict_is_not_exported_until_a_reviewer_stands_by_one_output(
    at: Callable[[str], Run], tmp_path: Path
) -> None:
    run, other, out = at("store"), tmp_path / "other.jsonl", tmp_path / "out"
    run("pairs", "import", str(rows_file(tmp_path, 60)))
    other.write_bytes(b"".join(record.line(row(n, "Something else.")) for n in range(60) if n % 10 == 0))

    done = run("pairs", "import", str(other))

    assert (done.returncode, "6 in conflict" in done.stdout, len(done.stderr.splitlines())) == (0, True, 6)
    assert exported(run, out) == 54
    run("pairs", "import", "--reviewer", "U7", str(other))
    assert exported(run, out) == 60
    assert sum(b"Something else." in line for line in all_lines(out)) == 6


def exported(run: Run, out: Path) -> int:
    done = run("pairs", "export", "--family", "embedded", "--out", str(out))
    assert done.returncode == 0, done.stderr
    return len(all_lines(out))


def all_lines(out: Path) -> list[bytes]:
    return [line for file in out.glob("*.jsonl") for line in file.read_bytes().splitlines()]


def test_a_file_that_is_not_there_is_told(at: Callable[[str], Run]) -> None:
    done = at("store")("pairs", "import", "nowhere.jsonl")

    assert (done.returncode, done.stderr) == (
        2,
        "nowhere.jsonl: refused: the file can't be opened: no such file or directory.\n",
    )


@pytest.mark.parametrize("wrong", [("--columns", "one"), ("--reviewer", "two words"), ("--task", "sing")])
def test_a_wrong_option_is_told_before_anything_is_read(at: Callable[[str], Run], wrong: tuple[str, str]) -> None:
    done = at("store")("pairs", "import", *wrong, "nowhere.jsonl")

    assert done.returncode in (1, 2)
    assert "nowhere" not in done.stderr
