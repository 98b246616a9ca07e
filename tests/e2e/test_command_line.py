"""The commands as a person runs them: as processes, with the embedded model."""

import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sandbox.child import LIMIT_S

ROOT = Path(__file__).parent.parent.parent
SAMPLES = ROOT / "samples"
CLEAN = {
    name: value for name, value in os.environ.items() if not name.startswith(("WRAPUP_", "AWS_", "REDIS_", "SLACK_"))
}

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def command(*arguments: str, stdin: str = "", **environ: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            input=stdin,
            capture_output=True,
            text=True,
            encoding="utf-8",
            cwd=ROOT,
            env=CLEAN | {"WRAPUP_DATA_DIR": str(tmp_path / "data")} | environ,
            timeout=LIMIT_S,
            check=False,
        )

    return command


def rows(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_the_samples_are_answered_a_line_a_call_in_order(run: Run) -> None:
    done = run("summarize", "--json", "samples")

    assert (done.returncode, done.stderr) == (0, "")
    files = [row["file"] for row in rows(done)]
    assert files == sorted(files)
    assert len({row["call"] for row in rows(done)}) == len(files) == 11


def test_an_answer_has_every_key(run: Run) -> None:
    (row,) = rows(run("summarize", "--json", "samples/broadband-outage.txt"))

    assert list(row) == [
        "call", "file", "task", "model", "prompt", "output", "unverified", "parts", "usage", "latency_ms"
    ]  # fmt: skip
    assert (row["call"], row["task"], row["model"], row["parts"]) == ("NW-20418", "summarize", "embedded", 1)
    assert list(row["output"]) == ["summary", "topics", "action_items", "next_steps"]


def test_the_same_call_gives_the_same_bytes_however_many_are_answered_at_once(run: Run) -> None:
    def answers(jobs: str) -> list[dict[str, Any]]:
        return [row | {"latency_ms": 0} for row in rows(run("summarize", "--json", "--jobs", jobs, "samples"))]

    assert answers("1") == answers("4")


def test_a_call_comes_from_standard_input(run: Run) -> None:
    done = run(
        "summarize", "--json", "-", stdin="Agent: How can I help?\nCustomer: I want a refund for my broken lamp.\n"
    )

    assert [row["file"] for row in rows(done)] == ["-"]


def test_a_person_reads_headings_and_no_json(run: Run) -> None:
    done = run("summarize", "samples/damaged-lamp.vtt", COLUMNS="100")

    assert all(heading in done.stdout for heading in ("Summary", "Topics", "Action items", "Next steps"))
    assert "embedded (quotes, does not write)" in done.stdout


def test_a_bad_file_is_one_line_and_the_others_are_answered(run: Run, tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text('{"Transcript": [')
    (tmp_path / "call.mp3").write_bytes(b"ID3\x04" + bytes(100))

    done = run("summarize", "--json", str(tmp_path / "bad.json"), "samples/voicemail.txt", str(tmp_path / "call.mp3"))

    assert done.returncode == 2
    assert len(rows(done)) == 1
    bad, audio = done.stderr.splitlines()
    assert "bad.json" in bad
    assert "line 1" in bad
    assert "call.mp3" in audio
    assert "Transcribe it first" in audio


def test_a_model_that_cannot_be_asked_ends_with_three(run: Run) -> None:
    done = run("summarize", "samples/voicemail.txt", "--model", "not a model")

    assert (done.returncode, done.stdout) == (3, "")
    assert "not a model" in done.stderr


def test_an_unknown_task_names_those_there_are(run: Run) -> None:
    done = run("summarize", "samples/voicemail.txt", "--task", "translate")

    assert done.returncode == 2
    assert "moderate, summarize" in done.stderr


def test_wrong_settings_are_told_together(run: Run) -> None:
    done = run("summarize", "samples", WRAPUP_FAMILY="gpt", WRAPUP_MAX_BYTES="many")

    assert done.returncode == 1
    assert "WRAPUP_FAMILY" in done.stderr
    assert "WRAPUP_MAX_BYTES" in done.stderr


def test_comments_are_judged_a_line_a_comment(run: Run) -> None:
    comments = '{"id": "c1", "text": "You are a stupid idiot."}\n{"id": "c2", "text": "The train leaves at nine."}\n'

    done = run("summarize", "--json", "--task", "moderate", "-", stdin=comments)

    assert [(row["call"], row["output"]["toxic"]) for row in rows(done)] == [("c1", True), ("c2", False)]


def test_a_plain_file_is_one_comment(run: Run) -> None:
    done = run("summarize", "--json", "--task", "moderate", "-", stdin="Agent: nice.\nCustomer: also nice.\n")

    assert [row["output"] for row in rows(done)] == [{"toxic": False, "categories": []}]


def test_a_transcript_shows_turns_from_zero_with_roles_and_times(run: Run) -> None:
    done = run("transcript", "--json", "samples/broadband-outage.txt")

    (row,) = rows(done)
    assert list(row) == ["call", "file", "format", "turns", "notes"]
    first, second = row["turns"][:2]
    assert list(first) == ["index", "speaker", "name", "start_s", "end_s", "text"]
    assert (first["index"], first["speaker"], first["start_s"]) == (0, "agent", 3.0)
    assert (second["index"], second["speaker"], second["start_s"]) == (1, "customer", 8.0)


def test_several_calls_of_a_table_have_their_own_ids(run: Run) -> None:
    done = run("transcript", "--json", "samples/travel-desk.csv")

    assert [(row["call"], len(row["turns"])) for row in rows(done)] == [("T-5001", 7), ("T-5002", 6), ("T-5003", 1)]


def test_an_empty_folder_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()

    done = run("transcript", str(tmp_path / "none"))

    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)


def test_a_format_can_be_forced(run: Run) -> None:
    done = run("transcript", "--json", "--format", "comment", "samples/voicemail.txt")

    assert done.returncode == 2
    assert "I don't know a format 'comment'" in done.stderr


def test_check_is_well_on_a_fresh_machine(run: Run) -> None:
    done = run("check")

    assert done.returncode == 0, done.stdout
    assert [line[0] for line in done.stdout.splitlines()] == ["✓", "✓", "✓", "–", "–"]


def test_check_names_a_store_that_does_not_answer(run: Run) -> None:
    done = run("check", REDIS_URL="redis://127.0.0.1:1/0")

    assert done.returncode == 1
    assert "✗ store: The store does not answer" in done.stdout


def test_check_lists_wrong_settings(run: Run) -> None:
    done = run("check", WRAPUP_FAMILY="gpt", REDIS_URL="nonsense")

    assert done.returncode == 1
    assert done.stdout.count("✗ settings") == 2


def test_families_say_what_is_not_published(run: Run) -> None:
    done = run("families", COLUMNS="200")

    assert "claude-3-haiku" in done.stdout
    assert "not published" in done.stdout


def test_the_slack_app_is_one_link_and_what_comes_next(run: Run) -> None:
    done = run("slack-app")

    link, _, *steps = done.stdout.splitlines()
    assert (done.returncode, done.stderr) == (0, "")
    assert link.startswith("https://api.slack.com/apps?new_app=1&manifest_json=%7B")
    assert steps[0].startswith("1. ")


def test_the_manifest_over_http_can_be_piped_on(run: Run) -> None:
    done = run("slack-app", "--http", "https://wrapup.example.com")

    assert done.returncode == 0
    assert not json.loads(done.stdout)["settings"]["socket_mode_enabled"]
    assert "SLACK_SIGNING_SECRET" in done.stderr


def test_an_address_that_slack_does_not_send_to_ends_with_a_sentence(run: Run) -> None:
    done = run("slack-app", "--http", "http://wrapup.example.com")

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("--http: http://wrapup.example.com isn't an address that Slack can use")


def test_help_loads_no_heavy_library(run: Run) -> None:
    code = (
        "import sys; from bot.__main__ import main; main(['--help'], standalone_mode=False); print(sorted(sys.modules))"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)

    loaded = done.stdout.splitlines()[-1]
    assert not [name for name in ("boto3", "numpy", "onnxruntime", "pydantic", "rich.console") if f"'{name}'" in loaded]


def test_reading_loads_no_model(run: Run) -> None:
    code = (
        "import sys; from bot.__main__ import main; "
        "main(['transcript', '--json', 'samples/voicemail.txt'], standalone_mode=False)"
    )
    watched = f"import atexit, sys; atexit.register(lambda: print(sorted(sys.modules))); {code}"

    done = subprocess.run([sys.executable, "-c", watched], capture_output=True, text=True, cwd=ROOT, check=True)

    assert not [name for name in ("boto3", "numpy", "onnxruntime") if f"'{name}'" in done.stdout.splitlines()[-1]]


def worked_s() -> float:
    """Seconds that the processors spent on commands that have ended, however busy the machine was meanwhile."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


@pytest.mark.parametrize(
    "data",
    [b"[" * 1_000_000, b'{"a":' * 200_000, b"\x00\x01\x02" * 100_000, b"a: " * 1_000_000, b'"' * 3_000_000],
    ids=["brackets", "nested", "binary", "colons", "quotes"],
)
def test_a_bad_file_costs_under_two_seconds_and_no_traceback(run: Run, tmp_path: Path, data: bytes) -> None:
    (tmp_path / "bad").write_bytes(data)

    before = worked_s()
    done = run("transcript", "--json", str(tmp_path / "bad"))

    assert worked_s() - before < 4  # two seconds of work, with room for a slow machine
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) <= 1
