"""The loop on a local Bedrock: what is asked for on the card, and what the card says while AWS takes its time."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from moto import mock_aws

from bot.models.prices import Prices
from bot.queue.request import StepRequest
from bot.retraining.next_step import about, next_step
from bot.settings import read
from bot.wiring import Wiring
from handlers.retrain.live_card import LiveCards
from handlers.retrain.worker import Steps
from handlers.slack.people import People
from handlers.slack.reply import Reply
from tests.doubles.canned_slack import CannedSlack
from tests.doubles.made_pairs import pairs, settle
from tests.doubles.training_bedrock import ROLE, TRUST, TrainingBedrock

TASK, WEST = "summarize", "us-west-2"
PRICES = Prices({"claude-3-haiku.training": 1.0, "claude-3-haiku.model_unit_hour": 22.0})


@pytest.fixture
def bedrock(monkeypatch: pytest.MonkeyPatch) -> Iterator[TrainingBedrock]:
    for name in [name for name in os.environ if name.startswith(("WRAPUP_", "REDIS_", "AWS_"))]:
        monkeypatch.delenv(name)
    with TrainingBedrock() as server, mock_aws():
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        bucket = {"LocationConstraint": WEST}
        boto3.client("s3", region_name=WEST).create_bucket(Bucket="wrapup-west", CreateBucketConfiguration=bucket)
        iam = boto3.client("iam", region_name=WEST)
        iam.create_role(RoleName="wrapup", AssumeRolePolicyDocument=json.dumps(TRUST))
        yield server


class Board:
    """A card on a Slack that takes everything, and one worker that is told when to do what."""

    def __init__(self, folder: Path, slack: CannedSlack) -> None:
        given = {"WRAPUP_DATA_DIR": str(folder), "WRAPUP_FAMILY": "claude-3-haiku", "WRAPUP_BUCKET": "s3://wrapup-west"}
        self.settings = read(given | {"WRAPUP_ROLE_ARN": ROLE, "WRAPUP_POLL_S": "0"})
        wiring = Wiring(self.settings)
        services = wiring.services
        settle(services.pairs, *pairs(400))
        self.queue, self.slack, self.presses = services.queue, slack, 0
        self.retraining = wiring.training.retraining
        self.models, lock = wiring.store.registry, wiring.store.lock
        self.trainer, self.promoter = wiring.training.trainer, wiring.training.promoter
        self.boards = LiveCards(
            slack.client(), self.retraining, self.models, self.queue, lock, [TASK], PRICES, "native"
        )
        self.steps = Steps(
            self.retraining, self.boards, self.queue, People(slack.client(), self.settings),
            lambda job: Reply(slack.client(), self.queue, job),
        )  # fmt: skip

    @property
    def next(self) -> str:
        return next_step(self.retraining.loop(TASK)).step

    def press(self, step: str, words: str = "", **hyperparameters: str) -> None:
        """The step that an admin asks for, taken by the worker."""
        self.presses += 1
        of = about(self.retraining.loop(TASK), step)
        request = StepRequest(id=f"{step}-{self.presses}", step=step, team="T1", channel="C1", user="U1",
                          at=0.0, task=TASK, of=of, words=words, hyperparameters=hyperparameters)  # fmt: skip
        self.queue.accept(request, None)
        self.work()

    def work(self) -> None:
        """What waits on the ledger."""
        for job in self.queue.take(10, 60):
            self.steps.take(job, Reply(self.slack.client(), self.queue, job))


@pytest.fixture
def board(tmp_path: Path, bedrock: TrainingBedrock) -> Iterator[Board]:
    with CannedSlack(**{"chat.update": {"ok": True}, "chat.postMessage": {"ok": True, "ts": "1.0"}}) as slack:
        yield Board(tmp_path, slack)


def served(board: Board, bedrock: TrainingBedrock) -> None:
    """A model that was trained, and whose endpoint gave its smoke answer."""
    board.press("propose", epochCount="3")
    board.press("train")
    bedrock.complete()
    board.trainer.watch(board.trainer.job(None))
    board.press("serve")
    bedrock.ready("InService")
    board.promoter.step(board.promoter.registered()[0])


def test_the_card_waits_with_aws_and_judges_what_answers_by_itself(board: Board, bedrock: TrainingBedrock) -> None:
    seen = [board.next]
    board.press("propose", epochCount="3")
    seen.append(board.next)
    board.press("train")
    seen.append(board.next)
    bedrock.complete()
    board.trainer.watch(board.trainer.job(None))
    seen.append(board.next)
    board.press("serve")
    seen.append(board.next)
    bedrock.ready("InService")
    board.promoter.step(board.promoter.registered()[0])
    seen.append(board.next)

    board.boards.round()
    board.work()

    assert seen == ["start", "train", "wait", "serve", "wait", "evaluate"]
    assert board.retraining.loop(TASK).judged is not None
    assert bedrock.asked("CreateModelCustomizationJob")[0].body["hyperParameters"] == {"epochCount": "3"}


def test_what_was_judged_and_serves_nobody_is_to_be_released_and_then_costs_nothing(
    board: Board, bedrock: TrainingBedrock
) -> None:
    served(board, bedrock)
    board.press("evaluate")
    before = board.next

    board.press("release")

    assert (before, bedrock.bills()) == ("release", set())
    assert [entry.did for entry in board.models.audit()][-1] == "release"


def test_a_promotion_against_the_verdict_answers_at_the_endpoint_until_it_is_rolled_back(
    board: Board, bedrock: TrainingBedrock
) -> None:
    served(board, bedrock)
    board.press("promote", "The team wants to see it")
    promoted = board.retraining.loop(TASK)

    board.press("rollback")

    assert promoted.answering in bedrock.bills()
    assert promoted.champion.reigns[-1].reason == "The team wants to see it"
    assert board.retraining.loop(TASK).answering == "embedded"


def test_a_quota_of_nothing_is_told_on_the_card_with_what_to_do(board: Board, bedrock: TrainingBedrock) -> None:
    board.press("propose", json.dumps({"given": {}, "base": ""}))
    board.press("train")
    bedrock.complete()
    board.trainer.watch(board.trainer.job(None))
    bedrock.fails(
        "ServiceQuotaExceededException", 400, "Your quota is 0.", operation="CreateProvisionedModelThroughput"
    )

    board.press("serve")

    following = next_step(board.retraining.loop(TASK))
    assert following.step == "serve"
    assert "quota" in following.text
