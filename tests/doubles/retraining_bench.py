"""The loop of one task on pairs and a registry in the process."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from fakeredis import FakeRedis

from bot.adapters.local.export_workbench import SqliteWorkbench
from bot.adapters.local.folder import Folder
from bot.adapters.memory import MemoryPairs, OneCore
from bot.adapters.redis.notices import RedisNotices
from bot.adapters.redis.registry import RedisRegistry
from bot.answers.family import FAMILIES
from bot.datasets.exporter import Exporter
from bot.evaluation.trial import OnCount, Trial
from bot.models.champion import Judged
from bot.models.custom_model import CustomModel, Endpoint
from bot.models.job import Look
from bot.models.prices import Prices
from bot.privacy import REDACTION_VERSION
from bot.retraining.next_step import Loop, about
from bot.retraining.pending import Asked
from bot.retraining.retraining import Retraining, Rules
from bot.retraining.under_way import FROM_SHELL
from bot.serving.canary_runner import Canaries
from bot.serving.promoter import Promoter
from bot.settings import read
from bot.task import Task
from bot.training.trainer import Trainer
from bot.wiring import Wiring
from tests.doubles.made_pairs import pairs, settle
from tests.doubles.scripted_service import ScriptedService

TASK = "summarize"
DONE = Look(status="Completed", model="m")


class OnBoard(ScriptedService):
    """Trains at once, and serves on board."""

    def check(self, task: str) -> list[str]:
        return ["The quota could not be asked for."]

    def serve(self, model: CustomModel) -> Endpoint:
        return Endpoint(id=model.id, status="Active")

    def endpoint(self, model: CustomModel) -> Endpoint | None:
        return self.serve(model)


class Bench:
    """The loop of one task on 30 pairs, with every part real but the service and the evaluation."""

    def __init__(
        self,
        folder: Path,
        two_person: bool = False,
        limit: float | None = None,
        number: int = 30,
        family: str = "embedded",
    ) -> None:
        self.models, self.pairs, self.now, self.presses = RedisRegistry(FakeRedis()), MemoryPairs(), 9_000.0, 0
        settle(self.pairs, *pairs(number))
        self.service, self.verdict = OnBoard(DONE), "promote"
        self.fault: Exception | None = None
        self.locked = set[str]()
        places = lambda _: self.service  # noqa: E731
        self.trainer = Trainer(self.models, self, places, self._clock, self._sleep, 1.0)
        self.promoter = Promoter(self.models, self, places, lambda _: None, "usual", self._clock, self._sleep, 1.0)
        notices = RedisNotices(FakeRedis(), None, self._clock)
        self.canaries = Canaries(self.models, self.pairs, notices, "usual", self._clock)
        exporter = Exporter(self.pairs, self, SqliteWorkbench, OneCore, "standard", REDACTION_VERSION, "wrapup")
        self.retraining = Retraining(
            self.models, self, self.pairs, Wiring(read({})).answers.tasks, FAMILIES[family], self.trainer, self.promoter,
            self.canaries, exporter, lambda name: Folder(folder / name), places, self._judge, Prices(),
            Rules(two_person, limit), self._clock,
        )  # fmt: skip

    @contextmanager
    def held(self, name: str) -> Iterator[bool]:
        free = name not in self.locked
        self.locked.add(name)
        yield free
        if free:
            self.locked.remove(name)

    @property
    def loop(self) -> Loop:
        return self.retraining.loop(TASK)

    @property
    def audit(self) -> list[tuple[str, str, str]]:
        return [(each.who, each.did, each.approved_by) for each in self.models.audit()]

    def press(self, step: str, by: str = "ana", reason: str = "") -> Asked:
        """A press of the step's button, as the card has it now."""
        self.presses += 1
        return Asked(f"{step}-{self.presses}", step, TASK, by, self.now, about(self.loop, step), reason)

    def typed(self, step: str, of: str = "", by: str = "cleo") -> Asked:
        """A step from a shell."""
        asked = self.press(step, by)
        return replace(asked, id=f"{FROM_SHELL}{asked.id}", of=of or asked.of)

    def propose(self) -> None:
        self.retraining.propose(self.press("propose"), {}, lambda _: None)

    def trained(self) -> None:
        self.propose()
        self.retraining.train(self.press("train"), "bea")
        self.trainer.watch(self.trainer.job(None))
        (model,) = self.models.models()
        self.models.keep_model(model.answered(model.endpoint, self.now), model)

    def evaluated(self) -> None:
        self.trained()
        self.retraining.evaluate(self.press("evaluate"), lambda _: None)

    def _clock(self) -> float:
        self.now += 1.0
        return self.now

    def _sleep(self, seconds: float) -> None:
        self.now += seconds

    def _judge(self, task: Task, trial: Trial, told: OnCount) -> Mapping[str, Any]:
        told(1, 2)
        if self.fault:
            raise self.fault
        row = {"task": task.name, "champion": trial.champion, "challenger": trial.challenger, "verdict": self.verdict,
               "n": 40}  # fmt: skip
        self.models.judge(Judged.model_validate(row | {"sentence": "It is so.", "at": self.now}))
        return row
