"""Two models are judged by their names, and the verdict is kept for a promotion."""

from __future__ import annotations

import pytest
from fakeredis import FakeRedis

from bot.adapters.memory import MemoryAttempts, ScriptedModel
from bot.adapters.redis.registry import RedisRegistry
from bot.answers.family import FAMILIES
from bot.answers.prompts import Wording
from bot.answers.summary import Summary
from bot.calls.transcript import Transcript, Turn
from bot.errors import UnknownModel
from bot.evaluation.evaluator import Evaluator
from bot.evaluation.holdout import Case
from bot.evaluation.judge import Judge
from bot.evaluation.trial import Trial
from bot.models.prices import Prices
from bot.settings import SHIPPED_PROMPTS
from bot.task import Task, TemplateKind, load

SUMMARIZE = load(SHIPPED_PROMPTS / "summarize")
OUTPUT = Summary(summary="About billing.", topics=["billing"], action_items=[], next_steps=[])
CASES = [Case(Transcript("c1", (Turn(0, "customer", "billing"),)), OUTPUT)]


class Bench:
    """A judge whose models all give the same answer, with what it asked for and keeps."""

    def __init__(self, stores: bool = True) -> None:
        self.asked, self.registry = list[tuple[str, TemplateKind | None]](), RedisRegistry(FakeRedis())
        evaluator = Evaluator(
            Wording.load(SHIPPED_PROMPTS), MemoryAttempts(), lambda: 0.0, lambda _: None, 60, 1, Prices({}),
            lambda _: FAMILIES["nova-lite"],
        )  # fmt: skip
        self.judge = Judge(
            self._contestant, lambda _: evaluator, lambda *_: CASES, lambda _: [],
            lambda: self.registry if stores else None, lambda: 7.0,
        )  # fmt: skip

    def _contestant(self, task: Task, name: str, template: TemplateKind | None = None) -> ScriptedModel:
        self.asked.append((name, template))
        return ScriptedModel([OUTPUT.model_dump_json()] * 9)


def test_how_many_answers_have_come_is_told_of_all_models() -> None:
    bench, told = Bench(), list[tuple[int, int]]()

    bench.judge.judge(SUMMARIZE, Trial("one", "two", against="three"), lambda *count: told.append(count))

    assert told == [(1, 3), (2, 3), (3, 3)]
    assert bench.asked == [("one", None), ("two", None), ("three", "base")]


def test_an_evaluation_is_kept_and_shown_again_without_asking_a_model() -> None:
    bench, trial = Bench(), Trial("one", "two")

    row = bench.judge.judge(SUMMARIZE, trial)

    assert row["at"] == 7.0
    assert bench.judge.kept(SUMMARIZE, trial)["verdict"] == row["verdict"]
    assert bench.registry.verdict("summarize", row["champion"], row["challenger"])


def test_a_gate_that_was_opened_wider_keeps_no_verdict() -> None:
    bench = Bench()

    row = bench.judge.judge(SUMMARIZE, Trial("one", "two", margin=0.2))

    assert bench.registry.verdict("summarize", row["champion"], row["challenger"]) is None


@pytest.mark.parametrize("stores", [True, False])
def test_what_was_never_judged_or_could_not_be_kept_is_told(stores: bool) -> None:
    with pytest.raises(UnknownModel, match="leave out --kept"):
        Bench(stores).judge.kept(SUMMARIZE, Trial("one", "two"))


def test_without_a_store_the_verdict_is_given_all_the_same() -> None:
    bench = Bench(stores=False)

    assert bench.judge.judge(SUMMARIZE, Trial("one", "two"))["n"] == 1
