"""The commands of Wrapup from a shell: `wrapup ...`."""

# Modules are imported where they are used: `wrapup --help` answers at once, and reading a file needs no model.
# ruff: noqa: PLC0415

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from bot.commands.canary import canary
from bot.commands.evaluate import evaluate
from bot.commands.exports import check as check_pairs
from bot.commands.exports import export, verify
from bot.commands.imports import import_
from bot.commands.migrate import migrate_family
from bot.commands.models import audit, models, promote, rollback
from bot.commands.pairs import forget, migrate, pairs
from bot.commands.shell import stop_with
from bot.commands.train import train

if TYPE_CHECKING:
    from bot.answers.ports import Answerer
    from bot.calls.files import Taken
    from bot.calls.transcript import Reads
    from bot.commands.screen import Screen
    from bot.privacy import Mode
    from bot.settings import Settings
    from bot.wiring import Wiring

WRONG, UNREADABLE, UNANSWERED = 1, 2, 3

json_option = click.option("--json", "as_json", is_flag=True, help="One JSON object a call, a line each.")
format_option = click.option(
    "--format", "format_name", metavar="NAME", help="Read as this format, whatever it looks like."
)
names_argument = click.argument("names", nargs=-1, required=True, metavar="FILE...")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="wrapup")
def main() -> None:
    """Call logs in; summary, topics, action items and next steps out."""
    gc.set_threshold(200_000, 50, 50)  # a large file is many small objects and no garbage: a third of its reading time


@main.command()
@names_argument
@json_option
@format_option
@click.option(
    "--task", "task_name", default="summarize", show_default=True, help="summarize, moderate, or one of yours."
)
@click.option("--model", "model_id", metavar="ID", help="Ask this model, not WRAPUP_MODEL_ID.")
@click.option("--jobs", type=click.IntRange(1, 256), help="Calls answered at once.  [default: as suits the model]")
def summarize(
    names: tuple[str, ...],
    as_json: bool,
    format_name: str | None,
    task_name: str,
    model_id: str | None,
    jobs: int | None,
) -> None:
    """Answer every call in FILE... (files, folders, or - for standard input).

    Exit code 2: a file could not be read. 3: the model could not answer. All other calls are answered.
    """
    from bot.answers.batch import answer_all
    from bot.commands.screen import Screen
    from bot.errors import ReadError, UnknownTask, WrapupError
    from bot.wiring import Wiring, usual_jobs

    settings = _settings(model_id)
    jobs = jobs or usual_jobs(settings)
    wiring = Wiring(settings, jobs)
    try:
        task = wiring.answers.task_named(task_name)
        summarizer = wiring.answers.usual if model_id else _champion(wiring, task.name)
    except WrapupError as error:
        stop_with(str(error), UNREADABLE if isinstance(error, UnknownTask) else UNANSWERED)
    code = 0
    with Screen(as_json, "Answering") as screen:
        taken = _taken(names, task.reads, format_name, settings, screen)
        for outcome in answer_all(summarizer, task, taken, jobs):
            if isinstance(outcome.result, WrapupError):
                screen.complain(outcome.file, str(outcome.result))
                code = max(code, UNREADABLE if isinstance(outcome.result, ReadError) else UNANSWERED)
            else:
                screen.answer(outcome.file, outcome.result)
    sys.exit(code)


@main.command()
@names_argument
@json_option
@format_option
def transcript(names: tuple[str, ...], as_json: bool, format_name: str | None) -> None:
    """Show every call in FILE... as it was read: turns, speakers, times, and notes on what was inferred.

    Exit code 2: a file could not be read.
    """
    from bot.commands.screen import Screen
    from bot.errors import ReadError

    code = 0
    with Screen(as_json, "Reading") as screen:
        for taken in _taken(names, "call", format_name, _settings(), screen):
            if isinstance(taken.found, ReadError):
                screen.complain(taken.file, str(taken.found))
                code = UNREADABLE
            else:
                screen.transcript(taken.file, taken.found)
    sys.exit(code)


@main.command()
@click.argument("name", metavar="FILE")
@click.option("--json", "as_json", is_flag=True, help="One JSON object: the masked text, and what was found where.")
@click.option(
    "--mode", type=click.Choice(["standard", "strict"]), default="standard", show_default=True, help="How much to mask."
)
def mask(name: str, as_json: bool, mode: Mode) -> None:
    """Print the text of FILE (or - for standard input) with personal data replaced by placeholders.

    Exit code 2: the file could not be read.
    """
    import dataclasses
    import json

    from bot.calls.files import text
    from bot.errors import ReadError
    from bot.privacy import Masker, replaced

    try:
        said = text(name, _settings().max_bytes)
    except ReadError as error:
        stop_with(f"{name}: {error}", UNREADABLE)
    found = Masker(mode=mode).find(said)
    masked = replaced(said, found)
    if as_json:
        click.echo(
            json.dumps({"text": masked, "found": [dataclasses.asdict(item) for item in found]}, ensure_ascii=False)
        )
    else:
        click.echo(masked, nl=not masked.endswith("\n"))


@main.command()
def check() -> None:
    """Ask the settings, the store, the model, its lifecycle and Slack whether all is well. Exit code 0: it is."""
    from rich.console import Console

    from bot.checks import CheckResult
    from bot.checks import check as ask
    from bot.commands.display import finding_line
    from bot.errors import SettingsError
    from bot.settings import read
    from bot.wiring import Wiring

    console = Console(soft_wrap=True)
    try:
        probes = Wiring(read()).probes()
    except SettingsError as error:
        for line in str(error).splitlines():
            console.print(finding_line(CheckResult("settings", "wrong", line)))
        sys.exit(WRONG)
    findings = []
    for finding in ask(probes):
        findings.append(finding)
        console.print(finding_line(finding))
    sys.exit(WRONG if any(finding.mark == "wrong" for finding in findings) else 0)


@main.command()
def families() -> None:
    """Show the base-model families and what each demands."""
    from rich.console import Console

    from bot.answers.family import FAMILIES
    from bot.commands.display import families_table

    Console().print(families_table(list(FAMILIES.values())))


@main.command("slack-app")
@click.option("--http", "address", metavar="URL", help="Print the manifest for the HTTP mode, with `web` at this URL.")
def slack_app(address: str | None) -> None:
    """Print the link that creates Wrapup's app in Slack, and what comes next.

    With --http the manifest goes to standard output, and what comes next to standard error.
    """
    from bot import slack_manifest as app

    if address is None:
        click.echo(f"{app.link(app.manifest())}\n\n{app.NEXT_STEPS}")
        return
    try:
        manifest = app.over_http(app.manifest(), address)
    except ValueError as problem:
        stop_with(f"--http: {problem}", WRONG)
    click.echo(app.as_text(manifest))
    click.echo(app.HTTP_STEPS, err=True)


def _settings(model_id: str | None = None) -> Settings:
    """The settings, with `model_id` in place of the environment's; ends the command if they are wrong."""
    from bot.errors import SettingsError
    from bot.settings import read

    try:
        return read(WRAPUP_MODEL_ID=model_id)
    except SettingsError as error:
        stop_with(f"The settings are wrong.\n{error}", UNANSWERED if model_id else WRONG)


def _champion(wiring: Wiring, task: str) -> Answerer:
    """The model that answers the task; if the store does not answer, warns and gives the one that the settings name."""
    from bot.errors import StoreUnavailable

    try:
        return wiring.answers.summarizer_of(task)
    except StoreUnavailable as error:
        click.echo(
            f"{error} We don't know if a model has been promoted, so {wiring.settings.model_id} answers.", err=True
        )
        return wiring.answers.usual


def _taken(
    names: tuple[str, ...], reads: Reads, format_name: str | None, settings: Settings, screen: Screen
) -> Iterator[Taken]:
    from bot.calls.files import files, take

    for file in screen.files(files(names)):
        yield from take(file, reads, format_name, settings.max_bytes)


for command in (pairs, forget, migrate, evaluate, train, models, promote, canary, rollback, audit, migrate_family):
    main.add_command(command)
for command in (export, check_pairs, verify, import_):
    pairs.add_command(command)


if __name__ == "__main__":
    main()
