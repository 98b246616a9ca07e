"""`make slack`: everything starts with one command, and ends with it."""

import re
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.settings import read
from bot.wiring import Wiring
from sandbox import install
from sandbox.child import LIMIT_S, Child, wait_for
from sandbox.slack import Slack
from sandbox.teaching import CALLS
from sandbox.workspace import TOM

ECHO = "bot: python -m tests.doubles.echo_bot\nworker: sleep 600\n"
URL = re.compile(r"http://[\w.:]+")


@pytest.fixture(autouse=True)
def installed() -> None:
    try:
        install.program()
    except install.NoLocalSlack as why:
        pytest.skip(str(why))


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Child]:
    (tmp_path / "Procfile").write_text(ECHO, "utf-8")
    with started(tmp_path) as child:
        wait_for("what to try", lambda: "/retrain" in child.output or not child.running)
        yield child


def started(folder: Path) -> Child:
    options = ["--port", "0", "--folder", str(folder / "run"), "--procfile", str(folder / "Procfile")]
    return Child(["python", "-m", "sandbox", *options], folder / "log", env={"SANDBOX_TEST": str(folder)})


def left(folder: Path) -> list[str]:
    """The command lines of all processes that have the environment that `started` gave."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if f"SANDBOX_TEST={folder}\0".encode() in (process / "environ").read_bytes():
                found.append((process / "cmdline").read_text("utf-8").replace("\0", " "))
        except OSError:
            continue
    return found


def test_it_says_where_to_look_and_what_to_try(sandbox: Child) -> None:
    lines = sandbox.output.splitlines()

    assert [line.partition(":")[0] for line in lines] == [
        "Slack with Wrapup in it",
        "To train the next model, act as Priya Raman and type /retrain",
    ]


def test_pairs_to_train_on_are_there(sandbox: Child, tmp_path: Path) -> None:
    store = Wiring(read({"WRAPUP_DATA_DIR": str(tmp_path / "run" / "data")})).services.pairs

    assert store.counts()["task:summarize"] == CALLS


def test_sample_calls_are_asked_and_answered(sandbox: Child) -> None:
    slack = Slack(URL.findall(sandbox.output)[0])

    asked = [
        one for one in [*slack.messages(), *slack.messages(TOM.id)] if "<@" in one["text"] and "thread_ts" not in one
    ]

    assert [len(slack.replies(one)) for one in asked] == [1, 1, 1]


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_leaves_no_process_when_it_is_ended(sandbox: Child, tmp_path: Path, how: signal.Signals) -> None:
    sandbox.process.send_signal(how)

    assert sandbox.process.wait(LIMIT_S) == 0
    assert wait_for("all to end", lambda: not left(tmp_path))


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_an_impatient_second_signal_changes_nothing(sandbox: Child, tmp_path: Path) -> None:
    sandbox.process.send_signal(signal.SIGINT)
    sandbox.process.send_signal(signal.SIGTERM)

    assert sandbox.process.wait(LIMIT_S) == 0
    assert wait_for("all to end", lambda: not left(tmp_path))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ties a child to its parent")
def test_it_leaves_no_process_when_it_is_killed(sandbox: Child, tmp_path: Path) -> None:
    sandbox.process.kill()

    assert wait_for("all to end", lambda: not left(tmp_path))


def test_it_ends_and_says_why_when_a_process_ends(tmp_path: Path) -> None:
    (tmp_path / "Procfile").write_text(
        "bot: python -m tests.doubles.echo_bot\nworker: echo 'no store'; exit 3\n", "utf-8"
    )

    with started(tmp_path) as child:
        code = child.process.wait(LIMIT_S)

    assert code == 1
    assert "The worker ended with code 3; everything is stopped." in child.output
    assert "no store" in child.output
