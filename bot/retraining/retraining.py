"""Takes the loop of a task a step further, for an admin and with a second one's approval where that is wanted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from bot.answers.family import EMBEDDED, Family
from bot.datasets.exporter import Exporter
from bot.datasets.ports import Datasets
from bot.errors import JobRefused, NotAllowed, StepRunning
from bot.feedback.ports import Pairs
from bot.feedback.votes_and_corrections import weeks_of
from bot.models.audit import Entry, needs_approval
from bot.models.canary import CanaryStanding, asked_for
from bot.models.champion import role
from bot.models.custom_model import CustomModel
from bot.models.job import CustomizationJob
from bot.models.prices import Prices
from bot.retraining.next_step import MOST_FRESH, Loop, is_billed
from bot.retraining.pending import Agenda, Approval, Doing, Gated, Proposal, Trouble
from bot.retraining.ports import LoopRegistry
from bot.serving.canary_runner import Canaries
from bot.serving.promoter import Promoter, base_of
from bot.task import Task
from bot.training.estimate import estimate
from bot.training.order import exported, ordered
from bot.training.ports import Customization
from bot.training.trainer import Trainer

Say = Callable[[str], None]
Judge = Callable[[Task, str, str, Callable[[int, int], None]], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks for a step on a task; `id` is the same however often it is done again, `of` is what the step is about."""

    id: str
    step: str
    task: str
    by: str
    at: float
    of: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Rules:
    """When a second person has to approve; `limit` is in USD."""

    two_person: bool
    limit: float | None


class Retraining:
    """Holds no state. `judge` has two models answer the held-out calls, tells how many answers came, keeps the verdict."""

    def __init__(
        self,
        models: LoopRegistry,
        pairs: Pairs,
        tasks: Mapping[str, Task],
        family: Family,
        trainer: Trainer,
        promoter: Promoter,
        canaries: Canaries,
        exporter: Exporter,
        place_of: Callable[[str], Datasets],
        customization: Callable[[Family], Customization],
        judge: Judge,
        prices: Prices,
        rules: Rules,
        now: Callable[[], float],
    ) -> None:
        self._models, self._pairs, self._tasks, self._family = models, pairs, tasks, family
        self._trainer, self._promoter, self._exporter, self._place_of = trainer, promoter, exporter, place_of
        self._customization, self._canaries, self._judge = customization, canaries, judge
        self._prices, self._rules, self._now = prices, rules, now

    @property
    def family(self) -> Family:
        return self._family

    def loop(self, task: str) -> Loop:
        """The loop of a task as it is kept; nothing outside the store is asked."""
        champion, models = self._models.champion(task), self._models.models()
        job = next((job for job in self._models.jobs() if job.order.task == task), None)
        challenger = next((model for model in models if role(model, champion, models) == "challenger"
                           and model.task == task), None)  # fmt: skip
        answering, counts = self._promoter.answering(task), self._pairs.counts()
        pairs, before = counts.get(f"task:{task}", 0), self._promoter.before(task)
        return Loop(
            task,
            self._family,
            answering,
            pairs,
            self._pairs.settled_since(task, job.at, MOST_FRESH) if job else pairs,
            self._models.agenda(task),
            champion,
            job,
            challenger,
            self._promoter.verdict(challenger) if challenger else None,
            self._scorecard(task, answering, challenger),
            before,
            self._models.verdict(task, before, answering) if before else None,
            weeks_of(counts, task, answering),
            self._canary(task, challenger),
            tuple(model for model in models if model.task == task and is_billed(model)),
        )

    def _canary(self, task: str, challenger: CustomModel | None) -> CanaryStanding | None:
        found = self._canaries.standing(task)
        told = found and (found.runs or (challenger and challenger.id == found.canary.model))
        return found if told else None

    def _scorecard(self, task: str, answering: str, challenger: CustomModel | None) -> Mapping[str, Any] | None:
        asked = challenger.endpoint.id if challenger and challenger.endpoint else ""
        return self._models.scorecard(task, answering, asked) if asked else None

    # What is under way

    @contextmanager
    def alone(self, asked: Asked, text: str) -> Iterator[Say]:
        """Shows that a step is under way, and how far it is; one at a time a task. Raises StepRunning."""

        def begun(agenda: Agenda) -> Agenda:
            doing = Doing(request=asked.id, step=asked.step, by=asked.by, text=text)
            if agenda.doing and agenda.doing.request != asked.id:
                raise StepRunning(f"Something is under way: {agenda.doing.text} Wait until it is done.")
            return agenda.model_copy(update={"doing": doing, "trouble": None})

        def say(text: str) -> None:
            self._change(asked.task, lambda agenda: agenda.saying(asked.id, text))

        self._change(asked.task, begun)
        yield say
        self._change(asked.task, lambda agenda: agenda.ended(asked.id))

    def waits(self, asked: Asked, text: str) -> None:
        """Shows why a step that was begun takes longer."""
        self._change(asked.task, lambda agenda: agenda.saying(asked.id, text))

    def went_well(self, asked: Asked) -> None:
        """Forgets why an earlier step did not come off."""
        self._change(asked.task, lambda agenda: agenda.model_copy(update={"trouble": None}))

    def failed(self, asked: Asked, text: str) -> None:
        """Ends a step that did not come off, and keeps why until the next one."""
        trouble = Trouble(step=asked.step, by=asked.by, text=text, at=self._now())
        self._change(asked.task, lambda agenda: agenda.ended(asked.id).model_copy(update={"trouble": trouble}))

    # The steps

    def bases(self, task: str) -> list[str]:
        """Our own models that another job of the task can go on from, the newest first; on board there are none."""
        models = self._models.models() if self._family.name != EMBEDDED else []
        return [
            each.id for each in models if (each.task, each.family, each.deleted) == (task, self._family.name, False)
        ]

    def propose(self, asked: Asked, hyperparameters: Mapping[str, str], say: Say, base: str = "") -> None:
        """Exports the pairs, has everything checked that a job would fail by, and says what it would take.

        `base` is a model of ours to go on from. Raises what the checks and the export raise.
        """
        if running := self.loop(asked.task).running:
            raise JobRefused(f"{running.name} runs already: wait for its end, or stop it first.")
        service, task = self._customization(self._family), self._tasks[asked.task]
        base_id = base_of(base, asked.task, self._family, self._promoter, service) if base else ""
        warnings = service.check(asked.task)
        place = exported(self._exporter, task, self._family, self._place_of,
                         lambda doing, pairs: say(f"{doing.capitalize()} … {pairs:,} pairs"))  # fmt: skip
        order = ordered(task, self._family, place, hyperparameters, base_id)
        self._check_new(order.task, [job for job in self._trainer.jobs() if job.order == order])
        likely = estimate(order, self._family, place.manifest(), self._prices)
        proposal = Proposal(
            id=asked.id, order=order, estimate=likely, warnings=tuple(warnings), by=asked.by, at=asked.at
        )
        self._change(asked.task, lambda agenda: agenda.offering(proposal))

    def train(self, asked: Asked, approved_by: str = "") -> None:
        """Starts the job of the proposal `of`, once; or has it wait for a second person."""
        proposal = self._models.agenda(asked.task).proposal
        if not proposal or proposal.id != asked.of:
            return  # it was started, or another took its place
        if why := self._needs(asked, approved_by, proposal.estimate.usd):
            self._ask_approval(asked, "train", why)
            return
        self._trainer.start(proposal.order, asked.by, approved_by)
        self._change(asked.task, lambda agenda: agenda.settled("train", asked.of))

    def discard(self, asked: Asked) -> None:
        """Takes the proposal `of` from the agenda, with what waits for its approval."""
        self._change(asked.task, lambda agenda: agenda.settled("train", asked.of))

    def stop(self, asked: Asked) -> None:
        """Has the job `of` stopped. Raises JobRefused where it has ended."""
        self._trainer.stop(self._trainer.job(asked.of), asked.by)

    def serve(self, asked: Asked) -> None:
        """Asks for an endpoint for the model `of`; workers see to it that it comes to answer."""
        with self._told_by(asked.of):
            self._promoter.ask_to_serve(self._promoter.model(asked.of), asked.by)

    def evaluate(self, asked: Asked, say: Say) -> None:
        """Judges the model `of` against whoever answers now, and keeps the verdict. Raises JobRefused."""
        model = self._promoter.model(asked.of)
        if not model.endpoint:
            raise JobRefused(f"{model.id} answers nothing yet: serve it first.")
        champion = self._promoter.answering(asked.task)
        if champion == model.endpoint.id:
            raise JobRefused(f"{model.id} answers {asked.task} now: there is no other to judge it against.")
        found = self._judge(self._tasks[asked.task], champion, model.endpoint.id,
                            lambda done, total: say(f"Evaluating … {done:,} of {total:,} answers"))  # fmt: skip
        line = self._entry(asked, "evaluate", model).model_copy(update={"reason": str(found["verdict"])})
        self._models.note(asked.id, line)

    def promote(self, asked: Asked, approved_by: str = "") -> None:
        """Makes the model `of` the champion, or has that wait for a second person. Raises PromotionRefused."""
        model = self._promoter.model(asked.of)
        if why := self._needs(asked, approved_by):
            self._ask_approval(asked, "promote", why)
            return
        self._promoter.promote(model, asked.by, asked.reason, approved_by)
        self._change(asked.task, lambda agenda: agenda.settled("promote", asked.of))

    def rollback(self, asked: Asked) -> None:
        """Has the champion before `of` answer again; where `of` does not answer any more, nothing is done."""
        if self._models.champion(asked.task).model == asked.of:
            self._promoter.rollback(asked.task, asked.by)

    def canary(self, asked: Asked) -> None:
        """Has the model `of` answer the share of calls that the reason names. Raises CanaryRefused."""
        share, channels = asked_for(asked.reason)
        running = self._canaries.running(asked.task)
        if not running or (running.model, running.share, running.channels) != (asked.of, share, channels):
            self._canaries.start(self._promoter.step(self._promoter.model(asked.of)), share, channels, asked.by)

    def end_canary(self, asked: Asked) -> None:
        """Has the champion answer every call again; where the canary `of` does not run any more, nothing is done."""
        running = self._canaries.running(asked.task)
        if running and running.id == asked.of:
            self._canaries.stop(asked.task, asked.by)

    def release(self, asked: Asked, retire: bool = False) -> None:
        """Deletes what serves the model `of`. Raises PromotionRefused where it answers people."""
        with self._told_by(asked.of):
            self._promoter.release(self._promoter.model(asked.of), asked.by, retire)

    def approve(self, asked: Asked) -> None:
        """Does the step whose approval `of` waits. Raises NotAllowed for the one who asked for it."""
        if not (waiting := self.check_approver(asked.task, asked.of, asked.by)):
            return
        again = Asked(asked.id, waiting.step, asked.task, waiting.by, asked.at, waiting.what, waiting.override)
        (self.train if waiting.step == "train" else self.promote)(again, asked.by)

    def decline(self, asked: Asked) -> None:
        """Ends the wait for the approval `of`; a proposal stays."""
        self._change(asked.task, lambda agenda: agenda if not agenda.approval or agenda.approval.id != asked.of
                     else agenda.model_copy(update={"approval": None}))  # fmt: skip

    def check_approver(self, task: str, of: str, by: str) -> Approval | None:
        """What waits for an approval, None where it does not any more. Raises NotAllowed for the one who asked for it."""
        waiting = self._models.agenda(task).approval
        if not waiting or waiting.id != of:
            return None
        if waiting.by == by:
            raise NotAllowed("A second person has to approve of this: you asked for it yourself.")
        return waiting

    def begun(self, task: str, name: str) -> bool:
        """Writes down that an evaluation began that nobody asked for; False where another did."""
        was = self._models.agenda(task)
        return was.judged != name and self._models.plan(task, was.model_copy(update={"judged": name}), was)

    @contextmanager
    def _told_by(self, model: str) -> Iterator[None]:
        """A refusal that is kept with the model is what its card tells, and no trouble beside that."""
        try:
            yield
        except JobRefused:
            if not self._promoter.model(model).fault:
                raise

    def _needs(self, asked: Asked, approved_by: str, usd: float | None = 0.0) -> str:
        limit = self._rules.limit if asked.step == "train" else None
        return needs_approval(asked.by, approved_by, two_person=self._rules.two_person, usd=usd, limit=limit)

    def _ask_approval(self, asked: Asked, step: Gated, why: str) -> None:
        """Raises JobRefused where something else waits for an approval."""
        waiting = Approval(id=asked.id, step=step, what=asked.of, by=asked.by, at=asked.at, why=f"{why}.",
                           override=asked.reason)  # fmt: skip

        def asking(agenda: Agenda) -> Agenda:
            there = agenda.approval or waiting
            if (there.step, there.what) != (step, asked.of):
                raise JobRefused("Something else waits for an approval: approve of that first, or decline it.")
            if step == "train" and (not agenda.proposal or agenda.proposal.id != asked.of):
                return agenda  # it was put aside meanwhile
            return agenda.model_copy(update={"approval": there})

        self._change(asked.task, asking)

    def _check_new(self, task: str, jobs: list[CustomizationJob]) -> None:
        known = {model.id for model in self._models.models() if not model.deleted}
        if done := next((job for job in jobs if job.look.model in known), None):
            raise JobRefused(f"{done.look.model} was trained on these very pairs of {task}: collect more first.")

    def _change(self, task: str, change: Callable[[Agenda], Agenda]) -> None:
        while True:
            was = self._models.agenda(task)
            now = change(was)
            if now == was or self._models.plan(task, now, was):
                return

    def _entry(self, asked: Asked, did: str, model: CustomModel) -> Entry:
        return Entry(at=asked.at, who=asked.by, did=did, task=asked.task, what=model.id, dataset=model.dataset)
