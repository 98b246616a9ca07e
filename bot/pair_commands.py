"""The commands on pairs from a shell: `wrapup pairs ...`, `wrapup forget`, `wrapup migrate`."""

# Modules are imported where they are used: `wrapup --help` answers at once.
# ruff: noqa: PLC0415

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from bot.pair import Pair
    from bot.wiring import Services

WRONG, UNKNOWN = 1, 2
json_option = click.option("--json", "as_json", is_flag=True, help="As JSON, one object a line.")


@click.group()
def pairs() -> None:
    """The prompt-completion pairs that votes and corrections have made."""


@pairs.command("list")
@json_option
def list_(as_json: bool) -> None:
    """List every pair, the newest first."""
    from bot.display import pairs_table

    found = _services().pairs.all(newest_first=True)
    if as_json:
        for pair in found:
            _print(_row(pair))
    else:
        _show(pairs_table(list(found)))


@pairs.command()
@click.argument("call")
@json_option
def show(call: str, as_json: bool) -> None:
    """Show the pairs of a CALL: its masked transcript and the output that a reviewer stands by.

    Exit code 2: there is none.
    """
    from dataclasses import asdict

    from bot.display import pair_panel

    services = _services()
    found = [pair for key in services.pairs.keys_of(call) if (pair := services.pairs.get(key))]
    if not found:
        click.echo(f"There is no pair of the call {call!r}.", err=True)
        sys.exit(UNKNOWN)
    for pair in found:
        if as_json:
            _print(asdict(pair))
        else:
            _show(pair_panel(pair))


@pairs.command()
@json_option
def stats(as_json: bool) -> None:
    """Count answers by what people said of them, and pairs by label, source, reviewer and week."""
    from bot.display import stats_table
    from bot.reviewing import stats as counted

    found = counted(_services().pairs.counts())
    if as_json:
        _print(found)
    else:
        _show(stats_table(found))


@click.command()
@click.argument("calls", nargs=-1, required=True, metavar="CALL...")
def forget(calls: tuple[str, ...]) -> None:
    """Forget each CALL: its answers, what people said of them and its pairs go for good, and it does not come back.

    Exit code 2: nothing of a call is kept; the others are forgotten all the same.
    """
    from bot.errors import UnknownCall

    reviews, code = _services().reviews, 0
    for call in calls:
        try:
            exports = reviews.exports_of(call)
            requests = reviews.forget(call)
        except UnknownCall as error:
            click.echo(str(error), err=True)
            code = UNKNOWN
        else:
            click.echo(f"{call}: forgotten, with the answers to {len(requests)} request(s).")
            for name, place in exports:
                click.echo(f"{call}: still in the dataset {name} at {place}, and in models that were trained on it.")
    click.echo("Datasets that were exported and models that were trained before still hold what they held.", err=True)
    sys.exit(code)


@click.command()
def migrate() -> None:
    """Bring what is stored to the schema of this version. Run it after an upgrade; twice does no harm."""
    from bot import wiring
    from bot.errors import WrapupError

    try:
        click.echo(wiring.migrate(_settings()))
    except WrapupError as error:
        click.echo(str(error), err=True)
        sys.exit(WRONG)


def _services() -> Services:
    """The services on the store; ends the command where the settings or the store are not well."""
    from bot import wiring
    from bot.errors import WrapupError

    try:
        return wiring.services(_settings(), threads=1)
    except WrapupError as error:
        click.echo(str(error), err=True)
        sys.exit(WRONG)


def _settings() -> Any:
    from bot.errors import SettingsError
    from bot.settings import read

    try:
        return read()
    except SettingsError as error:
        click.echo(f"The settings are wrong.\n{error}", err=True)
        sys.exit(WRONG)


def _row(pair: Pair) -> dict[str, Any]:
    return {
        "call": pair.call,
        "task": pair.task,
        "label": pair.label,
        "source": pair.source,
        "reviewer": ", ".join(pair.reviewers),
        "model": pair.model,
        "at": pair.at,
        "output": pair.output,
    }


def _print(row: dict[str, Any]) -> None:
    click.echo(json.dumps(row, ensure_ascii=False))


def _show(what: Any) -> None:
    from rich.console import Console

    Console().print(what)
