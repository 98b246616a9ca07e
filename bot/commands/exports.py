"""The commands on datasets from a shell: `wrapup pairs export`, `check` and `verify`."""

# Modules are imported where they are used: `wrapup --help` answers at once.
# ruff: noqa: PLC0415

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

import click

from bot.commands.shell import NOTHING, REFUSED, draw, json_option, print_json, told, who

if TYPE_CHECKING:
    from bot.answers.family import Family
    from bot.datasets.exporter import OnExport
    from bot.task import Task
    from bot.wiring import Wiring

SILENT_S = 2.0  # what is done sooner shows no progress
task_option = click.option("--task", "task_name", default="summarize", show_default=True, help="The task of the pairs.")
family_option = click.option(
    "--family", "family_name", metavar="NAME", help="The base model (`wrapup families`).  [default: WRAPUP_FAMILY]"
)
since_option = click.option(
    "--since", metavar="EXPORT", help="Only pairs that are not in this export (a folder or s3:// place) or before it."
)


@click.command()
@task_option
@family_option
@click.option("--out", required=True, metavar="PLACE", help="A folder, or s3://bucket/prefix.")
@since_option
@json_option
def export(task_name: str, family_name: str | None, out: str, since: str | None, as_json: bool) -> None:
    """Write the pairs of a task as the dataset that the base model's fine-tuning takes.

    Exit code 1: refused, and why. 2: there is nothing to export. 3: the store or the bucket does not answer.
    """
    with told(NOTHING) as settings:
        from bot.commands.display import export_table
        from bot.models.audit import Entry
        from bot.wiring import Wiring

        wiring = Wiring(settings)
        task, family = _chosen(wiring, task_name, family_name)
        place = wiring.datasets.at(out, family.region)
        earlier = wiring.datasets.at(since) if since else None
        done = wiring.datasets.exporter.export(task, family, place, earlier, _progress())
        name, now = str(done.about["name"]), time.time()
        line = Entry(at=now, who=who(), did="export", task=task.name, what=name, dataset=done.place)
        wiring.store.registry.note(f"export:{name}:{now}", line)
    if as_json:
        print_json({**done.about, "place": done.place, "written": done.written})
    else:
        draw(export_table(done.about))
        click.echo(
            f"{done.about['name']}: {'written to' if done.written else 'is there already, nothing written:'} {done.place}"
        )


@click.command()
@task_option
@family_option
@since_option
@json_option
def check(task_name: str, family_name: str | None, since: str | None, as_json: bool) -> None:
    """Check every pair against the rules of the base model, and show what an export would leave out and why.

    Exit code 1: something stops the export. 2: there is nothing to export.
    """
    with told(NOTHING) as settings:
        from bot.commands.display import findings_table
        from bot.wiring import Wiring

        wiring = Wiring(settings)
        task, family = _chosen(wiring, task_name, family_name)
        earlier = wiring.datasets.at(since) if since else None
        with wiring.datasets.exporter.draft(task, family, earlier, _progress()) as draft:
            findings = ({"pair": each.pair, "rule": each.rule.name, "effect": each.rule.effect, "detail": each.detail}
                        for each in draft.bench.findings())  # fmt: skip
            if as_json:
                for row in findings:
                    print_json(row)
            else:
                draw(findings_table(findings, draft.about))
            stopped = bool(draft.stops)
    sys.exit(REFUSED if stopped else 0)


@click.command()
@click.argument("place")
@json_option
def verify(place: str, as_json: bool) -> None:
    """Check the dataset in PLACE (a folder or s3:// place) against its manifest.

    Exit code 1: there is no manifest. 2: the dataset is not what its manifest says.
    """
    with told(NOTHING) as settings:
        from bot.datasets.exporter import verify as checked
        from bot.wiring import Wiring

        wrong = checked(Wiring(settings).datasets.at(place))
    if as_json:
        print_json({"place": place, "whole": not wrong, "wrong": wrong})
    else:
        click.echo("\n".join(wrong) or f"{place}: every file is what the manifest says.")
    sys.exit(NOTHING if wrong else 0)


def _chosen(wiring: Wiring, task_name: str, family_name: str | None) -> tuple[Task, Family]:
    from bot.answers.family import family

    return wiring.answers.task_named(task_name), family(family_name or wiring.settings.family)


def _progress() -> OnExport:
    """Says on standard error what is being done, every two seconds."""
    last = time.monotonic()

    def told(doing: str, pairs: int) -> None:
        nonlocal last
        if time.monotonic() - last >= SILENT_S:
            last = time.monotonic()
            click.echo(f"{doing}: {pairs:,} pairs", err=True)

    return told
