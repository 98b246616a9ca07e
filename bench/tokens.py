"""How many tokens of instructions a tuned model saves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from bench import made_calls
from bot import formats, task
from bot.document import Document
from bot.prompts import render
from bot.settings import SHIPPED_PROMPTS


def rows() -> Iterator[tuple[str, str, str]]:
    """The share of a query that the short template saves, on the samples; by characters, which tokens follow closely."""
    summarize = task.load(SHIPPED_PROMPTS / "summarize")
    files = [made_calls.SAMPLES / name for name in made_calls.ENGLISH]
    calls = [call for file in files for call in formats.read(Document.decode(file.read_bytes()))]
    base, tuned = (
        sum(render(summarize, kind, call.call, call.turns).characters for call in calls)
        for kind in get_args(task.TemplateKind)
    )
    yield "a query with the tuned template, on the samples", f"{tuned / base:.0%} of the base template's length", ""
