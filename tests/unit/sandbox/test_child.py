"""Children never outlive us."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox.child import Child, wait_for

ORPHAN = """
import sys, time
from pathlib import Path
from sandbox.child import Child
print(Child(["sleep", "60"], Path(sys.argv[1])).process.pid, flush=True)
time.sleep(60)
"""


def gone(pid: int) -> bool:
    """Whether the process has ended; one that nobody has waited for yet counts as ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def test_what_a_child_prints_is_kept(tmp_path: Path) -> None:
    with Child(["echo", "hello"], tmp_path / "log") as child:
        child.process.wait()

    assert child.output == "hello\n"


def test_a_child_sees_the_settings_that_it_is_given(tmp_path: Path) -> None:
    with Child(["sh", "-c", "echo $PORT"], tmp_path / "log", env={"PORT": "8080"}) as child:
        child.process.wait()

    assert child.output == "8080\n"


def test_a_child_ends_with_the_block(tmp_path: Path) -> None:
    with Child(["sleep", "60"], tmp_path / "log") as child:
        pass

    assert child.process.returncode == -signal.SIGTERM


def test_a_child_that_does_not_listen_is_killed(tmp_path: Path) -> None:
    stubborn = ["sh", "-c", "trap '' TERM; echo up; while :; do sleep 0.1; done"]
    child = Child(stubborn, tmp_path / "log", leave_seconds=0.1)
    wait_for("its first word", lambda: child.output)

    assert child.close() == -signal.SIGKILL


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ties a child to its parent")
def test_a_child_ends_when_we_are_killed(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", ORPHAN, tmp_path / "log"], stdout=subprocess.PIPE) as parent:
        assert parent.stdout
        child = int(parent.stdout.readline())

        os.kill(parent.pid, signal.SIGKILL)

        assert wait_for("the child's end", lambda: gone(child))


def test_waiting_says_what_was_waited_for() -> None:
    with pytest.raises(TimeoutError, match="waited 0 s for the tide; last seen: 0"):
        wait_for("the tide", lambda: 0, seconds=0)
