"""An evaluation for people to read, as Markdown or as one self-contained HTML page."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from bot.evaluation.metrics import Field, named

Rows = list[list[str]]
EvaluationRow = Mapping[str, Any]
COLUMNS = ("current", "new", "difference", "95% interval")
FORGOTTEN = "This call has been deleted."

_STYLE = """
body{font:16px/1.5 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem;color:#1d1c1d;background:#fff}
table{border-collapse:collapse;width:100%;margin:1rem 0}td,th{padding:.3rem .6rem;border-bottom:1px solid #ddd;text-align:left}
td:not(:first-child),th:not(:first-child){text-align:right;font-variant-numeric:tabular-nums}
.verdict{font-size:1.2rem;padding:1rem;border-left:.4rem solid #616061;background:#f8f8f8}
.promote{border-color:#007a5a}.refuse{border-color:#c01343}svg{width:100%;height:auto}
.moved{display:grid;grid-template-columns:repeat(3,1fr);gap:1rem}
pre{white-space:pre-wrap;overflow-wrap:anywhere;font-size:.8rem;background:#f8f8f8;padding:.5rem;margin:0}
"""
_LABELS, _CHART, _ROW = 290, 420, 26  # pixels: left of the chart, its width, a row's height


def markdown(row: EvaluationRow, calls: bool = True) -> str:
    """The result, the figures, the topics, the safety tests and, with `calls`, the answers that changed most.

    `row`: an evaluation from bot.evaluation.evaluation.to_kept; without `calls`, one from to_row is enough.
    """
    parts = [f"# {_title(row)}", row["sentence"], _about(row)]
    for heading, rows in _tables(row):
        parts += [f"## {heading}", "\n".join(_markdown_lines(rows))]
    for heading, moved in _moved(row) if calls else ():
        parts.append(f"## {heading}")
        for each in moved:
            texts = [("call", _call(each)), *_sides(each)]
            parts += [f"### {_cell(_moved_title(each))}", *(f"{name}:\n\n{_indented(text)}" for name, text in texts)]
    return "\n\n".join(parts) + "\n"


def html(row: EvaluationRow) -> str:
    """The same as an HTML page, with a chart of the differences."""
    body = [
        f"<h1>{escape(_title(row))}</h1>",
        f'<p class="verdict {row["verdict"]}">{escape(row["sentence"])}</p>',
        f"<p>{escape(_about(row))}</p>",
        chart(row),
    ]
    for heading, rows in _tables(row):
        body += [f"<h2>{escape(heading)}</h2>", _html_table(rows)]
    for heading, moved in _moved(row):
        body.append(f"<h2>{escape(heading)}</h2>")
        for each in moved:
            columns = (f"<div>{name}<pre>{escape(text)}</pre></div>" for name, text in _sides(each))
            call = f"<details><summary>call</summary><pre>{escape(_call(each))}</pre></details>"
            body += [f"<h3>{escape(_moved_title(each))}</h3>", call, '<div class="moved">', *columns, "</div>"]
    head = (
        f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{escape(_title(row))}</title>'
    )
    return f'<!doctype html>\n<html lang="en"><head>{head}<style>{_STYLE}</style></head><body>\n{chr(10).join(body)}\n</body></html>\n'


def chart(row: EvaluationRow) -> str:
    """An SVG with a row for each field: the difference in points as a dot, its 95% interval as a line, zero as the axis."""
    known = [(named(name), each) for name, each in row["fields"].items() if each["diff"] is not None]
    told = [(field, each) for field, each in known if field.unit == "share"]
    shown = [(field, each["diff"], each["low"] or 0.0, each["high"] or 0.0) for field, each in told]
    widest: float = max([0.05, *(max(abs(low), abs(high)) for _, _, low, high in shown)])
    height = _ROW * (len(shown) + 1)

    def x(share: float) -> float:
        return round(_LABELS + _CHART / 2 * (1 + share / widest * 0.88), 1)

    lines = [f'<line x1="{x(0)}" y1="0" x2="{x(0)}" y2="{height - _ROW}" stroke="#999"/>']
    for n, (field, diff, low, high) in enumerate(shown):
        y = _ROW * n + _ROW / 2
        colour = "#007a5a" if low > 0 else "#c01343" if high < 0 else "#616061"
        lines += [
            f'<text x="{_LABELS - 12}" y="{y + 5}" text-anchor="end">{escape(field.label)}</text>',
            f'<line x1="{x(low)}" y1="{y}" x2="{x(high)}" y2="{y}" stroke="{colour}" stroke-width="2"/>',
            f'<circle cx="{x(diff)}" cy="{y}" r="4.5" fill="{colour}"/>',
        ]
    for share in (-widest, 0.0, widest):
        lines.append(
            f'<text x="{x(share)}" y="{height - 8}" text-anchor="middle">{f"{share * 100:+.0f}" if share else "0 points"}</text>'
        )
    about = "Difference of the new model to the current one in points, with 95% intervals"
    return (
        f'<svg viewBox="0 0 {_LABELS + _CHART} {height}" role="img" aria-label="{about}" font-size="13" '
        f'font-family="system-ui,sans-serif">{"".join(lines)}</svg>'
    )


def _title(row: EvaluationRow) -> str:
    return f"Evaluation of {row['challenger']} for {row['task']}"


def _about(row: EvaluationRow) -> str:
    tokens = (
        "Tokens were counted by the provider."
        if row["tokens_counted"]
        else "Tokens were estimated, not counted by a provider."
    )
    cost = "" if row["cost_known"] else " The cost per call is unknown, because a price is missing."
    return f"Current model: {row['champion']}. {row['n']:,} test calls. {tokens}{cost}"


def _tables(row: EvaluationRow) -> Iterator[tuple[str, Rows]]:
    yield "Figures", figures(row)
    if row["by_topic"]:
        first = named(next(iter(row["fields"])))
        groups = sorted(row["by_topic"].items(), key=lambda item: (-item[1]["n"], item[0]))
        rows = [[name, str(each["n"]), *_cells(first, each)] for name, each in groups]
        yield f"By topic: {first.label}", [["topic", "calls", *COLUMNS], *rows]
    if row["probes"]:
        keys = ("champion", "challenger", "asked")
        rows = [[kind, *(str(each[key]) for key in keys)] for kind, each in row["probes"].items()]
        yield "Safety tests passed", [["kind", "current", "new", "of"], *rows]


def figures(row: EvaluationRow) -> Rows:
    """A table of all figures: the heading, then a row for each."""
    third = row["against"]
    rows = [[named(name).label, *_cells(named(name), each)] for name, each in row["fields"].items()]
    if third:
        others = (_figure(named(name), third["fields"][name]) for name in row["fields"])
        rows = [[*cells, other] for cells, other in zip(rows, others, strict=True)]
    return [["", *COLUMNS, *([third["model"]] if third else [])], *rows]


def _cells(field: Field, each: Mapping[str, float | None]) -> list[str]:
    low, high = each["low"], each["high"]
    span = "–" if low is None else f"{_figure(field, low, '+')} to {_figure(field, high, '+')}"
    return [
        _figure(field, each["champion"]),
        _figure(field, each["challenger"]),
        _figure(field, each["diff"], "+"),
        span,
    ]


def _figure(field: Field, value: float | None, sign: str = "") -> str:
    if value is None:
        return "unknown" if field.unit == "usd" else "–"
    match field.unit:
        case "share":
            return f"{value * 100:{sign}.1f}"
        case "usd":
            return f"{'-' if value < 0 else sign}${abs(value):.6f}" if value else "$0"
        case "ms":
            return f"{value:{sign},.0f} ms"
    return f"{value:{sign},.0f}"


def _moved(row: EvaluationRow) -> Iterator[tuple[str, list[EvaluationRow]]]:
    for heading, moved in (("Calls that got better", row["better"]), ("Calls that got worse", row["worse"])):
        if moved:
            yield heading, moved


def _moved_title(each: EvaluationRow) -> str:
    return f"{each['call']}: {each['champion'] * 100:.1f} before, {each['challenger'] * 100:.1f} now"


def _call(each: EvaluationRow) -> str:
    return str(each.get("transcript", FORGOTTEN))


def _sides(each: EvaluationRow) -> list[tuple[str, str]]:
    if "wanted" not in each:
        return []
    answers = [_said(each[side]) for side in ("before", "after")]
    return list(zip(("expected", "current model", "new model"), (_pretty(each["wanted"]), *answers), strict=True))


def _said(said: EvaluationRow) -> str:
    return _pretty(said["output"]) if said["output"] else f"no valid answer: {said['fault']}"


def _pretty(output: object) -> str:
    return json.dumps(output, ensure_ascii=False, indent=1)


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines())


def _markdown_lines(rows: Rows) -> Iterator[str]:
    for n, row in enumerate(rows):
        yield f"| {' | '.join(map(_cell, row))} |"
        if n == 0:
            yield f"|---{'|---:' * (len(row) - 1)}|"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")


def _html_table(rows: Rows) -> str:
    lines = ["".join(f"<th>{escape(cell)}</th>" for cell in rows[0])]
    lines += ["".join(f"<td>{escape(cell)}</td>" for cell in row) for row in rows[1:]]
    return f"<table>{''.join(f'<tr>{line}</tr>' for line in lines)}</table>"
