"""The embedded store, with real processes that come, go and are killed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib import metadata
from pathlib import Path

import pytest
from redis import Redis
from redis.backoff import ConstantBackoff
from redis.retry import Retry

from bot.adapters.redis import embedded_server, embedded_server_keeper
from bot.errors import SettingsError, StoreUnavailable
from sandbox.child import LIMIT_S, wait_for

CALLER = """
import os, subprocess, sys
from pathlib import Path
from bot.adapters.redis.embedded_server import running
url = running(Path(sys.argv[1]))
print(url, flush=True)
"""


class Machine:
    """Processes that use the store under one data folder."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir, self.folder = data_dir, data_dir / "valkey"
        self._callers: list[subprocess.Popen[str]] = []

    def begin(self, then: str = "sys.stdin.read()") -> subprocess.Popen[str]:
        command = [sys.executable, "-c", CALLER + then, str(self.data_dir)]
        caller = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._callers.append(caller)
        return caller

    def caller(self, then: str = "sys.stdin.read()") -> tuple[subprocess.Popen[str], Redis]:
        """A process that is a member, and a client at the address that it was given."""
        caller = self.begin(then)
        return caller, client_at(url_from(caller))

    def kill_all(self) -> None:
        """Every caller at once, as a power cut would end them."""
        for caller in self._callers:
            caller.kill()
        for caller in self._callers:
            caller.communicate()

    def supervisor(self) -> int:
        return int((self.folder / embedded_server_keeper.SUPERVISOR).read_text() or 0)

    def kill_supervisor(self) -> None:
        os.kill(self.supervisor(), signal.SIGKILL)
        eventually(lambda: free(self.folder / embedded_server_keeper.SUPERVISOR))

    def is_empty(self) -> bool:
        """No server and no supervisor lives: the kernel has let go of what they held."""
        return free(self.folder / embedded_server_keeper.SERVER) and free(
            self.folder / embedded_server_keeper.SUPERVISOR
        )


def url_from(caller: subprocess.Popen[str]) -> str:
    assert caller.stdout
    return caller.stdout.readline().strip()


def client_at(url: str) -> Redis:
    """Asks again for as long as a server may take to come back."""
    return Redis.from_url(url, socket_timeout=5, retry=Retry(ConstantBackoff(0.05), 2_400), decode_responses=True)


def process(client: Redis) -> int:
    return int(client.info("server")["process_id"])


def free(path: Path) -> bool:
    lock = embedded_server_keeper.opened(path)
    try:
        return embedded_server_keeper.locked(lock)
    finally:
        os.close(lock)


def eventually(holds: Callable[[], bool]) -> None:
    wait_for("it to come about", holds, every=0.02)


@pytest.fixture
def machine() -> Iterator[Machine]:
    """In a folder with odd characters, and short enough for a socket: that of `tmp_path` is not always."""
    with tempfile.TemporaryDirectory(prefix="it's 5 % ? #\u2713 ", dir="/tmp") as folder:
        machine = Machine(Path(folder))
        yield machine
        machine.kill_all()
        eventually(machine.is_empty)


def test_eight_processes_that_start_at_once_share_one_server(machine: Machine) -> None:
    callers = [machine.begin() for _ in range(8)]

    urls = {url_from(caller) for caller in callers}

    assert len(urls) == 1
    assert client_at(urls.pop()).ping()
    assert (machine.folder / "valkey.log").read_text().count("Ready to accept connections") == 1


def test_the_others_go_on_when_the_one_that_started_it_is_killed(machine: Machine) -> None:
    starter, client = machine.caller()
    machine.caller()
    client.set("call", "1")
    before = process(client)

    starter.kill()
    starter.wait()
    time.sleep(3 * embedded_server_keeper.POLL_S)  # long enough for a supervisor that thinks it was the last

    assert (process(client), client.get("call")) == (before, "1")


def test_a_killed_server_comes_back_at_its_address_with_every_answered_write(machine: Machine) -> None:
    _, client = machine.caller()
    for number in range(100):
        client.rpush("calls", number)
    before = process(client)

    os.kill(before, signal.SIGKILL)

    assert client.lrange("calls", 0, -1) == [str(number) for number in range(100)]
    assert process(client) != before


def test_members_replace_a_killed_supervisor_and_keep_the_server(machine: Machine) -> None:
    _, client = machine.caller()
    before, killed = process(client), machine.supervisor()

    machine.kill_supervisor()
    eventually(lambda: machine.supervisor() not in {0, killed})

    assert process(client) == before


def test_the_next_process_takes_over_what_a_crash_of_all_has_left_running(machine: Machine) -> None:
    _, client = machine.caller()
    client.set("call", "1")
    before = process(client)
    os.kill(machine.supervisor(), signal.SIGSTOP)  # so that it cannot tidy up
    machine.kill_all()
    machine.kill_supervisor()

    _, client = machine.caller()

    assert (process(client), client.get("call")) == (before, "1")


def test_a_server_left_over_that_does_not_answer_is_replaced(machine: Machine) -> None:
    _, client = machine.caller()
    client.set("call", "1")
    before = process(client)
    os.kill(before, signal.SIGSTOP)
    os.kill(machine.supervisor(), signal.SIGSTOP)
    machine.kill_all()
    machine.kill_supervisor()

    _, client = machine.caller()

    assert process(client) != before
    assert client.get("call") == "1"


@pytest.mark.parametrize("end", ["sys.exit()", "os.kill(os.getpid(), 9)"])
def test_the_store_ends_with_its_last_process(machine: Machine, end: str) -> None:
    first, _ = machine.caller(f"sys.stdin.read(); {end}")
    last, client = machine.caller(f"sys.stdin.read(); {end}")
    client.set("call", "1")
    first.communicate()

    last.communicate()
    eventually(machine.is_empty)

    assert sorted(path.name for path in machine.folder.iterdir()) == [
        "appendonlydir", "members.lock", "server.lock", "supervisor.lock", "valkey.log",
    ]  # fmt: skip


def test_data_outlives_the_last_process(machine: Machine) -> None:
    _, client = machine.caller()
    client.set("call", "1")
    machine.kill_all()

    _, client = machine.caller()

    assert client.get("call") == "1"


def test_the_one_that_starts_the_store_leaves_nobody_at_its_output(machine: Machine) -> None:
    starter, _ = machine.caller()
    machine.caller()

    starter.communicate(timeout=LIMIT_S)  # until all that could write there have closed it

    assert starter.returncode == 0


def test_a_forked_child_keeps_the_store_alive(machine: Machine) -> None:
    parent, client = machine.caller("os.fork() and os._exit(0); sys.stdin.read()")
    before = process(client)

    parent.wait()
    time.sleep(3 * embedded_server_keeper.POLL_S)

    assert process(client) == before


def test_a_program_that_a_member_started_does_not_keep_the_store(machine: Machine) -> None:
    other = "subprocess.Popen(['sleep', '60'], close_fds=False, stdout=subprocess.DEVNULL)"
    caller = machine.begin(f"print({other}.pid, flush=True); sys.stdin.read()")
    url_from(caller)
    program = int(url_from(caller))

    machine.kill_all()

    eventually(machine.is_empty)
    os.kill(program, signal.SIGKILL)


def test_files_of_a_crash_are_no_obstacle(machine: Machine) -> None:
    machine.folder.mkdir()
    with socket.socket(socket.AF_UNIX) as abandoned:
        abandoned.bind(str(machine.folder / "valkey.sock"))
    (machine.folder / embedded_server_keeper.PID).write_text("1")
    (machine.folder / embedded_server_keeper.SUPERVISOR).write_text("1")

    _, client = machine.caller()

    assert client.ping()


def test_a_socket_that_was_removed_is_made_again(machine: Machine) -> None:
    _, client = machine.caller()
    client.set("call", "1")

    (machine.folder / "valkey.sock").unlink()
    client.connection_pool.disconnect()

    assert client.get("call") == "1"


def test_a_socket_that_is_removed_in_the_moment_it_is_made_is_made_again(machine: Machine) -> None:
    caller, socket = machine.begin(), machine.folder / "valkey.sock"

    limit = time.monotonic() + LIMIT_S
    while time.monotonic() < limit:
        with suppress(FileNotFoundError):
            socket.unlink()
            break
    else:
        pytest.fail("no socket was made")

    assert client_at(url_from(caller)).ping()


def test_a_folder_that_was_removed_is_made_again_at_the_next_call(machine: Machine) -> None:
    caller = machine.begin("sys.stdin.readline(); print(running(Path(sys.argv[1])), flush=True); sys.stdin.read()")
    url = url_from(caller)
    machine.folder.rename(machine.data_dir / "removed")
    assert caller.stdin

    caller.stdin.write("\n")
    caller.stdin.flush()

    assert url_from(caller) == url
    assert client_at(url).ping()


def test_a_path_too_long_for_a_socket_works(tmp_path: Path) -> None:
    machine = Machine(tmp_path / ("x" * 108))

    caller = machine.begin()
    url = url_from(caller)

    assert client_at(url).ping()
    machine.kill_all()
    eventually(machine.is_empty)
    Path(url.removeprefix("unix://")).parent.rmdir()


def test_nobody_else_can_reach_the_store(machine: Machine) -> None:
    _, client = machine.caller()

    assert (machine.folder / "valkey.sock").is_socket()
    assert machine.folder.stat().st_mode & 0o077 == 0
    assert client.config_get("port") == {"port": "0"}


def test_a_server_that_cannot_start_is_told_with_the_place_of_its_log(machine: Machine) -> None:
    _, client = machine.caller()
    client.set("call", "1")
    machine.kill_all()
    eventually(machine.is_empty)
    next(machine.folder.glob("appendonlydir/*.manifest")).write_text("no manifest")
    impatient = CALLER.replace(
        "url =", "from bot.adapters.redis import embedded_server; embedded_server.START_S = 1\nurl ="
    )

    outcome = subprocess.run(
        [sys.executable, "-c", impatient, str(machine.data_dir)], capture_output=True, text=True, check=False
    )

    assert f"The embedded store does not start: {machine.folder / 'valkey.log'} says why." in outcome.stderr


def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(StoreUnavailable, match=r"cannot use .*file/valkey: check its rights"):
        embedded_server.running(tmp_path / "file")


def test_a_system_without_the_wheel_is_told_to_name_a_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "files", missing)

    with pytest.raises(SettingsError, match="REDIS_URL: the embedded store runs on Linux"):
        embedded_server.running(tmp_path)
