"""One accepted request makes exactly one reply, whatever breaks: processes for real, killed for real."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from bot.adapters.redis import embedded_server
from sandbox.child import LIMIT_S, Child, wait_for
from sandbox.serving import free_port
from sandbox.slack import Message, Slack
from sandbox.workspace import MARCO
from tests.doubles.bedrock_server import BedrockServer, Request
from tests.doubles.deployment import ANSWER, CALL, Deployment, after, kill
from tests.doubles.faulty_slack import Fault, deliver, mention_events, post, press_body

FAULTS: tuple[Fault, ...] = ("slow down", "broken", "unavailable", "cut before", "cut after")


@pytest.fixture(scope="module")
def running(socket_slack: Slack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    with (
        BedrockServer() as model,
        Deployment(socket_slack, tmp_path_factory.mktemp("bot"), model) as deployment,
    ):
        yield deployment
    for log in sorted(deployment.folder.glob("*.log")):
        print(f"--- {log.name}\n{log.read_text('utf-8')[-4000:]}")  # noqa: T201


@pytest.fixture
def bot(running: Deployment) -> Deployment:
    """A web and a worker on the embedded store, all well; the model answers at once."""
    running.slack.reset()
    running.faulty.heals()
    running.model.forget()
    running.model.answer = lambda _: ANSWER
    running.complete()
    return running


def slowly(bot: Deployment, seconds: float) -> None:
    """From now on the model takes its time for the first request, and none for others."""
    delays = iter([seconds])
    bot.model.answer = lambda _: after(next(delays, 0.0))


def text(reply: Message) -> str:
    return json.dumps([reply["text"], reply["blocks"]], ensure_ascii=False)


def _has(victims: list[Child], deaths: int) -> bool:
    return len(victims) >= deaths


def try_again(bot: Deployment, failed: Message) -> int:
    return post(bot.ports[0], press_body(MARCO.id, failed, "try_again"), kind="application/x-www-form-urlencoded")


def test_an_event_that_is_sent_many_times_at_once_to_two_webs_is_answered_once(bot: Deployment) -> None:
    bot.complete(webs=2)
    asked = bot.say()
    sent = [(port, body, retry) for retry in (3, 0, 2, 1) for body in mention_events(asked) for port in bot.ports]

    with ThreadPoolExecutor(16) as pool:
        statuses = list(pool.map(lambda each: post(*each), sent))

    assert (set(statuses), len(statuses)) == ({200}, 16)
    assert "damaged" in text(bot.answer(asked))


def test_an_event_that_comes_again_after_the_answer_is_not_answered_again(bot: Deployment) -> None:
    asked = bot.ask()
    bot.answer(asked)

    statuses = [post(bot.ports[0], body, retry) for retry in (2, 1, 3) for body in mention_events(asked)]

    assert set(statuses) == {200}
    bot.answer(asked)


def test_when_a_worker_is_killed_another_answers(bot: Deployment) -> None:
    slowly(bot, 60)
    asked = bot.ask()
    bot.asked_model()

    kill(bot.workers[0])
    bot.complete()

    assert "damaged" in text(bot.answer(asked))


def test_when_the_web_is_killed_after_its_acknowledgement_the_request_is_answered(bot: Deployment) -> None:
    kill(bot.workers[0])
    asked = bot.ask()

    kill(bot.webs[bot.ports[0]])
    bot.complete()

    bot.answer(asked)


def test_a_request_is_answered_after_the_store_was_killed(bot: Deployment) -> None:
    slowly(bot, 2)
    asked = bot.ask()
    bot.asked_model()

    os.kill(int((bot.folder / "data" / "valkey" / "valkey.pid").read_text()), signal.SIGKILL)

    bot.answer(asked)


def test_a_worker_that_wakes_up_after_another_has_answered_adds_nothing(bot: Deployment) -> None:
    slowly(bot, 1)
    asked = bot.ask()
    bot.asked_model()
    frozen = bot.workers[0]

    frozen.signal(signal.SIGSTOP)
    bot.workers.clear()
    bot.start_worker()
    bot.answer(asked)
    frozen.signal(signal.SIGCONT)
    wait_for("the frozen worker to notice", lambda: "left to its lease" in frozen.output)

    bot.answer(asked)
    kill(frozen)


def test_a_reply_whose_answer_from_slack_was_lost_is_not_made_again(bot: Deployment) -> None:
    bot.faulty.breaks("chat.postMessage", "cut after")

    asked = bot.ask()

    assert "damaged" in text(bot.answer(asked))
    assert bot.faulty.calls["chat.postMessage"] == 1


def test_a_status_becomes_the_answer_though_slack_loses_its_word_on_both(bot: Deployment) -> None:
    slowly(bot, 2.5)
    bot.faulty.breaks("chat.postMessage", "cut after")
    bot.faulty.breaks("chat.update", "cut after")

    asked = bot.ask()
    wait_for("a status", lambda: bot.replies(asked))

    assert "damaged" in text(bot.answer(asked))
    assert bot.faulty.calls["chat.postMessage"] == 1


def test_any_method_may_fail_in_any_way(bot: Deployment) -> None:
    kill(bot.workers[0])
    bot.complete()  # a new worker, which knows nobody yet
    for method in ("users.info", "reactions.add", "chat.postMessage", "conversations.replies"):
        bot.faulty.breaks(method, *FAULTS)

    asked = [bot.ask() for _ in FAULTS]

    assert all("damaged" in text(bot.answer(each)) for each in asked)
    assert all(bot.faulty.faults[fault] >= 3 for fault in FAULTS)


def test_a_worker_that_is_told_to_stop_hands_its_long_job_back(bot: Deployment) -> None:
    kill(bot.workers.pop())
    stopped = bot.start_worker(WRAPUP_LEASE_SECONDS="60")
    slowly(bot, 2 * LIMIT_S)
    asked = bot.ask()
    bot.asked_model()

    stopped.signal(signal.SIGTERM)
    bot.workers.clear()
    bot.start_worker()
    code = stopped.process.wait(LIMIT_S)

    assert code == 0
    assert "damaged" in text(bot.answer(asked))


def test_while_the_model_is_down_the_status_says_that_it_is_tried_again(bot: Deployment) -> None:
    bot.model.fails("ServiceUnavailableException", 503)
    asked = bot.ask()

    wait_for("a status", lambda: any("I'll keep trying until" in text(reply) for reply in bot.replies(asked)))

    assert "damaged" in text(bot.answer(asked))


def test_a_model_that_stays_down_is_a_told_failure_and_trying_again_replaces_it(bot: Deployment) -> None:
    kill(bot.workers.pop())
    bot.start_worker(WRAPUP_PATIENCE_MINUTES="0.02")
    for _ in range(20):
        bot.model.fails("ServiceUnavailableException", 503)
    asked = bot.ask()

    failed = bot.answer(asked)
    bot.model.forget()
    bot.model.answer = lambda _: ANSWER
    pressed = try_again(bot, failed)
    wait_for("an answer in its place", lambda: "damaged" in text(bot.replies(asked)[0]))

    assert pressed == 200
    assert "Try again" in text(failed)
    assert bot.answer(asked)["ts"] == failed["ts"]
    kill(bot.workers.pop())


def test_a_job_that_kills_its_workers_ends_as_a_told_failure_that_can_be_tried_again(bot: Deployment) -> None:
    victims: list[Child] = []

    def deadly(_: Request) -> str:
        victim = bot.workers[-1]
        kill(victim)
        victims.append(victim)
        return ANSWER

    bot.model.answer = deadly
    asked = bot.ask()
    for deaths in (1, 2, 3):
        wait_for("the worker's end", partial(_has, victims, deaths))
        bot.complete()
    failed = bot.answer(asked)
    bot.model.answer = lambda _: ANSWER
    pressed = try_again(bot, failed)
    wait_for("an answer in its place", lambda: "damaged" in text(bot.replies(asked)[0]))

    assert pressed == 200
    assert "stopped our worker 3 times" in text(failed)
    assert bot.answer(asked)["ts"] == failed["ts"]


def test_without_a_store_slack_gets_a_500_and_its_next_delivery_is_answered(
    slack: Slack, bedrock: BedrockServer, tmp_path: Path
) -> None:
    port, lasting = free_port(), ["--appendonly", "yes", "--appendfsync", "always", "--save", ""]
    store = [
        str(embedded_server.program()),
        "--port",
        str(port),
        "--bind",
        "127.0.0.1",
        "--dir",
        str(tmp_path),
        *lasting,
    ]
    with (
        Child(store, tmp_path / "store.log") as first,
        Deployment(slack, tmp_path, bedrock, REDIS_URL=f"redis://127.0.0.1:{port}") as bot,
    ):
        bot.complete()
        slowly(bot, 1)
        before, during = bot.ask(), bot.say()
        bot.asked_model()
        kill(first)
        refused = [post(port, body) for port in bot.ports for body in mention_events(during)]
        time.sleep(2)
        with Child(store, tmp_path / "store.log"):
            taken = [deliver(bot.ports, body, waits_s=LIMIT_S) for body in mention_events(during)]

            assert (refused, taken) == ([500, 500], [True, True])
            assert "damaged" in text(bot.answer(during))
            assert "damaged" in text(bot.answer(before))


def test_a_private_answer_is_shown_once_though_its_worker_is_killed(
    http_slack: Slack, bedrock: BedrockServer, tmp_path: Path
) -> None:
    with Deployment(http_slack, tmp_path, bedrock) as bot:
        slowly(bot, 60)
        bot.start_web(int(http_slack.environment()["PORT"]))
        bot.start_worker()
        http_slack.command(MARCO.id, "/summarize", CALL)
        bot.asked_model()

        kill(bot.workers[0])
        bot.complete()

        wait_for("an answer", lambda: "arrived damaged, and" in json.dumps(http_slack.messages()))
        bot.idle()
        assert json.dumps([message.get("text") for message in http_slack.messages()]).count("arrived damaged, and") == 1
