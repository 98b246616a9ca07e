"""How fast feedback settles and is counted, against the embedded store."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from redis import Redis

from bot.adapters.redis.embedded_server import running
from bot.adapters.redis.pairs import RedisPairs
from bot.feedback.pair import Pair
from bot.feedback.reviews import stats
from bot.feedback.votes_and_corrections import Event

SCAN = bytes(140)  # as large as one is
SETTLES, CALLERS, PAIRS = 10_000, 8, 100_000
PAIR = Pair(
    "k", "c", "summarize", "upload", "approved", "[0] customer: " + "My line drops every evening. " * 100,
    {"summary": "The line drops.", "topics": ["internet"], "action_items": [], "next_steps": []}, None, ("U1",), "C1",
    "embedded", "abc", 1, 1.0, 1_764_000_000.0,
)  # fmt: skip


def rows() -> list[tuple[str, str, str]]:
    """Name, figure and target of each, in one run."""
    with TemporaryDirectory() as folder:
        client = Redis.from_url(running(Path(folder)))
        pairs = RedisPairs(client, keep_days=30)
        settled = _settle(pairs, SETTLES)
        _fill(client, PAIRS)
        start = time.perf_counter()
        stats(pairs.counts())
        counted_ms = (time.perf_counter() - start) * 1000
        client.close()
    return [
        (
            f"settles a second, {CALLERS} callers, one call of the server each, every one on disk",
            f"{settled:,.0f}",
            "≥ 3,000",
        ),
        (f"stats of {PAIRS:,} pairs", f"{counted_ms:.1f} ms", "< 50 ms"),
    ]


def _settle(pairs: RedisPairs, number: int) -> float:
    made = [(f"k{n}", replace(PAIR, id=f"k{n}", call=f"c{n}")) for n in range(number)]
    vote = Event(kind="vote", id="e", user="U1", at=1.0, by="button", up=True)
    start = time.perf_counter()
    with ThreadPoolExecutor(CALLERS) as pool:
        list(pool.map(lambda each: pairs.settle(each[0], each[1].call, vote, 0, "approved", each[1], scan=SCAN), made))
    return number / (time.perf_counter() - start)


def _fill(client: Redis, number: int) -> None:
    """What so many pairs leave in the counts: as many fields as kinds, however many pairs there are."""
    counts: dict[str, int] = {"pairs": number, "answers": 2 * number}
    counts |= {f"week:2026-W{n:02d}": number // 52 for n in range(1, 53)}
    counts |= {f"reviewer:U{n}": number // 100 for n in range(100)}
    for name, count in counts.items():
        client.hset("wrapup:counts", name, count)


if __name__ == "__main__":
    for name, figure, target in rows():
        print(f"{name}: {figure} (target {target})")
