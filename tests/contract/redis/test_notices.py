"""Notices become requests on the ledger once, on a real Valkey."""

from __future__ import annotations

import pytest
from redis import Redis

from bot.adapters.redis.notices import RedisNotices
from bot.adapters.redis.queue import RedisQueue
from bot.queue.request import NoticeRequest
from bot.serving.notice import Notice

NOTICE = Notice("leak:arn:1", "It costs and answers nobody: release it.")


@pytest.fixture
def queue(client: Redis) -> RedisQueue:
    client.flushall()
    return RedisQueue(client)


def notices(client: Redis, at: float = 5.0, channel: str | None = "C1") -> RedisNotices:
    return RedisNotices(client, channel, lambda: at)


def test_a_notice_is_a_request_in_the_admins_channel(queue: RedisQueue, client: Redis) -> None:
    notices(client).tell(NOTICE)

    (job,) = queue.take(9, 5.0)
    assert isinstance(job.request, NoticeRequest)
    assert (job.request.channel, job.request.text) == ("C1", NOTICE.text)


def test_a_notice_that_is_told_again_keeps_the_time_of_the_first(queue: RedisQueue, client: Redis) -> None:
    told = [notices(client, at).tell(NOTICE) for at in (5.0, 9.0)]

    assert (told, queue.health().waiting) == ([5.0, 5.0], 1)


def test_a_notice_is_told_once_long_after_its_request_was_forgotten(queue: RedisQueue, client: Redis) -> None:
    notices(client).tell(NOTICE)
    (job,) = queue.take(9, 5.0)
    queue.finish(job, "1.0")
    client.delete(*client.keys("wrapup:done:*"))

    notices(client).tell(NOTICE)

    assert queue.health().waiting == 0


def test_who_was_killed_before_it_was_remembered_does_not_tell_it_twice(queue: RedisQueue, client: Redis) -> None:
    notices(client).tell(NOTICE)
    client.delete(*client.keys("wrapup:told-of:*"))

    notices(client).tell(NOTICE)

    assert queue.health().waiting == 1


def test_without_a_channel_the_request_names_none(queue: RedisQueue, client: Redis) -> None:
    notices(client, channel=None).tell(NOTICE)

    (job,) = queue.take(9, 5.0)
    assert job.request.channel == ""
