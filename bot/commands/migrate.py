"""The command that moves a task to another base model: `wrapup migrate-family`."""

# Modules are imported where they are used: `wrapup --help` answers at once.
# ruff: noqa: PLC0415

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from bot.commands.models import served
from bot.commands.shell import PROVIDER, asked, json_option, refuse_unapproved, show, stop_with, told
from bot.commands.train import (
    ENDED_BADLY,
    approve_option,
    job_line,
    prepared,
    preview,
)

if TYPE_CHECKING:
    from bot.answers.family import Family
    from bot.models.champion import Judged
    from bot.models.custom_model import CustomModel
    from bot.models.job import CustomizationJob
    from bot.retraining.retraining import Retraining
    from bot.serving.promoter import Promoter
    from bot.training.trainer import Trainer
    from bot.wiring.training import TrainingWiring


@click.command("migrate-family")
@click.argument("family_name", metavar="FAMILY")
@click.option("--task", "task_name", metavar="NAME", default="summarize", show_default=True, help="Of which task.")
@approve_option
@click.option("--yes", is_flag=True, help="Train, serve and evaluate, up to the verdict; nothing is promoted.")
@json_option
def migrate_family(family_name: str, task_name: str, approver: str, yes: bool, as_json: bool) -> None:
    """Train the pairs of a task on another base model, and judge the result against the one that answers now.

    Without --yes it shows the cost and, in a terminal, asks whether to go on. If you run it again, it goes on where it was.
    Exit code 1: refused, and why. 3: a provider failed. 4: the job ended Failed or Stopped.
    """
    with told() as settings:
        from bot.answers.family import family
        from bot.wiring import Wiring

        base = family(family_name)
        wiring = Wiring(replace(settings, family=base.name))  # held-out calls and prices are those of the new one
        trainer, promoter = wiring.training.trainer, wiring.training.promoter
        row: dict[str, Any] = {"task": wiring.answers.task_named(task_name).name, "family": base.name}
        job = _begun(trainer, promoter, task_name, base)
        if job and not yes:
            show(row | _of_job(job), as_json, f"{job_line(job)}\n{_steps(job, promoter.answering(task_name))}")
            return
        job = job or _started(wiring.training.retraining, task_name, approver, yes, as_json, row)
        if not job:
            return
        job = trainer.watch(job, lambda job: click.echo(job_line(job), err=True))
        row |= _of_job(job)
        if job.look.status != "Completed":
            show(row, as_json, job_line(job))
            sys.exit(ENDED_BADLY)
        _judge(wiring.training, job.look.model, as_json, row)


def _begun(trainer: Trainer, promoter: Promoter, task: str, base: Family) -> CustomizationJob | None:
    """The family's newest job that runs or made a model that is kept. Raises JobRefused if the family answers already."""
    from bot.errors import JobRefused

    now = promoter.champion(task).now
    if now and now.family == base.name:
        raise JobRefused(
            f"{now.model}, which answers {task} now, is of {base.name} already: `wrapup train start --family {base.name}` "
            "trains the next one."
        )
    gone = {model.id for model in promoter.models() if model.deleted or model.retired}
    jobs = [job for job in trainer.jobs() if (job.order.task, job.order.family) == (task, base.name)]
    return next(
        (job for job in jobs if job.look.status not in ("Failed", "Stopped") and job.look.model not in gone), None
    )


def _started(
    retraining: Retraining, task: str, approver: str, yes: bool, as_json: bool, row: dict[str, Any]
) -> CustomizationJob | None:
    """The job, after it is checked, priced and agreed to; None if it is only shown."""
    step = asked("train", task)
    proposal, job = prepared(retraining, step, yes, approver, {})
    needs = retraining.needs(step, approver, proposal.estimate.usd)
    row |= {"dataset": proposal.order.dataset, "estimate": proposal.estimate.model_dump(exclude={"schema_number"})}
    if not yes:
        text = preview(proposal, needs)
        asks = not as_json and not needs and sys.stdin.isatty()
        if not asks or not click.confirm(f"{text}\nTrain, serve and judge it?"):
            show({**_of_job(None), **row}, as_json, f"{text}\nNothing was started: add --yes.")
            return None
        with retraining.under_way.attended(step, "Starting the job …"):
            job = retraining.start(step, proposal, approver)
    return job or refuse_unapproved(needs)


def _judge(training: TrainingWiring, model_id: str, as_json: bool, row: dict[str, Any]) -> None:
    from bot.errors import ModelRejected, ModelRetired

    promoter, retraining = training.promoter, training.retraining
    model = served(training, model_id)
    champion, challenger = promoter.answering(model.task), model.endpoint.id if model.endpoint else model.id
    judged = promoter.verdict(model)
    if not judged or judged.verdict == "too_few":
        click.echo(f"Judging {challenger} against {champion} …", err=True)
        step = asked("evaluate", model.task, model.id)
        try:
            with retraining.under_way.attended(step, "Evaluating …") as say:
                retraining.evaluate(step, say)
        except (ModelRetired, ModelRejected) as error:
            stop_with(
                f"{error} Without its answers there is nothing to compare with: `wrapup promote {model.id} --yes "
                "--override REASON` makes the new one answer anyway.",
                PROVIDER,
            )
        judged = promoter.verdict(model)
    assert judged is not None
    row |= {"endpoint": challenger, "champion": champion}
    row |= {"verdict": judged.verdict, "sentence": judged.sentence, "n": judged.n}
    show(row, as_json, _next(model, judged))


def _of_job(job: CustomizationJob | None) -> dict[str, Any]:
    """The keys of a row that tell of a job."""
    if not job:
        return {"job": None, "name": None, "status": None, "model": None}
    return {
        "job": job.id, "name": job.name, "status": job.look.status, "dataset": job.order.dataset,
        "model": job.look.model or None, "failure": job.look.failure or None,
    }  # fmt: skip


def _steps(job: CustomizationJob, champion: str) -> str:
    task, family = job.order.task, job.order.family
    return (
        f"`wrapup migrate-family {family} --task {task} --yes` goes on to the verdict; step by step:\n"
        f"  wrapup train watch {job.name}\n"
        f"  wrapup models serve {job.name} --yes\n"
        f"  wrapup evaluate --task {task} --champion {champion} --challenger ENDPOINT\n"
        f"  wrapup promote {job.name} --yes"
    )


def _next(model: CustomModel, judged: Judged) -> str:
    costs = model.endpoint is not None and model.endpoint.since is not None
    meanwhile = " It costs by the hour meanwhile." if costs else ""
    promote = f"wrapup promote {model.id} --yes{'' if judged.verdict == 'promote' else ' --override REASON'}"
    return (
        f"{judged.sentence}\n`{promote}` makes it answer, `wrapup models release {model.id} --yes` ends what serves it."
        f"{meanwhile}\nSet WRAPUP_FAMILY={model.family} once it answers, so that the next one is trained from it too."
    )
