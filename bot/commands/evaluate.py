"""The command that judges a challenger from a shell: `wrapup evaluate`."""

# Modules are imported where they are used: `wrapup --help` answers at once.
# ruff: noqa: PLC0415

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.commands.shell import REFUSED, asked, print_json, stop_with, told

if TYPE_CHECKING:
    from bot.evaluation.trial import OnCount, Trial
    from bot.task import Task
    from bot.wiring import Wiring

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
    metavar="PLACE",
    help="A dataset (its folder or s3://bucket/prefix), or a holdout.jsonl.  [default: what an export would hold out now]",
)
@click.option(
    "--margin", default=3.0, show_default=True, type=click.FloatRange(0, 100),
    help="How many points worse the first figure may be at most.",
)  # fmt: skip
@click.option(
    "--report",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write a page (.html) or Markdown (.md) with every figure.",
)
@click.option("--kept", is_flag=True, help="Show the last evaluation of these two again; nothing is asked.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def evaluate(
    champion: str,
    challenger: str,
    against: str | None,
    task_name: str,
    holdout: str | None,
    margin: float,
    report: Path | None,
    kept: bool,
    as_json: bool,
) -> None:
    """Judge a challenger against the champion on held-out calls and safety probes; exit code 0 whatever the verdict.

    Exit code 1: something that was given cannot be used. 3: a model does not answer.
    """
    with told() as settings:
        from bot.evaluation.trial import Trial
        from bot.wiring import Wiring

        wiring = Wiring(settings)
        task = wiring.answers.task_named(task_name)
        _check_writable(report)
        trial = Trial(champion, challenger, against or "", holdout or "", margin / 100)
        row = wiring.evaluation.judge.kept(task, trial) if kept else _judged(wiring, task, trial)
    _write(row, report)
    _show(row, as_json)


def _judged(wiring: Wiring, task: Task, trial: Trial) -> Mapping[str, Any]:
    """Judges as a step of the loop. It starts no store only to keep the verdict on the calls of a file."""
    with _progress() as told_of:
        if trial.holdout and not wiring.store.exists():
            return wiring.evaluation.judge.judge(task, trial, told_of)
        retraining, step = wiring.training.retraining, asked("evaluate", task.name)
        with retraining.under_way.attended(step, "Evaluating …"):
            return retraining.judge(step, trial, told_of)


def _check_writable(report: Path | None) -> None:
    """Ends the command before it asks a model, which costs money."""
    if report and not report.parent.is_dir():
        stop_with(f"--report: there is no folder {report.parent}.", REFUSED)


def _write(row: Mapping[str, Any], report: Path | None) -> None:
    from bot.evaluation.report import html, markdown

    if not report:
        return
    try:
        report.write_text(markdown(row) if report.suffix == ".md" else html(row), encoding="utf-8")
    except OSError as error:
        stop_with(f"--report: {report} cannot be written: {error.strerror}.", REFUSED)


def _show(row: Mapping[str, Any], as_json: bool) -> None:
    from rich.console import Console
    from rich.markdown import Markdown

    from bot.evaluation.evaluation import without_words
    from bot.evaluation.report import markdown

    if as_json:
        print_json(without_words(row))
    else:
        Console().print(Markdown(markdown(row, calls=False)))


@contextmanager
def _progress() -> Iterator[OnCount]:
    """Shows how many answers have come, to a terminal only."""
    from rich.console import Console
    from rich.progress import Progress

    errors = Console(stderr=True)
    with Progress(console=errors, transient=True, disable=not errors.is_terminal) as progress:
        line = progress.add_task("Answering", total=None)
        yield lambda done, total: progress.update(line, completed=done, total=total)
