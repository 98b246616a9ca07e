"""A chart as a PNG."""

# Pillow is imported only when a picture is drawn, as few processes need it.
# ruff: noqa: PLC0415

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from bot.retraining.chart import Chart

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

Colour = tuple[int, int, int]
Box = tuple[int, int, int, int]

# Slack shows a picture 360 pixels wide, half of this, until somebody opens it. The letters must be readable even then.
WIDTH, LINE_HEIGHT, EDGE = 720, 480, 24  # pixels
HEAD, TEXT, BAR, LINE = 104, 24, 28, 34  # pixels: the height of title and legend, a letter, a bar, a line of text
WHITE, INK, GREY, GRID = (255, 255, 255), (29, 28, 29), (97, 96, 97), (221, 221, 221)
COLOURS: tuple[Colour, ...] = (
    (54, 113, 198),
    (224, 101, 40),
    (0, 122, 90),
    (130, 80, 160),
    (150, 120, 0),
    (97, 96, 97),
)
TICKS = 4  # parts of each axis
MANY = 3  # categories whose bars stay readable in Slack, which shows a picture 360 pixels high


def png(chart: Chart) -> bytes:
    """The chart with its title, a legend and the names of its axes. Bars are horizontal, so that their names have room."""
    from PIL import Image, ImageDraw

    height = LINE_HEIGHT if chart.kind == "line" else _bars_height(chart)
    image = Image.new("RGB", (WIDTH, height), WHITE)
    draw = ImageDraw.Draw(image)
    _head(draw, chart)
    (_lines if chart.kind == "line" else _bars)(draw, chart, height)
    written = io.BytesIO()
    image.save(written, "PNG", optimize=True)
    return written.getvalue()


def _write(
    draw: ImageDraw, at: tuple[float, float], text: str, anchor: str, colour: Colour = INK, size: int = TEXT
) -> int:
    """Writes a line, and returns its width in pixels. `anchor` is Pillow's, such as "lm": left, middle of the letters."""
    from PIL import ImageFont

    font = ImageFont.load_default(size)
    draw.text(at, text, fill=colour, font=font, anchor=anchor)
    return round(draw.textlength(text, font=font))


def _head(draw: ImageDraw, chart: Chart) -> None:
    _write(draw, (EDGE, 28), _short(chart.title, 52), "lm", size=26)
    x = EDGE
    for series, colour in zip(chart.series, COLOURS, strict=False):
        draw.rectangle((x, 60, x + 20, 80), fill=colour)
        x += 28 + _write(draw, (x + 28, 70), series.name, "lm") + 24


def _lines(draw: ImageDraw, chart: Chart, height: int) -> None:
    points = [point for series in chart.series for point in series.points]
    first, last = min(x for x, _ in points), max(x for x, _ in points)
    highest = max(y for _, y in points) or 1.0
    left, top, right, bottom = 110, HEAD + 36, WIDTH - 2 * EDGE, height - 86

    def place(x: float, y: float) -> tuple[float, float]:
        return left + (right - left) * (x - first) / ((last - first) or 1), bottom - (bottom - top) * y / highest

    for n in range(TICKS + 1):
        x, y = first + (last - first) * n / TICKS, highest * n / TICKS
        level = place(first, y)[1]
        draw.line((left, level, right, level), fill=GRID)
        _write(draw, (left - 10, level), f"{y:.3g}", "rm", GREY)
        if last > first or n == 0:
            _write(draw, (place(x, 0)[0], bottom + 22), f"{x:,.0f}", "mm", GREY)
    _write(draw, (EDGE, HEAD + 8), chart.y_label, "lm", GREY)
    _write(draw, ((left + right) / 2, bottom + 60), chart.x_label, "mm", GREY)
    for series, colour in zip(chart.series, COLOURS, strict=False):
        line = [place(*point) for point in series.points]
        draw.line(line, fill=colour, width=3, joint="curve")
        for x, y in line if len(line) <= 40 else (line[0], line[-1]):
            draw.ellipse((x - 4, y - 4, x + 4, y + 4), fill=colour)


def _row_height(chart: Chart) -> int:
    """The height of a line for the name, the bars, a line for the note, and a gap."""
    return LINE + BAR * len(chart.series) + (LINE if chart.notes else 0) + 20


def _shown(chart: Chart) -> list[int]:
    """The categories that are drawn. If there are many, only those that differ, as Slack shows tall pictures small."""
    every = list(range(len(chart.categories)))
    if len(every) <= MANY or len(chart.series) == 1:
        return every
    return [n for n in every if len({series.points[n][1] for series in chart.series}) > 1]


def _bars_height(chart: Chart) -> int:
    shown = len(_shown(chart))
    return HEAD + _row_height(chart) * shown + 48 + (LINE if shown < len(chart.categories) else 0)


def _bars(draw: ImageDraw, chart: Chart, height: int) -> None:
    highest = max(y for series in chart.series for _, y in series.points) or 1.0
    left, right = EDGE, WIDTH - 110
    shown = _shown(chart)
    for row, n in enumerate(shown):
        y = HEAD + row * _row_height(chart) + LINE
        _write(draw, (left, y - LINE / 2), _short(chart.categories[n], 50), "lm")
        for series, colour in zip(chart.series, COLOURS, strict=False):
            value = series.points[n][1]
            end = left + (right - left) * value / highest
            draw.rectangle((left, y, max(end, left + 1), y + BAR - 4), fill=colour)
            _write(draw, (end + 10, y + BAR / 2 - 2), f"{value:,.1f}".removesuffix(".0"), "lm")
            y += BAR
        if chart.notes:
            _write(draw, (left, y + LINE / 2 - 2), chart.notes[n], "lm", GREY)
    if same := len(chart.categories) - len(shown):
        _write(draw, (left, height - 28 - LINE), f"{same} more did not change", "lm", GREY)
    _write(draw, (left, height - 28), f"{chart.y_label}, by {chart.x_label}", "lm", GREY)


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
