"""Prints every figure as a table: `python -m bench [FOLDER with calls.jsonl and moderation.jsonl]`."""

from __future__ import annotations

import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench import bedrock_overhead, exporting, importing, settling, slack_side, speed, tokens


def main() -> None:
    console = Console()
    table = Table(title="Speed, memory and tokens (one run, this machine)")
    for heading in ("what", "figure", "aim"):
        table.add_column(heading)
    with console.status("measuring ...") as status:
        for measured in (speed, tokens, bedrock_overhead, settling, exporting, importing, slack_side):
            for row in measured.rows():
                status.update(f"measured: {row[0]}")
                table.add_row(*row)
    console.print(table)
    if len(sys.argv) > 1:
        from bench.quality import main as quality  # noqa: PLC0415  # rouge-score loads with it

        quality(Path(sys.argv[1]))


if __name__ == "__main__":
    main()
