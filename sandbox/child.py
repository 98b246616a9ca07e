"""Commands that run beside us and never outlive us."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Self, TypeVar

TETHER = Path(__file__).with_name("tether.py")
BIN = Path(sys.executable).parent  # not resolved: the scripts of this environment lie here
LIMIT_S = 120.0  # how long to wait for what comes in a moment on a quiet machine
LEAVE_SECONDS = 5.0  # how long a command may take to end when asked
Found = TypeVar("Found")


class Child:
    """A command in a process group of its own, whose output goes to a file.

    It ends when `close` is called, at the end of a `with`, and on Linux also when we are killed: so start it from a
    thread that stays (the kernel counts a thread's end as the parent's).
    """

    def __init__(
        self,
        command: Sequence[str],
        log: Path,
        *,
        env: Mapping[str, str] | None = None,
        leave_seconds: float = LEAVE_SECONDS,
    ) -> None:
        """Starts `command` with `env` on top of our environment; scripts of this venv are found first.

        `leave_seconds` is how long it may take to end when asked, before it is killed.
        """
        path = f"{BIN}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
        self.command = list(command)
        self.log = log
        self.leave_seconds = leave_seconds
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-IS", str(TETHER), str(os.getpid()), *command],
                env={**os.environ, "PATH": path, "PYTHONUNBUFFERED": "1", **(env or {})},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def running(self) -> bool:
        return self.process.poll() is None

    @property
    def output(self) -> str:
        """All that it has printed until now, standard error too."""
        return self.log.read_text("utf-8", "replace")

    def signal(self, number: int) -> None:
        """Sends a signal to the command and what it started; nothing happens when all are gone."""
        try:
            os.killpg(self.process.pid, number)
        except ProcessLookupError:
            return

    def close(self) -> int:
        """Asks the command to end, kills what is left of its group in the end; returns the exit code."""
        if self.running:
            self.signal(signal.SIGTERM)
            try:
                self.process.wait(self.leave_seconds)
            except subprocess.TimeoutExpired:
                self.signal(signal.SIGKILL)
        self.signal(signal.SIGKILL)
        return self.process.wait()


def wait_for(what: str, look: Callable[[], Found | None], *, seconds: float = LIMIT_S, every: float = 0.05) -> Found:
    """Calls `look` until what it returns is true, and returns that.

    Raises TimeoutError, which says `what` was waited for and what was seen last.
    """
    end = time.monotonic() + seconds
    while not (seen := look()):
        if time.monotonic() > end:
            raise TimeoutError(f"waited {seconds:g} s for {what}; last seen: {seen!r}")
        time.sleep(every)
    return seen
