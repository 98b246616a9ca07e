"""How fast pairs become a dataset, against the floor: reading the same bytes from the store's socket, and no more.

`python -m bench.exporting [PAIRS ...]` measures these numbers of pairs. From `SETTLED` on they come with their scans, as
settled pairs do, so that the first export need not make them; a million takes some 8 GB of memory and 16 GB of disk.
"""

from __future__ import annotations

import random
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from redis import Redis

from bot import task
from bot.adapters.redis import keys as store
from bot.adapters.redis.embedded_server import running
from bot.answers.prompts import fingerprint
from bot.calls.transcript import Turn, to_lines
from bot.datasets.minhash import BINS
from bot.datasets.second_scan import Scan, to_bytes
from bot.feedback.pair import Pair, to_json
from bot.settings import SHIPPED_PROMPTS
from tests.doubles.made_pairs import WORDS

TOPICS = ("billing", "delivery", "returns", "technical issue", "account")
AT_ONCE = 200
SENTENCES = 5_000
SETTLED = 300_000
CHARACTERS = 5_000  # of a transcript: some 5.8 KB a pair, as measured on real calls

_CHILD = """
import gc, sys, time
from bench.memory import peak_mb
from bot.wiring import Wiring
from bot.answers.family import FAMILIES
from bot.settings import read
gc.set_threshold(200_000, 50, 50)  # as the command line does
settings = read(WRAPUP_DATA_DIR=sys.argv[1])
wiring = Wiring(settings)
exporter, task = wiring.datasets.exporter, wiring.answers.task_named("summarize")
start = time.perf_counter()
exporter.export(task, FAMILIES["embedded"], wiring.datasets.at(sys.argv[2]))
seconds = time.perf_counter() - start
print(seconds, time.process_time(), peak_mb())
"""


def rows(numbers: tuple[int, ...] = (10_000, 100_000)) -> list[tuple[str, str, str]]:
    """Name, figure and target of each, in one run for each number of pairs."""
    return [row for number in numbers for row in _rows(number)]


def _rows(number: int) -> Iterator[tuple[str, str, str]]:
    with TemporaryDirectory() as folder:
        path = running(Path(folder)).removeprefix("unix://")
        client = Redis(unix_socket_path=path)
        keys = _fill(client, number)
        first_s, _, _ = _export(folder, "first")
        again_s, cpu_s, memory_mb = min(_export(folder, f"again-{n}") for n in range(2))
        floor_s = min(_floor(path, keys) for _ in range(3))
        client.close()
    if number < SETTLED:
        scanning = f"export of {number:,} pairs for the first time, each scanned for personal data"
        yield scanning, f"{first_s:.1f} s", "≤ 600 s for 100,000"
    scanned = f"export of {number:,} pairs that were scanned, with every check ({cpu_s:.2f} s of CPU)"
    yield scanned, f"{again_s:.2f} s", "≤ 60 s for 100,000"
    yield f"  of the floor, their bytes from the socket in {floor_s:.2f} s", f"{floor_s / again_s:.2f}", "≥ 0.1"
    yield "  memory of the process at most", f"{memory_mb:.0f} MB", "≤ 200 MB"


def _export(folder: str, name: str) -> tuple[float, float, float]:
    """Seconds of an export to the local disk, of CPU, and MB of memory at most, in a process of its own."""
    made = subprocess.run(
        [sys.executable, "-c", _CHILD, folder, f"{folder}/{name}"], check=True, capture_output=True, text=True
    )
    shutil.rmtree(f"{folder}/{name}")
    seconds, cpu, memory = map(float, made.stdout.split())
    return seconds, cpu, memory


def _floor(path: str, keys: list[str]) -> float:
    """Seconds to read the pairs with MGET from a raw socket, at most two requests under way, framing only."""
    requests = [_request(keys[start : start + AT_ONCE]) for start in range(0, len(keys), AT_ONCE)]
    start = time.perf_counter()
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(path)
        reader = line.makefile("rb", buffering=1 << 20)
        line.sendall(requests[0])
        for n in range(len(requests)):
            if n + 1 < len(requests):
                line.sendall(requests[n + 1])
            for _ in range(int(reader.readline()[1:])):
                reader.read(int(reader.readline()[1:]) + 2)
    return time.perf_counter() - start


def _request(keys: list[str]) -> bytes:
    parts = [b"MGET", *(f"{store.PAIR}{key}".encode() for key in keys)]
    return b"*%d\r\n" % len(parts) + b"".join(b"$%d\r\n%s\r\n" % (len(part), part) for part in parts)


def _fill(client: Redis, number: int) -> list[str]:
    """Writes pairs as RedisPairs reads them, without the feedback that made them; gives their keys."""
    draw, keys = random.Random(1), []
    said = [" ".join(draw.choices(WORDS, k=20)).capitalize() + "." for _ in range(SENTENCES)]
    prompt = fingerprint(task.load(SHIPPED_PROMPTS / "summarize"), "base")
    for start in range(0, number, 1_000):
        pipeline = client.pipeline(transaction=False)
        for n in range(start, min(start + 1_000, number)):
            pair = replace(_pair(n, draw, said), prompt=prompt)
            text = to_json(pair)
            pipeline.set(store.PAIR + pair.id, text)
            if number >= SETTLED:  # of other calls, so that no two are near-duplicates
                pipeline.set(
                    store.SCAN + pair.id,
                    to_bytes(Scan(draw.randbytes(BINS), whole=True, personal=()), text.encode(), "standard"),
                )
            pipeline.zadd(store.PAIRS, {pair.id: pair.at})
            keys.append(pair.id)
        pipeline.execute()
    return keys


def _pair(number: int, draw: random.Random, said: list[str]) -> Pair:
    some = draw.choices(said, k=CHARACTERS // 150)
    turns = (Turn(n, ("agent", "customer")[n % 2], text) for n, text in enumerate(some))
    output = {
        "summary": f"The customer has trouble with the {draw.choice(WORDS)} and wants another {draw.choice(WORDS)}.",
        "topics": draw.sample(TOPICS, 2),
        "action_items": [{"task": f"Send the {draw.choice(WORDS)}", "owner": "agent", "due": None, "turn": 3}],
        "next_steps": [f"Wait for the {draw.choice(WORDS)}"],
    }
    corrected = number % 5 == 0
    return Pair(
        id=f"T0123456789:C0123456789:{1_764_000_000 + number}.123456#0", call=f"call-{number:016x}", task="summarize",
        source="upload", label="corrected" if corrected else "approved", transcript=to_lines(turns), output=output,
        rejected=output | {"summary": "All is well."} if corrected else None, reviewers=(f"U{number % 9}",),
        channel="C1", model="embedded", prompt="abc", redaction=1, asked_at=1.764e9 + number, at=1.764e9 + number,
    )  # fmt: skip


if __name__ == "__main__":
    for name, figure, target in rows(tuple(map(int, sys.argv[1:])) or (10_000, 100_000)):
        print(f"{name}: {figure} (target {target})", flush=True)
