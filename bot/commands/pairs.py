"""The commands on pairs from a shell: `wrapup pairs ...`, `wrapup forget`, `wrapup migrate`."""

# Modules are imported where they are used: `wrapup --help` answers at once.
# ruff: noqa: PLC0415

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from bot.commands.shell import NOTHING, draw, print_json, stop_with, told

if TYPE_CHECKING:
    from bot.feedback.pair import Pair
    from bot.wiring import Services

json_option = click.option("--json", "as_json", is_flag=True, help="As JSON, one object a line.")


@click.group()
def pairs() -> None:
    """The prompt-completion pairs that votes and corrections have made."""


@pairs.command("list")
@json_option
def list_(as_json: bool) -> None:
    """List every pair, the newest first."""
    from bot.commands.display import pairs_table

    with _services() as services:
        found = services.pairs.all(newest_first=True)
        if as_json:
            for pair in found:
                print_json(_row(pair))
        else:
            draw(pairs_table(list(found)))


@pairs.command()
@click.argument("call")
@json_option
def show(call: str, as_json: bool) -> None:
    """Show the pairs of a CALL: its masked transcript and the output that a reviewer stands by.

    Exit code 2: there is none.
    """
    from dataclasses import asdict

    from bot.commands.display import pair_panel

    with _services() as services:
        found = [pair for key in services.pairs.keys_of(call) if (pair := services.pairs.get(key))]
    if not found:
        stop_with(f"There is no pair of the call {call!r}.", NOTHING)
    for pair in found:
        if as_json:
            print_json(asdict(pair))
        else:
            draw(pair_panel(pair))


@pairs.command()
@json_option
def stats(as_json: bool) -> None:
    """Count answers by what people said of them, and pairs by label, source, reviewer and week."""
    from bot.commands.display import stats_table
    from bot.feedback.reviews import stats as counted

    with _services() as services:
        found = counted(services.pairs.counts())
    if as_json:
        print_json(found)
    else:
        draw(stats_table(found))


@click.command()
@click.argument("calls", nargs=-1, required=True, metavar="CALL...")
def forget(calls: tuple[str, ...]) -> None:
    """Forget each CALL for good: its answers, the feedback on them and its pairs. It does not come back.

    Exit code 2: nothing is kept of a call; the others are forgotten anyway.
    """
    from bot.errors import UnknownCall

    code = 0
    with _services() as services:
        for call in calls:
            try:
                exports = services.reviews.exports_of(call)
                requests = services.reviews.forget(call)
            except UnknownCall as error:
                click.echo(str(error), err=True)
                code = NOTHING
            else:
                click.echo(f"{call}: forgotten, with the answers to {len(requests)} request(s).")
                for name, place in exports:
                    click.echo(f"{call}: still in the dataset {name} at {place}, and in models trained on it.")
    click.echo("Datasets that were exported and models that were trained before still hold what they held.", err=True)
    sys.exit(code)


@click.command()
def migrate() -> None:
    """Bring the store to the schema of this version. Run it after an upgrade; twice does no harm."""
    with told() as settings:
        from bot.wiring import Wiring

        click.echo(Wiring(settings).store.migrate())


@contextmanager
def _services() -> Iterator[Services]:
    """The services on the store."""
    with told() as settings:
        from bot.wiring import Wiring

        yield Wiring(settings).services


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
