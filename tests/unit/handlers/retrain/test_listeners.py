"""`/retrain` as its listeners take it: who may, what is asked for, what is refused at once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.errors import CanaryRefused, JobRefused, NotAllowed
from bot.queue.request import StepRequest
from bot.retraining.pending import Doing
from handlers.retrain import listeners
from handlers.retrain.listeners import Means, understood
from handlers.slack.people import People
from tests.doubles.canned_slack import CannedSlack
from tests.doubles.retraining_bench import TASK, Bench
from tests.doubles.slack_side import services

ADMIN, OTHER = "U0ADMIN", "U0OTHER"
OPENED = {"ok": True, "channel": {"id": "D1"}}


class Desk:
    """The listeners' side of one loop: what was accepted, and what was acknowledged with."""

    def __init__(self, bench: Bench, slack: CannedSlack) -> None:
        given, self.bench, self.slack, self.acks = services(), bench, slack, list[dict[str, Any]]()
        settings = replace(given.settings, admins=(ADMIN, "U0SECOND"))
        client, promoter = slack.client(), bench.promoter
        people = People(client, settings)
        self.queue = given.queue
        self.means = Means(client, given.queue, people, settings, given.tasks, given.pairs, promoter, bench.retraining)

    def command(self, text: str, user: str = ADMIN) -> str:
        """What the command is answered with."""
        said = {"user_id": user, "team_id": "T1", "trigger_id": "t1", "text": text}
        listeners.retrain(self._ack, said, self.means)  # type: ignore[arg-type]  # all of an Ack that is called
        return str(self.acks[-1]["text"])

    def press(self, step: str, of: str, user: str = ADMIN, at: str = "1.0") -> None:
        body = {"user": {"id": user}, "team": {"id": "T1"}, "channel": {"id": "C1"}, "trigger_id": "t1"}
        action = {"action_id": f"step_{step}", "action_ts": at, "value": json.dumps({"task": TASK, "of": of})}
        listeners.pressed(self._ack, body, action, self.means)  # type: ignore[arg-type]  # the same

    def submit(self, **values: str) -> dict[str, Any]:
        """What the form of the next job is answered with."""
        state = {name: {"value": {"value": value}} for name, value in values.items()}
        view = {"id": "V1", "private_metadata": json.dumps({"task": TASK, "channel": "C1"}), "state": {"values": state}}
        body = {"user": {"id": ADMIN}, "team": {"id": "T1"}}
        listeners.proposed(self._ack, body, view, self.means)  # type: ignore[arg-type]  # the same
        return self.acks[-1]

    def accepted(self) -> list[StepRequest]:
        requests = [job.request for job in self.queue.take(10, 60)]
        steps = [request for request in requests if isinstance(request, StepRequest)]
        assert steps == requests
        return steps

    def _ack(self, **answer: Any) -> None:
        self.acks.append(answer)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with CannedSlack(**{"conversations.open": OPENED, "views.open": {"ok": True}}) as slack:
        yield Desk(Bench(tmp_path), slack)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("", ("status", "summarize")),
        ("moderate", ("status", "moderate")),
        ("status moderate", ("status", "moderate")),
        ("STOP", ("stop", "summarize")),
        ("promote moderate", ("promote", "moderate")),
        ("stop nonsense", ("stop", "nonsense")),
    ],
)
def test_a_command_is_a_step_and_a_task(text: str, meant: tuple[str, str]) -> None:
    assert understood(text, services().tasks)[:2] == meant


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("everything", "There is no step or task called `everything`.\n"),
        ("stop nonsense", "There is no task `nonsense`. The tasks are: moderate, summarize.\n"),
        ("help", ""),
    ],
)
def test_what_is_not_understood_is_named_before_what_there_is(desk: Desk, text: str, told: str) -> None:
    assert desk.command(text) == told + listeners.USAGE


@pytest.mark.parametrize("text", ["", "start", "rollback", "history"])
def test_others_get_a_polite_no(desk: Desk, text: str) -> None:
    with pytest.raises(NotAllowed, match=rf"for admins.* add you \(`{OTHER}`\) to WRAPUP_ADMINS"):
        desk.command(text, OTHER)

    assert not desk.accepted()


def test_a_status_is_a_request_whose_card_comes_in_direct_messages(desk: Desk) -> None:
    told = desk.command("")

    (request,) = desk.accepted()
    assert (request.kind, request.step, request.channel) == ("step", "status", "D1")
    assert told == "The card is in our direct messages."


@pytest.mark.parametrize("step", ["stop", "serve", "evaluate", "promote", "rollback", "release", "retire"])
def test_a_step_on_nothing_is_refused_at_once(desk: Desk, step: str) -> None:
    with pytest.raises(JobRefused, match=r"There is no|No job|No model"):
        desk.command(step)


def test_a_press_that_comes_twice_is_one_request(desk: Desk) -> None:
    for _ in range(2):
        desk.press("discard", "p1")

    assert len(desk.accepted()) == 1


def test_a_second_press_is_another_request(desk: Desk) -> None:
    desk.press("discard", "p1", at="1.0")
    desk.press("discard", "p1", at="2.0")

    assert len(desk.accepted()) == 2


def test_while_something_is_under_way_only_what_ends_it_is_taken(desk: Desk) -> None:
    models = desk.bench.models
    was = models.agenda(TASK)
    doing = Doing(request="other", step="evaluate", by=ADMIN, text="Evaluating … 1 of 2 answers.")
    models.plan(TASK, was.model_copy(update={"doing": doing}), was)

    with pytest.raises(JobRefused, match=r"step is running: Evaluating … 1 of 2"):
        desk.press("train", "p1")
    desk.press("stop", "job")

    assert [request.step for request in desk.accepted()] == ["stop"]


def test_the_form_is_opened_for_a_start_and_nothing_is_accepted(desk: Desk) -> None:
    desk.command("start moderate")

    assert "views.open" in desk.slack.asked
    assert not desk.accepted()


def test_a_form_that_fits_becomes_a_request_once(desk: Desk) -> None:
    answers = [desk.submit() for _ in range(2)]

    (request,) = desk.accepted()
    assert (answers, request.step, request.hyperparameters, request.base) == ([{}, {}], "propose", {}, "")


def test_what_is_out_of_range_is_told_at_its_field(tmp_path: Path) -> None:
    desk = Desk(Bench(tmp_path, family="claude-3-haiku"), CannedSlack())

    answer = desk.submit(epochCount="99")

    assert answer == {"response_action": "errors", "errors": {"epochCount": "This must be between 1 and 10."}}
    assert not desk.accepted()


def test_a_promotion_that_the_verdict_speaks_for_is_taken(desk: Desk) -> None:
    desk.bench.evaluated()

    desk.press("promote", "m")

    assert [(request.step, request.of) for request in desk.accepted()] == [("promote", "m")]


def test_any_other_promotion_asks_for_its_reason(desk: Desk) -> None:
    desk.bench.verdict = "refuse"
    desk.bench.evaluated()

    desk.press("promote", "m")

    assert "views.open" in desk.slack.asked
    assert not desk.accepted()


def test_a_canary_is_asked_for_with_its_share_and_channels(desk: Desk) -> None:
    desk.bench.trained()

    desk.command("canary 20% <#C0123|support>")

    (request,) = desk.accepted()
    assert (request.step, request.words, request.of) == (
        "canary",
        "20% <#C0123|support>",
        desk.bench.models.models()[0].id,
    )


@pytest.mark.parametrize("words", ["ten", "10% everywhere"])
def test_what_is_no_share_is_told_at_once(desk: Desk, words: str) -> None:
    desk.bench.trained()

    with pytest.raises(CanaryRefused, match="such as `10% #support`"):
        desk.command(f"canary {words}")

    assert not desk.accepted()


def test_a_canary_is_stopped_by_a_command_as_by_its_button(desk: Desk) -> None:
    desk.bench.trained()
    desk.bench.retraining.canary(desk.bench.press("canary"))
    running = desk.bench.canaries.running(TASK)
    assert running

    desk.command("canary stop")
    desk.press("end_canary", running.id)

    assert [(each.step, each.of) for each in desk.accepted()] == [("end_canary", running.id)] * 2


def test_where_no_canary_runs_a_stop_is_refused_at_once(desk: Desk) -> None:
    desk.bench.trained()

    with pytest.raises(JobRefused, match="No canary is running"):
        desk.command("canary stop")
