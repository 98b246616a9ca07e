"""Block Kit for the training data and its use: training examples, datasets, the audit log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from bot.feedback.votes_and_corrections import STATES
from bot.models.audit import Entry
from handlers.slack.fields import counted, title
from handlers.slack.layout import actions, button, context, header, pack, section
from handlers.slack.message import Message
from handlers.slack.mrkdwn import Block, flat, mrkdwn, plain, who

WEEKS = 8  # the latest weeks that are shown
ROOM = 10_000  # of a message's room, leaves enough for the heading

CHANGES = {"left_out": "Left out", "mended": "Fixed", "warnings": "Warnings"}  # heading by key of the manifest


def collected(stats: Mapping[str, Any], answering: Mapping[str, str]) -> Message:
    """How many training examples there are, the feedback on answers, and the current model of each task."""
    text = f"{counted('training examples', stats['pairs'])}, {stats['since_export']:,} of them since the last export."
    states = " · ".join(f"{stats[state]:,} {state}" for state in STATES if stats[state])
    states = f"{counted('answers', stats['answers'])}: {states}" if states else "No answers yet"
    rows = {"Current model": plain(" · ".join(f"{task}: {model}" for task, model in answering.items()))}
    rows |= {title(kind): plain(_counts(stats[f"by_{kind}"])) for kind in ("label", "source", "task")}
    weeks = list(stats["by_week"].items())[-WEEKS:]
    rows["Week of"] = plain(_counts({_monday(week): n for week, n in weeks}))
    reviewers = " · ".join(f"<@{user}>: {n:,}" for user, n in list(stats["by_reviewer"].items())[:20])
    rows["Reviewer"] = mrkdwn(reviewers) if reviewers else plain("none")
    waiting = [section(plain(f"⚖️ {counted('conflicts', stats['conflict'])} for a reviewer to settle."))]
    head = [header("Training data"), section(plain(text)), context(states)]
    return Message(text, [*head, *_rows(rows), *(waiting if stats["conflict"] else [])])


def history(entries: Sequence[Entry]) -> Message:
    """The last steps of training and serving, newest first."""
    rows = [
        f"{_minute(entry.at)} · {flat(entry.did, 100)} · {entry.task} · {flat(entry.what, 300)} · by {who(entry.who)}"
        for entry in reversed(entries)
    ]
    text = f"The last {counted('steps', len(rows))} (UTC)." if rows else "Nothing has been done yet."
    return Message(text, [header("History"), section(plain(text)), *pack(rows, _lines, ROOM, most=1)[0]])


def exported(request: str, about: Mapping[str, Any], place: str, *, written: bool, download: str = "") -> Message:
    """A dataset by its manifest: splits, tokens, what was left out and why.

    `download`: the task, for the button that sends the dataset; "" shows no button.
    """
    files = {name: file["records"] for name, file in about["files"].items()}
    text = f"{counted('training examples', about['pairs']['train'])} for {about['family']}."
    rows = {
        "Records": plain(_counts(files)),
        "Tokens": plain(f"{about['tokens']['training']:,} per epoch ({about['tokens']['counted']})"),
        **{name: plain(_counts(about[what])) for what, name in CHANGES.items() if about[what]},
        "Location": plain(place if written else f"{place} (already there)"),
    }
    press = [actions(button("Download", "download_dataset", download))] if download else []
    head = [header("Dataset") | {"block_id": f"wrapup:{request}"}, section(plain(text)), context(str(about["name"]))]
    return Message(text, [*head, *_rows(rows), *press])


def _minute(at: float) -> str:
    when = datetime.fromtimestamp(at, UTC)
    return f"{when.day} {when:%b %Y, %H:%M}"


def _lines(rows: Sequence[str]) -> Block:
    return section(mrkdwn("\n".join(rows)))


def _rows(rows: Mapping[str, Block]) -> list[Block]:
    return [{"type": "section", "fields": [mrkdwn(f"*{name}*"), value]} for name, value in rows.items()]


def _counts(counts: Mapping[str, int]) -> str:
    return " · ".join(f"{name}: {n:,}" for name, n in list(counts.items())[-12:]) or "none"


def _monday(week: str) -> str:
    """The first day of an ISO week such as "2026-W48"."""
    year, number = week.split("-W")
    monday = date.fromisocalendar(int(year), int(number), 1)
    return f"{monday.day} {monday:%b}"
