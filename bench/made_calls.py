"""Makes calls of any length out of the shipped samples, the same ones each time."""

from __future__ import annotations

import json
import re
from itertools import cycle, islice
from pathlib import Path

from bot.calls import formats
from bot.calls.document import Document
from bot.calls.transcript import Turn

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
ENGLISH = ("broadband-outage.txt", "damaged-lamp.vtt", "stolen-card.contact-lens.json", "boots-chat.jsonl")


def turns(words: int) -> list[Turn]:
    """About `words` words of speech, three seconds a turn, each turn told apart by a number."""
    said = [
        turn
        for name in ENGLISH
        for call in formats.read(Document.decode((SAMPLES / name).read_bytes()))
        for turn in call.turns
    ]
    made: list[Turn] = []
    total = 0
    for n, turn in enumerate(cycle(said)):
        text = f"{turn.text} That is number {n}."
        made.append(Turn(n, turn.speaker, text, None, 3.0 * n, 3.0 * n + 2.5))
        total += len(text.split())
        if total >= words:
            return made
    raise AssertionError("a cycle has no end")


def contact_lens(made: list[Turn]) -> bytes:
    items = [
        {
            "Id": str(turn.index),
            "ParticipantId": turn.speaker.upper(),
            "BeginOffsetMillis": int((turn.start_s or 0) * 1000),
            "EndOffsetMillis": int((turn.end_s or 0) * 1000),
            "Content": turn.text,
            "Sentiment": "NEUTRAL",
            "LoudnessScore": [70.1, 71.2, 69.8],
        }
        for turn in made
    ]
    people = [{"ParticipantId": role, "ParticipantRole": role} for role in ("AGENT", "CUSTOMER")]
    whole = {"Version": "1.1.0", "Channel": "VOICE", "Participants": people, "Transcript": items}
    return json.dumps(whole, indent=1).encode()


def captions(made: list[Turn]) -> bytes:
    cues = [f"{_clock(turn.start_s)} --> {_clock(turn.end_s)}\n<v {turn.speaker}>{turn.text}</v>\n" for turn in made]
    return "\n".join(["WEBVTT\n", *cues]).encode()


def plain(made: list[Turn]) -> bytes:
    return "".join(f"{turn.speaker.capitalize()}: {turn.text}\n" for turn in made).encode()


def json_lines(calls: int, words: int) -> bytes:
    """Many calls with no sentence in common, so that none is remembered from the call before."""
    said = turns(words * 3)
    rows = []
    for n in range(calls):
        some = list(islice(cycle(said), n % len(said), n % len(said) + max(words // 16, 2)))
        rows.append(
            {
                "id": f"made-{n}",
                "turns": [
                    {"speaker": t.speaker, "text": re.sub(r"(?=[.?!]( |$))", f" in case {n}", t.text)} for t in some
                ],
            }
        )
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def ten_megabytes() -> dict[str, bytes]:
    """A file of just under 10 MB of each of the common kinds."""
    made = turns(1_800_000)
    sizes = {"vendor JSON": contact_lens, "captions": captions, "plain text": plain}
    files = {}
    for name, write in sizes.items():
        some = 9_900_000 * 1000 // len(write(made[:1000]))
        files[name] = write(made[: int(some * 0.98)])
    calls = 9_500_000 * 1_000 // len(json_lines(1_000, 150))
    return files | {"JSON Lines, a call a line": json_lines(calls, 150)}


def _clock(at: float | None) -> str:
    at = at or 0.0
    return f"{int(at // 3600):02d}:{int(at // 60 % 60):02d}:{at % 60:06.3f}"
