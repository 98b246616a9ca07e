"""What has been asked in the workspace before one looks at it."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from sandbox.child import wait_for
from sandbox.slack import Message, Slack
from sandbox.workspace import BOT, HANA, MARCO, PRIYA, SUPPORT, TOM

SAMPLES = Path(__file__).parent.parent / "samples"


def seed(slack: Slack) -> None:
    """Lets people ask for wrap-ups in each way, one after the other, and waits for each answer.

    Raises TimeoutError when the bot gives none.
    """
    for asked in _asked(slack):
        wait_for("the bot's answer", partial(slack.replies, asked))
    slack.say(PRIYA.id, "Nice: that saves us the notes. I'll use it in the Monday review.")


def _asked(slack: Slack) -> Iterator[Message]:
    outage = (SAMPLES / "broadband-outage.txt").read_text("utf-8")
    lamp, card = SAMPLES / "damaged-lamp.vtt", SAMPLES / "stolen-card.contact-lens.json"
    voicemail = (SAMPLES / "voicemail.txt").read_text("utf-8")
    yield slack.say(MARCO.id, f"<@{BOT}> this morning's outage call:\n{outage}", SUPPORT)
    yield slack.upload(HANA.id, lamp, text=f"<@{BOT}> the lamp again, please", channel=SUPPORT)
    yield slack.upload(PRIYA.id, card, text=f"<@{BOT}> for the fraud team", channel=SUPPORT)
    yield slack.say(TOM.id, voicemail, TOM.id)
