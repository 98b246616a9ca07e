"""What the admins have to know of costs and endings, in sentences with what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal

from bot.models.custom_model import CustomModel
from bot.models.end_of_life import Lifecycle
from bot.models.prices import Bill
from bot.serving.notice import Notice

HOUR_S = 3_600.0
WarningKind = Literal["idle", "leak", "life"]


@dataclass(frozen=True, slots=True)
class ServingWarning:
    """A notice; where it announces a release, also of which `model` and from when on (`release_at`, s)."""

    kind: WarningKind
    notice: Notice
    model: CustomModel | None = None
    release_at: float = 0.0
    champion: bool = False


def idle(model: CustomModel, since: float, hours: float, cost: Bill, champion: bool, now: float) -> ServingWarning:
    """The warning before a release, anew after each use."""
    at = since + hours * HOUR_S
    after = ", and WRAPUP_MODEL_ID answers then" if champion else ""
    keep = "ask it something" if champion else "evaluate or promote it"
    text = (
        f"{_named(model)} has answered nobody since {_clock(since)} and costs by the hour: {cost}. It is released about "
        f"{_clock(max(at, now + HOUR_S))}; the model is kept{after}. To keep it, {keep}, or set WRAPUP_IDLE_HOURS."
    )
    return ServingWarning("idle", Notice(f"idle:{_endpoint(model)}:{since:.0f}", text), model, at, champion)


def released(model: CustomModel, cost: Bill, champion: bool, *, over: bool) -> Notice:
    """What was idle is released; where its service is busy that is not `over` yet, and goes on until nothing costs."""
    after = f" WRAPUP_MODEL_ID answers {model.task} now." if champion else ""
    text = (
        f"{_named(model)} was idle and is {'released' if over else 'being released'} now. Its bill: {cost}.{after} To have it back: "
        f"`wrapup models serve {model.job} --yes`{', then promote it' if champion else ''}."
    )
    return Notice(f"released:{_endpoint(model)}", text)


def leak(model: CustomModel, cost: Bill, today: date, known: bool) -> ServingWarning:
    """What costs and serves nobody, named once a day."""
    whose = "answers nobody" if known else "is not known here (it was left over, or another Wrapup's)"
    text = f"{_named(model)} {whose} and costs by the hour: {cost}. "
    end = f"`wrapup models release {_endpoint(model)} --yes` ends it."
    until = model.endpoint.committed_until if model.endpoint else None
    if until and until > cost.since + cost.hours * HOUR_S:
        end = f"A commitment binds it until {_clock(until)}; after that {end}"
    return ServingWarning("leak", Notice(f"leak:{_endpoint(model)}:{today}", text + end), model)


def quiet(model: CustomModel, since: float, cost: Bill, today: date) -> ServingWarning:
    """A champion that costs and is not asked, named once a day."""
    text = (
        f"{_named(model)} is the champion, but has answered nobody since {_clock(since)}, and costs by the hour: {cost}. "
        f"`wrapup rollback --task {model.task}`, then `wrapup models release {_endpoint(model)} --yes` ends it; "
        "WRAPUP_IDLE_HOURS does so by itself."
    )
    return ServingWarning("leak", Notice(f"quiet:{_endpoint(model)}:{today}", text), model)


def legacy(life: Lifecycle, uses: Sequence[str], family: str) -> ServingWarning:
    text = f"{life}. It is {' and '.join(uses)}, and AWS takes no new fine-tuning jobs for it. {_plan(family)}"
    return ServingWarning("life", Notice(f"life:{life.model_id}:legacy", text))


def ending(life: Lifecycle, days: int, uses: Sequence[str], today: date, family: str) -> ServingWarning:
    """The warning for the days of `Lifecycle.warning`, each once."""
    assert life.end is not None
    days_left = (life.end - today).days
    text = f"{life.model_id}, {' and '.join(uses)}, ends on {life.end}, in {days_left} days. {_plan(family)}"
    return ServingWarning("life", Notice(f"life:{life.model_id}:{life.end}:{days}", text))


def ended(model_id: str, end: date | None, uses: Sequence[str], today: date, family: str) -> ServingWarning:
    """What has ended, told once a week."""
    year, week, _ = today.isocalendar()
    text = f"AWS has ended {model_id}, {' and '.join(uses)}{f', on {end}' if end else ''}. {_plan(family)}"
    return ServingWarning("life", Notice(f"life:{model_id}:ended:{year}-W{week:02}", text))


def blind(what: str, why: str, today: date) -> Notice:
    """What no round of the watch can see, told once a week: no alarm comes from there."""
    year, week, _ = today.isocalendar()
    return Notice(
        f"blind:{what}:{year}-W{week:02}", f"I watch over costs and endings, but {what} could not be seen: {why}"
    )


def _plan(family: str) -> str:
    return (
        f"`wrapup migrate-family {family}` trains the same pairs on another base model and judges it against what answers "
        "now; name another one in WRAPUP_MODEL_ID and WRAPUP_FAMILY too, where they name this one."
    )


def _named(model: CustomModel) -> str:
    return f"{model.job} ({', '.join(filter(None, (model.task, model.family)))})"


def _endpoint(model: CustomModel) -> str:
    return model.endpoint.id if model.endpoint else model.id


def _clock(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M UTC")
