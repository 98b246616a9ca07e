"""Pairs that tests make: as different from each other as calls are, and free of personal data."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

from bot.calls.transcript import Turn, to_lines
from bot.feedback.pair import Pair
from bot.feedback.ports import Pairs
from bot.feedback.votes_and_corrections import Event

WORDS = """
invoice router parcel refund screen battery charger cable engine ticket booking luggage window kitchen garden printer
paper colour yellow number letter button switch signal network update version cloud folder picture camera mirror bottle
ladder carpet curtain blanket pillow basket hammer needle thread fabric cotton leather copper silver plastic wooden
morning evening weekend holiday delivery warehouse supplier contract discount voucher account balance payment reminder
quickly slowly often never always later sooner almost again already broken missing wrong late heavy light narrow
""".split()
DESKS = {
    "green desk": ("rose", "tulip", "fern", "apple tree", "lilac", "ivy", "oak", "lavender", "cactus", "maple"),
    "blue desk": ("router", "modem", "antenna", "socket", "splitter", "line", "hub", "repeater", "internet", "wifi"),
    "red desk": ("invoice", "payment", "refund", "fee", "charge", "receipt", "discount", "bill", "credit", "voucher"),
}
"""Topics of a team's own, and what they are about: only corrections can tell."""
TOPICS = ["billing", "delivery", "technical issue", "returns"]


def pair(number: int, **changes: Any) -> Pair:
    """The pair of that number, always the same; every fifth is a correction."""
    draw = random.Random(number)
    turns = [Turn(n, ("agent", "customer")[n % 2], _said(draw)) for n in range(12)]
    output = {
        "summary": f"The customer has trouble with the {draw.choice(WORDS)}.",
        "topics": [TOPICS[number % len(TOPICS)]],
        "action_items": [{"task": "Send a new one", "owner": "agent", "due": None, "turn": 2}],
        "next_steps": ["Wait for the parcel"],
    }
    corrected = number % 5 == 0
    made = Pair(
        id=f"T1:C1:{number}.0#0", call=f"call-{number}", task="summarize", source="upload",
        label="corrected" if corrected else "approved", transcript=to_lines(turns), output=output,
        rejected=output | {"summary": "All is well."} if corrected else None, reviewers=(f"U{number % 3}",),
        channel="C1", model="embedded", prompt="abc", redaction=1, asked_at=1_000.0 + number, at=2_000.0 + number,
    )  # fmt: skip
    return replace(made, **changes)


def pairs(number: int, start: int = 0) -> list[Pair]:
    return [pair(n) for n in range(start, start + number)]


def taught(number: int) -> Pair:
    """A corrected pair of which a model can learn which desk a call is for, and to leave out how it begins."""
    draw, desk = random.Random(number), list(DESKS)[number % len(DESKS)]
    one, other, third = draw.sample(DESKS[desk], 3)
    said = f"My {one} is not well, and the {other} and the {third} too."
    spoken = [
        ("agent", "Good day, how can I help?"),
        ("customer", _said(draw)),
        ("customer", said),
        ("agent", _said(draw)),
    ]
    turns = [Turn(n, who, text) for n, (who, text) in enumerate(spoken)]  # type: ignore[arg-type]  # one of the speakers
    made = pair(number, transcript=to_lines(turns), label="corrected")
    return replace(made, output=made.output | {"topics": [desk], "summary": said}, rejected=made.output)


def settle(store: Pairs, *made: Pair) -> None:
    """Puts pairs into a store as they come to be there."""
    for each in made:
        event = Event(kind="vote", id=f"e-{each.at}", user="U1", at=each.at, by="button", up=True)
        store.settle(each.id, each.call, event, store.said(each.id).version, "approved", each)


def _said(draw: random.Random) -> str:
    return " ".join(draw.choices(WORDS, k=draw.randrange(6, 14))).capitalize() + "."
