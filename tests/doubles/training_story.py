"""The life of one custom model on a local Bedrock, by a clock that is set: what goes wrong in it, and what it costs."""

from __future__ import annotations

import json
import multiprocessing
import os
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

from click.testing import CliRunner

from bot.__main__ import main
from bot.adapters.bedrock.training import BedrockTraining
from bot.adapters.onboard.training import EmbeddedTraining
from bot.adapters.redis.client import TIMEOUT_S, connect
from bot.adapters.redis.keys import LOCK
from bot.adapters.redis.lock import RedisLock
from bot.adapters.redis.registry import RedisRegistry
from bot.answers.family import FAMILIES, Family
from bot.errors import WrapupError
from bot.models.custom_model import CustomModel
from bot.models.job import CustomizationJob, Order
from bot.serving.promoter import Promoter
from bot.settings import Settings, read
from bot.training.trainer import Trainer
from bot.wiring import Wiring
from handlers.worker.rounds import Rounds
from sandbox.child import LIMIT_S
from tests.doubles.bedrock_server import REQUEST_ID, Response
from tests.doubles.training_bedrock import BUCKET, ROLE, Meddle, TrainingBedrock

SECRET = "what only AWS should say of jane@example.com"
STATUSES = {"ThrottlingException": 429, "AccessDeniedException": 403, "InternalServerException": 500}
HOUR, POLL_S = 3_600.0, 300.0
PLACES: dict[tuple[str, str], BedrockTraining | EmbeddedTraining] = {}
PRELOADED = ["bot.__main__", "bot.wiring", "bot.commands.train", "bot.commands.models", "bot.adapters.bedrock.training"]


class Enough(BaseException):
    """Ends a worker's loop."""


class Story:
    """One order and what comes of it. `told` has what people were told on the way, `always` what happens meanwhile."""

    def __init__(self, bedrock: TrainingBedrock, redis_url: str, data: str, family: str) -> None:
        self.bedrock, self.family, self.now, self.told = bedrock, FAMILIES[family], 1_800_000_000.0, list[str]()
        self.environment = {
            "REDIS_URL": redis_url, "WRAPUP_DATA_DIR": data, "WRAPUP_FAMILY": family, "WRAPUP_ROLE_ARN": ROLE,
            "WRAPUP_BUCKET": f"s3://{BUCKET}", "WRAPUP_POLL_S": "0.05",
        }  # fmt: skip
        self.store = connect(redis_url, 20, TIMEOUT_S)
        self.up = {"provisioned throughput": "InService"}.get(self.family.serving, "Active")
        lock, models = RedisLock(self.store), RedisRegistry(self.store)
        places = partial(place, self.settings)
        smoke = Wiring(self.settings).training.smoke_answer
        self.trainer = Trainer(models, lock, places, lambda: self.now, self._sleep, POLL_S)
        self.promoter = Promoter(models, lock, places, smoke, "embedded", lambda: self.now, self._sleep, POLL_S)
        self.always = list[Callable[[], object]]()
        self._until, self._passing = 0.0, list[Callable[[], object]]()

    @property
    def settings(self) -> Settings:
        return read(self.environment)

    @property
    def order(self) -> Order:
        return Order(
            task="summarize", family=self.family.name, base=self.family.base_model_id, dataset="d-1",
            place=f"s3://{BUCKET}/d-1", sha256="0", validation=True, hyperparameters={"epochCount": "2"},
        )  # fmt: skip

    @property
    def job(self) -> CustomizationJob:
        return self.trainer.job(None)

    @property
    def model(self) -> CustomModel:
        (found,) = self.promoter.registered()
        return found

    def tries(self, step: Callable[[], Any]) -> None:
        """Does a step as a person does it, who is told where it is refused."""
        with self.hearing():
            step()

    @contextmanager
    def hearing(self) -> Iterator[None]:
        try:
            yield
        except WrapupError as error:
            self.told.append(str(error))

    def start(self) -> None:
        self.tries(lambda: self.trainer.start(self.order, "ana"))

    def train(self) -> None:
        """A worker takes the job on until the clock is at its end, and AWS gets through with it in between."""
        self.start()
        self.work(lambda: self.bedrock.jobs and self.bedrock.complete())

    def reconcile(self) -> None:
        self.tries(lambda: self.trainer.reconcile(self.family, "ana"))

    def serve(self) -> None:
        for model in self.promoter.registered():
            self.tries(partial(self.promoter.ask_to_serve, model, "ana"))
        self.work(lambda: self.bedrock.ready(self.up))

    def release(self) -> None:
        for model in self.promoter.registered():
            self.tries(partial(self.promoter.release, model, "ana"))
        self.work()

    def work(self, *passing: Callable[[], object], hours: float = 3.0) -> None:
        """Two workers' loops; what is `passing` happens while they sleep. Both end when the hours are over."""
        for work in (self.trainer.round, self.promoter.round):
            self._until, self._passing = self.now + hours * HOUR, list(passing)
            with suppress(Enough):
                Rounds("work", work, POLL_S).run(self._sleep)
        self.told += [found.trouble for found in self.promoter.registered() if found.trouble]
        self.told += [found.fault for found in self.trainer.jobs() if found.fault]

    def rows(self) -> list[dict[str, Any]]:
        """What `wrapup models list` says."""
        done = CliRunner().invoke(main, ["models", "list", "--json"], env=self.environment)
        assert done.exit_code == 0, done.output
        found: list[dict[str, Any]] = json.loads(done.stdout)
        return found

    def check(self) -> None:
        """No money leaks, nothing was made twice, and who reads what was told knows what to do."""
        bills, kept, found = self.bedrock.bills(), self.promoter.registered(), self.promoter.models()
        assert {each.endpoint.id for each in kept if each.endpoint} == bills
        assert {each.endpoint.id for each in found if each.endpoint} == bills
        hourly = {each.endpoint.id for each in found if each.endpoint and each.endpoint.since}
        assert hourly == (bills if self.up == "InService" else set())
        assert len(self.bedrock.jobs) <= 1
        for text in self.told:
            assert re.fullmatch(r"\S.*(: |`|again|then |\. (Ask|Check|See) ).*\.", text, re.DOTALL), text
            assert not re.search(f"{SECRET}|{REQUEST_ID}|Exception|Traceback|boto", text), text

    def killed(self, *command: str, at: str, done: bool) -> None:
        """Runs a command until it is at an operation, before AWS has `done` it or after, and kills it there."""
        reached, on = threading.Event(), threading.Event()
        self.bedrock.meddles[at] = stalling(reached, on, done)
        forks = multiprocessing.get_context("forkserver")
        forks.set_forkserver_preload(PRELOADED)
        process = forks.Process(target=run, args=(command, dict(os.environ) | self.environment), daemon=True)
        process.start()
        try:
            assert reached.wait(LIMIT_S), f"{command} never came to {at}"
        finally:
            process.kill()
            process.join()
            del self.bedrock.meddles[at]
            on.set()
        self.unlock()
        assert {row["endpoint"] for row in self.rows()} - {None} == self.bedrock.bills()

    def unlock(self) -> None:
        """What was locked by who cannot let go of it is free again: that takes half a minute, too long for a test."""
        for lock in self.store.keys(f"{LOCK}*"):
            self.store.delete(lock)

    def _sleep(self, seconds: float) -> None:
        self.now += seconds
        if self.now > self._until:
            raise Enough
        for happens in (*self.always, *self._passing):
            happens()


def place(settings: Settings, family: Family) -> BedrockTraining | EmbeddedTraining:
    """Where a family is trained, made once for all stories, with S3 or without: boto3 takes its time."""
    key = family.name, os.environ.get("AWS_ENDPOINT_URL_S3", "")
    if key not in PLACES:
        PLACES[key] = Wiring(settings).training.customization(family)
    return PLACES[key]


def run(command: tuple[str, ...], environment: dict[str, str]) -> None:
    """A command in a process of its own."""
    os.environ.update(environment)
    main(command, standalone_mode=False)


def failing(code: str, while_: Callable[[], bool] = lambda: True, *, done: bool = False) -> Meddle:
    """Answers with an error, also where what was asked for was `done`."""

    def meddle(act: Callable[[], Response]) -> Response:
        if not while_():
            return act()
        if done:
            act()
        return Response(STATUSES.get(code, 400), {"message": SECRET}, code)

    return meddle


def stalling(reached: threading.Event, on: threading.Event, done: bool) -> Meddle:
    """Answers when it may go `on`; what was asked for was done before that, or never is."""

    def meddle(act: Callable[[], Response]) -> Response:
        response = act() if done else Response(500, {}, "InternalServerException")
        reached.set()
        on.wait(LIMIT_S)
        return response

    return meddle
