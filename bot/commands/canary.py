"""The canary from a shell: `wrapup canary MODEL --share 0.1`, `--status`, `--stop`."""

# Modules are imported where they are used: `wrapup --help` answers at once.
# ruff: noqa: PLC0415

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bot.commands.shell import REFUSED, asked, json_option, show, stop_with, told

if TYPE_CHECKING:
    from bot.models.canary import CanaryStanding
    from bot.wiring.training import TrainingWiring


@click.command()
@click.argument("model_id", metavar="[MODEL]", required=False)
@click.option("--share", type=float, default=0.1, show_default=True, help="The share of calls, from 0.01 to 0.9.")
@click.option("--channel", "channels", multiple=True, metavar="ID", help="Only in this channel; give it for each.")
@click.option("--status", "shows", is_flag=True, help="Show how both models do; the default without MODEL.")
@click.option("--stop", "stops", is_flag=True, help="Have the champion answer every call again.")
@click.option("--task", "task_name", default="summarize", show_default=True, help="Of --status and --stop.")
@click.option("--yes", is_flag=True, hidden=True, help="Accepted as in other commands; this one does not need it.")
@json_option
def canary(
    model_id: str | None,
    share: float,
    channels: tuple[str, ...],
    shows: bool,
    stops: bool,
    task_name: str,
    yes: bool,  # noqa: ARG001
    as_json: bool,
) -> None:
    """Have MODEL answer a share of the calls in Slack, and compare people's votes on its answers and the champion's.

    Wrapup stops it if it does worse or fails to answer, and never promotes it by itself. Exit code 1: refused, and why.
    """
    if bool(model_id) + shows + stops > 1:
        stop_with("Give one of MODEL, --status and --stop.", REFUSED)
    with told() as settings:
        from bot.wiring import Wiring

        wiring = Wiring(settings)
        if model_id:
            _start(wiring.training, model_id, share, channels, as_json)
        elif stops:
            step = asked("end_canary", task_name)
            with wiring.training.retraining.under_way.at_once(step):
                found = wiring.training.retraining.stop_canary(step)
            show(found.model_dump(exclude={"schema_number"}), as_json, f"{found.champion} answers every call again.")
        else:
            _show(wiring.training.canaries.standing(task_name), task_name, as_json)


def _start(training: TrainingWiring, model_id: str, share: float, channels: tuple[str, ...], as_json: bool) -> None:
    model = training.promoter.model(model_id)
    step = asked("canary", model.task, model.id)
    with training.retraining.under_way.at_once(step):
        canary = training.retraining.start_canary(step, share, channels)
    where = f" in {', '.join(canary.channels)}" if canary.channels else ""
    text = (
        f"{canary.model} answers {share:.0%} of {canary.task} calls{where} in Slack now, {canary.champion} the others."
    )
    caution = training.canaries.caution(canary)
    show(canary.model_dump(exclude={"schema_number"}) | {"caution": caution}, as_json, f"{text} {caution}".rstrip())


def _show(standing: CanaryStanding | None, task: str, as_json: bool) -> None:
    if not standing:
        show(None, as_json, f"There was no canary of {task} yet.")
        return
    canary, arms = standing.canary, {"champion": standing.champion, "challenger": standing.challenger}
    row = canary.model_dump(exclude={"schema_number", "reason"}) | {"sentence": standing.sentence}
    row |= {"counts": {name: tally.model_dump() for name, tally in arms.items()}}
    lines = [f"{canary.model}, {canary.share:.0%} of {task} calls: {canary.state}. {standing.sentence}"]
    for name, model in (("champion", canary.champion), ("challenger", canary.model)):
        counts = " · ".join(f"{number} {what}" for what, number in arms[name].model_dump().items() if number)
        lines.append(f"{name} ({model}): {counts or 'nothing yet'}")
    show(row, as_json, "\n".join(lines))
