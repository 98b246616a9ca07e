"""The section of the loop's card on the canary: how both arms do, and what that comes to."""

from __future__ import annotations

import json

from bot.models.canary import CanaryStanding, Tally
from handlers.slack.fields import counted
from handlers.slack.layout import button, section
from handlers.slack.mrkdwn import Block, clip, flat, mrkdwn, plain, who

ROOM, CHANNELS = 1_000, 10
SIGNS = {"running": "🐤", "won": "✅", "stopped": "✋"}


def blocks(standing: CanaryStanding | None) -> list[Block]:
    """The state in a sentence, with the button that ends it, above the counts of both arms."""
    if not standing:
        return []
    canary = standing.canary
    value = json.dumps({"task": canary.task, "of": canary.id})
    stop = {} if canary.state == "stopped" else {"accessory": button("Stop the canary", "step_end_canary", value)}
    named = [f"<#{channel}>" for channel in canary.channels[:CHANNELS]] + ["…"] * (len(canary.channels) > CHANNELS)
    where = f" in {', '.join(named)}" if named else ""
    head = f"{SIGNS[canary.state]} *Canary*, {canary.share:.0%} of calls{where}: {_told(standing.sentence)}"
    arms = [("Champion", canary.champion, standing.champion), ("Canary", canary.model, standing.challenger)]
    cells = [plain(text) for name, model, tally in arms for text in (f"{name}: {clip(model, 200)}", _counts(tally))]
    return [section(mrkdwn(head), **stop), {"type": "section", "fields": cells}]


def _told(sentence: str) -> str:
    """The sentence; one on a stop begins with who stopped it."""
    first, _, rest = sentence.partition(" ")
    return f"{who(first)} {flat(rest, ROOM)}"


def _counts(tally: Tally) -> str:
    failed = f", {tally.failed:,} of them not answered" if tally.failed else ""
    conflicts = f" · ⚖️ {tally.conflict:,}" if tally.conflict else ""
    return f"{counted('calls', tally.asked)}{failed} · 👍 {tally.approved:,} · ✏️ {tally.corrected:,} · 👎 {tally.rejected:,}{conflicts}"
