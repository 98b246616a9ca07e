"""Steps of a task's training loop that wait, run or have failed, and the cards that show them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.models.job import Order
from bot.models.kept import Kept
from bot.training.estimate import Estimate

Gated = Literal["train", "promote"]


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks for a step on a task, when (s), and why.

    `id` stays the same if the step is taken again; it begins with FROM_SHELL if a person waits for it in a shell. `of` is
    what the step is about: a model, a job, a proposal, an approval or a canary.
    """

    id: str
    step: str
    task: str
    by: str
    at: float
    of: str = ""
    reason: str = ""


class Proposal(Kept):
    """A job that can be started, and its likely cost."""

    id: str
    order: Order
    estimate: Estimate
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
    """What a worker is doing for a request, and its progress."""

    request: str
    step: str
    by: str
    text: str


class Trouble(Kept):
    """Why the last step failed."""

    step: str
    by: str
    text: str
    at: float


class Agenda(Kept):
    """Everything that is open for one task. `judged`: the last evaluation that started by itself."""

    proposal: Proposal | None = None
    approval: Approval | None = None
    doing: Doing | None = None
    trouble: Trouble | None = None
    judged: str = ""

    def saying(self, request: str, text: str) -> Agenda:
        """The agenda with new progress on a request, if that is what runs."""
        if not self.doing or self.doing.request != request:
            return self
        return self.model_copy(update={"doing": self.doing.model_copy(update={"text": text})})

    def ended(self, request: str) -> Agenda:
        """The agenda after a request is done."""
        at_it = self.doing is not None and self.doing.request == request
        return self.model_copy(update={"doing": None}) if at_it else self

    def offering(self, proposal: Proposal) -> Agenda:
        """The agenda with this proposal. It replaces the one there is and its approval."""
        was = self.settled("train", self.proposal.id) if self.proposal else self
        return was.model_copy(update={"proposal": proposal})

    def settled(self, step: Gated, what: str) -> Agenda:
        """The agenda after a step was done or declined: its proposal and its approval are gone."""
        waits = self.approval and (self.approval.step, self.approval.what) == (step, what)
        offered = step == "train" and self.proposal and self.proposal.id == what
        gone: dict[str, None] = ({"approval": None} if waits else {}) | ({"proposal": None} if offered else {})
        return self.model_copy(update=gone)


class Card(Kept):
    """A message that shows a task's loop.

    `request`: the one that posted it. `digest`: of its content. `charts`: the digests of the charts in its thread.
    """

    task: str
    channel: str
    ts: str
    request: str
    digest: str = ""
    charts: tuple[str, ...] = ()
