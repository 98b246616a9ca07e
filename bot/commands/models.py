"""The commands on custom models from a shell: `wrapup models ...`, `promote`, `rollback`, `audit`."""

# Modules are imported where they are used: `wrapup --help` answers at once.
# ruff: noqa: PLC0415

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from bot.commands.shell import REFUSED, asked, draw, json_option, refuse_unapproved, show, stop_with, told, who
from bot.commands.train import approve_option, yes_option

if TYPE_CHECKING:
    from bot.errors import WrapupError
    from bot.models.audit import Entry
    from bot.models.custom_model import CustomModel
    from bot.models.prices import Prices
    from bot.serving.canary_runner import Canaries
    from bot.serving.promoter import Promoter
    from bot.wiring.training import TrainingWiring

model_argument = click.argument("model_id", metavar="MODEL")


@click.group()
def models() -> None:
    """The custom models: where they serve, who answers, and what costs."""


@models.command("list")
@json_option
def list_(as_json: bool) -> None:
    """List every custom model, the newest first."""
    with told() as settings:
        from bot.commands.display import models_table
        from bot.wiring import Wiring

        wiring = Wiring(settings)
        promoter, watch = wiring.training.promoter, wiring.training.watch
        found = promoter.models()
        rows = _rows(promoter, wiring.training.canaries, [*found, *watch.strays(_complain)], wiring.evaluation.prices)
        leaks = [] if as_json else watch.leaks(0.0, lambda *_: None)  # what could not be seen was told above
    if as_json:
        show(rows, as_json, "")
        return
    draw(models_table(rows))
    for model in found:
        if model.trouble:
            click.echo(f"{model.id}: {model.trouble}", err=True)
    for leak in leaks:
        click.echo(leak.notice.text, err=True)


@models.command()
@json_option
def watch(as_json: bool) -> None:
    """Show what the admins should know: idle endpoints, endpoints that nobody uses, base models that end.

    A worker tells them each of these once, and releases endpoints that stay idle (WRAPUP_IDLE_HOURS).
    """
    with told() as settings:
        from bot.wiring import Wiring

        found = Wiring(settings).training.watch.findings(_complain)
    rows = [{"kind": each.kind, "id": each.notice.id, "text": each.notice.text} for each in found]
    show(rows, as_json, "\n".join(row["text"] for row in rows) or "There is nothing to report.")


@models.command()
@model_argument
@yes_option
@json_option
def serve(model_id: str, yes: bool, as_json: bool) -> None:
    """Serve MODEL, and return when it has answered a test call."""
    _change("serve", model_id, yes, as_json)


@models.command()
@model_argument
@yes_option
@json_option
def release(model_id: str, yes: bool, as_json: bool) -> None:
    """Delete the endpoint of MODEL, which ends its cost; the model is kept and can be served again.

    MODEL can also be the ARN of an endpoint that Wrapup does not know, as `wrapup models list` shows it.
    """
    _change("release", model_id, yes, as_json)


@models.command()
@model_argument
@yes_option
@json_option
def retire(model_id: str, yes: bool, as_json: bool) -> None:
    """Release MODEL for good: it is kept, but no longer offered as a challenger."""
    _change("retire", model_id, yes, as_json)


@click.command()
@model_argument
@click.option(
    "--override", metavar="REASON", default="", help="Promote whatever the verdict; the audit keeps the reason."
)
@approve_option
@yes_option
@json_option
def promote(model_id: str, override: str, approver: str, yes: bool, as_json: bool) -> None:
    """Make MODEL the one that answers its task, if an evaluation against the present one speaks for it.

    Exit code 1: refused, and why.
    """
    with told() as settings:
        from bot.errors import PromotionRefused
        from bot.wiring import Wiring

        training = Wiring(settings).training
        promoter = training.promoter
        model = promoter.model(model_id)
        before, judged = promoter.answering(model.task), promoter.verdict(model)
        if not yes:
            verdict = judged.sentence if judged else "The new model has not been compared with it."
            show({"task": model.task, "champion": before, "challenger": model.id, "verdict": judged.verdict if judged else None},
                 as_json, f"{before} answers {model.task} now. {verdict}\nNothing was changed: add --yes.")  # fmt: skip
            return
        retraining, step = training.retraining, asked("promote", model.task, model.id, override.strip())
        try:
            with retraining.under_way.attended(step, "Promoting …"):
                retraining.promote(step, approver)
        except PromotionRefused as error:
            stop_with(f"{error}{' Add --override REASON.' if error.wants_reason else ''}", REFUSED)
        needs, now = retraining.needs(step, approver), promoter.answering(model.task)
    if needs:
        refuse_unapproved(needs)
    row = {"task": model.task, "model": model.id, "champion": now, "before": before, "dataset": model.dataset}
    show(row, as_json, f"{now} answers {model.task} now, in place of {before}.")


@click.command()
@click.option("--task", "task_name", metavar="NAME", help="Of which task.  [default: of the last promotion]")
@json_option
def rollback(task_name: str | None, as_json: bool) -> None:
    """Have the model from before the last promotion answer again."""
    with told() as settings:
        from bot.wiring import Wiring

        training = Wiring(settings).training
        task = task_name or training.promoter.last_promoted()
        step = asked("rollback", task, training.promoter.champion(task).model)
        with training.retraining.under_way.at_once(step):
            training.retraining.rollback(step)
        now = training.promoter.answering(task)
    show({"task": task, "champion": now}, as_json, f"{now} answers {task} again.")


@click.command()
@json_option
def audit(as_json: bool) -> None:
    """Show every step of training and serving: when, who, what, from which dataset."""
    with told() as settings:
        from bot.wiring import Wiring

        entries = list(Wiring(settings).training.promoter.audit())
    rows = [entry.model_dump(exclude={"schema_number"}) for entry in entries]
    show(rows, as_json, "\n".join(map(_line, entries)) or "Nothing has been done yet.")


def _change(what: str, model_id: str, yes: bool, as_json: bool) -> None:
    with told() as settings:
        from bot.errors import UnknownModel
        from bot.wiring import Wiring

        wiring = Wiring(settings)
        promoter, prices = wiring.training.promoter, wiring.evaluation.prices
        try:
            model = promoter.model(model_id)
            model = _changed(wiring.training, what, model) if yes else model
        except UnknownModel:
            if what != "release":
                raise
            watching = wiring.training.watch
            model = watching.stray(model_id)
            model = watching.release(model, who()) if yes else model
        (row,) = _rows(promoter, wiring.training.canaries, [model], prices)
    where = f", at {row['endpoint']}" if row["endpoint"] else ""
    text = f"{model.id} is {row['state']}{where}."
    if what != "serve" and yes:
        text += _storage(model, prices)
    show(row, as_json, text if yes else f"{text} Nothing was changed: add --yes to {what} it.")


def _storage(model: CustomModel, prices: Prices) -> str:
    """What AWS goes on billing for a model without an endpoint."""
    from bot.answers.family import FAMILIES

    if not (key := FAMILIES[model.family].price_keys.get("storage")):
        return ""
    month = prices.usd.get(key)
    costs = (
        f"costs {month:.2f} USD a month" if month is not None else "is billed by the month, at a price that is unknown,"
    )
    return f" Its storage {costs} until you delete it at AWS."


def _changed(training: TrainingWiring, what: str, model: CustomModel) -> CustomModel:
    if what == "serve":
        return served(training, model.id)
    step = asked(what, model.task, model.id)
    with training.retraining.under_way.at_once(step):
        training.retraining.release(step, retire=what == "retire")
    return training.promoter.settled(training.promoter.model(model.id), _tell_state)


def served(training: TrainingWiring, model_id: str) -> CustomModel:
    """Has a model served, and tells its state until it answers. Raises JobRefused."""
    promoter, retraining = training.promoter, training.retraining
    step = asked("serve", promoter.model(model_id).task, model_id)
    with retraining.under_way.attended(step, "Asking for an endpoint …"):
        retraining.serve(step)
    return promoter.served(promoter.model(model_id), _tell_state)


def _tell_state(model: CustomModel) -> None:
    click.echo(f"{model.id}: {model.state}", err=True)


def _rows(promoter: Promoter, canaries: Canaries, shown: Sequence[CustomModel], prices: Prices) -> list[dict[str, Any]]:
    from bot.models.champion import role

    known = promoter.registered()
    running = {canary.model for task in {model.task for model in shown} if (canary := canaries.running(task))}
    return [
        {
            "model": model.id,
            "task": model.task,
            "family": model.family,
            "state": model.state,
            "role": role(model, promoter.champion(model.task), known, running),
            "endpoint": model.endpoint.id if model.endpoint else None,
            "dataset": model.dataset,
            "bills": _bills(model, prices),
        }
        for model in shown
    ]


def _bills(model: CustomModel, prices: Prices) -> Mapping[str, float | None] | None:
    from bot.models.prices import bill

    found = bill(model, prices, time.time())
    return asdict(found) if found else None


def _complain(what: str, error: WrapupError) -> None:
    click.echo(f"{what} could not be seen: {error}", err=True)


def _line(entry: Entry) -> str:
    when = datetime.fromtimestamp(entry.at, UTC).strftime("%Y-%m-%d %H:%M:%S")
    parts = [when, entry.who, entry.did, entry.task, entry.what]
    parts += [f"from {entry.dataset}"] if entry.dataset else []
    parts += [f"approved by {entry.approved_by}"] if entry.approved_by else []
    parts += [f"({entry.reason})"] if entry.reason else []
    return "  ".join(parts)
