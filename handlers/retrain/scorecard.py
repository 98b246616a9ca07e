"""Scorecards in Slack: a card with the result and its figures, and a page for admins with the calls that changed most."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.errors import NotAllowed, UnknownAnswer
from bot.evaluation.metrics import named
from bot.evaluation.ports import Scorecards
from bot.evaluation.report import EvaluationRow, figures, html
from bot.queue.ports import Queue
from bot.queue.request import Job, ScorecardRequest
from handlers.slack.api import ask
from handlers.slack.fields import counted
from handlers.slack.layout import actions, button, context, section
from handlers.slack.message import Message
from handlers.slack.mrkdwn import Block, clip, escape, flat, mrkdwn, plain
from handlers.slack.people import People
from handlers.slack.reply import Reply

SIGNS = {"promote": "✅", "refuse": "✋", "too_few": "🔎"}
HEADING = ("", "current", "new", "change", "95% interval")
LABEL = 32  # characters of a figure's name, so that a line of the table fits the width of a message
MOST_ROWS = 20  # a table of more lines would not fit into one section


def register(app: App) -> None:
    app.action("moved_calls")(moved_calls)


def message(row: EvaluationRow, *, override: str = "", request: str = "") -> Message:
    """The card of an evaluation (a row of bot.evaluation.evaluation.to_row), with the result first.

    `override`: why the new model was promoted despite the result, if it was.
    """
    verdict = section(plain(f"{SIGNS[row['verdict']]} {row['sentence']}"))
    blocks = [
        verdict | ({"block_id": clip(f"wrapup:{request}", 255)} if request else {}),
        *([section(mrkdwn(f"⚠️ *Promoted despite the result*: {flat(override, 1000)}"))] if override else []),
        context(_about(row)),
        section(mrkdwn(f"```\n{_table(row)}```")),
        section(plain(_query(row))),
        *_probes(row),
        *_against(row),
        *_moved(row),
    ]
    return Message(flat(row["sentence"], 2000), blocks)


def moved_calls(
    ack: Ack, body: dict[str, Any], action: dict[str, Any], client: WebClient, people: People, queue: Queue
) -> None:
    """Sends the calls that changed most as a page to the admin who pressed. In private, because it shows customers' words."""
    user = body["user"]["id"]
    if not people.is_admin(user):
        raise NotAllowed(
            f"Only admins can see these calls. Ask your Wrapup admin to add you (`{user}`) to WRAPUP_ADMINS."
        )
    channel = ask(client.conversations_open, users=user)["channel"]["id"]
    task, champion, challenger = json.loads(action["value"])
    request = ScorecardRequest(
        id=f"moved:{user}:{action['action_ts']}", team=body["team"]["id"], channel=channel, user=user, at=time.time(),
        task=task, champion=champion, challenger=challenger,
    )  # fmt: skip
    queue.accept(request, None)
    ack()


class ScorecardPages:
    """Sends whole evaluations as files. Threads may share it."""

    def __init__(self, scorecards: Scorecards, queue: Queue) -> None:
        self._scorecards, self._queue = scorecards, queue

    def take(self, job: Job, reply: Reply) -> str:
        """Attaches the evaluation as an HTML page. Raises UnknownAnswer if it is no longer kept."""
        assert isinstance(job.request, ScorecardRequest)
        reply.attach(*page(job.request, self._scorecards))
        self._queue.finish(job, "")
        return "shown"


def page(request: ScorecardRequest, scorecards: Scorecards) -> tuple[str, str]:
    """Name and content of the file with the whole evaluation. Raises UnknownAnswer if it is no longer kept."""
    task = request.task
    if (row := scorecards.scorecard(task, request.champion, request.challenger)) is None:
        raise UnknownAnswer("This evaluation is no longer kept. Evaluate the model again.")
    return f"scorecard-{task}-{datetime.fromtimestamp(row['at'], UTC):%Y-%m-%d-%H%M%S}.html", html(row)


def _about(row: EvaluationRow) -> str:
    when = f" · {_minute(row['at'])}" if "at" in row else ""
    calls = counted("test calls", row["n"])
    return f"{row['task']} · new model: {row['challenger']} · current model: {row['champion']} · {calls}{when}"


def _minute(at: float) -> str:
    when = datetime.fromtimestamp(at, UTC)
    return f"{when.day} {when:%b %Y, %H:%M UTC}"


def _table(row: EvaluationRow) -> str:
    """A table of the percentages that count for the result, and of the valid answers."""
    cells = zip(row["fields"], figures(row)[1:], strict=True)
    shown = [each for name, each in cells if named(name).unit == "share" and (named(name).judged or name == "valid")]
    rows = [list(HEADING), *([clip(each[0], LABEL, len), *each[1:5]] for each in shown[:MOST_ROWS])]
    widths = [max(len(each[n]) for each in rows) for n in range(len(HEADING))]
    lines = ("  ".join(_padded(cell, widths[n], n) for n, cell in enumerate(each)).rstrip() for each in rows)
    return escape("\n".join(lines).replace("`", "'"))


def _padded(cell: str, width: int, column: int) -> str:
    return cell.rjust(width) if column else cell.ljust(width)


def _query(row: EvaluationRow) -> str:
    cells = dict(zip(row["fields"], figures(row)[1:], strict=True))
    before, now = row["fields"]["tokens"]["champion"], row["fields"]["tokens"]["challenger"]
    share = f" ({now / before - 1:+.0%})" if before and now is not None else ""
    _, *tokens = cells["tokens"]
    _, *cost = cells["cost_usd"]
    counting = "" if row["tokens_counted"] else ", estimated"
    return f"Tokens per call: {tokens[0]} with the current model, {tokens[1]} with the new one{share}{counting}. {_price(row, cost)}"


def _price(row: EvaluationRow, cost: Sequence[str]) -> str:
    if not row["cost_known"]:
        return "The cost is unknown."
    if not any(row["fields"]["cost_usd"][side] for side in ("champion", "challenger")):
        return "Both are free."
    return f"Cost per call: {cost[0]} with the current model, {cost[1]} with the new one."


def _probes(row: EvaluationRow) -> list[Block]:
    kinds = (
        f"{kind}: {each['champion']} of {each['asked']} by the current model, {each['challenger']} by the new one"
        for kind, each in row["probes"].items()
    )
    return [context(f"Safety tests passed · {' · '.join(kinds)}")] if row["probes"] else []


def _against(row: EvaluationRow) -> list[Block]:
    if not (third := row["against"]):
        return []
    first, tokens = next(iter(row["fields"])), third["fields"]["tokens"]
    value = third["fields"][first]
    told = "unknown" if value is None else f"{100 * value:.1f}"
    takes = f", {tokens:,.0f} tokens per call" if tokens is not None else ""
    return [context(f"For comparison: {third['model']} with the long prompt · {named(first).label}: {told}{takes}")]


def _moved(row: EvaluationRow) -> list[Block]:
    if not (row["better"] or row["worse"]):
        return []
    label = f"See the calls: {len(row['better'])} better, {len(row['worse'])} worse"
    which = json.dumps([row["task"], row["champion"], row["challenger"]])
    return [actions(button(label, "moved_calls", which))]
