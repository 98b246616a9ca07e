"""The command that takes pairs in: `wrapup pairs import`."""

# Modules are imported where they are used: `wrapup --help` answers at once.
# ruff: noqa: PLC0415

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import asdict
from itertools import groupby
from typing import TYPE_CHECKING

import click

from bot.commands.shell import print_json

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from rich.status import Status

    from bot.datasets.importer import Importer, ImportOutcome

WRONG, REFUSED = 1, 2
MOST_LABELS = 20  # told at the end
SHOWN_EVERY = 200  # lines


def _columns(_: click.Context, __: click.Parameter, value: str) -> tuple[str, str]:
    names = [name.strip() for name in value.split(",")]
    if len(names) != 2 or not all(names):
        raise click.BadParameter("it takes two names with a comma between them, like prompt,completion")
    return names[0], names[1]


def _reviewer(_: click.Context, __: click.Parameter, value: str) -> str:
    if any(letter.isspace() for letter in value):
        raise click.BadParameter("it is one name or Slack id, without spaces")
    return value


@click.command("import")
@click.argument("names", nargs=-1, required=True, metavar="FILE...")
@click.option("--task", "task_name", default="", help="The task of all lines.  [default: the one that each line fits]")
@click.option("--reviewer", default="", callback=_reviewer, help="Who stands by what is imported, over other outputs.")
@click.option(
    "--columns", default="prompt,completion", show_default=True, callback=_columns, help="The two columns of a table."
)
@click.option("--dry-run", is_flag=True, help="Tell what each line would come to, and add nothing.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line of a file, a line each.")
def import_(
    names: tuple[str, ...], task_name: str, reviewer: str, columns: tuple[str, str], dry_run: bool, as_json: bool
) -> None:
    """Take in the pairs of FILE... (files, folders, or - for standard input), each masked and once.

    JSON Lines of training records, of prompt and completion or of an export of Wrapup, or a table (CSV).

    Exit code 2: lines were refused, and standard error names each; all others were imported.
    """
    from bot.datasets.importer import ImportChoice, files, take
    from bot.errors import WrapupError

    counts: Counter[str] = Counter()
    labels: dict[str, None] = {}
    show = _json if as_json else _text
    try:
        importer, max_bytes = _importer(task_name)
        with _progress() as told:
            for file in files(names):
                lines = take(file, max_bytes, columns)
                outcomes = importer.take(lines, ImportChoice(task_name, reviewer, dry_run))
                show(click.format_filename(file), _counted(outcomes, counts, labels, told))
    except WrapupError as error:
        click.echo(
            f"{error}\nWhat was told as taken stays. Run the same again: what is known is not added twice.", err=True
        )
        sys.exit(WRONG)
    if not as_json:
        _sum_up(counts, list(labels), dry_run)
    sys.exit(REFUSED if counts["refused"] else 0)


def _importer(task_name: str) -> tuple[Importer, int]:
    """The importer, and the most bytes of a line; ends the command if the settings are wrong."""
    from bot.errors import SettingsError, UnknownTask
    from bot.settings import read
    from bot.wiring import Wiring

    try:
        wiring = Wiring(read())
        if task_name:
            wiring.answers.task_named(task_name)
    except SettingsError as error:
        click.echo(f"The settings are wrong.\n{error}", err=True)
        sys.exit(WRONG)
    except UnknownTask as error:
        click.echo(str(error), err=True)
        sys.exit(WRONG)
    return wiring.datasets.importer, wiring.settings.max_bytes


def _counted(
    outcomes: Iterable[ImportOutcome], counts: Counter[str], labels: dict[str, None], told: Callable[[int], None]
) -> Iterator[ImportOutcome]:
    for outcome in outcomes:
        counts[outcome.state] += 1
        counts["lines"] += 1
        for label in outcome.labels:
            if len(labels) <= MOST_LABELS:
                labels[label] = None
        if counts["lines"] % SHOWN_EVERY == 0:
            told(counts["lines"])
        yield outcome


def _json(file: str, outcomes: Iterable[ImportOutcome]) -> None:
    for outcome in outcomes:
        print_json({"file": file, **asdict(outcome)})
        _complain(file, outcome)


def _text(file: str, outcomes: Iterable[ImportOutcome]) -> None:
    """Tells consecutive lines with the same result together."""
    for state, some in groupby(outcomes, lambda outcome: outcome.state):
        first = last = number = 0
        for outcome in some:
            first, last, number = first or outcome.line, outcome.line, number + 1
            _complain(file, outcome)
        if state in ("taken", "known"):
            place = f"{first}" if first == last else f"{first}-{last}"
            click.echo(f"{file}:{place}: {'taken' if state == 'taken' else 'known already'} ({number:,})")


def _complain(file: str, outcome: ImportOutcome) -> None:
    if outcome.state in ("refused", "conflict"):
        place = f":{outcome.line}" if outcome.line else ""
        click.echo(f"{file}{place}: {outcome.state}: {outcome.reason}", err=True)


def _sum_up(counts: Counter[str], labels: list[str], dry_run: bool) -> None:
    told = (
        f"{counts['taken']:,} taken, {counts['known']:,} known already, {counts['conflict']:,} in conflict, "
        f"{counts['refused']:,} refused."
    )
    click.echo(f"Nothing was added; without --dry-run: {told}" if dry_run else told)
    if labels:
        more = ", ..." if len(labels) > MOST_LABELS else ""
        click.echo(f"Topics outside of the taxonomy, taken as labels: {', '.join(labels[:MOST_LABELS])}{more}")
    if counts["conflict"]:
        click.echo("A conflict is not exported until a reviewer stands by one output: import it again with --reviewer.")


@contextmanager
def _progress() -> Iterator[Callable[[int], None]]:
    """Shows the number of lines on standard error, on a terminal only."""
    from rich.console import Console

    console = Console(stderr=True)
    shown: AbstractContextManager[Status | None] = console.status("importing") if console.is_terminal else nullcontext()
    with shown as status:
        yield lambda lines: status.update(f"importing: {lines:,} lines") if status else None
