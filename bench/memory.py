"""The most memory that this process has held, on Linux."""

from __future__ import annotations

import re
from pathlib import Path


def peak_mb() -> float:
    """MB, since the start or since `forget_peak`; getrusage would begin with the peak of whoever started the process."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text("ascii"))
    return int(found[1]) / 1024 if found else 0.0


def forget_peak() -> None:
    """Begins anew with what is held now."""
    Path("/proc/self/clear_refs").write_text("5", "ascii")
