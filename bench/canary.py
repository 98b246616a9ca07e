"""How soon a canary is stopped, by how much worse it really is: `python -m bench.canary [TRIALS]`.

Each trial draws votes on both arms and looks after every one, with the test as it ships, until the challenger has 200.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from statistics import median

from rich.console import Console
from rich.table import Table

from bot.models.canary import FAILS_AT, MARGIN, WINS_AT, WORSE_AT, VoteCounts, evidence

MOST = 200  # votes on the challenger
AFTER = (10, 25, 50, 100, 200)
GOOD = 0.8  # of the champion's answers
NEVER = 10**9


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
            yield name, [_stopped(n, good, good - worse, share) for n in range(trials)]
    twice = "10% of calls, 80% good, 20 points worse, judged twice as often"
    yield twice, [_stopped(n, GOOD, GOOD - 0.2, 0.1, votes=2 / 11) for n in range(trials)]
    changed = "50% of calls, 80% good, equal, one vote in five is a change of mind"
    yield changed, [_stopped(n, GOOD, GOOD, 0.5, minds=0.2) for n in range(trials)]


def _wins(trials: int) -> Iterator[tuple[str, list[int]]]:
    for share in (0.1, 0.5):
        for better in (-MARGIN, 0.0, 0.1):
            name = f"{share:.0%} of calls, 80% good, {better * 100:+.0f} points"
            yield name, [_cleared(n, GOOD, GOOD + better, share) for n in range(trials)]


def _failures(trials: int) -> Iterator[tuple[str, list[int]]]:
    for failing in (0.01, 0.1, 0.5, 1.0):
        name = f"10% of calls, fails {failing:.0%}, the champion 1%"
        yield name, [_stopped(n, 0.99, 1 - failing, 0.1, FAILS_AT) for n in range(trials)]


def _stopped(
    seed: int,
    good: float,
    its_good: float,
    share: float,
    at: float = WORSE_AT,
    votes: float | None = None,
    minds: float = 0.0,
) -> int:
    """The votes on the challenger when it is stopped; `votes` is its share of them, where that is not its share of calls."""
    for champion, challenger in _votes(random.Random(seed), good, its_good, votes or share, minds):
        if evidence(champion, challenger, 1 - share) >= at:
            return sum(challenger)
    return NEVER


def _cleared(seed: int, good: float, its_good: float, share: float) -> int:
    """The votes on the challenger when it is found not to be worse by the margin."""
    for champion, challenger in _votes(random.Random(seed), good, its_good, share):
        if evidence(challenger, champion, share, MARGIN) >= WINS_AT:
            return sum(challenger)
    return NEVER


def _votes(
    rng: random.Random, good: float, its_good: float, share: float, minds: float = 0.0
) -> Iterator[tuple[VoteCounts, VoteCounts]]:
    """The votes on both arms after each; with the chance of `minds` one is a new vote on an answer that had one."""
    arms = ([0, 0], [0, 0])
    while sum(arms[1]) < MOST:
        challengers = rng.random() < share
        arm, rate = arms[challengers], its_good if challengers else good
        if sum(arm) and rng.random() < minds:
            arm[rng.random() * sum(arm) >= arm[0]] -= 1
        arm[rng.random() >= rate] += 1
        yield (arms[0][0], arms[0][1]), (arms[1][0], arms[1][1])


def _table(title: str, trials: int, rows: list[tuple[str, list[int]]]) -> Table:
    table = Table(title=f"{title}, by the answers of the challenger that were judged or asked for ({trials:,} trials)")
    for heading in ("", *(f"after {n}" for n in AFTER), "median"):
        table.add_column(heading)
    for name, ends in rows:
        shares = [f"{sum(end <= n for end in ends) / len(ends):.1%}" for n in AFTER]
        middle = median(ends)
        table.add_row(name, *shares, "-" if middle >= NEVER / 2 else f"{middle:.0f}")
    return table


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
