"""How often the gate lets a challenger pass, by how much better it really is: `python -m bench.gate [TRIALS]`.

Each trial draws calls and judges them with the gate as it ships. All judged fields of a call differ between the models by
normal noise with the paired standard deviation that is named; the first field also by what the challenger is better.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable, Iterator

from rich.console import Console
from rich.table import Table

from bot.answers.summary import Summary
from bot.evaluation.gate import decide
from bot.evaluation.metrics import Measure, fields
from bot.evaluation.scorecard import ScoreRow, scorecard

FIELDS = fields(Summary)
JUDGED = [field.name for field in FIELDS if field.judged]
PRIMARY = JUDGED[0]
RESAMPLES = 1_000  # of each trial; an evaluation takes 10,000
FIXED = dict.fromkeys((field.name for field in FIELDS if not field.judged), (1.0, 1.0))
DEVIATIONS = (0.1, 0.2, 0.3, 0.4)

Draw = Callable[[random.Random], float]


def main(trials: int) -> None:
    """Prints the table of promotions."""
    table = Table(title=f"Promotions in {trials:,} trials")
    for heading in (
        "paired deviation",
        "equal, 200 calls",
        "equal, 30 calls",
        "5 better, 200 calls",
        "5 worse, 200 calls",
    ):
        table.add_column(heading, justify="right")
    for name, draw in noises():
        shares = [
            promoted(draw, better, calls, trials)
            for better, calls in ((0.0, 200), (0.0, 30), (0.05, 200), (-0.05, 200))
        ]
        table.add_row(name, *(f"{share:.1%}" for share in shares))
    Console().print(table)
    start = time.perf_counter()
    scorecard(FIELDS, rows(random.Random(0), lambda rng: rng.gauss(0, 0.2), 0.0, 200))
    print(f"A scorecard of 200 calls with 10,000 draws takes {time.perf_counter() - start:.2f} s.")


def noises() -> Iterator[tuple[str, Draw]]:
    for deviation in DEVIATIONS:
        yield f"{deviation:g}", lambda rng, deviation=deviation: rng.gauss(0.0, deviation)  # type: ignore[misc]
    yield "0.2 (yes or no)", lambda rng: float(rng.choices((-1, 0, 1), (0.02, 0.96, 0.02))[0])


def promoted(noise: Draw, better: float, calls: int, trials: int) -> float:
    """The share of trials in which the challenger passes."""
    passed = 0
    for trial in range(trials):
        some = rows(random.Random(trial), noise, better, calls)
        passed += decide(scorecard(FIELDS, some, trial, RESAMPLES), FIELDS, {}).verdict == "promote"
    return passed / trials


def rows(rng: random.Random, noise: Draw, better: float, calls: int) -> list[ScoreRow]:
    made = []
    for call in range(calls):
        champion: dict[str, Measure] = FIXED | dict.fromkeys(JUDGED, (0.5, 1.0))
        challenger = champion | {name: (0.5 + noise(rng) + better * (name == PRIMARY), 1.0) for name in JUDGED}
        made.append(ScoreRow(f"{call:04}", (), champion, challenger))
    return made


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 600)
