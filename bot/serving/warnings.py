"""Warnings to admins about costs and ending models, each with what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal

from bot.models.custom_model import CustomModel
from bot.models.end_of_life import Lifecycle, day
from bot.models.prices import Bill
from bot.serving.notice import Notice

HOUR_S = 3_600.0
WarningKind = Literal["idle", "leak", "life"]


@dataclass(frozen=True, slots=True)
class ServingWarning:
    """A notice. If it announces a release, it also has the `model` and the earliest time of the release (`release_at`, s)."""

    kind: WarningKind
    notice: Notice
    model: CustomModel | None = None
    release_at: float = 0.0
    champion: bool = False


def idle(model: CustomModel, since: float, hours: float, cost: Bill, champion: bool, now: float) -> ServingWarning:
    """The warning before an unused model is released. After each use of the model, a new warning is due."""
    at = since + hours * HOUR_S
    after = ", and WRAPUP_MODEL_ID answers instead" if champion else ""
    keep = "use it" if champion else "evaluate or promote it"
    text = (
        f"Nobody has used {_named(model)} since {_clock(since)}, and it is billed by the hour: {cost}. I'll release it at about "
        f"{_clock(max(at, now + HOUR_S))}. The model itself is kept{after}. To keep it running, {keep}, or set WRAPUP_IDLE_HOURS."
    )
    return ServingWarning("idle", Notice(f"idle:{_endpoint(model)}:{since:.0f}", text), model, at, champion)


def released(model: CustomModel, cost: Bill, champion: bool, *, over: bool) -> Notice:
    """An unused model was released. If the service is busy, the release is not `over` yet and goes on by itself."""
    after = f" WRAPUP_MODEL_ID answers {model.task} now." if champion else ""
    text = (
        f"Nobody used {_named(model)}, so {'I have released it' if over else 'I am releasing it'}. Its bill: {cost}.{after} "
        f"To bring it back: `wrapup models serve {model.job} --yes`{', then promote it' if champion else ''}."
    )
    return Notice(f"released:{_endpoint(model)}", text)


def leak(model: CustomModel, cost: Bill, today: date, known: bool) -> ServingWarning:
    """An endpoint that costs money and that nobody uses; sent once a day."""
    why = "is not in use" if known else "is unknown here (left over, or another Wrapup's)"
    text = f"{_named(model)} {why}, but is billed by the hour: {cost}. "
    end = f"`wrapup models release {_endpoint(model)} --yes` stops the cost."
    until = model.endpoint.committed_until if model.endpoint else None
    if until and until > cost.since + cost.hours * HOUR_S:
        end = f"It is committed until {_clock(until)}. After that, {end}"
    return ServingWarning("leak", Notice(f"leak:{_endpoint(model)}:{today}", text + end), model)


def quiet(model: CustomModel, since: float, cost: Bill, today: date) -> ServingWarning:
    """A champion that costs money and that nobody uses; sent once a day."""
    text = (
        f"{_named(model)} is the current model, but nobody has used it since {_clock(since)}, and it is billed by the hour: "
        f"{cost}. To stop the cost: `wrapup rollback --task {model.task}`, then `wrapup models release {_endpoint(model)} --yes`. "
        "WRAPUP_IDLE_HOURS does this by itself."
    )
    return ServingWarning("leak", Notice(f"quiet:{_endpoint(model)}:{today}", text), model)


def legacy(life: Lifecycle, uses: Sequence[str], family: str) -> ServingWarning:
    """A model that AWS calls legacy; sent once."""
    text = f"{life}. It is {' and '.join(uses)}, and AWS takes no new fine-tuning jobs for it. {_plan(family)}"
    return ServingWarning("life", Notice(f"life:{life.model_id}:legacy", text))


def ending(life: Lifecycle, days: int, uses: Sequence[str], today: date, family: str) -> ServingWarning:
    """A model that ends soon; sent once for each of the days of `Lifecycle.warning`."""
    assert life.end is not None
    days_left = (life.end - today).days
    text = f"{life.model_id}, {' and '.join(uses)}, ends on {day(life.end)}, in {days_left} days. {_plan(family)}"
    return ServingWarning("life", Notice(f"life:{life.model_id}:{life.end}:{days}", text))


def ended(model_id: str, end: date | None, uses: Sequence[str], today: date, family: str) -> ServingWarning:
    """A model that has ended; sent once a week."""
    year, week, _ = today.isocalendar()
    text = f"AWS has ended {model_id}, {' and '.join(uses)}{f', on {day(end)}' if end else ''}. {_plan(family)}"
    return ServingWarning("life", Notice(f"life:{model_id}:ended:{year}-W{week:02}", text))


def blind(what: str, why: str, today: date) -> Notice:
    """Something that can't be watched, so that no warning would come from there; sent once a week."""
    year, week, _ = today.isocalendar()
    return Notice(
        f"blind:{what}:{year}-W{week:02}", f"I watch costs and the end of models, but I can't see {what}: {why}"
    )


def _plan(family: str) -> str:
    return (
        f"`wrapup migrate-family {family}` trains another base model on the same examples and compares it with the current "
        "model. If WRAPUP_MODEL_ID or WRAPUP_FAMILY names the old one, change that, too."
    )


def _named(model: CustomModel) -> str:
    return f"{model.job} ({', '.join(filter(None, (model.task, model.family)))})"


def _endpoint(model: CustomModel) -> str:
    return model.endpoint.id if model.endpoint else model.id


def _clock(at: float) -> str:
    when = datetime.fromtimestamp(at, UTC)
    return f"{day(when)}, {when:%H:%M UTC}"
