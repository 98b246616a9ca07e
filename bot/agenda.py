"""What waits, is under way or went wrong in the loop of a task, and where people watch it."""

from __future__ import annotations

from typing import Literal

from bot.model import Kept, Order

Gated = Literal["train", "promote"]


class Proposal(Kept):
    """A job that could be started, and what it is likely to cost; what is None is unknown, as `why_unknown` says."""

    id: str
    order: Order
    records: int
    tokens: int
    epochs: int
    usd: float | None
    usd_hour: float | None
    why_unknown: str
    warnings: tuple[str, ...]
    by: str
    at: float


class Approval(Kept):
    """A step that a second person has to approve; `what` is the proposal or the model, `override` the reason given."""

    id: str
    step: Gated
    what: str
    by: str
    at: float
    why: str
    override: str = ""


class Doing(Kept):
    """What a worker is at for a request, and how far it is."""

    request: str
    step: str
    by: str
    text: str


class Trouble(Kept):
    """Why the last step did not come off."""

    step: str
    by: str
    text: str
    at: float


class Agenda(Kept):
    """All of it for one task. `judged` names the evaluation that was last begun without being asked for."""

    proposal: Proposal | None = None
    approval: Approval | None = None
    doing: Doing | None = None
    trouble: Trouble | None = None
    judged: str = ""


class Card(Kept):
    """Where a task's loop is shown; `request` posted it, `digest` is of what it shows, `charts` of those in its thread."""

    task: str
    channel: str
    ts: str
    request: str
    digest: str = ""
    charts: tuple[str, ...] = ()
