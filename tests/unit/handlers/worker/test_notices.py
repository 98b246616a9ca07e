"""A notice reaches the admins' channel, else each admin."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fakeredis import FakeRedis

from bot import settings
from bot.adapters.redis.notices import RedisNotices
from bot.adapters.redis.queue import RedisQueue
from bot.queue.request import Job
from bot.serving.notice import Notice
from handlers.slack.people import People
from handlers.slack.reply import Reply
from handlers.worker import notices
from tests.doubles.canned_slack import CannedSlack

POSTED = {"ok": True, "ts": "1.0", "channel": "C1"}


@pytest.fixture
def slack() -> Iterator[CannedSlack]:
    with CannedSlack() as canned:
        canned.answers["conversations.open"] = {"ok": True, "channel": {"id": "D1"}}
        canned.answers["conversations.history"] = {"ok": True, "messages": []}
        yield canned


class Bench:
    def __init__(self, slack: CannedSlack, channel: str | None, admins: str = "U1 U2") -> None:
        client = FakeRedis()
        self.queue, self._slack = RedisQueue(client), slack.client()
        self._people = People(self._slack, settings.read({"WRAPUP_ADMINS": admins}))
        RedisNotices(client, channel, lambda: 5.0).tell(Notice("n", "It costs."))

    def work(self) -> list[str]:
        """What became of each request, in their order, until none waits."""
        outcomes = []
        while jobs := self.queue.take(1, 5.0):
            outcomes += [self._tell(job) for job in jobs]
        return outcomes

    def _tell(self, job: Job) -> str:
        return notices.tell(job, Reply(self._slack, self.queue, job), self.queue, self._people)


def test_a_notice_stands_in_the_admins_channel(slack: CannedSlack) -> None:
    slack.answers["chat.postMessage"] = POSTED

    assert Bench(slack, "C1").work() == ["told"]


def test_without_a_channel_each_admin_gets_it(slack: CannedSlack) -> None:
    slack.answers["chat.postMessage"] = POSTED

    assert Bench(slack, None).work() == ["passed on", "told", "told"]


def test_a_channel_that_the_bot_is_not_in_is_passed_by(slack: CannedSlack) -> None:
    slack.answers["chat.postMessage"] = {"ok": False, "error": "not_in_channel"}

    assert Bench(slack, "C1").work() == ["passed on", "undeliverable", "undeliverable"]


def test_where_nobody_is_named_it_is_in_the_log_alone(slack: CannedSlack, caplog: pytest.LogCaptureFixture) -> None:
    assert Bench(slack, None, admins="").work() == ["undeliverable"]
    assert "set WRAPUP_ADMIN_CHANNEL" in caplog.text
