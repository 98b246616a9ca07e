"""Takes the steps of a task's loop, for Slack and for the shell, with a second person's approval if that is required."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from bot.answers.family import EMBEDDED, Family
from bot.datasets.exporter import Exporter
from bot.datasets.ports import Datasets
from bot.errors import JobRefused, NotAllowed
from bot.evaluation.trial import OnCount, Trial
from bot.feedback.ports import Pairs
from bot.feedback.votes_and_corrections import weeks_of
from bot.lock import Lock
from bot.models.audit import Entry, needs_approval
from bot.models.canary import Canary, CanaryStanding, asked_for
from bot.models.champion import role
from bot.models.custom_model import CustomModel
from bot.models.job import CustomizationJob, Order
from bot.models.prices import Prices
from bot.retraining.next_step import MOST_FRESH, Loop, is_billed
from bot.retraining.pending import Agenda, Approval, Asked, Gated, Proposal
from bot.retraining.ports import LoopRegistry
from bot.retraining.under_way import Say, UnderWay
from bot.serving.canary_runner import Canaries
from bot.serving.promoter import Promoter
from bot.task import Task
from bot.training.estimate import estimate
from bot.training.order import brought, exported, ordered
from bot.training.ports import Customization
from bot.training.trainer import Trainer

Judging = Callable[[Task, Trial, OnCount], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Rules:
    """When a second person has to approve. Above `limit`, in USD, a job needs it too."""

    two_person: bool
    limit: float | None


class Retraining:
    """Holds no state. `judge` has two models answer the held-out calls and keeps the verdict."""

    def __init__(
        self,
        models: LoopRegistry,
        lock: Lock,
        pairs: Pairs,
        tasks: Mapping[str, Task],
        family: Family,
        trainer: Trainer,
        promoter: Promoter,
        canaries: Canaries,
        exporter: Exporter,
        place_of: Callable[[str], Datasets],
        customization: Callable[[Family], Customization],
        judge: Judging,
        prices: Prices,
        rules: Rules,
        now: Callable[[], float],
    ) -> None:
        self._models, self._pairs, self._tasks, self._family = models, pairs, tasks, family
        self.under_way = UnderWay(models, lock, now)
        self._trainer, self._promoter, self._exporter, self._place_of = trainer, promoter, exporter, place_of
        self._customization, self._canaries, self._judge = customization, canaries, judge
        self._prices, self._rules, self._now = prices, rules, now

    @property
    def family(self) -> Family:
        return self._family

    def loop(self, task: str) -> Loop:
        """The loop of a task as the store has it; no other service is asked."""
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
            self.under_way.agenda(task),
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

    def bases(self, task: str) -> list[str]:
        """Our own models that another job of the task can go on from, the newest first; none for the embedded model."""
        models = self._models.models() if self._family.name != EMBEDDED else []
        return [
            each.id for each in models if (each.task, each.family, each.deleted) == (task, self._family.name, False)
        ]

    def propose(self, asked: Asked, hyperparameters: Mapping[str, str], say: Say, base: str = "") -> None:
        """Prepares a job and keeps it as the task's proposal. Raises what `prepare` raises."""
        if running := self.loop(asked.task).running:
            raise _runs(running)
        self._offer(self.prepare(asked, hyperparameters, say, base))

    def prepare(
        self,
        asked: Asked,
        hyperparameters: Mapping[str, str],
        say: Say = lambda _: None,
        base: str = "",
        dataset: Datasets | None = None,
    ) -> Proposal:
        """Exports the pairs, or takes a `dataset`, and checks all that could make a job fail; starts nothing.

        `base` is a model of ours to go on from. Raises JobRefused if another job runs or a model was trained on these very
        pairs, and what the checks and the export raise.
        """
        service, task = self._customization(self._family), self._tasks[asked.task]
        base_id = self._base(base, asked.task, service) if base else ""
        warnings = service.check(asked.task)
        place = self._dataset(task, hyperparameters, say, dataset)
        order = ordered(task, self._family, place, hyperparameters, base_id)
        self._check_new(order)
        likely = estimate(order, self._family, place.manifest(), self._prices)
        return Proposal(id=asked.id, order=order, estimate=likely, warnings=tuple(warnings), by=asked.by, at=asked.at)

    def start(self, asked: Asked, proposal: Proposal, approved_by: str = "") -> CustomizationJob | None:
        """Starts the job of a proposal, or gives it if it runs already; None if it waits for a second person."""
        self._offer(proposal)
        return self._started(replace(asked, step="train", of=proposal.id), approved_by)

    def train(self, asked: Asked, approved_by: str = "") -> None:
        """Starts the job of the proposal `of`, once; or has it wait for a second person."""
        self._started(asked, approved_by)

    def _started(self, asked: Asked, approved_by: str) -> CustomizationJob | None:
        proposal = self._models.agenda(asked.task).proposal
        if not proposal or proposal.id != asked.of:
            return None  # it was started, or another took its place
        if why := self.needs(asked, approved_by, proposal.estimate.usd):
            self._ask_approval(asked, "train", why)
            return None
        job = self._trainer.start(proposal.order, asked.by, approved_by)
        self.under_way.change(asked.task, lambda agenda: agenda.settled("train", asked.of))
        return job

    def _base(self, name: str, task: str, service: Customization) -> str:
        """The id of our own model of that name, if a job can go on from it. Raises JobRefused or UnknownModel."""
        if self._family.name == EMBEDDED:
            raise JobRefused("The embedded model learns from the whole dataset each time: train it without a base.")
        model = self._promoter.model(name)
        if (model.family, model.task) != (self._family.name, task):
            raise JobRefused(
                f"{model.id} is a model of {model.family} for {model.task}: a job of {self._family.name} for {task} "
                "cannot go on from it."
            )
        if not service.exists(model):
            raise JobRefused(f"{model.id} was deleted: train without a base, or choose another (`wrapup models list`).")
        return model.id

    def _dataset(self, task: Task, hyperparameters: Mapping[str, str], say: Say, dataset: Datasets | None) -> Datasets:
        if dataset:
            return brought(dataset, task, self._family, hyperparameters, self._place_of)
        return exported(self._exporter, task, self._family, self._place_of,
                        lambda doing, pairs: say(f"{doing.capitalize()} … {pairs:,} pairs"))  # fmt: skip

    def _offer(self, proposal: Proposal) -> None:
        self.under_way.change(proposal.order.task, lambda agenda: agenda.offering(proposal))

    def discard(self, asked: Asked) -> None:
        """Takes the proposal `of` from the agenda, with what waits for its approval."""
        self.under_way.change(asked.task, lambda agenda: agenda.settled("train", asked.of))

    def stop(self, asked: Asked) -> None:
        """Stops the job `of`. Raises JobRefused if it has ended."""
        self._trainer.stop(self._trainer.job(asked.of), asked.by)

    def serve(self, asked: Asked) -> None:
        """Asks for an endpoint for the model `of`; workers wait until it answers."""
        with self._told_by(asked.of):
            self._promoter.ask_to_serve(self._promoter.model(asked.of), asked.by)

    def evaluate(self, asked: Asked, say: Say) -> None:
        """Judges the model `of` against the one that answers now, and keeps the verdict. Raises JobRefused."""
        model = self._promoter.model(asked.of)
        if not model.endpoint:
            raise JobRefused(f"{model.id} does not answer yet: serve it first.")
        champion = self._promoter.answering(asked.task)
        if champion == model.endpoint.id:
            raise JobRefused(f"{model.id} answers {asked.task} now: there is no other model to compare it with.")
        trial = Trial(champion, model.endpoint.id)
        self.judge(asked, trial, lambda done, total: say(f"Evaluating … {done:,} of {total:,} answers"))

    def judge(self, asked: Asked, trial: Trial, told: OnCount) -> Mapping[str, Any]:
        """Judges any two models, and writes it into the audit; gives the evaluation as it is kept."""
        found = self._judge(self._tasks[asked.task], trial, told)
        name, models = found["challenger"], self._models.models()
        model = next((each for each in models if name in (each.id, each.endpoint and each.endpoint.id)), None)
        what, dataset = (model.id, model.dataset) if model else (name, "")
        line = Entry(at=asked.at, who=asked.by, did="evaluate", task=asked.task, what=what, dataset=dataset,
                     reason=str(found["verdict"]))  # fmt: skip
        self._models.note(asked.id, line)
        return found

    def promote(self, asked: Asked, approved_by: str = "") -> None:
        """Makes the model `of` the champion, or has that wait for a second person. Raises PromotionRefused."""
        model = self._promoter.model(asked.of)
        if why := self.needs(asked, approved_by):
            self._ask_approval(asked, "promote", why)
            return
        self._promoter.promote(model, asked.by, asked.reason, approved_by)
        self.under_way.change(asked.task, lambda agenda: agenda.settled("promote", asked.of))

    def rollback(self, asked: Asked) -> None:
        """Has the champion before `of` answer again; if `of` does not answer any more, it does nothing.

        Raises PromotionRefused.
        """
        if self._models.champion(asked.task).model == asked.of:
            self._promoter.rollback(asked.task, asked.by)

    def canary(self, asked: Asked) -> None:
        """Has the model `of` answer the share of calls that the reason names, once. Raises CanaryRefused."""
        share, channels = asked_for(asked.reason)
        running = self._canaries.running(asked.task)
        if not running or (running.model, running.share, running.channels) != (asked.of, share, channels):
            self.start_canary(asked, share, channels)

    def start_canary(self, asked: Asked, share: float, channels: Sequence[str]) -> Canary:
        """Has the model `of` answer a share of calls, in some channels or in all. Raises CanaryRefused."""
        return self._canaries.start(self._promoter.step(self._promoter.model(asked.of)), share, channels, asked.by)

    def end_canary(self, asked: Asked) -> None:
        """Has the champion answer every call again; if the canary `of` does not run any more, it does nothing."""
        running = self._canaries.running(asked.task)
        if running and running.id == asked.of:
            self.stop_canary(asked)

    def stop_canary(self, asked: Asked) -> Canary:
        """Has the champion answer every call again. Raises CanaryRefused if no canary runs."""
        return self._canaries.stop(asked.task, asked.by)

    def release(self, asked: Asked, retire: bool = False) -> None:
        """Deletes the endpoint of the model `of`. Raises PromotionRefused if it answers people."""
        with self._told_by(asked.of):
            self._promoter.release(self._promoter.model(asked.of), asked.by, retire)

    def approve(self, asked: Asked) -> None:
        """Takes the step that waits for the approval `of`. Raises NotAllowed if it was this person who asked for it."""
        if not (waiting := self.check_approver(asked.task, asked.of, asked.by)):
            return
        again = Asked(asked.id, waiting.step, asked.task, waiting.by, asked.at, waiting.what, waiting.override)
        (self.train if waiting.step == "train" else self.promote)(again, asked.by)

    def needs(self, asked: Asked, approved_by: str, usd: float | None = 0.0) -> str:
        """Why a second person has to approve a step that costs so much, without a full stop; "" if nobody has to."""
        limit = self._rules.limit if asked.step == "train" else None
        return needs_approval(asked.by, approved_by, two_person=self._rules.two_person, usd=usd, limit=limit)

    def decline(self, asked: Asked) -> None:
        """Ends the wait for the approval `of`; a proposal stays."""
        self.under_way.change(asked.task, lambda agenda: agenda if not agenda.approval or agenda.approval.id != asked.of
                     else agenda.model_copy(update={"approval": None}))  # fmt: skip

    def check_approver(self, task: str, of: str, by: str) -> Approval | None:
        """The approval `of` that a step waits for, or None. Raises NotAllowed if `by` asked for the step."""
        waiting = self._models.agenda(task).approval
        if not waiting or waiting.id != of:
            return None
        if waiting.by == by:
            raise NotAllowed("A second person has to approve this: you asked for it yourself.")
        return waiting

    @contextmanager
    def _told_by(self, model: str) -> Iterator[None]:
        """Drops a refusal that is kept with the model: the card shows it there."""
        try:
            yield
        except JobRefused:
            if not self._promoter.model(model).fault:
                raise

    def _ask_approval(self, asked: Asked, step: Gated, why: str) -> None:
        """Raises JobRefused if another step waits for an approval."""
        waiting = Approval(id=asked.id, step=step, what=asked.of, by=asked.by, at=asked.at, why=f"{why}.",
                           override=asked.reason)  # fmt: skip

        def asking(agenda: Agenda) -> Agenda:
            there = agenda.approval or waiting
            if (there.step, there.what) != (step, asked.of):
                raise JobRefused("Another step waits for approval. Approve or decline it first.")
            if step == "train" and (not agenda.proposal or agenda.proposal.id != asked.of):
                return agenda  # it was discarded meanwhile
            return agenda.model_copy(update={"approval": there})

        self.under_way.change(asked.task, asking)

    def _check_new(self, order: Order) -> None:
        """Raises JobRefused if another job of the task runs, or this very one has given a model."""
        running = self.loop(order.task).running
        if running and running.order != order:
            raise _runs(running)
        done = [self._models.model(job.look.model) for job in self._trainer.jobs() if job.order == order]
        service = self._customization(self._family)
        if model := next((each for each in done if each and not each.deleted and service.exists(each)), None):
            raise JobRefused(f"{model.id} was trained on these very pairs of {order.task}: collect more first.")


def _runs(job: CustomizationJob) -> JobRefused:
    return JobRefused(f"{job.name} is still running: wait until it ends, or stop it first.")
