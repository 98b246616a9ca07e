"""How many tokens a query takes with the long template and with the short one that tuned models get.

Counted by the one real tokenizer on board (BERT's word pieces), with the completion of the embedded model: `python -m
bench.tokens [FOLDER with calls.jsonl and moderation.jsonl]`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from statistics import fmean
from typing import NamedTuple

import yaml

from bench import made_calls
from bot import task
from bot.adapters.onboard.wordpiece import WordPiece
from bot.answers.prompts import Prompt, Wording, render
from bot.answers.summarizer import Summarizer
from bot.calls import formats
from bot.calls.document import Document
from bot.calls.transcript import Transcript, Turn, to_lines
from bot.settings import SHIPPED_PROMPTS, read
from bot.task import Task
from bot.wiring import Wiring

ORDINARY = 1_000  # tokens of a call from which on the template must not matter
MADE = (750, 1_500, 3_000)  # words of the calls that are made of the samples
OURS = Path(__file__).parent / "flywheel.yaml"
Turns = tuple[Turn, ...]
Row = tuple[str, str, str]


class Query(NamedTuple):
    """Tokens of one query: all of it with either template, what was said with its turns' numbers, what was answered."""

    base: int
    tuned: int
    transcript: int
    plain: int
    completion: int


def rows() -> Iterator[Row]:
    files = [made_calls.SAMPLES / name for name in made_calls.ENGLISH]
    samples = [call.turns for file in files for call in formats.read(Document.decode(file.read_bytes()))]
    comments = yaml.safe_load(OURS.read_text("utf-8"))["comments"].values()
    yield from _saving("summarize", "the samples", samples)
    yield from _saving("moderate", "our comments", [_comment(said) for about in comments for said in about["said"]])
    yield from _overhead("calls made of the samples", [tuple(made_calls.turns(words)) for words in MADE])


def given(folder: Path) -> Iterator[Row]:
    """The same on the calls and comments of a folder."""
    told = [json.loads(line) for line in (folder / "calls.jsonl").read_text("utf-8").splitlines()]
    calls = [
        tuple(Turn(n, turn["speaker"], turn["text"], turn.get("name")) for n, turn in enumerate(row["turns"]))
        for row in told
    ]
    comments = [json.loads(line)["text"] for line in (folder / "moderation.jsonl").read_text("utf-8").splitlines()]
    yield from _saving("summarize", "the folder's calls", calls)
    yield from _saving("moderate", "the folder's comments", list(map(_comment, comments)))
    yield from _overhead("the folder's calls", calls)


def _saving(name: str, where: str, calls: Sequence[Turns]) -> Iterator[Row]:
    queries = [_query(name, turns) for turns in calls]
    base, tuned = fmean(each.base for each in queries), fmean(each.tuned for each in queries)
    aim = "-85%" if name == "moderate" else ""
    yield f"{name}: tokens a query, {where}", f"{base:,.0f} to {tuned:,.0f} ({tuned / base - 1:+.0%})", aim


def _overhead(where: str, calls: Sequence[Turns]) -> Iterator[Row]:
    queries = [each for each in (_query("summarize", turns) for turns in calls) if each.transcript >= ORDINARY]
    if not queries:
        return
    what = f"{len(queries)} of {where}, {ORDINARY:,} tokens and more"
    ratios = [each.tuned / (each.transcript + each.completion) for each in queries]
    plain = [each.tuned / (each.plain + each.completion) for each in queries]
    yield f"tuned / (transcript + completion): {what}", f"{fmean(ratios):.3f}, at most {max(ratios):.3f}", "≤ 1.05"
    yield "the same against turns without their numbers", f"{fmean(plain):.3f}, at most {max(plain):.3f}", ""


def _query(name: str, turns: Turns) -> Query:
    task = _task(name)
    output = _summarizer().answer(task, Transcript("", turns)).output
    completion = count(task.completion(output))
    base, tuned = (count_prompt(render(task, kind, "", turns)) + completion for kind in ("base", "tuned"))
    plain = "\n".join(f"{turn.speaker}: {turn.text}" for turn in turns)
    return Query(base, tuned, count(to_lines(turns)), count(plain), completion)


def count(text: str) -> int:
    """Word pieces, without the marks for start and end."""
    return len(_tokenizer().ids(text)) - 2


def count_prompt(prompt: Prompt) -> int:
    return count(prompt.system) + sum(count(message.text) for message in prompt.messages)


def _comment(text: str) -> Turns:
    return (Turn(0, "other", text),)


@cache
def _tokenizer() -> WordPiece:
    return WordPiece.load(10**9)


@cache
def _task(name: str) -> Task:
    return task.load(SHIPPED_PROMPTS / name)


@cache
def _summarizer() -> Summarizer:
    return Summarizer(Wiring(read({})).answers.model, Wording.load(SHIPPED_PROMPTS), lambda: 0.0)


if __name__ == "__main__":
    for row in (*rows(), *(given(Path(sys.argv[1])) if len(sys.argv) > 1 else ())):
        print(*row, sep=" | ")
