"""How much personal data masking finds, how much else it takes for such, and how fast it is.

`python -m bench.privacy [FOLDER with calls.jsonl] [--missed] [--tuning | --held-out]`
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench import made_calls
from bot.privacy import Found, Masker

SET = Path(__file__).with_name("identifiers.jsonl")
Row = tuple[str, str, str]


@dataclass
class Score:
    """Labelled and found identifiers of each type; `false` counts spans that touch no label."""

    labelled: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    covered: Counter[str] = field(default_factory=Counter)
    false: Counter[str] = field(default_factory=Counter)
    words: int = 0
    notes: list[str] = field(default_factory=list)

    def recall(self, *but: str) -> float:
        kinds = [kind for kind in self.labelled if kind not in but]
        return sum(self.found[kind] for kind in kinds) / sum(self.labelled[kind] for kind in kinds)


def labelled(part: str = "all") -> list[dict[str, Any]]:
    """The lines of the set: `tuning` (two thirds, seen while the rules were written), `held-out`, or `all`."""
    rows = [json.loads(line) for line in SET.read_text("utf-8").splitlines()]
    return [row for row in rows if part == "all" or row["held_out"] == (part == "held-out")]


def score(rows: list[dict[str, Any]]) -> Score:
    result = Score()
    for row in rows:
        found = Masker().find(row["text"])
        result.words += len(row["text"].split())
        for label in row["found"]:
            _count(result, row["text"], label, found)
        for item in found:
            if not any(item.start < label["end"] and label["start"] < item.end for label in row["found"]):
                result.false[item.type] += 1
                result.notes.append(f"false {item.type}: {row['text'][item.start : item.end]!r} in {row['text']!r}")
    return result


def _count(result: Score, text: str, label: dict[str, Any], found: list[Found]) -> None:
    """An identifier is found where spans of its type cover all its letters and digits."""
    kind = label["type"]
    result.labelled[kind] += 1
    places = [place for place in range(label["start"], label["end"]) if text[place].isalnum()]
    right = [item for item in found if item.type == kind]
    result.found[kind] += all(any(item.start <= place < item.end for item in right) for place in places)
    covered = all(any(item.start <= place < item.end for item in found) for place in places)
    result.covered[kind] += covered
    if not all(any(item.start <= place < item.end for item in right) for place in places):
        said = text[label["start"] : label["end"]]
        result.notes.append(f"{'other type' if covered else 'missed'} {kind}: {said!r} in {Masker().mask(text)!r}")


def calls(folder: Path) -> tuple[int, list[tuple[str, str, str]], float]:
    """The words of `calls.jsonl` and every span found in it (type, text, what stands around it), and megabytes a second."""
    words, spans, texts = 0, [], []
    for line in (folder / "calls.jsonl").read_text("utf-8").splitlines():
        turns = json.loads(line)["turns"]
        whole = "\n".join(turn["text"] for turn in turns)
        texts.append(whole)
        words += len(whole.split())
        for item in Masker([turn["name"] for turn in turns if turn.get("name")]).find(whole):
            around = whole[max(0, item.start - 50) : item.start] + ">>" + whole[item.start : item.end]
            spans.append((item.type, whole[item.start : item.end], f"{around}<<{whole[item.end : item.end + 40]}"))
    return words, spans, _speed(texts)


def speed() -> float:
    """Megabytes of call text a second of one core: turns of the samples, each call of 40 with a line of the set, masked by itself."""
    rows = labelled()
    turns = [turn.text.partition(" That is number ")[0] for turn in made_calls.turns(90_000)]
    texts = ["\n".join(turns[at : at + 40]) for at in range(0, len(turns), 40)]
    return _speed([f"{text}\n{rows[index % len(rows)]['text']}" for index, text in enumerate(texts)])


def _speed(texts: list[str]) -> float:
    start = time.process_time()
    for text in texts:
        Masker().mask(text)
    return sum(len(text.encode()) for text in texts) / 1e6 / (time.process_time() - start)


def rows() -> Iterator[Row]:
    result = score(labelled())
    held = score(labelled("held-out"))
    yield (
        "masking: recall of identifiers with a pattern (held-out third)",
        f"{result.recall('NAME'):.3f} ({held.recall('NAME'):.3f})",
        "≥ .98",
    )
    for which, found in (("", result), (" (held-out third)", held)):
        yield f"masking: recall of names{which}", f"{found.found['NAME'] / found.labelled['NAME']:.3f}", "≥ .9"
    yield "masking: false positives on the set", f"{sum(result.false.values())} in {result.words} words", ""
    yield "masking: MB of call text a second", f"{max(speed() for _ in range(3)):.2f}", "≥ 1"


def main() -> None:
    console = Console(width=200)
    part = "tuning" if "--tuning" in sys.argv else "held-out" if "--held-out" in sys.argv else "all"
    result = score(labelled(part))
    table = Table(title=f"{SET.name}, {part}: {sum(result.labelled.values())} identifiers, {result.words} words")
    for heading in ("type", "labelled", "found", "recall", "masked as any type", "false positives"):
        table.add_column(heading)
    for kind, count in sorted(result.labelled.items()):
        table.add_row(kind, str(count), str(result.found[kind]), f"{result.found[kind] / count:.3f}", str(result.covered[kind]), str(result.false[kind]))  # fmt: skip
    console.print(table)
    console.print(f"with a pattern {result.recall('NAME'):.3f}, false positives {sum(result.false.values())}")
    if "--missed" in sys.argv:
        print("\n".join(result.notes))
    console.print(f"{max(speed() for _ in range(3)):.2f} MB/s")
    if folders := [Path(name) for name in sys.argv[1:] if not name.startswith("--")]:
        words, spans, megabytes = calls(folders[0])
        print("\n".join(f"{kind}\t{around!r}" for kind, _, around in spans))
        console.print(
            f"{len(spans)} spans in {words} words, {1000 * len(spans) / words:.2f} a thousand; {megabytes:.2f} MB/s",
            dict(Counter(kind for kind, _, _ in spans)),
        )


if __name__ == "__main__":
    main()
