"""What Slack's side needs of all that is not Slack."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.answers.ports import Answers
from bot.feedback.ports import Pairs
from bot.feedback.reviews import Reviews
from bot.queue.ports import Queue
from bot.queue.request import Limits
from bot.settings import Settings
from bot.task import Task


@dataclass(frozen=True)
class Services:
    """What Slack's side needs of all that is not Slack; listeners get each by its name."""

    settings: Settings
    tasks: Mapping[str, Task]
    queue: Queue
    answers: Answers
    pairs: Pairs
    reviews: Reviews
    limits: Limits
