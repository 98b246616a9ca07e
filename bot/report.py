"""An evaluation as people read it: Markdown, and one page of HTML that needs nothing beside it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from html import escape

from bot.attempt import Attempt
from bot.bootstrap import Difference
from bot.evaluation import Evaluation
from bot.holdout import Case
from bot.metrics import Field
from bot.scorecard import Moved

Rows = list[list[str]]

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


def markdown(found: Evaluation, calls: bool = True) -> str:
    """The verdict, the figures, the topics, the probes and, with `calls`, the answers that moved most."""
    parts = [f"# {_title(found)}", found.decision.sentence, _about(found)]
    for heading, rows in _tables(found):
        parts += [f"## {heading}", "\n".join(_markdown_lines(rows))]
    for heading, moved in _moved(found) if calls else ():
        parts.append(f"## {heading}")
        for each, case, before, after in moved:
            parts += [f"### {_cell(_moved_title(each))}", *_fenced(case, before, after)]
    return "\n\n".join(parts) + "\n"


def html(found: Evaluation) -> str:
    """The same with a chart of the differences."""
    body = [
        f"<h1>{escape(_title(found))}</h1>",
        f'<p class="verdict {found.decision.verdict}">{escape(found.decision.sentence)}</p>',
        f"<p>{escape(_about(found))}</p>",
        chart(found.fields, found.card.fields),
    ]
    for heading, rows in _tables(found):
        body += [f"<h2>{escape(heading)}</h2>", _html_table(rows)]
    for heading, moved in _moved(found):
        body.append(f"<h2>{escape(heading)}</h2>")
        for each, case, before, after in moved:
            body += [
                f"<h3>{escape(_moved_title(each))}</h3>",
                '<div class="moved">',
                *_columns(case, before, after),
                "</div>",
            ]
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{escape(_title(found))}</title>'
    return f'<!doctype html>\n<html lang="en"><head>{head}<style>{_STYLE}</style></head><body>\n{chr(10).join(body)}\n</body></html>\n'


def chart(fields: Sequence[Field], differences: Mapping[str, Difference]) -> str:
    """An SVG with a row a field: the difference in points as a dot, its 95 % interval as a line, zero as an axis."""
    rows = [(field, differences[field.name]) for field in fields if field.unit == "share"]
    shown = [(field, each.diff, each.low or 0.0, each.high or 0.0) for field, each in rows if each.diff is not None]
    widest = max([0.05, *(max(abs(low), abs(high)) for _, _, low, high in shown)])
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
    about = "Difference of the challenger to the champion in points, with 95 % intervals"
    return (
        f'<svg viewBox="0 0 {_LABELS + _CHART} {height}" role="img" aria-label="{about}" font-size="13" '
        f'font-family="system-ui,sans-serif">{"".join(lines)}</svg>'
    )


def _title(found: Evaluation) -> str:
    return f"Evaluation of {found.challenger.model} for {found.task.name}"


def _about(found: Evaluation) -> str:
    tokens = (
        "Tokens were counted by the provider." if found.counted else "Tokens were estimated, not counted by a provider."
    )
    cost = (
        "" if found.card.fields["cost_usd"].diff is not None else " What a query costs is unknown: not all prices are."
    )
    return f"Champion: {found.champion.model}. {found.card.n} held-out calls. {tokens}{cost}"


def _tables(found: Evaluation) -> Iterator[tuple[str, Rows]]:
    yield "Figures", _figures(found)
    if found.card.by_group:
        label = found.fields[0].label
        groups = sorted(found.card.by_group.items(), key=lambda item: (-item[1][0], item[0]))
        rows = [[name, str(n), *_cells(found.fields[0], each)] for name, (n, each) in groups]
        yield f"By topic: {label}", [["topic", "calls", "champion", "challenger", "difference", "95 % sure"], *rows]
    if found.probes:
        rows = [[kind, *map(str, numbers)] for kind, numbers in found.probes.items()]
        yield "Safety probes passed", [["kind", "champion", "challenger", "asked"], *rows]


def _figures(found: Evaluation) -> Rows:
    third = found.against
    heading = ["", "champion", "challenger", "difference", "95 % sure", *([third[0].model] if third else [])]
    rows = [[field.label, *_cells(field, found.card.fields[field.name])] for field in found.fields]
    if third:
        rows = [[*row, _figure(field, third[1][field.name])] for row, field in zip(rows, found.fields, strict=True)]
    return [heading, *rows]


def _cells(field: Field, each: Difference) -> list[str]:
    span = f"{_figure(field, each.low, '+')} to {_figure(field, each.high, '+')}" if each.low is not None else "–"
    return [_figure(field, each.champion), _figure(field, each.challenger), _figure(field, each.diff, "+"), span]


def _figure(field: Field, value: float | None, sign: str = "") -> str:
    if value is None:
        return "unknown" if field.unit == "usd" else "–"
    match field.unit:
        case "share":
            return f"{value * 100:{sign}.1f}"
        case "usd":
            return f"{value:{sign}.6f} USD" if value else "0 USD"
        case "ms":
            return f"{value:{sign},.0f} ms"
    return f"{value:{sign},.0f}"


def _moved(found: Evaluation) -> Iterator[tuple[str, list[tuple[Moved, Case, Attempt, Attempt]]]]:
    for heading, moved in (("Calls that got better", found.card.better), ("Calls that got worse", found.card.worse)):
        if moved:
            yield heading, found.of(moved)


def _moved_title(each: Moved) -> str:
    return f"{each.call}: {each.champion * 100:.1f} before, {each.challenger * 100:.1f} now"


def _sides(case: Case, before: Attempt, after: Attempt) -> list[tuple[str, str]]:
    answers = [_pretty(each.output) if each.output else f"no valid answer: {each.fault}" for each in (before, after)]
    wanted = _pretty(case.reference.model_dump(mode="json"))
    return list(zip(("wanted", "champion", "challenger"), (wanted, *answers), strict=True))


def _fenced(case: Case, before: Attempt, after: Attempt) -> list[str]:
    return [f"{name}:\n\n{_indented(text)}" for name, text in _sides(case, before, after)]


def _columns(case: Case, before: Attempt, after: Attempt) -> list[str]:
    return [f"<div>{name}<pre>{escape(text)}</pre></div>" for name, text in _sides(case, before, after)]


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
