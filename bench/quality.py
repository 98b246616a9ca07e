"""How well the embedded model answers, cold and after corrections: `python -m bench.quality FOLDER`.

FOLDER holds calls.jsonl (turns and labels) and moderation.jsonl (text and labels). Everything is measured on what
`Embedded.answer` says, or on the scores behind it, after `Embedded.fit`.
"""

from __future__ import annotations

import json
import random
import re
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table
from rouge_score.rouge_scorer import RougeScorer

from bot import task
from bot.adapters.onboard.comments import Comments
from bot.adapters.onboard.model import Embedded, LearnedPair
from bot.adapters.onboard.regression import Floats
from bot.adapters.onboard.vectors import Vectors
from bot.answers.moderation import CATEGORIES
from bot.answers.prompts import render
from bot.calls.transcript import Turn
from bot.task import Topic

PROMPTS = Path(__file__).resolve().parent.parent / "prompts"
SEEDS = 5
Row = dict[str, Any]


class Bench:
    """The data, and one set of vectors for all models that are compared."""

    def __init__(self, folder: Path) -> None:
        self.calls = _rows(folder / "calls.jsonl")
        self.comments = _rows(folder / "moderation.jsonl")
        self.tasks = {name: task.load(PROMPTS / name) for name in ("summarize", "moderate")}
        self.vectors = Vectors(kept=100_000)

    def model(self, topics: Sequence[Topic] | None = None, pairs: Sequence[LearnedPair] = ()) -> Embedded:
        """A model for calls with these topics, after a fit on the pairs."""
        summarize = (
            self.tasks["summarize"] if topics is None else replace(self.tasks["summarize"], topics=tuple(topics))
        )
        tasks = self.tasks | {"summarize": summarize}
        cold = Embedded(tasks, vectors=self.vectors)
        return Embedded(tasks, [cold.fit("summarize", pairs)], self.vectors) if pairs else cold

    def answer(self, model: Embedded, row: Row) -> Row:
        answer: Row = json.loads(model.answer(render(self.tasks["summarize"], "base", "", turns(row))).text)
        return answer

    def of(self, source: str, label: str) -> list[Row]:
        return [row for row in self.calls if row["source"] == source and row["labels"].get(label)]


def main(folder: Path) -> None:
    """Prints a table for each part."""
    bench, console = Bench(folder), Console(width=110)
    for title, columns, rows in (
        ("Embedding one call", ["call", "seconds", "peak MB"], speed(bench)),
        ("Topics, mixed taxonomy", ["corrections", "micro-F1", "exact set", "first right"], topics(bench)),
        ("Summary, mts_dialog", ["", "ROUGE-1", "ROUGE-2", "ROUGE-L"], summaries(bench)),
        ("Action items, aci_bench: F1 at token-F1", ["corrections", "0.5", "0.35", "0.25"], actions(bench)),
        (
            "Moderation: toxic, then F1 by category",
            ["corrections", "accuracy", "F1", "AUROC", *(name[:6] for name in CATEGORIES)],
            moderation(bench),
        ),
    ):
        table = Table(*columns, title=title, min_width=60)
        for name, *figures in rows:
            table.add_row(str(name), *(f"{figure:.3f}" for figure in figures))
        console.print(table)


def speed(bench: Bench) -> Iterator[list[Any]]:
    """Time of a first and a repeated answer to about 1,020 words."""
    text = " ".join(turn["text"] for row in bench.of("mts_dialog", "summary") for turn in row["turns"])
    said = [" ".join(text.split()[n : n + 30]) for n in range(0, 1_020, 30)]
    row = {"turns": [{"speaker": ("agent", "customer")[n % 2], "text": each} for n, each in enumerate(said)]}
    model = bench.model()
    for name in ("1,020 words", "the same again"):
        start = time.perf_counter()
        bench.answer(model, row)
        yield [name, time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]


def topics(bench: Bench) -> Iterator[list[Any]]:
    """Three quarters to learn from, a quarter to test on, five draws."""
    taxonomy = yaml.safe_load(Path(__file__).with_name("mixed_topics.yaml").read_text("utf-8"))
    meanings = [Topic(name, about["meaning"]) for name, about in taxonomy.items()]
    names = {label: name for name, about in taxonomy.items() for label in about["labels"]}
    labelled = []
    for row in bench.calls:
        given = [row["source"]] if row["source"] in names else row["labels"]["topics"]
        if row["source"] != "qmsum_ami":
            labelled.append((row, list(dict.fromkeys(names[label] for label in given))))
    for size in (0, 16, 32, 64, 200):
        figures = []
        for pool, test in draws(labelled, len(labelled) // 4):
            model = bench.model(meanings, [(turns(row), {"topics": given}) for row, given in pool[:size]])
            answers = [(bench.answer(model, row)["topics"], given) for row, given in test]
            hits = sum(len(set(one) & set(other)) for one, other in answers)
            listed = sum(len(one) + len(other) for one, other in answers)
            exact = fmean(set(one) == set(other) for one, other in answers)
            figures.append((2 * hits / listed, exact, fmean(one[0] in other for one, other in answers)))
        yield [size, *np.mean(figures, axis=0)]


def summaries(bench: Bench) -> Iterator[list[Any]]:
    """Against the first three sentences; learned: three folds."""
    rows = bench.of("mts_dialog", "summary")
    wanted = [row["labels"]["summary"] for row in rows]
    yield ["first three sentences", *_rouge([_first_three(row) for row in rows], wanted)]
    cold = bench.model()
    yield ["cold", *_rouge([bench.answer(cold, row)["summary"] for row in rows], wanted)]
    texts: dict[int, str] = {}
    for fold in range(3):
        pairs = [(turns(row), {"summary": wanted[n]}) for n, row in enumerate(rows) if n % 3 != fold]
        model = bench.model(pairs=pairs)
        texts |= {n: bench.answer(model, row)["summary"] for n, row in enumerate(rows) if n % 3 == fold}
    yield ["learned from two thirds", *_rouge([texts[n] for n in range(len(rows))], wanted)]


def actions(bench: Bench) -> Iterator[list[Any]]:
    """All calls cold; then nine calls to test on, five draws."""
    rows = bench.of("aci_bench", "action_items")
    yield [
        "0 (all calls)",
        *_matched([(_tasks(bench, bench.model(), row), row["labels"]["action_items"]) for row in rows]),
    ]
    for size in (0, 8, 28):
        figures = []
        for pool, test in draws(rows, 9):
            pairs = [
                (turns(row), {"action_items": [{"task": each} for each in row["labels"]["action_items"]]})
                for row in pool[:size]
            ]
            model = bench.model(pairs=pairs)
            figures.append(_matched([(_tasks(bench, model, row), row["labels"]["action_items"]) for row in test]))
        yield [size, *np.mean(figures, axis=0)]


def moderation(bench: Bench) -> Iterator[list[Any]]:
    """Cold on all; learned: three quarters to learn from, five draws. Labels that a source lacks count nowhere."""
    labelled = [
        (
            row["text"],
            {name: bool(row["labels"][name]) for name in ("toxic", *CATEGORIES) if row["labels"][name] is not None},
        )
        for row in bench.comments
    ]
    yield ["0 (all)", *_judged(Comments.seeded(), labelled, bench.vectors)]
    for size in (50, 200, 586):
        figures = []
        for pool, test in draws(labelled, len(labelled) // 4):
            some = pool[:size]
            model = Comments.seeded().fitted([text for text, _ in some], [labels for _, labels in some], bench.vectors)
            figures.append(_judged(model, test, bench.vectors))
        yield [size, *np.mean(figures, axis=0)]


def turns(row: Row) -> tuple[Turn, ...]:
    return tuple(Turn(n, turn["speaker"], turn["text"], turn.get("name")) for n, turn in enumerate(row["turns"]))


def draws(rows: Sequence[Any], tested: int) -> Iterator[tuple[list[Any], list[Any]]]:
    """Rows to learn from and rows to test on, anew for each seed."""
    for seed in range(SEEDS):
        shuffled = random.Random(seed).sample(list(rows), len(rows))
        yield shuffled[tested:], shuffled[:tested]


def _rows(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def _first_three(row: Row) -> str:
    said = [each for turn in row["turns"] for each in re.split(r"(?<=[.!?])\s+", turn["text"]) if each]
    return " ".join(said[:3])


def _rouge(texts: Sequence[str], wanted: Sequence[str]) -> list[float]:
    kinds = ["rouge1", "rouge2", "rougeL"]
    scorer = RougeScorer(kinds, use_stemmer=True)
    scores = [scorer.score(reference, text) for text, reference in zip(texts, wanted, strict=True)]
    return [fmean(score[kind].fmeasure for score in scores) for kind in kinds]


def _tasks(bench: Bench, model: Embedded, row: Row) -> list[str]:
    return [item["task"] for item in bench.answer(model, row)["action_items"]]


def _matched(answers: Sequence[tuple[list[str], list[str]]]) -> list[float]:
    """F1 of items, each matched to one wanted item at most, best match first."""
    listed = sum(len(given) + len(wanted) for given, wanted in answers)
    return [2 * sum(_hits(given, wanted, least) for given, wanted in answers) / listed for least in (0.5, 0.35, 0.25)]


def _hits(given: Sequence[str], wanted: Sequence[str], least: float) -> int:
    near = sorted(
        ((_token_f1(one, other), n, m) for n, one in enumerate(given) for m, other in enumerate(wanted)), reverse=True
    )
    mine: set[int] = set()
    theirs: set[int] = set()
    for score, n, m in near:
        if score >= least and n not in mine and m not in theirs:
            mine.add(n)
            theirs.add(m)
    return len(mine)


def _token_f1(one: str, other: str) -> float:
    mine, theirs = (Counter(re.findall(r"[a-z0-9]+", text.lower())) for text in (one, other))
    return 2 * (mine & theirs).total() / max(mine.total() + theirs.total(), 1)


def _judged(model: Comments, labelled: Sequence[tuple[str, dict[str, bool]]], vectors: Vectors) -> list[float]:
    scores = model.scores([text for text, _ in labelled], vectors)
    given = scores >= model.cutoffs

    def known(name: str) -> tuple[list[int], Floats]:
        rows = [n for n, (_, labels) in enumerate(labelled) if name in labels]
        return rows, np.array([labelled[n][1][name] for n in rows], np.float64)

    rows, toxic = known("toxic")
    accuracy = float((given[rows, 0] == toxic).mean())
    f1s = [_f1(given[each, n], wanted) for n, (each, wanted) in enumerate(map(known, ("toxic", *CATEGORIES)))]
    return [accuracy, f1s[0], _auroc(scores[rows, 0], toxic), *f1s[1:]]


def _f1(given: NDArray[np.bool_], wanted: Floats) -> float:
    return 2 * float((given * wanted).sum()) / max(float(given.sum() + wanted.sum()), 1.0)


def _auroc(scores: Floats, wanted: Floats) -> float:
    """The chance that a toxic comment scores above a harmless one; a tie counts half."""
    gaps = scores[wanted == 1][:, None] - scores[wanted == 0][None, :]
    return float(((gaps > 0) + 0.5 * (gaps == 0)).mean())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
