"""Serving through what goes wrong on its way, with a service that is scripted and a clock that is set."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from fakeredis import FakeRedis

from bot.adapters.redis.registry import RedisRegistry
from bot.errors import JobRefused, MalformedReply, ModelThrottled, PromotionRefused, WrapupError
from bot.models.custom_model import CustomModel, Endpoint, EndpointStatus
from bot.serving.promoter import Promoter
from handlers.worker.rounds import Rounds
from tests.doubles.scripted_service import ScriptedService

MODEL = CustomModel(id="m", task="summarize", family="claude-3-haiku", job="j", dataset="d", at=1.0)


class Hosting(ScriptedService):
    """A service whose endpoint has the next of these statuses at each look, then the last one for ever."""

    def __init__(self, *statuses: EndpointStatus) -> None:
        super().__init__(JobRefused("no jobs"))
        self.statuses, self.id, self.made = list(statuses), "", 0
        self.refusals: dict[str, list[WrapupError]] = {}
        self.kept = True

    def exists(self, model: CustomModel) -> bool:
        return self.kept

    def serve(self, model: CustomModel) -> Endpoint:
        self._refuse("serve")
        if not self.id:
            self.made += 1
            self.id = f"e{self.made}"
        return Endpoint(id=self.id, status="Creating")

    def endpoint(self, model: CustomModel) -> Endpoint | None:
        self._refuse("endpoint")
        if not self.id:
            return None
        return Endpoint(id=self.id, status=self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0])

    def release(self, model: CustomModel) -> None:
        self._refuse("release")
        self.id = ""

    def _refuse(self, what: str) -> None:
        if self.refusals.get(what):
            raise self.refusals[what].pop(0)


class Enough(BaseException):
    """Ends a loop that lives for ever."""


class Bench:
    """One model, its service, and who promotes; `taken` is how often the lock is somebody else's at first."""

    def __init__(self, *statuses: EndpointStatus, taken: int = 0) -> None:
        self.service, self.now, self.taken, self.patience = Hosting(*statuses or ("InService",)), 0.0, taken, 0.0
        self.smoke: list[WrapupError] = []
        self.models = RedisRegistry(FakeRedis())
        self.models.keep_model(MODEL, None)
        self.promoter = Promoter(
            self.models, self, lambda _: self.service, self._answer, "usual", lambda: self.now, self._sleep, 30.0
        )  # fmt: skip

    @contextmanager
    def held(self, name: str) -> Iterator[bool]:
        self.taken -= 1
        yield self.taken < 0

    @property
    def model(self) -> CustomModel:
        (found,) = self.promoter.registered()
        return found

    def _answer(self, model: CustomModel) -> None:
        if self.smoke:
            raise self.smoke.pop(0)

    def _sleep(self, seconds: float) -> None:
        self.now += seconds
        if self.patience and self.now > self.patience:
            raise Enough

    def served(self, model: CustomModel, by: str, told: Callable[[CustomModel], None] = lambda _: None) -> CustomModel:
        """As a shell has it served: asked for, and waited for."""
        return self.promoter.served(self.promoter.ask_to_serve(model, by), told)

    def tended(self, patience: float) -> CustomModel:
        self.patience = self.now + patience
        with pytest.raises(Enough):
            Rounds("serving", self.promoter.round, 30.0).run(self._sleep)
        self.patience = 0.0
        return self.model


def test_who_asks_for_an_endpoint_does_not_wait_for_it() -> None:
    bench = Bench("Creating", "InService")

    asked = bench.promoter.ask_to_serve(MODEL, "ana")

    assert (asked.state, asked.answered_at, bench.now) == ("Creating", None, 0.0)


def test_a_worker_takes_what_was_asked_for_to_its_smoke_answer() -> None:
    bench = Bench("Creating", "Creating", "InService")
    bench.promoter.ask_to_serve(MODEL, "ana")

    model = bench.tended(300.0)

    assert (model.state, model.answered_at is not None, model.due) == ("InService", True, False)


def test_an_endpoint_is_asked_for_once_however_often_that_is_said() -> None:
    bench = Bench("Creating")

    for _ in range(3):
        bench.promoter.ask_to_serve(bench.model, "ana")

    assert bench.service.made == 1
    assert [entry.did for entry in bench.models.audit()] == ["serve"]


def test_an_hour_of_throttling_is_waited_for() -> None:
    bench = Bench("InService")
    bench.service.refusals["serve"] = [ModelThrottled("slow down") for _ in range(120)]

    model = bench.served(MODEL, "ana")

    assert (model.state, bench.service.made, bench.now >= 3_600) == ("InService", 1, True)


def test_what_was_asked_for_and_throttled_is_done_by_a_worker() -> None:
    bench = Bench("InService")
    bench.service.refusals["serve"] = [ModelThrottled("slow down")]

    asked = bench.promoter.ask_to_serve(MODEL, "ana")

    assert (asked.state, bench.tended(60.0).state) == ("requested", "InService")


def test_a_refused_endpoint_leaves_the_model_and_says_what_to_do() -> None:
    bench = Bench()
    bench.service.refusals["serve"] = [JobRefused("The quota is 0: ask AWS for more.")]

    with pytest.raises(JobRefused, match=r"quota is 0.* is not billed by the hour\. `wrapup models serve m --yes`"):
        bench.served(MODEL, "ana")

    assert (bench.model.state, bench.model.due) == ("not served", False)


def test_after_a_refusal_it_can_be_asked_for_again() -> None:
    bench = Bench()
    bench.service.refusals["serve"] = [JobRefused("no")]
    with pytest.raises(JobRefused):
        bench.served(MODEL, "ana")

    assert bench.served(bench.model, "ana").serves


def test_an_endpoint_that_gives_no_usable_answer_is_kept_and_said_to_cost() -> None:
    bench = Bench()
    bench.smoke = [MalformedReply("The reply holds no JSON object.")]

    with pytest.raises(JobRefused, match=r"no JSON object\. e1 is kept and is billed by the hour"):
        bench.served(MODEL, "ana")

    assert (bench.service.id, bench.model.state, bench.model.answered_at) == ("e1", "InService", None)


def test_an_endpoint_that_gave_no_answer_is_asked_again_when_serving_is_asked_for_again() -> None:
    bench = Bench()
    bench.smoke = [MalformedReply("no JSON")]
    with pytest.raises(JobRefused):
        bench.served(MODEL, "ana")

    model = bench.served(bench.model, "ana")

    assert (model.answered_at is not None, model.fault, bench.service.made) == (True, "", 1)


def test_a_smoke_answer_that_may_yet_come_is_waited_for() -> None:
    bench = Bench()
    bench.smoke = [ModelThrottled("slow down")] * 3

    model = bench.served(MODEL, "ana")

    assert (model.answered_at, bench.now, bench.smoke) == (120.0, 120.0, [])


def test_an_endpoint_that_aws_could_not_set_up_is_told() -> None:
    bench = Bench("Failed")

    with pytest.raises(JobRefused, match="could not set up e1"):
        bench.served(MODEL, "ana")


def test_an_endpoint_that_was_deleted_while_it_was_waited_for_is_not_made_again() -> None:
    bench = Bench("Creating")

    with pytest.raises(JobRefused, match="was deleted before it was ready"):
        bench.served(MODEL, "ana", lambda _: setattr(bench.service, "id", ""))

    assert (bench.model.state, bench.service.made) == ("not served", 1)


def test_while_another_process_works_on_the_endpoint_it_is_waited_for() -> None:
    bench = Bench(taken=3)

    model = bench.served(MODEL, "ana")

    assert (model.serves, bench.now) == (True, 120.0)


def test_the_smoke_answer_of_an_endpoint_does_not_count_for_the_next_one() -> None:
    bench = Bench("InService")
    bench.served(MODEL, "ana")
    bench.service.id = "e9"

    (seen,) = bench.promoter.models()

    assert (seen.endpoint and seen.endpoint.id, seen.answered_at) == ("e9", None)


def test_a_release_that_was_throttled_goes_on_until_nothing_costs() -> None:
    bench = Bench()
    model = bench.served(MODEL, "ana")
    bench.service.refusals["release"] = [ModelThrottled("slow down")] * 2

    releasing = bench.promoter.release(model, "ana")

    assert (releasing.state, releasing.serves) == ("being released", False)
    assert (bench.tended(300.0).endpoint, bench.service.id) == (None, "")


def test_a_release_that_is_refused_says_that_it_still_costs() -> None:
    bench = Bench()
    model = bench.served(MODEL, "ana")
    bench.service.refusals["release"] = [JobRefused("The credentials need a right.")]

    with pytest.raises(JobRefused, match="still exists and is billed by the hour"):
        bench.promoter.release(model, "ana")

    assert bench.model.endpoint


def test_a_release_that_is_asked_for_while_the_endpoint_is_made_is_not_lost() -> None:
    bench = Bench("Creating")
    serve = bench.service.serve

    def meanwhile(model: CustomModel) -> Endpoint:
        bench.taken = 1  # the lock is ours
        bench.promoter.release(bench.model, "bea")
        return serve(model)

    bench.service.serve = meanwhile  # type: ignore[method-assign]
    asked = bench.promoter.ask_to_serve(MODEL, "ana")

    assert (asked.state, bench.service.id) == ("being released", "e1")
    assert (bench.tended(300.0).endpoint, bench.service.id) == (None, "")


def test_a_release_reaches_an_endpoint_that_we_do_not_know_of() -> None:
    bench = Bench()
    bench.service.id = "made elsewhere"

    bench.promoter.release(MODEL, "ana")

    assert bench.service.id == ""


def test_an_endpoint_that_we_do_not_know_of_is_found() -> None:
    bench = Bench()
    bench.service.id = "made elsewhere"

    (found,) = bench.promoter.models()

    assert found.endpoint
    assert (found.endpoint.id, found.endpoint.since) == ("made elsewhere", bench.now)


def test_a_model_whose_endpoint_gave_no_smoke_answer_is_not_promoted_whatever_the_reason() -> None:
    bench = Bench()
    bench.smoke = [MalformedReply("The reply holds no JSON object.")]
    with pytest.raises(JobRefused):
        bench.served(MODEL, "ana")

    with pytest.raises(PromotionRefused, match=r"does not answer.*no JSON object"):
        bench.promoter.promote(bench.model, "ana", override="I want it")


def test_an_endpoint_that_was_not_asked_yet_is_asked_when_it_is_promoted() -> None:
    bench = Bench()
    bench.service.id = "made elsewhere"

    bench.promoter.promote(bench.model, "ana", override="restored")

    assert bench.promoter.answering("summarize") == "made elsewhere"


def test_a_model_that_is_gone_is_not_served() -> None:
    bench = Bench()
    bench.service.kept = False

    with pytest.raises(JobRefused, match="train it again"):
        bench.promoter.ask_to_serve(MODEL, "ana")


def test_what_nobody_knows_of_an_endpoint_stays_as_it_was_seen() -> None:
    bench = Bench()
    served = bench.served(MODEL, "ana")
    bench.service.refusals["endpoint"] = [JobRefused("no right")]

    (seen,) = bench.promoter.models()

    assert seen == served


def test_the_usual_model_answers_where_the_champion_was_released() -> None:
    bench = Bench()
    bench.promoter.promote(bench.served(MODEL, "ana"), "ana", "it is the first")

    bench.promoter.release(bench.model, "wrapup", champion=True)

    assert bench.promoter.answering(MODEL.task) == "usual"
