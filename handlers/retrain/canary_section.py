"""The part of the card that shows a canary: how both models do, and what follows from that."""

from __future__ import annotations

import json

from bot.models.canary import CanaryStanding, Tally
from handlers.slack.fields import counted
from handlers.slack.layout import button, section
from handlers.slack.mrkdwn import Block, clip, flat, mrkdwn, plain, who

ROOM, CHANNELS = 1_000, 10  # most characters of the sentence, most channels that are named
SIGNS = {"running": "🐤", "won": "✅", "stopped": "✋"}


def blocks(standing: CanaryStanding | None) -> list[Block]:
    """The state in a sentence with a button to stop the canary, above the counts of both models."""
    if not standing:
        return []
    canary = standing.canary
    value = json.dumps({"task": canary.task, "of": canary.id})
    stop = {} if canary.state == "stopped" else {"accessory": button("Stop the canary", "step_end_canary", value)}
    named = [f"<#{channel}>" for channel in canary.channels[:CHANNELS]] + ["…"] * (len(canary.channels) > CHANNELS)
    where = f" in {', '.join(named)}" if named else ""
    answers = "answered" if canary.state == "stopped" else "answers"
    said = f"the new model {answers} {canary.share:.0%} of calls{where}"
    head = f"{SIGNS[canary.state]} *Canary*: {said}. {_told(standing.sentence)}"
    models = [("Current model", canary.champion, standing.champion), ("New model", canary.model, standing.challenger)]
    cells = [plain(text) for name, model, tally in models for text in (f"{name}: {clip(model, 200)}", _counts(tally))]
    return [section(mrkdwn(head), **stop), {"type": "section", "fields": cells}]


def _told(sentence: str) -> str:
    """The sentence, with its first word as a mention if it is the person who stopped the canary."""
    first, _, rest = sentence.partition(" ")
    return f"{who(first)} {flat(rest, ROOM)}"


def _counts(tally: Tally) -> str:
    failed = f", {tally.failed:,} of them unanswered" if tally.failed else ""
    conflicts = f" · ⚖️ {tally.conflict:,}" if tally.conflict else ""
    return f"{counted('calls', tally.asked)}{failed} · 👍 {tally.approved:,} · ✏️ {tally.corrected:,} · 👎 {tally.rejected:,}{conflicts}"
