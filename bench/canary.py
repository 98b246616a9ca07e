"""How soon a canary is stopped, by how much worse it really is: `python -m bench.canary [TRIALS]`.

Each trial draws votes on both arms and looks after every one, with the test as it ships, until the challenger has 400.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from statistics import median

from rich.console import Console
from rich.table import Table

from bot.canary import FAILS_AT, MARGIN, WINS_AT, WORSE_AT, evidence

MOST = 400  # votes on the challenger
AFTER = (25, 50, 100, 200, 400)
GOOD = 0.8  # of the champion's answers
NEVER = 10**9

Arms = tuple[list[int], list[int]]


def main(trials: int) -> None:
    """Prints when challengers are stopped, cleared, and found to fail."""
    console = Console(width=130)
    console.print(_table("Stopped by votes", trials, list(_stops(trials))))
    console.print(_table("Cleared for a promotion", trials, list(_wins(trials))))
    console.print(_table("Stopped by failures", trials, list(_failures(trials))))


def _stops(trials: int) -> Iterator[tuple[str, list[int]]]:
    for share in (0.1, 0.5):
        for good, worse in ((0.5, 0.0), (GOOD, 0.0), (0.95, 0.0), (GOOD, 0.1), (GOOD, 0.2), (GOOD, 0.3)):
            name = f"{share:.0%} of calls, {good:.0%} good, {f'{worse * 100:.0f} points worse' if worse else 'equal'}"
            yield name, [_stopped(random.Random(n), good, good - worse, share) for n in range(trials)]
    minds = [_stopped(random.Random(n), GOOD, GOOD, 0.5, minds=0.2) for n in range(trials)]
    yield "50% of calls, 80% good, equal, one in five votes is changed", minds


def _wins(trials: int) -> Iterator[tuple[str, list[int]]]:
    for share in (0.1, 0.5):
        for better in (-MARGIN, 0.0, 0.1):
            name = f"{share:.0%} of calls, 80% good, {better * 100:+.0f} points"
            yield name, [_cleared(random.Random(n), GOOD, GOOD + better, share) for n in range(trials // 2)]


def _failures(trials: int) -> Iterator[tuple[str, list[int]]]:
    for failing in (0.01, 0.1, 0.5, 1.0):
        name = f"10% of calls, fails {failing:.0%}, the champion 1%"
        yield name, [_stopped(random.Random(n), 0.99, 1 - failing, 0.1, FAILS_AT) for n in range(trials)]


def _stopped(
    rng: random.Random, good: float, its_good: float, share: float, at: float = WORSE_AT, minds: float = 0.0
) -> int:
    """The votes on the challenger when it is stopped."""
    for champion, challenger in _votes(rng, good, its_good, share, minds):
        if evidence((champion[0], champion[1]), (challenger[0], challenger[1])) >= at:
            return sum(challenger)
    return NEVER


def _cleared(rng: random.Random, good: float, its_good: float, share: float) -> int:
    """The votes on the challenger when it is found not to be worse by the margin."""
    for champion, challenger in _votes(rng, good, its_good, share):
        if evidence((challenger[0], challenger[1]), (champion[0], champion[1]), MARGIN) >= WINS_AT:
            return sum(challenger)
    return NEVER


def _votes(rng: random.Random, good: float, its_good: float, share: float, minds: float = 0.0) -> Iterator[Arms]:
    """The good and bad answers of both arms after every vote; with the chance of `minds` one is a new vote on an old one."""
    arms: Arms = ([0, 0], [0, 0])
    while sum(arms[1]) < MOST:
        challengers = rng.random() < share
        arm, rate = arms[challengers], its_good if challengers else good
        if sum(arm) and rng.random() < minds:
            arm[rng.random() * sum(arm) >= arm[0]] -= 1
        arm[rng.random() >= rate] += 1
        yield arms


def _table(title: str, trials: int, rows: list[tuple[str, list[int]]]) -> Table:
    table = Table(title=f"{title}, by votes on the challenger ({trials:,} trials)")
    for heading in ("", *(f"after {n}" for n in AFTER), "median"):
        table.add_column(heading)
    for name, ends in rows:
        shares = [f"{sum(end <= n for end in ends) / len(ends):.1%}" for n in AFTER]
        middle = median(ends)
        table.add_row(name, *shares, "-" if middle >= NEVER / 2 else f"{middle:.0f}")
    return table


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 400)
