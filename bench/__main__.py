"""Prints every figure as a table: `python -m bench [FOLDER with calls.jsonl and moderation.jsonl]`."""

from __future__ import annotations

import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench import bedrock_overhead, exporting, importing, settling, slack_side, speed, tokens


def main() -> None:
    console, folder = Console(), Path(sys.argv[1]) if len(sys.argv) > 1 else None
    table = Table(title="Speed, memory and tokens (one run, this machine)")
    for heading in ("what", "figure", "aim"):
        table.add_column(heading)
    with console.status("measuring ...") as status:
        for measured in (speed, tokens, bedrock_overhead, settling, exporting, importing, slack_side):
            for row in (*measured.rows(), *(tokens.given(folder) if folder and measured is tokens else ())):
                status.update(f"measured: {row[0]}")
                table.add_row(*row)
    console.print(table)
    if folder:
        from bench.quality import main as quality  # noqa: PLC0415  # rouge-score loads with it

        quality(folder)


if __name__ == "__main__":
    main()
