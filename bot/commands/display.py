"""Answers, transcripts and findings as a person reads them in a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from bot.answers.answer import Answer
from bot.answers.family import EMBEDDED, Family
from bot.calls.transcript import Transcript
from bot.checks import CheckResult, Mark
from bot.feedback.pair import Pair
from bot.models.prices import Bill

MARKS: dict[Mark, tuple[str, str]] = {"well": ("✓", "green"), "not asked": ("–", "dim"), "wrong": ("✗", "red")}
COLOURS = {"agent": "cyan", "customer": "yellow", "other": "white"}


def answer_panel(answer: Answer, file: str) -> Panel:
    """An answer of any task: a heading for each field of its output."""
    marks = {each.index: each.reason for each in answer.unverified}
    body = [
        part for name, value in answer.output.model_dump(mode="json").items() for part in _field(name, value, marks)
    ]
    title = Text.assemble((answer.call, "bold"), (f"  {file}", "dim"))
    return Panel(
        Group(*body), title=title, title_align="left", subtitle=_footer(answer), subtitle_align="right", padding=(0, 1)
    )


def _footer(answer: Answer) -> Text:
    model = "embedded (quotes, does not write)" if answer.model == EMBEDDED else answer.model
    tokens = f" · {answer.usage.input_tokens} + {answer.usage.output_tokens} tokens" if answer.usage else ""
    parts = f" · {answer.parts} parts" if answer.parts > 1 else ""
    return Text(f"{model} · prompt {answer.prompt}{parts}{tokens} · {answer.latency_ms} ms", style="dim")


def _field(name: str, value: Any, marks: dict[int, str]) -> Sequence[RenderableType]:
    heading = Text(name.replace("_", " ").capitalize(), style="bold magenta")
    return heading, Padding(_value(value, marks), (0, 0, 1, 2))


def _value(value: Any, marks: dict[int, str]) -> RenderableType:
    if isinstance(value, bool):
        return Text("yes" if value else "no")
    if not isinstance(value, list):
        return Text("–" if value is None else str(value))
    if not value:
        return Text("none", style="dim")
    if isinstance(value[0], dict):
        return _items(value, marks)
    return Text("\n".join(f"{n}. {each}" for n, each in enumerate(value, 1)) if len(value) > 1 else str(value[0]))


def _items(items: list[dict[str, Any]], marks: dict[int, str]) -> Table:
    """Objects as rows, a column for each of their fields; an item without evidence says so."""
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for name in items[0]:
        table.add_column(name)
    if marks:
        table.add_column("")
    for index, item in enumerate(items):
        cells = [Text("–" if value is None else str(value), overflow="fold") for value in item.values()]
        table.add_row(*cells, *([Text(f"unverified: {marks[index]}", style="red")] if index in marks else []))
    return table


def transcript_panel(transcript: Transcript, file: str) -> Panel:
    """A call, a line a turn, as it was read."""
    table = Table.grid(padding=(0, 1))
    for turn in transcript.turns:
        clock = "" if turn.start_s is None else f"{int(turn.start_s) // 60:d}:{int(turn.start_s) % 60:02d}"
        who = Text(f"{turn.speaker} ({turn.name})" if turn.name else turn.speaker, style=COLOURS[turn.speaker])
        table.add_row(
            Text(str(turn.index), style="dim"), Text(clock, style="dim"), who, Text(turn.text, overflow="fold")
        )
    notes = [Text(f"Note: {note}", style="dim") for note in transcript.notes]
    title = Text.assemble((transcript.call, "bold"), (f"  {file} · {transcript.format}", "dim"))
    return Panel(Group(table, *notes), title=title, title_align="left")


def finding_line(finding: CheckResult) -> Text:
    sign, colour = MARKS[finding.mark]
    return Text.assemble((f"{sign} ", colour), (f"{finding.what}: ", "bold"), finding.text)


def families_table(families: Sequence[Family]) -> Table:
    """What each base model demands, a row each; what is not published says so."""
    table = Table(title="Base-model families", show_lines=True, show_header=False)
    for each in families:
        demands = Table.grid(padding=(0, 2, 0, 0))
        for what, demanded in each.demands().items():
            demands.add_row(Text(what, style="dim"), demanded)
        table.add_row(Text(each.name, style="bold"), demands)
    return table


def pairs_table(pairs: Sequence[Pair]) -> Table:
    """Pairs, a row each: when, call, label, who stands by it, and the start of the output."""
    table = Table(title=f"{len(pairs):,} pairs", header_style="dim")
    for name in ("settled", "call", "task", "label", "source", "reviewers", "output"):
        table.add_column(name, no_wrap=name != "output")
    for pair in pairs:
        at = datetime.fromtimestamp(pair.at, UTC).strftime("%Y-%m-%d %H:%M")
        start = str(next(iter(pair.output.values()), ""))
        cells = (at, pair.call, pair.task, pair.label, pair.source, ", ".join(pair.reviewers), start[:200])
        table.add_row(*map(Text, cells))
    return table


def pair_panel(pair: Pair) -> Panel:
    """A pair: its masked transcript and the output, a heading for each field."""
    body = [part for name, value in pair.output.items() for part in _field(name, value, {})]
    title = Text.assemble((pair.call, "bold"), (f"  {pair.label} by {', '.join(pair.reviewers)}", "dim"))
    foot = Text(f"{pair.model} · prompt {pair.prompt} · redaction {pair.redaction} · {pair.week}", style="dim")
    return Panel(Group(Text(pair.transcript), Text(), *body), title=title, title_align="left", subtitle=foot)


def stats_table(stats: Mapping[str, Any]) -> Table:
    """What was counted of answers and pairs."""
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    for name, value in stats.items():
        counts = ", ".join(f"{each} {n:,}" for each, n in value.items()) if isinstance(value, dict) else f"{value:,}"
        table.add_row(Text(name.replace("_", " "), style="dim"), Text(counts or "none"))
    return table


def export_table(about: Mapping[str, Any]) -> Table:
    """A dataset by its manifest: files, tokens, what was left out and why."""
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    for name, file in about["files"].items():
        table.add_row(name, f"{file['records']:,} records, {file['bytes']:,} bytes")
    table.add_row("tokens to learn from", f"{about['tokens']['training']:,} an epoch ({about['tokens']['counted']})")
    for what in ("left_out", "mended", "warnings"):
        counts = ", ".join(f"{name}: {number:,}" for name, number in about[what].items())
        table.add_row(what.replace("_", " "), counts or "none")
    return table


def models_table(rows: Sequence[Mapping[str, Any]]) -> Table:
    """Custom models, a row each, as `wrapup models list --json` has them."""
    table = Table(title=f"{len(rows)} custom model{'' if len(rows) == 1 else 's'}", header_style="dim")
    for name in ("model", "task", "family", "state", "role", "dataset", "costs"):
        table.add_column(name, overflow="fold")
    for row in rows:
        costs = str(Bill(**row["bills"])) if row["bills"] else "nothing by the hour"
        cells = [row[name] for name in ("model", "task", "family", "state", "role", "dataset")]
        table.add_row(*map(Text, (*cells, costs)))
    return table


SHOWN = 200  # findings in a table; `--json` has all


def findings_table(findings: Iterable[Mapping[str, str]], about: Mapping[str, Any]) -> Group:
    """Findings, a row each, and what is left for the dataset."""
    table = Table(header_style="dim")
    for name in ("pair", "rule", "what happens", "found"):
        table.add_column(name, no_wrap=name == "pair")
    number = 0
    for number, each in enumerate(findings, 1):
        if number <= SHOWN:
            table.add_row(*map(Text, (each["pair"] or "all", each["rule"], each["effect"], each["detail"])))
    table.title = f"{number:,} findings" + (f", the first {SHOWN} of them" if number > SHOWN else "")
    return Group(table, export_table(about))
