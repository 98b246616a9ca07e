"""What a made-up bicycle shop has corrected in its calls: topics of its own, which no model knows beforehand."""

import json
import random
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path

import yaml

from sandbox.child import Child

PARTS = Path(__file__).parent.parent / "bench" / "flywheel.yaml"
CALLS = 440
"""Enough to hold out as many as a verdict takes, once calls that are nearly the same are left out."""


def teach(folder: Path, environment: Mapping[str, str]) -> None:
    """Puts the pairs into the store as a team does that has some: by `wrapup pairs import`.

    Raises RuntimeError with what the command said where it refused.
    """
    file = folder / "pairs.jsonl"
    file.write_text("".join(f"{line}\n" for line in pairs()), "utf-8")
    with Child(["wrapup", "pairs", "import", str(file)], folder / "pairs.log", env=environment) as command:
        if command.process.wait():
            raise RuntimeError(f"the pairs were not taken in: {command.output.strip()}")


def pairs() -> Iterator[str]:
    """Lines with a call and what a reviewer stands by, the same ones each time and each of them once."""
    parts = yaml.safe_load(PARTS.read_text("utf-8"))
    said = [(name, about["promise"], words) for name, about in parts["topics"].items() for words in about["said"]]
    greeted = [[("Agent", "Halde Bikes, good day, how can I help?"), ("Customer", each)] for each in parts["openings"]]
    unasked: list[list[tuple[str, str]]] = [[]]
    draw = random.Random(1)
    calls = [
        call
        for begins in (greeted, unasked)  # half of them begin in the middle, as recordings do
        for call in draw.sample(list(product(said, begins, parts["details"], parts["closings"])), CALLS // 2)
    ]
    for (topic, promise, words), begin, detail, closing in calls:
        spoken = [*begin, ("Customer", words), ("Customer", detail), ("Agent", promise), ("Customer", closing)]
        todo = promise.removeprefix("I will ").removesuffix(".").capitalize()
        output = {
            "summary": f"{words} {promise}", "topics": [topic], "next_steps": [todo],
            "action_items": [{"task": todo, "owner": "agent", "due": None, "turn": 2 + len(begin)}],
        }  # fmt: skip
        yield json.dumps({"prompt": "\n".join(map(": ".join, spoken)), "completion": json.dumps(output)})
