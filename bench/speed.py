"""How fast Wrapup reads, starts and answers, and how much memory that takes."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bench import made_calls
from bot.calls import formats
from bot.calls.document import Document

HOUR_WORDS = 9_000
# A program of its own runs the command: Linux counts the memory of who starts a process as the process's own peak.
_MEASURED = """
import resource, subprocess, sys, time
start = time.perf_counter()
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(time.perf_counter() - start, used.ru_utime + used.ru_stime, used.ru_maxrss)
"""

Row = tuple[str, str, str]  # what, figure, aim


def rows() -> Iterator[Row]:
    """Every figure, as soon as it is measured."""
    hour = made_calls.turns(HOUR_WORDS)
    yield _reading("read a one-hour call, vendor JSON", made_calls.contact_lens(hour), "< 20 ms")
    yield _reading("read a one-hour call, captions", made_calls.captions(hour), "< 60 ms")
    for name, data in made_calls.ten_megabytes().items():
        _, megabytes, _ = _command(["transcript", "--json"], data)
        seconds = best(lambda data=data: list(formats.read(Document.decode(data))), 3)  # type: ignore[misc]
        yield f"read a 10 MB file, {name}", f"{seconds:.2f} s, {megabytes:.0f} MB", "< 1 s, < 200 MB"
    yield "wrapup --help", f"{min(_help() for _ in range(5)):.2f} s", "< 0.4 s"
    yield from _answering()


def _reading(what: str, data: bytes, aim: str) -> Row:
    return what, f"{best(lambda: list(formats.read(Document.decode(data)))) * 1000:.1f} ms", aim


def best(do: Callable[[], object], times: int = 7) -> float:
    """The shortest of several runs, in seconds: the one that the machine disturbed least."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        do()
        taken.append(time.perf_counter() - start)
    return min(taken)


def _help() -> float:
    return best(lambda: subprocess.run([_wrapup(), "--help"], stdout=subprocess.DEVNULL, check=True), 1)


def _answering() -> Iterator[Row]:
    thousand_words, hour = made_calls.plain(made_calls.turns(1_020)), made_calls.plain(made_calls.turns(HOUR_WORDS))
    start, _, _ = _command(["summarize", "--json"], b"Agent: Hello, how can I help?\nCustomer: Wrong number.\n")
    for name, data in (("1,020-word", thousand_words), ("one-hour", hour)):
        seconds, megabytes, _ = _command(["summarize", "--json"], data)
        yield f"embedded answer to a {name} call, after the start", f"{seconds - start:.2f} s, {megabytes:.0f} MB", ""
    _, few_mb, _ = _command(["summarize", "--json"], made_calls.json_lines(100, 150))
    many_s, many_mb, cores = _command(["summarize", "--json"], made_calls.json_lines(1_000, 150))
    yield "1,000 calls in one command: memory, against 100 calls", f"{many_mb / few_mb:.2f} ×", "flat"
    yield "1,000 calls in one command: cores kept busy", f"{cores:.1f} of {os.cpu_count()}", "all"
    yield "1,000 calls in one command: calls a second", f"{1000 / many_s:.1f}", ""


def _command(arguments: list[str], data: bytes) -> tuple[float, float, float]:
    """Seconds, peak megabytes and mean cores busy of one `wrapup` command over a file with these bytes."""
    with tempfile.NamedTemporaryFile() as file:
        Path(file.name).write_bytes(data)
        command = [sys.executable, "-c", _MEASURED, _wrapup(), *arguments, file.name]
        told = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout
    seconds, busy, most = map(float, told.split())
    return seconds, most / (1e6 if sys.platform == "darwin" else 1024), busy / seconds


def _wrapup() -> str:
    return str(Path(sys.executable).with_name("wrapup"))
