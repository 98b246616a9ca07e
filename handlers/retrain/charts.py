"""Charts in Slack: as blocks that Slack draws, or as pictures in the thread if Slack can't draw them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Literal

from slack_sdk import WebClient

from bot.retraining.chart import Chart, thinned
from bot.retraining.picture import png
from handlers.slack.api import ask, pages
from handlers.slack.layout import MESSAGE
from handlers.slack.message import Message
from handlers.slack.mrkdwn import Block, clip, units

Style = Literal["native", "image"]
TITLE, LABEL, POINTS, SERIES = 50, 20, 20, 6  # Slack's limits: docs.slack.dev, data visualization block
MOST_CHARTS = 2  # Slack's limit for a message


def block(chart: Chart) -> Block:
    """The chart as Slack draws it. Long lines get fewer points, and long texts are cut."""
    labels, series = thinned(chart, POINTS)
    labels = list(_unique(labels))
    lines = [
        {"name": name, "data": [{"label": label, "value": y} for label, y in zip(labels, values, strict=True)]}
        for name, values in zip(_unique(series), list(series.values())[:SERIES], strict=False)
    ]
    axes = {
        "categories": labels,
        "x_label": clip(chart.x_label, TITLE, units),
        "y_label": clip(chart.y_label, TITLE, units),
    }
    drawn = {"type": chart.kind, "series": lines, "axis_config": axes}
    return {"type": "data_visualization", "title": clip(chart.title, TITLE, units), "chart": drawn}


def drawn(message: Message, charts: Iterable[Chart | None], style: Style) -> Message:
    """The message with the charts before its buttons, if Slack draws them: two at most, and only if there is room."""
    blocks: list[Block] = []
    for chart in charts if style == "native" else ():
        if chart and len(blocks) < MOST_CHARTS and MESSAGE.holds(*message.blocks, *blocks, one := block(chart)):
            blocks.append(one)
    buttons = len(message.blocks)
    while buttons and message.blocks[buttons - 1]["type"] == "actions":
        buttons -= 1
    return replace(message, blocks=[*message.blocks[:buttons], *blocks, *message.blocks[buttons:]])


def attached(client: WebClient, charts: Iterable[Chart | None], style: Style, channel: str, ts: str) -> None:
    """If Slack doesn't draw charts, posts them as pictures in the thread of the message `ts`, each once.

    Raises SlackRefused or SlackUnavailable.
    """
    shown = [chart for chart in charts if chart] if style == "image" else []
    there = set(_files(client, channel, ts)) if shown else set()
    for chart in shown:
        if (name := file_name(chart)) not in there:
            ask(
                client.files_upload_v2,
                content=png(chart),
                filename=name,
                title=chart.title,
                alt_txt=_told(chart),
                channel=channel,
                thread_ts=ts,
            )


def file_name(chart: Chart) -> str:
    """The name of a chart's file, by which it is found again: the same chart always has the same name."""
    return f"{chart.kind}-{chart.digest}.png"


def _told(chart: Chart) -> str:
    """The chart in words, for people who can't see it."""
    _, series = thinned(chart, POINTS)
    last = (f"{name} {values[-1]:.3g} at the end" for name, values in series.items())
    noted = (f"{name}: {note}" for name, note in zip(chart.categories, chart.notes, strict=False))
    return clip(f"{chart.title}. {'; '.join(noted if chart.notes else last)}.", 1000, units)


def _unique(texts: Iterable[str]) -> Iterator[str]:
    """The texts cut to the length of a label, with a number added to those that would be equal."""
    seen: set[str] = set()
    for text in texts:
        label, n = clip(text, LABEL, units), 1
        while label in seen:
            n += 1
            label = f"{clip(text, LABEL - 4, units)} {n}"
        seen.add(label)
        yield label


def _files(client: WebClient, channel: str, ts: str) -> Iterator[str]:
    for page in pages(client.conversations_replies, channel=channel, ts=ts, limit=200):
        messages: Sequence[dict[str, list[dict[str, str]]]] = page.get("messages") or ()
        yield from (str(file.get("name")) for message in messages for file in message.get("files") or ())
