"""What the commands write to standard output."""

from __future__ import annotations

import json

import pytest

from bot.calls.transcript import Transcript, Turn
from bot.commands.screen import TURNS_A_PIECE, Screen


@pytest.mark.parametrize("count", [0, 1, TURNS_A_PIECE, TURNS_A_PIECE + 1, 2 * TURNS_A_PIECE + 1])
def test_a_call_of_any_length_is_one_line_of_json(count: int, capsys: pytest.CaptureFixture[str]) -> None:
    turns = tuple(Turn(n, "agent", f'number "{n}"\nünd so', "Jané", 0.5 * n) for n in range(count))

    with Screen(as_json=True, doing="Reading") as screen:
        screen.transcript("call.txt", Transcript("c-1", turns, "plain", ("a note",)))

    rows = [
        {"index": n, "speaker": "agent", "name": "Jané", "start_s": 0.5 * n, "end_s": None, "text": turn.text}
        for n, turn in enumerate(turns)
    ]
    whole = {"call": "c-1", "file": "call.txt", "format": "plain", "turns": rows, "notes": ["a note"]}
    assert capsys.readouterr().out == json.dumps(whole, ensure_ascii=False) + "\n"
