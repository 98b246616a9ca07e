"""Defines the answer to a call log: summary, topics, action items and next steps."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from bot.answers.evidence import missing_evidence
from bot.calls.transcript import Transcript
from bot.task import Output, Unverified


class ActionItem(Output):
    """Something to do after the call. `turn` is the index of the turn that says so."""

    task: str = Field(min_length=1)
    owner: Literal["agent", "customer", "other"]
    due: str | None = None
    turn: int | None = None


class Summary(Output):
    summary: str = Field(min_length=1)
    topics: list[str]
    action_items: list[ActionItem]
    next_steps: list[str]

    def unverified(self, transcript: Transcript) -> list[Unverified]:
        checked = (missing_evidence(item.task, item.owner, item.turn, transcript) for item in self.action_items)
        return [Unverified(index, reason) for index, reason in enumerate(checked) if reason]
