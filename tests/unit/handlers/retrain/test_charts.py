"""Charts in Slack's messages, and as pictures in their threads."""

from __future__ import annotations

from typing import Any

import pytest

from bot.errors import SlackRefused
from bot.retraining.chart import Chart, Series
from handlers.retrain.charts import attached, block, drawn, file_name
from handlers.slack.layout import actions, button, context
from handlers.slack.message import Message
from tests.doubles.canned_slack import CannedSlack
from tests.doubles.slack_limits import problems

PRESS = actions(button("Go", "go", "1"))
CARD = Message("Loss", [context("A job"), PRESS])


def line(points: int, title: str = "Loss", of: str = "training") -> Chart:
    return Chart(title, "line", "step", "loss", (Series(of, tuple((float(n), 1 / (n + 1)) for n in range(points))),))


def bars(*names: str) -> Chart:
    champion = Series("champion", tuple((float(n), 50.0) for n in range(len(names))))
    return Chart("Figures", "bar", "figure", "points", (champion,), names, tuple("+1.0" for _ in names))


@pytest.mark.parametrize(
    "chart",
    [
        line(1),
        line(5_000, "x" * 200, "y" * 100),
        bars(*(f"a name that is too long for a label {n}" for n in range(40))),
        bars("same", "same", "😀" * 30),
    ],
)
def test_a_chart_keeps_slacks_limits_whatever_it_holds(chart: Chart) -> None:
    assert problems({"text": "x", "blocks": [block(chart)]}) == []


def test_where_slack_draws_charts_they_stand_before_the_buttons() -> None:
    shown = drawn(CARD, [line(3), None, bars("topics")], "native")

    assert [each["type"] for each in shown.blocks] == ["context", "data_visualization", "data_visualization", "actions"]


def test_a_message_gets_two_charts_at_most() -> None:
    shown = drawn(CARD, [line(n) for n in (3, 4, 5)], "native")

    assert problems({"text": shown.text, "blocks": shown.blocks}) == []
    assert len(shown.blocks) == 4


def test_a_chart_that_has_no_room_is_left_out() -> None:
    full = Message("x", [context("y" * 2_900)] * 4)

    assert drawn(full, [line(20)], "native") == full


def test_where_slack_draws_no_charts_the_card_stays_as_it_is() -> None:
    assert drawn(CARD, [line(3)], "image") == CARD


def slack(*there: str) -> CannedSlack:
    upload: dict[str, Any] = {"ok": True, "upload_url": "", "file_id": "F1"}
    thread = {"ok": True, "messages": [{"files": [{"name": name}]} for name in there]}
    return CannedSlack(
        **{
            "conversations.replies": thread,
            "files.getUploadURLExternal": upload,
            "upload": (200, {}, b"OK"),
            "files.completeUploadExternal": {"ok": True, "files": [{"id": "F1"}]},
        }
    )


def test_where_slack_draws_no_charts_a_picture_goes_into_the_thread() -> None:
    with slack() as canned:
        canned.answers["files.getUploadURLExternal"]["upload_url"] = f"{canned.url}/api/upload"

        attached(canned.client(), [line(3)], "image", "C1", "1.2")

    assert canned.asked[-1] == "files.completeUploadExternal"


def test_a_picture_that_is_there_is_not_sent_again() -> None:
    with slack(file_name(line(3))) as canned:
        attached(canned.client(), [line(3)], "image", "C1", "1.2")

    assert canned.asked == ["conversations.replies"]


@pytest.mark.parametrize(("charts", "style"), [([line(3)], "native"), ([None], "image")])
def test_where_there_is_no_picture_to_send_slack_is_not_asked(charts: list[Chart | None], style: Any) -> None:
    with slack() as canned:
        attached(canned.client(), charts, style, "C1", "1.2")

    assert canned.asked == []


def test_a_picture_that_slack_refuses_is_told() -> None:
    with CannedSlack(**{"conversations.replies": {"ok": False, "error": "missing_scope"}}) as canned:
        client = canned.client()

        with pytest.raises(SlackRefused):
            attached(client, [line(3)], "image", "C1", "1.2")
