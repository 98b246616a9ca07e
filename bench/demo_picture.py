"""Draws docs/demo.svg from real answers: `python -m bench.demo_picture`."""

from __future__ import annotations

import re
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import MONOKAI

from bot import settings
from bot.calls import formats
from bot.calls.document import Document
from bot.commands.display import answer_panel
from bot.wiring import Wiring

ROOT = Path(__file__).resolve().parent.parent
SHOWN = ("samples/damaged-lamp.vtt", "samples/stolen-card.contact-lens.json")


def main() -> None:
    console = Console(record=True, width=110, force_terminal=True)
    read = settings.read({})
    answers = Wiring(read).answers
    summarizer, task = answers.usual, answers.task_named("summarize")
    console.print(f"$ wrapup summarize {' '.join(SHOWN)}", style="bold", highlight=False)
    for name in SHOWN:
        for call in formats.read(Document.decode((ROOT / name).read_bytes())):
            console.print(answer_panel(summarizer.answer(task, call), name))
    drawn = console.export_svg(title="wrapup", theme=MONOKAI, unique_id="wrapup")
    # The fonts named there would be fetched from elsewhere; any monospace font will do.
    (ROOT / "docs" / "demo.svg").write_text(re.sub(r"@font-face \{.*?\}", "", drawn, flags=re.DOTALL), "utf-8")


if __name__ == "__main__":
    main()
