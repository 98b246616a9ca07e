"""The registry of jobs, models and champions, on a real Valkey."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from redis import Redis

from bot.adapters.redis import keys as store
from bot.adapters.redis.pairs import RedisPairs
from bot.adapters.redis.registry import RedisRegistry
from bot.errors import UnknownSchema
from bot.feedback.pair import Pair, call_hash
from bot.models.audit import Entry
from bot.models.canary import Canary
from bot.models.champion import Champion, Judged, Reign
from bot.models.custom_model import CustomModel
from bot.models.job import CustomizationJob, Order
from bot.retraining.pending import Agenda, Card

ORDER = Order(
    task="summarize", family="embedded", base="embedded", dataset="d-1", place="/d", sha256="0", validation=False,
    hyperparameters={},
)  # fmt: skip
JOB = CustomizationJob(name="job-1", order=ORDER, by="ana", at=1.0)
MODEL = CustomModel(id="embedded:abc", task="summarize", family="embedded", job="job-1", dataset="d-1", at=2.0)


@pytest.fixture
def models(client: Redis) -> RedisRegistry:
    client.flushall()
    return RedisRegistry(client)


def entry(did: str = "promote", at: float = 1.0) -> Entry:
    return Entry(at=at, who="ana", did=did, task="summarize", what="m")


def reign(model: str, at: float) -> Reign:
    return Reign(model=model, answers=model, family="embedded", dataset="d", by="ana", at=at)


def test_a_job_is_kept_once_and_with_its_line_of_the_audit(models: RedisRegistry) -> None:
    kept = [models.keep_job(job, None, entry("start")) for job in (JOB, JOB, JOB.model_copy(update={"by": "bea"}))]

    assert (kept, models.job("job-1")) == ([True, True, False], JOB)
    assert [each.did for each in models.audit()] == ["start"]


def test_who_did_not_see_the_latest_change_changes_nothing(models: RedisRegistry) -> None:
    models.keep_job(JOB, None)
    created = JOB.model_copy(update={"id": "arn"})
    models.keep_job(created, JOB)

    assert not models.keep_job(JOB.model_copy(update={"ended_at": 9.0}), JOB)
    assert models.job("job-1") == created


def test_what_another_version_wrote_with_fewer_fields_can_be_changed(models: RedisRegistry, client: Redis) -> None:
    client.hset(store.MODELS, MODEL.id, MODEL.model_dump_json(exclude={"pending", "answered_at", "fault"}))
    was = models.model(MODEL.id)

    kept = models.keep_model(MODEL.model_copy(update={"pending": "serve"}), was, entry("serve"))

    found = models.model(MODEL.id)
    assert found is not None
    assert (kept, found.pending, [each.did for each in models.audit()]) == (True, "serve", ["serve"])


def test_of_many_who_promote_at_once_one_does(models: RedisRegistry) -> None:
    def promote(n: int) -> bool:
        champion = Champion().followed_by(reign(f"m{n}", float(n + 1)))
        return models.crown("summarize", champion, Champion(), entry())

    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(promote, range(8)))

    assert (sum(done), len(list(models.audit()))) == (1, 1)


def test_a_task_without_a_promotion_has_no_champion(models: RedisRegistry) -> None:
    assert models.champion("summarize").now is None


def test_after_a_roll_back_to_nothing_the_next_promotion_goes_through(models: RedisRegistry) -> None:
    first = Champion().followed_by(reign("m1", 1.0))
    back = first.rolled_back(2.0)
    for champion, was in ((first, Champion()), (back, first), (back.followed_by(reign("m2", 3.0)), back)):
        assert models.crown("summarize", champion, was, entry(at=champion.at))

    assert models.champion("summarize").model == "m2"


def test_what_changes_nothing_here_is_noted_once(models: RedisRegistry) -> None:
    line = Entry(at=1.0, who="U1", did="export", task="summarize", what="d1", dataset="/data/d1")

    for _ in range(2):
        models.note("export:1", line)

    assert list(models.audit()) == [line]


def test_models_come_the_newest_first(models: RedisRegistry) -> None:
    newer = MODEL.model_copy(update={"id": "embedded:def", "at": 3.0})
    for model in (MODEL, newer):
        models.keep_model(model, None)

    assert models.models() == [newer, MODEL]


def test_the_last_verdict_on_two_models_stands(models: RedisRegistry) -> None:
    judged = Judged(task="t", champion="a", challenger="b", verdict="refuse", sentence="no", n=40, at=1.0)
    later = judged.model_copy(update={"verdict": "promote"})
    for each in (judged, later):
        models.judge(each)

    assert models.verdict("t", "a", "b") == later
    assert models.verdict("t", "b", "a") is None


def row(*moved: str, **changed: Any) -> dict[str, Any]:
    """An evaluation in which these calls got better."""
    about = {"schema": 1, "task": "t", "champion": "a", "challenger": "b", "verdict": "promote", "worse": []}
    better = [
        {"call": call, "champion": 0.1, "challenger": 0.9, "transcript": f"said in {call}", "wanted": {"topics": ["x"]}}
        for call in moved
    ]
    return about | {"better": better} | changed


def test_a_scorecard_is_kept_whole(models: RedisRegistry) -> None:
    models.keep_scorecard(row("c1", "c2"))

    assert models.scorecard("t", "a", "b") == row("c1", "c2")
    assert models.scorecard("t", "b", "a") is None


def test_a_later_scorecard_stands_and_leaves_no_word_of_the_one_before(models: RedisRegistry, client: Redis) -> None:
    models.keep_scorecard(row("c1", "c2"))

    models.keep_scorecard(row("c2", verdict="refuse"))

    assert models.scorecard("t", "a", "b") == row("c2", verdict="refuse")
    assert len(list(client.scan_iter(store.MOVED + "*"))) == 1


def test_a_forgotten_call_leaves_its_figures_alone_in_a_scorecard(models: RedisRegistry, client: Redis) -> None:
    models.keep_scorecard(row("c1", "c2"))

    RedisPairs(client, 30).forget("c1", [])

    kept = models.scorecard("t", "a", "b")
    assert kept is not None
    assert kept["better"] == [{"call": "c1", "champion": 0.1, "challenger": 0.9}, row("c2")["better"][0]]


def test_a_call_that_was_forgotten_before_the_evaluation_ended_is_not_kept(
    models: RedisRegistry, client: Redis
) -> None:
    RedisPairs(client, 30).forget("c1", [])

    models.keep_scorecard(row("c1"))

    assert list(client.scan_iter(store.MOVED + "*")) == []


def test_a_call_is_forgotten_by_its_transcript_too(models: RedisRegistry, client: Redis) -> None:
    pair = Pair(
        "r#0", "call-7", "summarize", "paste", "approved", "[0] customer: My lamp broke.", {"topics": []}, None, (), "C",
        "m", "p", 1, 1.0, 1.0,
    )  # fmt: skip
    pairs = RedisPairs(client, 30)
    pairs.add([pair])
    models.keep_scorecard(row(call_hash(pair.transcript)))

    pairs.forget("call-7", pairs.keys_of("call-7"))

    assert list(client.scan_iter(store.MOVED + "*")) == []


def test_a_scorecard_of_a_later_version_is_refused(models: RedisRegistry) -> None:
    models.keep_scorecard(row(schema=2))

    with pytest.raises(UnknownSchema, match="later version"):
        models.scorecard("t", "a", "b")


def test_a_long_audit_is_read_whole_and_in_order(models: RedisRegistry) -> None:
    for n in range(1_100):
        models.keep_job(JOB.model_copy(update={"name": f"job-{n}"}), None, entry(str(n)))

    assert [each.did for each in models.audit()] == [str(n) for n in range(1_100)]


def test_a_model_that_never_answered_was_not_used(models: RedisRegistry) -> None:
    assert models.used("arn:1") is None


def test_of_many_uses_the_latest_stands(models: RedisRegistry) -> None:
    for at in (5.25, 9.5, 7.0):
        models.use("arn:1", at)

    assert models.used("arn:1") == 9.5


def test_what_a_later_version_wrote_is_refused(models: RedisRegistry, client: Redis) -> None:
    client.hset(store.JOBS, "job-2", '{"schema_number": 2}')

    with pytest.raises(UnknownSchema, match="later version"):
        models.job("job-2")


CANARY = Canary(
    task="summarize", model="m2", answers="arn:m2", family="embedded", dataset="d", by="ana", at=10.0, share=0.1,
    channels=("C1",), champion="arn:m1", beside=1.0,
)  # fmt: skip


def test_a_canary_and_the_champion_are_read_at_once(models: RedisRegistry) -> None:
    champion = Champion().followed_by(reign("m1", 1.0))
    nothing = models.answering("summarize")
    models.crown("summarize", champion, Champion(), entry())
    models.keep_canary(CANARY, None, entry("canary"))

    assert (nothing, models.answering("summarize")) == ((Champion(), None), (champion, CANARY))
    assert models.canary("summarize") == CANARY


def test_of_many_who_stop_a_canary_at_once_one_does(models: RedisRegistry) -> None:
    models.keep_canary(CANARY, None, entry("canary"))

    def stop(n: int) -> bool:
        stopped = CANARY.model_copy(update={"state": "stopped", "reason": str(n)})
        return models.keep_canary(stopped, CANARY, entry("canary stopped"))

    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(stop, range(8)))

    assert (sum(done), [each.did for each in models.audit()]) == (1, ["canary", "canary stopped"])


def test_a_call_is_counted_once_however_often_it_is_asked(models: RedisRegistry) -> None:
    for call, failed in (("a", False), ("b", True), ("b", False), ("a", True)):
        models.tried(CANARY, "challenger", call, failed=failed)
    models.tried(CANARY, "champion", "c", failed=False)

    assert models.tries(CANARY) == {"challenger:asked": 2, "challenger:failed": 1, "champion:asked": 1}


def test_another_canary_counts_anew(models: RedisRegistry) -> None:
    models.tried(CANARY, "challenger", "a", failed=False)

    assert models.tries(CANARY.model_copy(update={"at": 11.0})) == {}


def test_of_two_who_plan_at_once_one_does(models: RedisRegistry) -> None:
    one, other = (Agenda(judged=name) for name in ("a", "b"))

    kept = [models.plan("summarize", each, Agenda()) for each in (one, one, other)]

    assert (kept, models.agenda("summarize")) == ([True, True, False], one)


def test_a_task_has_one_card_a_channel(models: RedisRegistry) -> None:
    older = Card(task="summarize", channel="C1", ts="1.0", request="r1")
    newer, elsewhere = (older.model_copy(update=each) for each in ({"ts": "2.0"}, {"channel": "D1"}))
    for card, was in ((older, None), (elsewhere, None), (newer, older)):
        assert models.keep_card(card, was)

    assert sorted(models.cards(), key=lambda card: card.ts) == [elsewhere, newer]


def test_a_card_that_changed_meanwhile_is_not_dropped(models: RedisRegistry) -> None:
    older = Card(task="summarize", channel="C1", ts="1.0", request="r1")
    models.keep_card(newer := older.model_copy(update={"ts": "2.0"}), None)

    models.drop_card(older)
    stays = models.cards()
    models.drop_card(newer)

    assert (stays, models.cards()) == ([newer], [])
