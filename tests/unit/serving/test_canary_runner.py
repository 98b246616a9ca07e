"""Starting a canary, watching it, and the ways in which it ends."""

from __future__ import annotations

from typing import Any

import pytest
from fakeredis import FakeRedis

from bot.adapters.memory import MemoryPairs
from bot.adapters.redis.registry import RedisRegistry
from bot.errors import CanaryRefused
from bot.feedback.votes_and_corrections import Event
from bot.models.audit import Entry
from bot.models.canary import Arm, CanaryStanding
from bot.models.champion import Champion, Judged, Reign
from bot.models.custom_model import CustomModel, Endpoint
from bot.serving.canary_runner import Canaries
from bot.serving.notice import Notice


class Bench:
    """Canaries on stores in the process, with two models that serve."""

    def __init__(self) -> None:
        self.models, self.pairs, self.now = RedisRegistry(FakeRedis()), MemoryPairs(), 100.0
        self.notices: dict[str, str] = {}
        self.canaries = Canaries(self.models, self.pairs, self, "usual", self._later)
        self.m1, self.m2 = self.keep("m1"), self.keep("m2")

    def tell(self, notice: Notice) -> float:
        """The admins hear of each notice once, by its id."""
        self.notices[notice.id] = notice.text
        return self.now

    def _later(self) -> float:
        self.now += 1
        return self.now

    def keep(self, name: str, status: Any = "InService", **more: Any) -> CustomModel:
        model = CustomModel(
            id=name, task="summarize", family="embedded", job="j", dataset="d", at=1.0,
            endpoint=Endpoint(id=f"arn:{name}", status=status) if status else None, **{"answered_at": 1.0} | more,
        )  # fmt: skip
        assert self.models.keep_model(model, self.models.model(name))
        return model

    def promote(self, name: str) -> None:
        was, at = self.models.champion("summarize"), self._later()
        reign = Reign(model=name, answers=f"arn:{name}", family="embedded", dataset="d", by="ana", at=at)
        entry = Entry(at=at, who="ana", did="promote", task="summarize", what=name)
        assert self.models.crown("summarize", was.followed_by(reign), was, entry)

    def start(self, model: CustomModel | None = None, share: float = 0.1, channels: tuple[str, ...] = ()) -> Any:
        return self.canaries.start(model or self.m2, share, channels, "ana")

    def vote(self, arm: Arm, good: int = 0, bad: int = 0) -> None:
        canary = self.models.canary("summarize")
        assert canary
        for up in [True] * good + [False] * bad:
            key = f"r{self._later()}#0"
            event = Event(kind="vote", id=key, user="U1", at=self.now, by="button", up=up)
            self.pairs.settle(key, "c", event, 0, "approved" if up else "rejected", None, (canary.id, arm))

    def fail(self, times: int) -> None:
        canary = self.models.canary("summarize")
        assert canary
        for n in range(times * 10):
            arm: Arm = "champion" if n % 10 else "challenger"
            self.models.tried(canary, arm, f"call-{n}", failed=arm == "challenger")

    def standing(self) -> CanaryStanding:
        found = self.canaries.standing("summarize")
        assert found
        return found

    def did(self) -> list[str]:
        return [entry.did for entry in self.models.audit()]


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_a_canary_runs_beside_the_model_that_answers(bench: Bench) -> None:
    canary = bench.start(channels=("C1", "C1", "C2"))

    assert (canary.answers, canary.champion, canary.channels) == ("arn:m2", "usual", ("C1", "C2"))
    assert (bench.canaries.running("summarize"), bench.did()) == (canary, ["canary"])


@pytest.mark.parametrize("share", [0.0, 0.009, 0.91, 1.0, float("nan")])
def test_a_share_that_leaves_nothing_to_compare_is_refused(bench: Bench, share: float) -> None:
    with pytest.raises(CanaryRefused, match=r"isn't possible\. Choose 1 to 90%"):
        bench.start(share=share)


def test_a_model_that_does_not_serve_is_refused(bench: Bench) -> None:
    with pytest.raises(CanaryRefused, match="It is not served"):
        bench.start(bench.keep("m3", None))


def test_a_model_that_never_gave_an_answer_is_refused(bench: Bench) -> None:
    with pytest.raises(CanaryRefused, match="has not answered a test call yet"):
        bench.start(bench.keep("m3", answered_at=None))


def test_the_champion_is_no_canary_of_its_own(bench: Bench) -> None:
    bench.promote("m2")

    with pytest.raises(CanaryRefused, match="answers every call"):
        bench.start()


def test_a_second_canary_of_the_task_is_refused(bench: Bench) -> None:
    bench.start()

    with pytest.raises(CanaryRefused, match="m2 is the canary of summarize already"):
        bench.start(bench.m1)


def test_after_one_canary_another_may_run(bench: Bench) -> None:
    bench.start()
    bench.canaries.stop("summarize", "ana")

    assert bench.start(bench.m1).model == "m1"


def test_what_was_not_judged_or_refused_is_told(bench: Bench) -> None:
    canary = bench.start()
    judged = Judged(
        task="summarize", champion="usual", challenger="arn:m2", verdict="refuse", sentence="No.", n=40, at=1.0
    )

    before = bench.canaries.caution(canary)
    bench.models.judge(judged)
    refused = bench.canaries.caution(canary)
    bench.models.judge(judged.model_copy(update={"verdict": "promote"}))

    assert ("not been compared with usual" in before, refused, bench.canaries.caution(canary)) == (True, "No.", "")


def test_a_canary_that_people_dislike_is_stopped_once_with_the_reason_in_the_audit(bench: Bench) -> None:
    bench.start()
    bench.vote("champion", good=60)
    bench.vote("challenger", bad=15)

    looks = [bench.standing() for _ in range(2)]

    assert looks[0] == looks[1]
    assert (looks[0].canary.state, looks[0].canary.by_itself) == ("stopped", True)
    assert "0 of 15 (0%)" in looks[0].sentence
    assert bench.did() == ["canary", "canary stopped"]
    assert [
        text.startswith("The canary m2 of summarize was stopped. The new model ") for text in bench.notices.values()
    ] == [True]
    assert bench.canaries.running("summarize") is None


def test_a_canary_that_fails_to_answer_is_stopped(bench: Bench) -> None:
    bench.start()
    bench.fail(5)

    standing = bench.standing()

    assert "could not answer 5 of 5 calls" in standing.sentence


def test_a_canary_that_people_like_goes_on_and_is_not_promoted(bench: Bench) -> None:
    bench.start()
    bench.vote("champion", good=50)
    bench.vote("champion", bad=50)
    bench.vote("challenger", good=40)

    standing = bench.standing()

    assert (standing.canary.state, "can be promoted" in standing.sentence) == ("won", True)
    assert bench.canaries.running("summarize") == standing.canary
    assert "`wrapup promote m2 --yes`" in "".join(bench.notices.values())
    assert bench.models.champion("summarize").now is None


def test_a_canary_that_has_won_is_stopped_all_the_same_when_it_does_worse(bench: Bench) -> None:
    bench.start(share=0.3)
    bench.vote("champion", good=200, bad=200)
    bench.vote("challenger", good=40)
    won = bench.standing().canary.state

    bench.vote("challenger", bad=120)

    assert (won, bench.standing().canary.state) == ("won", "stopped")


def test_a_promotion_ends_the_canary(bench: Bench) -> None:
    bench.start()

    bench.promote("m2")

    assert bench.canaries.running("summarize") is None
    assert bench.standing().sentence == "m2 is the current model now."


def test_a_canary_whose_model_was_released_is_over(bench: Bench) -> None:
    bench.start()

    bench.keep("m2", None)

    ended = bench.standing().canary
    assert (ended.state, ended.reason) == (
        "stopped",
        "The new model is no longer served. The current model answers every call again.",
    )


def test_where_no_canary_runs_there_is_none_to_stop(bench: Bench) -> None:
    with pytest.raises(CanaryRefused, match="No canary of summarize is running"):
        bench.canaries.stop("summarize", "ana")


def test_a_task_that_never_had_a_canary_has_nothing_to_show(bench: Bench) -> None:
    assert bench.canaries.standing("summarize") is None


def test_a_champion_that_is_rolled_back_ends_the_canary(bench: Bench) -> None:
    bench.promote("m1")
    bench.start()
    was = bench.models.champion("summarize")

    assert bench.models.crown(
        "summarize", was.rolled_back(999.0), was, Entry(at=1.0, who="a", did="r", task="s", what="m")
    )

    assert bench.canaries.running("summarize") is None
    assert bench.models.champion("summarize") == Champion(left="m1", at=999.0)


def test_who_stops_a_canary_need_not_be_told(bench: Bench) -> None:
    bench.start()
    bench.canaries.stop("summarize", "ana", "we saw enough")

    assert (bench.standing().sentence, bench.notices) == ("we saw enough", {})


def test_a_notice_that_a_killed_worker_owed_is_told_by_the_next_look(bench: Bench) -> None:
    canary = bench.start()
    ended = canary.model_copy(update={"state": "stopped", "reason": "Worse.", "by_itself": True})
    assert bench.models.keep_canary(ended, canary, Entry(at=1.0, who="wrapup", did="x", task="summarize", what="m2"))

    bench.canaries.look("summarize")

    assert list(bench.notices.values()) == ["The canary m2 of summarize was stopped. Worse."]
