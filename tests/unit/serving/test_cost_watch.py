"""What costs and what ends, on a registry in the process, with a clock that is set."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from fakeredis import FakeRedis

from bot.adapters.redis.registry import RedisRegistry
from bot.errors import JobRefused, ModelRetired, ModelThrottled, UnknownModel, WrapupError
from bot.models.audit import Entry
from bot.models.canary import Canary
from bot.models.champion import Champion, Reign
from bot.models.custom_model import CustomModel, Endpoint
from bot.models.end_of_life import Lifecycle
from bot.models.prices import Prices
from bot.serving.cost_watch import CostWatch
from bot.serving.notice import Notice
from bot.serving.promoter import Promoter
from bot.settings import read
from bot.wiring.training import setup
from tests.doubles.locks import Free
from tests.doubles.scripted_service import ScriptedService

START = datetime(2026, 11, 2, 9, tzinfo=UTC).timestamp()
HOUR, DAY = 3_600.0, 86_400.0
ROLE = "arn:aws:iam::123456789012:role/wrapup"
NOVA = "amazon.nova-lite-v1:0"


class Throughputs(ScriptedService):
    """A service that has these endpoints, by the names of the models' jobs."""

    def __init__(self) -> None:
        super().__init__(JobRefused("no jobs"))
        self.there: dict[str, CustomModel] = {}
        self.refuses_to: dict[str, WrapupError] = {}

    def exists(self, model: CustomModel) -> bool:
        return True

    def endpoint(self, model: CustomModel) -> Endpoint | None:
        found = self.there.get(model.job)
        return found.endpoint if found else None

    def served(self) -> list[CustomModel]:
        if "served" in self.refuses_to:
            raise self.refuses_to["served"]
        return list(self.there.values())

    def release(self, model: CustomModel) -> None:
        if "release" in self.refuses_to:
            raise self.refuses_to["release"]
        self.there.pop(model.job, None)


class Told:
    """Keeps notices as the ledger does: the first time and the text of each id."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self.all: dict[str, tuple[float, str]] = {}

    def tell(self, notice: Notice) -> float:
        return self.all.setdefault(notice.id, (self._bench.now, notice.text))[0]

    def kinds(self) -> list[str]:
        return [id_.partition(":")[0] for id_ in self.all]


class Bench:
    def __init__(self, taken: int = 0, **environ: str) -> None:
        """Another process holds the lock for the first `taken` rounds."""
        settings = read({"WRAPUP_FAMILY": "claude-3-haiku", **environ})
        self.now, self.lives = START, dict[str, Lifecycle | WrapupError]()
        self.asked_lives = list[str]()
        self.models, self.service, self.told = RedisRegistry(FakeRedis()), Throughputs(), Told(self)
        self.promoter = Promoter(
            self.models, Free(), lambda _: self.service, str, settings.model_id, lambda: self.now, lambda _: None, 1.0
        )
        self.watch = CostWatch(
            setup(settings), self.models, self.promoter, self.told, Free(taken), lambda _: self.service, self._life,
            Prices({"claude-3-haiku.model_unit_hour": 40.0}), lambda: self.now,
        )  # fmt: skip

    def serve(self, name: str = "wrapup-one", **endpoint: float) -> CustomModel:
        """A model on provisioned throughput since now, which the registry does not know yet."""
        at = Endpoint.model_validate({"id": f"arn:{name}", "status": "InService", "since": self.now} | endpoint)
        model = CustomModel(
            id=f"model:{name}", task="summarize", family="claude-3-haiku", job=name, dataset="d", at=self.now, endpoint=at
        )  # fmt: skip
        self.service.there[name] = model
        return model

    def registered(self, name: str = "wrapup-one", **endpoint: float) -> CustomModel:
        model = self.serve(name, **endpoint)
        self.models.keep_model(model, None)
        return model

    def promoted(self, name: str = "wrapup-one") -> CustomModel:
        model = self.registered(name)
        assert model.endpoint
        reign = Reign(
            model=model.id, answers=model.endpoint.id, family=model.family, dataset="d", by="ana", at=self.now
        )  # fmt: skip
        entry = Entry(at=self.now, who="ana", did="promote", task="summarize", what=model.id)
        self.models.crown("summarize", Champion().followed_by(reign), self.models.champion("summarize"), entry)
        return model

    def after(self, hours: float) -> list[str]:
        """What has been told when so many hours are over, with a round every ten minutes."""
        until = self.now + hours * HOUR
        while self.now < until:
            self.now += 600.0
            self.watch.round(self.today)  # what is idle alone
        return self.told.kinds()

    @property
    def today(self) -> date:
        return datetime.fromtimestamp(self.now, UTC).date()

    def audit(self) -> list[tuple[str, str]]:
        return [(entry.who, entry.did) for entry in self.models.audit()]

    def _life(self, model_id: str, region: str | None) -> Lifecycle:
        self.asked_lives.append(model_id)
        found = self.lives.get(model_id, Lifecycle(model_id, "ACTIVE"))
        if isinstance(found, WrapupError):
            raise found
        return found


def test_what_nobody_needs_is_released_after_a_day_and_a_warning_an_hour_before() -> None:
    bench = Bench()
    bench.registered()

    told = [bench.after(hours) for hours in (22.5, 0.5, 0.5, 0.5)]

    assert told == [[], ["idle"], ["idle"], ["idle", "released"]]
    assert bench.service.there == {}
    assert bench.audit() == [("wrapup", "release")]


def test_a_release_says_what_it_was_and_what_it_has_cost() -> None:
    bench = Bench()
    model = bench.registered()

    bench.after(25)

    ((_, warning), (_, released)) = bench.told.all.values()
    assert "Nobody has used wrapup-one (summarize, claude-3-haiku) since 2 Nov 2026, 09:00 UTC" in warning
    assert "I'll release it at about 3 Nov 2026, 09:00 UTC" in warning
    assert f"`wrapup models serve {model.job} --yes`" in released
    assert "$960.00" in released


def test_a_release_that_is_held_up_is_not_said_to_be_over() -> None:
    bench = Bench()
    bench.registered()
    bench.service.refuses_to["release"] = ModelThrottled("slow down")

    bench.after(25)

    (_, (_, released)) = bench.told.all.values()
    assert "I am releasing it" in released


def test_an_answer_keeps_it_for_as_long_again_and_is_followed_by_a_warning_of_its_own() -> None:
    bench = Bench()
    bench.registered()
    bench.after(23.5)

    bench.models.use("arn:wrapup-one", bench.now)

    assert [bench.after(22), bench.after(1.5), bench.after(1)] == [
        ["idle"], ["idle", "idle"], ["idle", "idle", "released"],
    ]  # fmt: skip


def test_no_release_comes_without_an_hour_of_warning_though_no_worker_ran_for_days() -> None:
    bench = Bench()
    bench.registered()
    bench.now += 5 * DAY

    bench.watch.round(bench.today)

    assert (bench.told.kinds(), len(bench.service.there)) == (["idle"], 1)
    assert bench.after(1) == ["idle", "released"]


def test_a_champion_is_not_released_unless_the_hours_are_set() -> None:
    bench = Bench()
    bench.promoted()

    assert bench.after(100) == []


def test_a_champion_that_answered_nobody_for_a_day_is_named_daily_until_it_is_asked() -> None:
    bench = Bench()
    bench.promoted()
    bench.now += 25 * HOUR
    (found,) = bench.watch.leaks()

    bench.models.use("arn:wrapup-one", bench.now)

    assert "is the current model, but nobody has used it since 2 Nov 2026, 09:00 UTC" in found.notice.text
    assert bench.watch.leaks() == []


def test_an_idle_champion_is_released_where_the_hours_are_set_and_who_answers_then_is_told() -> None:
    bench = Bench(WRAPUP_IDLE_HOURS="4")
    bench.promoted()

    assert bench.after(4.2) == ["idle", "released"]
    assert bench.service.there == {}
    assert all("WRAPUP_MODEL_ID answers" in text for _, text in bench.told.all.values())


def test_an_idle_champion_that_aws_does_not_let_us_delete_is_named_daily() -> None:
    bench = Bench(WRAPUP_IDLE_HOURS="4")
    bench.promoted()
    bench.service.refuses_to["release"] = JobRefused("The credentials need a right.")
    bench.after(5)

    (leak,) = bench.watch.leaks()

    assert "`wrapup models release arn:wrapup-one --yes` stops the cost" in leak.notice.text


def test_a_champion_that_was_promoted_lately_is_not_idle() -> None:
    bench = Bench(WRAPUP_IDLE_HOURS="4")
    model = bench.registered()
    bench.now += 2.5 * HOUR
    assert model.endpoint
    bench.promoted()

    assert bench.after(2) == []


def test_a_champion_that_was_released_is_promoted_again_without_a_verdict_on_itself() -> None:
    bench = Bench(WRAPUP_IDLE_HOURS="4")
    model = bench.promoted()
    bench.after(5)
    (kept,) = bench.models.models()
    again = bench.serve().model_copy(update={"id": model.id, "endpoint": Endpoint(id="arn:new", status="InService")})
    bench.service.there["wrapup-one"] = again
    bench.models.keep_model(again, kept)

    bench.promoter.promote(again, "ana")

    assert bench.promoter.answering("summarize") == "arn:new"


def test_a_running_canary_is_not_released_nor_named() -> None:
    bench = Bench()
    model = bench.registered()
    assert model.endpoint
    canary = Canary(
        task="summarize", model=model.id, answers=model.endpoint.id, family=model.family, dataset="d", by="ana",
        at=bench.now, share=0.1, champion="embedded", beside=0.0,
    )  # fmt: skip
    bench.models.keep_canary(canary, None, Entry(at=bench.now, who="ana", did="canary", task="summarize", what="m"))

    assert bench.after(100) == []
    assert bench.watch.leaks() == []


def test_with_0_hours_nothing_is_released() -> None:
    bench = Bench(WRAPUP_IDLE_HOURS="0")
    bench.registered()

    assert bench.after(100) == []


def test_what_is_bound_by_a_commitment_is_never_released() -> None:
    bench = Bench()
    bench.registered(committed_until=START + 30 * DAY)

    assert bench.after(100) == []


def test_what_a_commitment_binds_is_named_with_the_day_from_which_it_can_be_ended() -> None:
    bench = Bench()
    bench.registered(committed_until=START + 30 * DAY)
    bench.now += 2 * HOUR

    (leak,) = bench.watch.leaks()

    assert "It is committed until 2 Dec 2026, 09:00 UTC. After that, `wrapup models release" in leak.notice.text


def test_what_answers_as_the_settings_say_is_never_released_nor_named() -> None:
    arn = "arn:aws:bedrock:us-west-2:123456789012:provisioned-model/abcdefghij12"
    bench = Bench(WRAPUP_MODEL_ID=arn)
    model = bench.serve()
    assert model.endpoint
    bench.service.there["wrapup-one"] = there = model.model_copy(
        update={"endpoint": model.endpoint.model_copy(update={"id": arn})}
    )
    bench.models.keep_model(there, None)

    assert bench.after(100) == []
    assert bench.watch.leaks() == []


def test_a_release_that_is_refused_is_asked_for_once_and_what_costs_is_named_every_day() -> None:
    bench = Bench()
    bench.registered()
    bench.service.refuses_to["release"] = JobRefused("no rights")

    told = bench.after(30)

    assert (told, bench.audit()) == (["idle"], [("wrapup", "release")])
    assert len(bench.watch.leaks()) == 1


def test_a_release_that_a_busy_service_puts_off_is_gone_on_with_by_the_promoter() -> None:
    bench = Bench()
    bench.registered()
    bench.service.refuses_to["release"] = ModelThrottled("slow down")
    told = bench.after(30)
    bench.service.refuses_to.clear()

    (model,) = bench.models.models()
    bench.promoter.step(model)

    assert (told, bench.service.there) == (["idle", "released"], {})


def test_what_was_deleted_behind_our_back_is_not_warned_of() -> None:
    bench = Bench()
    bench.registered()
    bench.service.there.clear()

    assert bench.after(30) == []


def test_what_costs_and_answers_nobody_is_named_once_a_day() -> None:
    bench = Bench(WRAPUP_IDLE_HOURS="0")
    bench.registered()
    bench.now += 2 * HOUR
    day = None

    for _ in range(3):
        day = bench.watch.round(day)
        bench.now += DAY / 2

    assert list(bench.told.all) == ["leak:arn:wrapup-one:2026-11-02", "leak:arn:wrapup-one:2026-11-03"]


def test_what_was_just_served_is_not_named_yet() -> None:
    bench = Bench()
    bench.registered()
    bench.now += HOUR / 2

    assert bench.watch.leaks() == []
    assert len(bench.watch.leaks(after_s=0.0)) == 1


def test_what_the_registry_does_not_know_is_named_with_the_command_that_ends_it() -> None:
    bench = Bench(WRAPUP_ROLE_ARN=ROLE)
    bench.serve("wrapup-left-over")

    (leak,) = bench.watch.leaks()

    assert "`wrapup models release arn:wrapup-left-over --yes` stops the cost" in leak.notice.text


def test_what_the_registry_does_not_know_is_never_released_by_itself() -> None:
    bench = Bench(WRAPUP_ROLE_ARN=ROLE)
    bench.serve("wrapup-left-over")

    assert bench.after(100) == []
    assert len(bench.service.there) == 1


def test_what_is_paid_by_the_token_is_no_leak() -> None:
    bench = Bench(WRAPUP_ROLE_ARN=ROLE)
    model = bench.serve("wrapup-deployed")
    assert model.endpoint
    free = model.endpoint.model_copy(update={"since": None})
    bench.service.there["wrapup-deployed"] = model.model_copy(update={"endpoint": free})

    assert bench.watch.leaks() == []
    assert [each.job for each in bench.watch.strays()] == ["wrapup-deployed"]


def test_a_stray_is_released_by_its_arn_with_a_line_of_the_audit() -> None:
    bench = Bench(WRAPUP_ROLE_ARN=ROLE)
    bench.serve("wrapup-left-over")

    bench.watch.release(bench.watch.stray("arn:wrapup-left-over"), "ana")

    assert bench.service.there == {}
    assert bench.audit() == [("ana", "release")]


def test_an_arn_that_nobody_knows_is_told_with_what_could_not_be_seen() -> None:
    bench = Bench(WRAPUP_ROLE_ARN=ROLE)
    bench.service.refuses_to["served"] = JobRefused("no rights")

    with pytest.raises(UnknownModel, match=r"no custom model or endpoint 'arn:x'.* could not be seen: no rights"):
        bench.watch.stray("arn:x")


def test_without_a_role_and_models_on_bedrock_aws_is_not_asked() -> None:
    bench = Bench()
    bench.service.refuses_to["served"] = JobRefused("no account")

    assert bench.watch.strays(lambda *_: pytest.fail("it was asked")) == []


def test_a_day_on_which_not_all_could_be_seen_is_looked_at_again() -> None:
    bench = Bench(WRAPUP_ROLE_ARN=ROLE)
    bench.serve("wrapup-left-over")
    bench.service.refuses_to["served"] = JobRefused("no rights")
    day = bench.watch.round(None)

    bench.service.refuses_to.clear()

    assert (day, bench.watch.round(day), bench.told.kinds()) == (None, bench.today, ["blind", "blind", "leak"])


def test_what_can_never_be_seen_is_told_once_a_week() -> None:
    bench = Bench(WRAPUP_MODEL_ID=NOVA)
    bench.lives[NOVA] = JobRefused("no rights")

    for _ in range(14):
        bench.watch.round(None)
        bench.now += DAY

    assert list(bench.told.all) == [f"blind:the life of {NOVA}:2026-W{week}" for week in (45, 46)]


def test_a_service_that_is_busy_is_asked_again_and_not_told_of() -> None:
    bench = Bench(WRAPUP_MODEL_ID=NOVA)
    bench.lives[NOVA] = ModelThrottled("slow down")

    assert bench.watch.round(None) is None
    assert bench.told.all == {}


def test_where_another_process_is_at_it_nothing_is_told() -> None:
    bench = Bench(taken=1, WRAPUP_ROLE_ARN=ROLE)
    bench.serve("wrapup-left-over")

    assert bench.watch.round(None) is None
    assert bench.told.all == {}


def test_the_end_of_a_model_in_use_is_told_at_180_90_30_and_7_days_once_each() -> None:
    bench = Bench(WRAPUP_MODEL_ID=NOVA)
    bench.lives[NOVA] = Lifecycle(NOVA, "LEGACY", end=bench.today.replace(year=2027))

    day = None
    for _ in range(365):
        day = bench.watch.round(day)
        bench.now += DAY

    ids = list(bench.told.all)
    assert [id_.rpartition(":")[2] for id_ in ids if ":2027-11-02:" in id_] == ["180", "90", "30", "7"]
    assert ids[0] == f"life:{NOVA}:legacy"


def test_a_warning_says_when_what_and_the_command_of_the_plan() -> None:
    bench = Bench(WRAPUP_MODEL_ID=NOVA)
    bench.lives[NOVA] = Lifecycle(NOVA, "LEGACY", end=date(2026, 11, 30))

    (found,) = bench.watch.lives()

    assert f"{NOVA}, what WRAPUP_MODEL_ID names, ends on 30 Nov 2026, in 28 days." in found.notice.text
    assert "`wrapup migrate-family nova-2-lite`" in found.notice.text


def test_the_plan_names_a_family_that_lives_on() -> None:
    bench = Bench(WRAPUP_MODEL_ID=NOVA)
    bench.lives[NOVA] = Lifecycle(NOVA, "LEGACY", end=date(2026, 11, 30))
    bench.lives["amazon.nova-2-lite-v1:0"] = Lifecycle("amazon.nova-2-lite-v1:0", "LEGACY", end=date(2026, 12, 31))

    (found,) = bench.watch.lives()

    assert "`wrapup migrate-family nova-micro`" in found.notice.text


@pytest.mark.parametrize("life", [Lifecycle(NOVA, "LEGACY", end=date(2026, 9, 10)), ModelRetired("gone")])
def test_what_has_ended_is_told_once_a_week(life: Lifecycle | WrapupError) -> None:
    bench = Bench(WRAPUP_MODEL_ID=NOVA)
    bench.lives[NOVA] = life

    day = None
    for _ in range(14):
        day = bench.watch.round(day)
        bench.now += DAY

    assert list(bench.told.all) == [f"life:{NOVA}:ended:2026-W45", f"life:{NOVA}:ended:2026-W46"]


def test_a_champions_base_model_is_watched_and_named_with_the_champion() -> None:
    bench = Bench()
    model = bench.promoted()
    haiku = "anthropic.claude-3-haiku-20240307-v1:0"
    bench.lives[haiku] = Lifecycle(haiku, "LEGACY", end=date(2026, 12, 1))

    (found,) = bench.watch.lives()

    assert f"the base model of {model.id}, which answers" in found.notice.text


def test_a_base_model_that_several_rest_on_is_told_of_once() -> None:
    bench = Bench(WRAPUP_MODEL_ID=NOVA, WRAPUP_FAMILY="nova-lite", WRAPUP_ROLE_ARN=ROLE, AWS_REGION="us-east-1")
    bench.lives[NOVA] = Lifecycle(NOVA, "LEGACY", end=date(2026, 12, 1))

    (found,) = bench.watch.lives()

    assert "what WRAPUP_MODEL_ID names and the base model that WRAPUP_FAMILY names" in found.notice.text


def test_on_board_no_life_is_asked_for() -> None:
    bench = Bench()

    assert bench.watch.lives() == []
    assert not bench.asked_lives


def test_lives_are_cut_at_the_days_of_warning() -> None:
    life = Lifecycle(NOVA, "LEGACY", end=date(2026, 11, 30))
    days = {date(2026, 11, 23): 7, date(2026, 11, 22): 30, date(2026, 6, 3): 180, date(2026, 6, 2): None}

    assert {day: life.warning(day) for day in days} == days
    assert replace(life, end=None).warning(date(2026, 11, 30)) is None
