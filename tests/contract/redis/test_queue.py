"""The queue and the kept answers, on a real Valkey."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from redis import Redis

from bot.adapters.redis import keys as store
from bot.adapters.redis.queue import RedisQueue
from bot.errors import StoreUnavailable
from bot.queue.request import Acceptance, Job, Limits, WrapUpRequest
from sandbox.child import LIMIT_S, wait_for

LEASE_S = LIMIT_S
GENEROUS = Limits(person_per_minute=1000, channel_per_minute=1000, waiting=1000)


@pytest.fixture
def queue(client: Redis) -> RedisQueue:
    client.flushall()
    return RedisQueue(client)


def asked(name: str = "T1:C1:1.0", user: str = "U1", channel: str = "C1") -> WrapUpRequest:
    return WrapUpRequest(
        id=name, kind="mention", team="T1", channel=channel, user=user, at=time.time(), ts="1.0", thread_ts="1.0"
    )


def taken(queue: RedisQueue, lease_s: float = LEASE_S) -> Job:
    (job,) = queue.take(1, lease_s)
    return job


def test_a_request_is_taken_on_once_however_often_it_comes(queue: RedisQueue) -> None:
    with ThreadPoolExecutor(8) as pool:
        verdicts = list(pool.map(lambda _: queue.accept(asked(), GENEROUS).outcome, range(50)))

    assert sorted(verdicts) == ["known"] * 49 + ["new"]


def test_a_request_is_known_after_its_answer_too(queue: RedisQueue) -> None:
    queue.accept(asked(), GENEROUS)
    queue.finish(taken(queue), "2.0")

    assert queue.accept(asked(), GENEROUS).outcome == "known"


def test_a_job_holds_the_request_as_it_was_accepted(queue: RedisQueue) -> None:
    request = asked().model_copy(update={"text": "Agent: Grüß Gott 👋\nCustomer: hello"})

    queue.accept(request, GENEROUS)

    job = taken(queue)
    assert (job.request, job.attempt, job.tries, job.posting, job.reply_ts) == (request, 1, 0, False, "")


def test_nobody_else_gets_a_job_during_its_lease(queue: RedisQueue) -> None:
    queue.accept(asked(), GENEROUS)

    taken(queue)

    assert queue.take(1, LEASE_S) == []


def test_two_workers_never_get_the_same_job(queue: RedisQueue, client: Redis) -> None:
    for n in range(200):
        queue.accept(asked(f"r{n}"), GENEROUS)

    def drain(_: int) -> list[str]:
        other, found = RedisQueue(client), []
        while jobs := other.take(7, LEASE_S):
            found += [job.request.id for job in jobs]
        return found

    with ThreadPoolExecutor(4) as pool:
        ids = [each for some in pool.map(drain, range(4)) for each in some]

    assert sorted(ids) == sorted(f"r{n}" for n in range(200))


def test_a_job_comes_back_when_its_lease_is_over_and_counts_the_attempt(queue: RedisQueue) -> None:
    queue.accept(asked(), GENEROUS)
    taken(queue, lease_s=0.05)
    time.sleep(0.1)

    assert taken(queue).attempt == 2


def test_a_renewed_lease_lasts_from_the_renewal_on(queue: RedisQueue) -> None:
    queue.accept(asked(), GENEROUS)
    job = taken(queue, lease_s=0.1)

    lost = queue.renew([job], LEASE_S)
    time.sleep(0.15)

    assert (lost, queue.take(1, LEASE_S)) == ([], [])


def test_who_lost_a_job_may_not_write_to_it(queue: RedisQueue) -> None:
    queue.accept(asked(), GENEROUS)
    frozen = taken(queue, lease_s=0.05)
    time.sleep(0.1)
    taken(queue)

    assert queue.renew([frozen], LEASE_S) == [frozen]
    assert not queue.hold(frozen, posting=True)
    assert not queue.finish(frozen, "9.9")


def test_what_is_held_of_a_reply_is_there_for_the_next_attempt(queue: RedisQueue) -> None:
    queue.accept(asked(), GENEROUS)
    job = taken(queue, lease_s=0.05)
    queue.hold(job, posting=True)
    queue.hold(job, reply_ts="2.0")
    time.sleep(0.1)

    again = taken(queue)

    assert (again.posting, again.reply_ts) == (True, "2.0")


def test_a_postponed_job_comes_at_its_time_and_counts_as_a_try_and_no_attempt(queue: RedisQueue) -> None:
    queue.accept(asked(), GENEROUS)
    queue.postpone(taken(queue), 0.1)

    (job,) = wait_for("the job", lambda: queue.take(1, LEASE_S))

    assert (job.tries, job.attempt) == (1, 1)


def test_a_postponed_job_does_not_come_before_its_time(queue: RedisQueue) -> None:
    queue.accept(asked(), GENEROUS)

    queue.postpone(taken(queue), LIMIT_S)

    assert queue.take(1, LEASE_S) == []


def test_a_released_job_whose_reply_may_be_on_its_way_is_due_a_little_later(queue: RedisQueue) -> None:
    queue.accept(asked(), GENEROUS)
    job = taken(queue)
    queue.hold(job, posting=True)

    queue.release(job)

    assert queue.take(1, LEASE_S) == []
    assert wait_for("the job", lambda: queue.take(1, LEASE_S))[0].posting


def test_an_answer_can_be_shown_again_in_its_place(queue: RedisQueue) -> None:
    queue.accept(asked(), GENEROUS)
    job = taken(queue)
    queue.finish(job, "2.0")

    assert queue.redo(job.request)
    again = taken(queue)
    assert (again.request, again.reply_ts, again.posting) == (job.request, "2.0", True)


def test_what_is_under_way_or_forgotten_is_not_shown_again(queue: RedisQueue) -> None:
    queue.accept(asked(), GENEROUS)
    job = taken(queue)

    under_way = queue.redo(job.request)
    queue.forget(job.request.id)

    assert (under_way, queue.redo(job.request), queue.health().waiting) == (False, False, 0)


def test_a_request_of_a_later_version_is_left_for_a_worker_that_knows_it(queue: RedisQueue, client: Redis) -> None:
    queue.accept(asked("later"), GENEROUS)
    queue.accept(asked("ours"), GENEROUS)
    client.hset(store.REQUEST + "later", "body", '{"kind": "unheard of"}')

    assert [job.request.id for job in queue.take(9, LEASE_S)] == ["ours"]
    assert queue.health().waiting == 2


def test_a_released_job_is_due_at_once_as_if_never_taken(queue: RedisQueue) -> None:
    queue.accept(asked(), GENEROUS)

    queue.release(taken(queue))

    assert taken(queue).attempt == 1


def test_a_failed_request_is_tried_again_once_in_place_of_its_failure(queue: RedisQueue) -> None:
    queue.accept(asked(), GENEROUS)
    queue.finish(taken(queue), "2.0", again=True)

    pressed = [queue.again("T1:C1:1.0", at=5.0) for _ in range(2)]

    job = taken(queue)
    assert pressed == [True, False]
    assert (job.request.at, job.reply_ts, job.posting) == (5.0, "2.0", True)


def test_an_answered_request_leaves_nothing_of_its_text(queue: RedisQueue, client: Redis) -> None:
    queue.accept(asked().model_copy(update={"text": "my card is 4111"}), GENEROUS)

    queue.finish(taken(queue), "2.0")

    kinds = {key.decode().rpartition(":")[0] + ":" for key in client.scan_iter("*T1:C1:1.0")}
    assert kinds == {f"{store.DONE}T1:C1:"}


def test_a_waiting_worker_is_woken_by_an_arrival(queue: RedisQueue) -> None:
    with ThreadPoolExecutor(1) as pool:
        start = time.monotonic()
        waiting = pool.submit(queue.wait, LIMIT_S)
        time.sleep(0.05)
        queue.accept(asked(), GENEROUS)
        waiting.result()

    assert time.monotonic() - start < LIMIT_S


def test_a_new_request_is_heard_once(queue: RedisQueue) -> None:
    queue.accept(asked(), GENEROUS)

    assert [queue.heard(0.01), queue.heard(0.01)] == [queue.take(1, LEASE_S)[0].request, None]


def test_one_person_may_not_ask_without_end(queue: RedisQueue) -> None:
    few = Limits(person_per_minute=2, channel_per_minute=1000, waiting=1000)

    verdicts = [queue.accept(asked(f"r{n}"), few) for n in range(4)]

    assert [verdict.outcome for verdict in verdicts] == ["new", "new", "person", "person"]
    assert 0 < verdicts[2].number <= 30
    assert [verdict.told for verdict in verdicts] == [False, False, True, False]


def test_one_channel_may_not_ask_without_end(queue: RedisQueue) -> None:
    few = Limits(person_per_minute=1000, channel_per_minute=1, waiting=1000)

    verdicts = [queue.accept(asked(f"r{n}", user=f"U{n}"), few).outcome for n in range(2)]

    assert verdicts == ["new", "channel"]


def test_a_refused_request_may_be_made_later(queue: RedisQueue) -> None:
    none = Limits(person_per_minute=1000, channel_per_minute=1000, waiting=1)
    queue.accept(asked("first"), none)

    refused = queue.accept(asked("second"), none)
    queue.finish(taken(queue), "2.0")

    assert refused == Acceptance("full", 1, told=True)
    assert queue.accept(asked("second"), none).outcome == "new"


def test_health_tells_how_many_wait_and_how_long(queue: RedisQueue) -> None:
    queue.accept(asked("first"), GENEROUS)
    time.sleep(0.05)
    queue.accept(asked("second"), GENEROUS)

    health = queue.health()

    assert health.waiting == 2
    assert 0.05 <= health.oldest_age_s < LIMIT_S


def test_a_store_belongs_to_one_workspace(queue: RedisQueue) -> None:
    assert [queue.claim_workspace("T1"), queue.claim_workspace("T2")] == ["T1", "T1"]


def test_a_lost_store_is_told_as_such() -> None:
    gone = RedisQueue(Redis(port=1))

    with pytest.raises(StoreUnavailable, match="does not answer"):
        gone.accept(asked(), GENEROUS)
