"""The commands of training from a shell: `wrapup train ...`."""

# Modules are imported where they are used: `wrapup --help` answers at once.
# ruff: noqa: PLC0415

from __future__ import annotations

import sys
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.commands.shell import approve_hint, asked, json_option, refuse_unapproved, show, told, who

if TYPE_CHECKING:
    from bot.datasets.ports import Datasets
    from bot.models.job import CustomizationJob
    from bot.retraining.pending import Asked, Proposal
    from bot.retraining.retraining import Retraining
    from bot.wiring import Wiring

ENDED_BADLY = 4
yes_option = click.option("--yes", is_flag=True, help="Do it. Without it the command only shows what it would do.")
approve_option = click.option(
    "--approve", "approver", metavar="NAME", default="", help="The second person, who approves it."
)


@click.group()
def train() -> None:
    """Train the next model on a dataset of pairs.

    Exit code 1: refused, and why. 3: the provider failed. 4: the job ended Failed or Stopped.
    """


@train.command()
@click.option("--task", "task_name", help="The task to train for.  [default: the dataset's, or summarize]")
@click.option("--dataset", metavar="PLACE", help="A folder or s3:// place.  [default: all pairs are exported first]")
@click.option("--family", "family_name", metavar="NAME", help="The base model.  [default: WRAPUP_FAMILY]")
@click.option(
    "--base", "base_name", metavar="MODEL", help="A custom model to go on from.  [default: the family's base model]"
)
@click.option("--set", "given", multiple=True, metavar="NAME=VALUE", help="A hyperparameter, such as epochCount=3.")
@approve_option
@yes_option
@json_option
def start(
    task_name: str | None,
    dataset: str | None,
    family_name: str | None,
    base_name: str | None,
    given: tuple[str, ...],
    approver: str,
    yes: bool,
    as_json: bool,
) -> None:
    """Start a customization job, once for the same dataset; without --yes only show what it would take."""
    with told() as settings:
        from bot.answers.family import family
        from bot.wiring import Wiring

        wiring = Wiring(replace(settings, family=family(family_name or settings.family).name))
        hyperparameters = _named(given)
        retraining, step = wiring.training.retraining, asked("train", _task_of(wiring, task_name, dataset))
        place = wiring.datasets.at(dataset, retraining.family.region) if dataset else None
        proposal, job = prepared(retraining, step, yes, approver, hyperparameters, base_name or "", place)
        needs = retraining.needs(step, approver, proposal.estimate.usd)
    if not yes:
        _preview(proposal, needs, as_json)
        return
    if not job:
        refuse_unapproved(needs)
    row = {
        "job": job.id, "name": job.name, "status": job.look.status, "dataset": job.order.dataset,
        "family": job.order.family, "base": job.order.base,
        "estimate": proposal.estimate.model_dump(exclude={"schema_number"}),
    }  # fmt: skip
    show(row, as_json, f"{job.name} is {job.look.status}: `wrapup train watch {job.name}` takes it to its end.")


@train.command()
@click.argument("job_name", required=False, metavar="[JOB]")
@json_option
def status(job_name: str | None, as_json: bool) -> None:
    """Show how far a job is; by default the newest."""
    with told() as settings:
        from bot.wiring import Wiring

        trainer = Wiring(settings).training.trainer
        job = trainer.look(trainer.job(job_name))
    _show_job(job, as_json)


@train.command()
@click.argument("job_name", required=False, metavar="[JOB]")
@json_option
def watch(job_name: str | None, as_json: bool) -> None:
    """Wait for a job to end; the embedded model is trained by this command. Ctrl-C does not stop the job."""
    with told() as settings:
        from bot.wiring import Wiring

        trainer = Wiring(settings).training.trainer
        job = trainer.watch(trainer.job(job_name), lambda job: click.echo(job_line(job), err=True))
    _show_job(job, as_json)
    sys.exit(0 if job.look.status == "Completed" else ENDED_BADLY)


@train.command()
@click.argument("job_name", required=False, metavar="[JOB]")
@json_option
def stop(job_name: str | None, as_json: bool) -> None:
    """Stop a job; by default the newest."""
    with told() as settings:
        from bot.wiring import Wiring

        training = Wiring(settings).training
        job = training.trainer.job(job_name)
        step = asked("stop", job.order.task, job.name)
        with training.retraining.under_way.at_once(step):
            training.retraining.stop(step)
        job = training.trainer.job(job.name)
    _show_job(job, as_json)


@train.command()
@click.argument("job_name", required=False, metavar="[JOB]")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The PNG file to write.")
@json_option
def chart(job_name: str | None, out: Path, as_json: bool) -> None:
    """Write the losses of a job as a PNG: training blue, validation orange; by default of the newest."""
    with told() as settings:
        from bot.errors import JobRefused
        from bot.retraining.chart import losses
        from bot.retraining.picture import png
        from bot.wiring import Wiring

        trainer = Wiring(settings).training.trainer
        job = trainer.look(trainer.job(job_name))
        if not (drawn := losses(job)):
            raise JobRefused(f"{job.name} has no losses to show: the embedded model has none, and a job on Bedrock "
                             "has them when it is Completed.")  # fmt: skip
        try:
            out.write_bytes(png(drawn))
        except OSError as error:
            raise JobRefused(f"{out} cannot be written: {error.strerror}.") from error
    show(_row(job) | {"chart": str(out)}, as_json, f"{out}: {len(job.look.losses)} losses of {job.name}.")


@train.command()
@click.argument("job_arn", metavar="ARN")
@click.option("--task", "task_name", default="", help="The task it was trained for.  [default: as its tags say]")
@click.option("--family", "family_name", metavar="NAME", help="The base model.  [default: WRAPUP_FAMILY]")
@json_option
def adopt(job_arn: str, task_name: str, family_name: str | None, as_json: bool) -> None:
    """Add a job that was started elsewhere."""
    with told() as settings:
        from bot.answers.family import family
        from bot.wiring import Wiring

        base = family(family_name or settings.family)
        job = Wiring(settings).training.trainer.adopt(base, job_arn, task_name, who())
    _show_job(job, as_json)


@train.command()
@click.option("--family", "family_name", metavar="NAME", help="The base model.  [default: WRAPUP_FAMILY]")
@json_option
def reconcile(family_name: str | None, as_json: bool) -> None:
    """Add all jobs and models that AWS knows of to the registry; what is there already stays."""
    with told() as settings:
        from bot.answers.family import family
        from bot.wiring import Wiring

        base = family(family_name or settings.family)
        jobs = Wiring(settings).training.trainer.reconcile(base, who())
    if as_json:
        show([_row(job) for job in jobs], as_json, "")
    else:
        click.echo("\n".join(map(job_line, jobs)) or f"AWS knows no job of {base.name} that Wrapup started.")


def prepared(
    retraining: Retraining,
    step: Asked,
    yes: bool,
    approver: str,
    hyperparameters: Mapping[str, str],
    base: str = "",
    dataset: Datasets | None = None,
) -> tuple[Proposal, CustomizationJob | None]:
    """What a job would take, with its warnings on standard error; and with `yes` the job, or None if it waits.

    Raises what `Retraining.prepare` raises.
    """
    with retraining.under_way.attended(step, "Making the dataset …") if yes else nullcontext():
        proposal = retraining.prepare(step, hyperparameters, base=base, dataset=dataset)
        for warning in proposal.warnings:
            click.echo(warning, err=True)
        return proposal, retraining.start(step, proposal, approver) if yes else None


def _task_of(wiring: Wiring, named: str | None, dataset: str | None) -> str:
    """The task that was named, else the dataset's. Raises UnknownTask."""
    usual = str(wiring.datasets.at(dataset).manifest().get("task", "")) if dataset else "summarize"
    return wiring.answers.task_named(named or usual).name


def _named(given: tuple[str, ...]) -> dict[str, str]:
    from bot.errors import JobRefused

    if wrong := [each for each in given if "=" not in each.strip("=")]:
        raise JobRefused(f"--set {wrong[0]} must be written like epochCount=3.")
    return {name.strip(): value.strip() for name, _, value in (each.partition("=") for each in given)}


def _preview(proposal: Proposal, needs: str, as_json: bool) -> None:
    order = proposal.order
    row = {"job": None, "name": None, "status": None, "dataset": order.dataset, "family": order.family,
           "base": order.base, "estimate": proposal.estimate.model_dump(exclude={"schema_number"})}  # fmt: skip
    show(row, as_json, f"{preview(proposal, needs)}\nNothing was started: add --yes.")


def preview(proposal: Proposal, needs: str) -> str:
    """What a job would take and cost, and why a second person has to approve it."""
    order = proposal.order
    goes_on = f"It goes on from {order.base}." if ":custom-model/" in order.base else ""
    return "\n".join(filter(None, [f"{order.dataset}: {proposal.estimate}", goes_on, approve_hint(needs)]))


def _show_job(job: CustomizationJob, as_json: bool) -> None:
    show(_row(job), as_json, job_line(job))


def _row(job: CustomizationJob) -> dict[str, Any]:
    return {
        "job": job.id, "name": job.name, "status": job.look.status, "phase": job.look.phase,
        "model": job.look.model or None, "failure": job.look.failure or None, "dataset": job.order.dataset,
        "losses": [each.model_dump(include={"step", "loss", "of"}) for each in job.look.losses],
    }  # fmt: skip


def job_line(job: CustomizationJob) -> str:
    look = job.look
    parts = [f"{job.name}: {look.status}"]
    parts += [f"({look.phase})"] if look.phase and not job.ended else []
    parts += [f"-> {look.model}"] if look.model else []
    why = job.fault or look.failure
    return " ".join(parts) + (f". {why}" if why else "")
