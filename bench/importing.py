"""How fast pairs are imported, against the embedded store."""

from __future__ import annotations

import time
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson
from redis import Redis

from bench.memory import forget_peak, peak_mb
from bot import task
from bot.adapters.redis.embedded_server import running
from bot.adapters.redis.pairs import RedisPairs
from bot.answers.family import FAMILIES
from bot.datasets.importer import Importer, take
from bot.feedback.pair import Pair
from bot.privacy import REDACTION_VERSION, mask_pair
from bot.settings import SHIPPED_PROMPTS
from tests.doubles.made_records import record_of

PAIRS, MASKED = 20_000, 500
TURNS = ("My line drops every evening at eight.", "Let me look at it.", "It began on Monday, after the storm.") * 8
OUTPUT = {"summary": "The line drops every evening.", "topics": ["internet or phone outage"], "action_items": [], "next_steps": []}  # fmt: skip
PAIR = Pair(
    "k", "c", "summarize", "upload", "approved", "\n".join(f"[{n}] customer: {text}" for n, text in enumerate(TURNS)), OUTPUT,
    None, ("U1",), "C1", "embedded", "abc", 1, 1.0, 1.0,
)  # fmt: skip


def rows() -> list[tuple[str, str, str]]:
    """Name, figure and target of each, in one run."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        file, few = folder / "pairs.jsonl", folder / "few.jsonl"
        size = _write(file, PAIRS) / PAIRS
        _write(few, MASKED)
        client = Redis.from_url(running(folder))
        forget_peak()
        before = peak_mb()
        unmasked = _import(client, file, masked=False)
        grown = peak_mb() - before
        again = _import(client, file, masked=False)
        client.flushall()
        masked = _import(client, few, masked=True)
        client.close()
    return [
        (f"pairs of {size:,.0f} bytes imported a second before masking, every one on disk", f"{unmasked:,.0f}", "≥ 5,000"),
        ("the same file again, all known", f"{again:,.0f}", ""),
        ("imported a second with masking", f"{masked:,.0f}", ""),
        (f"memory that {PAIRS:,} imported pairs take of this process", f"{grown:.0f} MB", "flat"),
    ]  # fmt: skip


def _write(file: Path, count: int) -> int:
    """So many calls, each another one; gives the bytes."""
    record = record_of(PAIR, task.load(SHIPPED_PROMPTS / "summarize"), FAMILIES["claude-3-haiku"])
    line = orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE)
    with file.open("wb") as opened:
        return sum(opened.write(line.replace(b"Let me look", b"Let me (%d) look" % n)) for n in range(count))


def _import(client: Redis, file: Path, masked: bool) -> float:
    tasks = {name: task.load(SHIPPED_PROMPTS / name) for name in ("moderate", "summarize")}
    mask = mask_pair if masked else None
    importer = Importer(RedisPairs(client, 30), tasks, mask, REDACTION_VERSION, 1 << 20, time.time)
    start = time.perf_counter()
    count = sum(outcome.state in ("taken", "known") for outcome in importer.take(take(str(file), 1 << 20)))
    return count / (time.perf_counter() - start)


if __name__ == "__main__":
    for name, figure, target in rows():
        print(f"{name}: {figure} (target {target or '-'})")
