"""Scorecards in Slack: a card with the verdict and the figures, and the calls that moved as a page for admins."""

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
HEADING = ("", "champion", "challenger", "change", "95 % sure")
LABEL = 32  # characters of a figure's name in the table
MOST_ROWS = 20


def register(app: App) -> None:
    app.action("moved_calls")(moved_calls)


def message(row: EvaluationRow, *, override: str = "", request: str = "") -> Message:
    """The card of an evaluation (bot.evaluation.evaluation.to_row): the verdict first. `override` is why it was promoted all the same."""
    verdict = section(plain(f"{SIGNS[row['verdict']]} {row['sentence']}"))
    blocks = [
        verdict | ({"block_id": clip(f"wrapup:{request}", 255)} if request else {}),
        *([section(mrkdwn(f"⚠️ *Promoted against the verdict*: {flat(override, 1000)}"))] if override else []),
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
    """The calls that moved come as a page, into the direct messages of the admin who pressed: it shows customers' words."""
    user = body["user"]["id"]
    if not people.is_admin(user):
        raise NotAllowed("The calls behind a scorecard are for the admins whom WRAPUP_ADMINS names.")
    channel = ask(client.conversations_open, users=user)["channel"]["id"]
    task, champion, challenger = json.loads(action["value"])
    request = ScorecardRequest(
        id=f"moved:{user}:{action['action_ts']}", team=body["team"]["id"], channel=channel, user=user, at=time.time(),
        task=task, champion=champion, challenger=challenger,
    )  # fmt: skip
    queue.accept(request, None)
    ack()


class ScorecardPages:
    """Hands over whole evaluations as files. Threads may share it."""

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
        raise UnknownAnswer("This scorecard is not kept any more: evaluate the model again.")
    return f"scorecard-{task}-{datetime.fromtimestamp(row['at'], UTC):%Y-%m-%d-%H%M%S}.html", html(row)


def _about(row: EvaluationRow) -> str:
    when = f" · {datetime.fromtimestamp(row['at'], UTC):%d %b %Y, %H:%M UTC}" if "at" in row else ""
    calls = counted("held-out calls", row["n"])
    return f"{row['task']} · challenger: {row['challenger']} · champion: {row['champion']} · {calls}{when}"


def _table(row: EvaluationRow) -> str:
    """The shares of all calls in columns; what is judged by, and valid answers."""
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
    counting = "" if row["tokens_counted"] else ", by estimate"
    return f"A query takes the champion {tokens[0]} tokens, the challenger {tokens[1]}{share}{counting}. {_price(row, cost)}"


def _price(row: EvaluationRow, cost: Sequence[str]) -> str:
    if not row["cost_known"]:
        return "What it costs is not known."
    if not any(row["fields"]["cost_usd"][side] for side in ("champion", "challenger")):
        return "Neither costs anything."
    return f"It costs {cost[0]} with the champion, {cost[1]} with the challenger."


def _probes(row: EvaluationRow) -> list[Block]:
    kinds = (
        f"{kind}: champion {each['champion']}, challenger {each['challenger']}, of {each['asked']}"
        for kind, each in row["probes"].items()
    )
    return [context(f"Safety probes passed · {' · '.join(kinds)}")] if row["probes"] else []


def _against(row: EvaluationRow) -> list[Block]:
    if not (third := row["against"]):
        return []
    first, tokens = next(iter(row["fields"])), third["fields"]["tokens"]
    value = third["fields"][first]
    told = "unknown" if value is None else f"{100 * value:.1f}"
    takes = f", {tokens:,.0f} tokens a query" if tokens is not None else ""
    return [context(f"Beside them: {third['model']} with the long template · {named(first).label}: {told}{takes}")]


def _moved(row: EvaluationRow) -> list[Block]:
    if not (row["better"] or row["worse"]):
        return []
    label = f"See the calls: {len(row['better'])} better, {len(row['worse'])} worse"
    which = json.dumps([row["task"], row["champion"], row["challenger"]])
    return [actions(button(label, "moved_calls", which))]
