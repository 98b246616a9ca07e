"""Work on all cores, by real processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.adapters.local.process_pool import LEAST, Processes
from sandbox.child import wait_for
from tests.doubles.work_items import where

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="ends processes as POSIX has them end")
MANY = range(LEAST)


@pytest.fixture
def cores() -> Iterator[Processes]:
    with closing(Processes(2)) as made:
        yield made


def negated(number: int) -> int:
    return -number


def killed_elsewhere(number: int) -> int:
    """Kills the process that it is done in, unless that is the one that tests."""
    if os.environ.get("WRAPUP_TEST_MAIN") != str(os.getpid()):
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def test_much_work_is_done_by_other_processes_in_its_order(cores: Processes) -> None:
    results, places = cores.map(negated, MANY), cores.map(where, MANY)

    assert results == [-number for number in MANY]
    assert os.getpid() not in places


def test_little_work_is_done_at_once(cores: Processes) -> None:
    assert set(cores.map(where, range(LEAST - 1))) == {os.getpid()}


def test_a_process_that_is_killed_costs_no_result(cores: Processes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WRAPUP_TEST_MAIN", str(os.getpid()))

    assert cores.map(killed_elsewhere, MANY) == list(MANY)
    assert set(cores.map(where, MANY)) == {os.getpid()}


def test_an_error_in_the_work_comes_here(cores: Processes) -> None:
    with pytest.raises(TypeError):
        cores.map(negated, ["x"] * LEAST)  # type: ignore[arg-type]  # on purpose


def test_processes_end_after_a_parent_that_was_killed(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(
        "import time\n"
        "from bot.adapters.local.process_pool import Processes\n"
        "from tests.doubles.work_items import where\n"
        "if __name__ == '__main__':\n"
        "    cores = Processes(2)\n"
        "    print(*set(cores.map(where, range(1_000))), flush=True)\n"
        "    time.sleep(60)\n"
    )
    root = Path(__file__).parents[3]
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, env={"PYTHONPATH": str(root)}) as parent:
        assert parent.stdout
        children = [int(each) for each in parent.stdout.readline().split()]
        parent.kill()

    assert children
    assert wait_for("the children's end", lambda: not any(_runs(each) for each in children))


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{process}/stat")
    return not (stat.exists() and stat.read_text().rpartition(")")[2].split()[0] == "Z")
