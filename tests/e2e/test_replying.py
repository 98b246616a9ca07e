"""One reply stands in the end, however the posts of several workers and Slack's answers to them cross."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
from fakeredis import FakeRedis

from bot.adapters.redis.queue import RedisQueue
from bot.errors import JobLost, SlackUnavailable
from bot.queue.request import Job, Limits, WrapUpRequest
from handlers.slack import message
from handlers.slack.api import client
from handlers.slack.reply import Reply
from sandbox.child import LIMIT_S
from sandbox.slack import Message, Slack
from sandbox.workspace import BOT_TOKEN, MARCO, SUPPORT, TEAM
from tests.doubles.faulty_slack import LATER_S, FaultySlack


@dataclass
class Desk:
    """A person's message that was taken on, and workers who reply to it."""

    slack: Slack
    faulty: FaultySlack
    queue: RedisQueue
    asked: Message

    def take(self, lease_s: float = 60.0) -> Reply:
        """Another worker's reply; with a lease of 0 the next worker takes the job over."""
        (job,) = self.queue.take(1, lease_s)
        return self.reply(job)

    def reply(self, job: Job) -> Reply:
        return Reply(client(BOT_TOKEN, self.faulty.url), self.queue, job)

    def seen(self) -> list[str]:
        return [reply["text"] for reply in self.slack.replies(self.asked)]


@pytest.fixture
def desk(slack: Slack) -> Iterator[Desk]:
    queue, asked = RedisQueue(FakeRedis()), slack.say(MARCO.id, "A call")
    request = WrapUpRequest(
        id="r1",
        kind="mention",
        team=TEAM,
        channel=SUPPORT,
        user=MARCO.id,
        at=float(asked["ts"]),
        ts=asked["ts"],
        thread_ts=asked["ts"],
    )
    queue.accept(request, Limits(9, 9, 9))
    with FaultySlack(slack.url) as faulty:
        yield Desk(slack, faulty, queue, asked)


def said(text: str) -> message.Message:
    return message.status("r1", text)


def test_the_answer_takes_the_place_of_the_status(desk: Desk) -> None:
    reply = desk.take()
    reply.status(said("Reading"))

    reply.final(said("Answer"))

    assert desk.seen() == ["Answer"]


def test_a_status_that_slack_posts_after_its_answer_was_lost_becomes_the_answer(desk: Desk) -> None:
    reply = desk.take()
    desk.faulty.breaks("chat.postMessage", "cut early")

    with pytest.raises(SlackUnavailable):
        reply.status(said("Reading"))
    reply.final(said("Answer"))
    time.sleep(LATER_S)

    assert desk.seen() == ["Answer"]


def test_a_status_that_slack_shows_late_does_not_stand_over_the_answer(desk: Desk) -> None:
    reply = desk.take()
    reply.status(said("Reading"))
    desk.faulty.breaks("chat.update", "cut early")

    with pytest.raises(SlackUnavailable):
        reply.status(said("Reading more"))
    reply.final(said("Answer"))
    time.sleep(LATER_S)

    assert desk.seen() == ["Answer"]


def test_where_a_lost_workers_status_stands_over_the_answer_that_is_shown_again(desk: Desk) -> None:
    late = desk.faulty.holds("chat.update")
    lost = desk.take(lease_s=0.0)
    lost.status(said("Reading"))
    with ThreadPoolExecutor() as pool:
        pool.submit(lost.status, said("Reading more"))
        late.come.wait(LIMIT_S)
        (job,) = desk.queue.take(1, 60)
        desk.queue.finish(job, desk.reply(job).final(said("Answer")))
        late.go.set()
    covered = desk.seen()

    desk.take().final(said("Answer"))

    assert (covered, desk.seen()) == (["Reading more"], ["Answer"])


def test_who_takes_over_finds_what_the_other_posted(desk: Desk) -> None:
    lost = desk.take(lease_s=0.0)
    desk.faulty.breaks("chat.postMessage", "cut after")
    with pytest.raises(SlackUnavailable):
        lost.final(said("Lost"))

    desk.take().final(said("Answer"))

    assert desk.seen() == ["Answer"]


def test_a_late_post_of_a_lost_worker_is_taken_back(desk: Desk) -> None:
    late = desk.faulty.holds("chat.postMessage")
    lost = desk.take(lease_s=0.0)

    with ThreadPoolExecutor() as pool:
        posting = pool.submit(lost.final, said("Late"))
        late.come.wait(LIMIT_S)
        desk.take().final(said("Answer"))
        late.go.set()

    assert isinstance(posting.exception(), JobLost)
    assert desk.seen() == ["Answer"]


def test_a_late_post_that_comes_between_the_others_look_and_post_becomes_the_answer(desk: Desk) -> None:
    first, second = desk.faulty.holds("chat.postMessage"), desk.faulty.holds("chat.postMessage")
    lost = desk.take(lease_s=0.0)

    with ThreadPoolExecutor() as pool:
        late = pool.submit(lost.final, said("Late"))
        first.come.wait(LIMIT_S)
        answering = pool.submit(desk.take().final, said("Answer"))
        second.come.wait(LIMIT_S)
        first.go.set()
        late.exception(LIMIT_S)
        second.go.set()

    assert isinstance(late.exception(), JobLost)
    assert desk.seen() == ["Answer"]
    assert answering.result() == desk.slack.replies(desk.asked)[0]["ts"]


def test_a_reply_that_somebody_deleted_is_posted_anew(desk: Desk) -> None:
    reply = desk.take()
    reply.status(said("Reading"))
    client(BOT_TOKEN, desk.faulty.url).chat_delete(channel=SUPPORT, ts=reply.ts)

    reply.final(said("Answer"))

    assert desk.seen() == ["Answer"]
