"""Reads every file of a folder and prints what came of it as a Markdown table: `python -m bench.files FOLDER`."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from bot.calls.document import MAX_BYTES
from bot.calls.files import Taken, files, take
from bot.calls.transcript import Transcript
from bot.errors import ReadError


def main() -> None:
    print("| file | read as | what came of it |\n|---|---|---|")
    for name in files([sys.argv[1]]):
        print(f"| `{Path(name).name}` | {' | '.join(_cells(list(take(name, 'call', None, MAX_BYTES))))} |")


def _cells(taken: list[Taken]) -> list[str]:
    refused = [each.found for each in taken if isinstance(each.found, ReadError)]
    if refused:
        return ["refused", refused[0].reason]
    calls = [each.found for each in taken if isinstance(each.found, Transcript)]
    turns = [turn for call in calls for turn in call.turns]
    speakers = Counter(turn.speaker for turn in turns)
    told = ", ".join(f"{count} {name}" for name, count in sorted(speakers.items()))
    several = f"{len(calls)} calls, " if len(calls) > 1 else ""
    return [f"`{calls[0].format}`", f"{several}{len(turns)} turn{'s' * (len(turns) > 1)}: {told}"]


if __name__ == "__main__":
    main()
