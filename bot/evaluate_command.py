"""The command that judges a challenger from a shell: `wrapup evaluate`."""

# Modules are imported where they are used: `wrapup --help` answers at once.
# ruff: noqa: PLC0415

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.shell import REFUSED, stop_with, told

if TYPE_CHECKING:
    from bot.evaluating import Step
    from bot.evaluation import Evaluation
    from bot.holdout import Case
    from bot.task import Task

MODEL_IDS = "a model id, `embedded`, or `embedded:FILE` (an artefact)"


@click.command()
@click.option(
    "--champion",
    default="base",
    show_default=True,
    metavar="ID",
    help=f"`base` (WRAPUP_MODEL_ID, untuned), {MODEL_IDS}.",
)
@click.option("--challenger", required=True, metavar="ID", help=f"The model to judge: {MODEL_IDS}.")
@click.option("--against", metavar="ID", help="A third model, with the base template, to see beside the two.")
@click.option(
    "--task", "task_name", default="summarize", show_default=True, help="summarize, moderate, or one of yours."
)
@click.option(
    "--holdout",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The holdout.jsonl of a dataset.  [default: what an export would hold out now]",
)
@click.option(
    "--margin", default=3.0, show_default=True, type=click.FloatRange(0, 100),
    help="Points that the first figure may be worse at most.",
)  # fmt: skip
@click.option(
    "--report",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write a page (.html) or Markdown (.md) with every figure.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def evaluate(
    champion: str,
    challenger: str,
    against: str | None,
    task_name: str,
    holdout: Path | None,
    margin: float,
    report: Path | None,
    as_json: bool,
) -> None:
    """Judge a challenger against the champion on held-out calls and safety probes; exit code 0 whatever the verdict.

    Exit code 1: something that was given cannot be used. 3: a model does not answer.
    """
    with told() as settings:
        from bot import wiring
        from bot.gate import USUAL, Gate
        from bot.prices import load

        task = wiring.task_named(settings, task_name)
        cases = _cases(holdout, task) if holdout else wiring.held_out(settings, task)
        prices, probes = load(settings.prices), wiring.safety_probes(settings, task)
        _check_writable(report)
        one, other = (wiring.contestant(settings, task, name) for name in (champion, challenger))
        third = wiring.contestant(settings, task, against, "base") if against else None
        models = [model for model in (one, other, third) if model]
        evaluator = wiring.evaluator(settings, models, prices)
        with _progress(len(models) * (len(cases) + len(probes))) as step:
            found = evaluator.evaluate(task, one, other, cases, probes, third, Gate(margin=margin / 100), step)
        if margin <= USUAL.margin * 100:  # a promotion does not rest on a gate that was opened wider
            wiring.keep_verdict(settings, found)
    _write(found, report)
    _show(found, as_json)


def _cases(holdout: Path, task: Task) -> list[Case]:
    from bot.errors import ReadError
    from bot.holdout import read

    try:
        with holdout.open(encoding="utf-8") as lines:
            return read(lines, task)
    except ReadError as error:
        raise ReadError(f"{holdout}: {error.reason}", error.place, error.accepted) from error
    except (OSError, UnicodeDecodeError) as error:
        raise ReadError(f"{holdout} cannot be read as text") from error


def _check_writable(report: Path | None) -> None:
    """Before anything is asked that costs money."""
    if report and not report.parent.is_dir():
        stop_with(f"--report: there is no folder {report.parent}.", REFUSED)


def _write(found: Evaluation, report: Path | None) -> None:
    from bot.report import html, markdown

    if not report:
        return
    try:
        report.write_text(markdown(found) if report.suffix == ".md" else html(found), encoding="utf-8")
    except OSError as error:
        stop_with(f"--report: {report} cannot be written: {error.strerror}.", REFUSED)


def _show(found: Evaluation, as_json: bool) -> None:
    from rich.console import Console
    from rich.markdown import Markdown

    from bot.evaluation import to_row
    from bot.report import markdown

    if as_json:
        click.echo(json.dumps(to_row(found), ensure_ascii=False))
    else:
        Console().print(Markdown(markdown(found, calls=False)))


@contextmanager
def _progress(total: int) -> Iterator[Step]:
    """Shows how many answers have come, to a terminal only."""
    from rich.console import Console
    from rich.progress import Progress

    errors = Console(stderr=True)
    with Progress(console=errors, transient=True, disable=not errors.is_terminal) as progress:
        line = progress.add_task("Answering", total=total)
        yield lambda: progress.advance(line)
