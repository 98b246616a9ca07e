"""Reads every file of a folder and prints what came of it as a Markdown table: `python -m bench.files FOLDER`."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from bot.document import MAX_BYTES
from bot.errors import ReadError
from bot.intake import Taken, files, take
from bot.transcript import Transcript


def main() -> None:
    print("| file | read as | calls, turns | speakers | first words … last words |")
    print("|---|---|---|---|---|")
    for name in files([sys.argv[1]]):
        print(f"| `{Path(name).name}` | {' | '.join(_cells(list(take(name, 'call', None, MAX_BYTES))))} |")


def _cells(taken: list[Taken]) -> list[str]:
    refused = [each.found for each in taken if isinstance(each.found, ReadError)]
    if refused:
        return ["refused", "", "", str(refused[0])]
    calls = [each.found for each in taken if isinstance(each.found, Transcript)]
    turns = [turn for call in calls for turn in call.turns]
    speakers = Counter(turn.speaker for turn in turns)
    return [
        calls[0].format,
        f"{len(calls)}, {len(turns)}",
        ", ".join(f"{name} {count}" for name, count in sorted(speakers.items())),
        f"{_words(turns[0].text, slice(4))} … {_words(turns[-1].text, slice(-4, None))}",
    ]


def _words(text: str, some: slice) -> str:
    return " ".join(text.split()[some]).replace("|", "\\|")


if __name__ == "__main__":
    main()
