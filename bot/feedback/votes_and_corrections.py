"""Works out what all feedback on an answer adds up to.

Each action is an event with an id and a time. The result is computed from all events at once, so their order of arrival
and repeats don't matter.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict

AnswerState = Literal["open", "approved", "corrected", "rejected", "conflict", "withdrawn"]
Corrections = Literal["none", "one", "several"]
Votes = Literal["none", "up", "down", "even"]
Reason = Literal["wrong topic", "missed action", "invented", "format", "other"]
STATES: tuple[AnswerState, ...] = get_args(AnswerState)
REASONS: tuple[Reason, ...] = get_args(Reason)
Settled = Literal["done", "known", "stale", "forgotten"]
SETTLED: tuple[AnswerState, ...] = ("approved", "corrected")
"""The states in which an answer becomes a prompt-completion pair."""


class Event(BaseModel):
    """One thing that one person did. `reviewer` says whether it can become training data."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    kind: Literal["vote", "correction", "withdrawal"]
    id: str
    user: str
    at: float
    reviewer: bool = True
    # for a vote: where it was made (a reaction's name, or "button"), and up or down; None removes that vote
    by: str = ""
    up: bool | None = None
    reason: Reason | None = None
    # for a correction: the output, and the corrections it settles; for a withdrawal: the correction taken back
    output: dict[str, Any] | None = None
    over: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """All events of one answer, and a version that grows with each."""

    events: tuple[Event, ...]
    version: int


@dataclass(frozen=True, slots=True)
class Standing:
    """What all events add up to. `output` is the reference output, None if it is the model's own."""

    state: AnswerState
    up: int = 0
    down: int = 0
    output: Mapping[str, Any] | None = None
    corrections: tuple[Event, ...] = ()
    authors: tuple[str, ...] = ()
    approvers: tuple[str, ...] = ()
    reasons: tuple[tuple[str, Reason], ...] = ()

    @property
    def reviewers(self) -> tuple[str, ...]:
        """The people behind the state: who made or chose the correction, or else who approved."""
        return self.authors or self.approvers


def settle(corrections: Corrections, votes: Votes, *, anything: bool) -> AnswerState:
    """Returns the state for these corrections and votes. `anything` says whether there was ever any feedback.

    A correction beats votes. A tie leaves the answer open.
    """
    if corrections == "several":
        return "conflict"
    if corrections == "one":
        return "corrected"
    if votes == "up":
        return "approved"
    if votes == "down":
        return "rejected"
    return "withdrawn" if votes == "none" and anything else "open"


def standing(events: Iterable[Event]) -> Standing:
    """Returns what the events add up to, whatever their order and repeats."""
    ordered = sorted({event.id: event for event in events}.values(), key=lambda event: (event.at, event.id))
    votes = _votes(ordered)
    counted = {user: vote for user, vote in votes.items() if vote.reviewer}
    made = _made(ordered)
    corrections = _unsettled(made)
    different = {json.dumps(event.output, sort_keys=True) for event in corrections}
    state = settle(
        "none" if not different else "one" if len(different) == 1 else "several",
        _balance(counted.values()),
        anything=any(event.reviewer for event in ordered),
    )
    return Standing(
        state,
        up=sum(bool(vote.up) for vote in votes.values()),
        down=sum(not vote.up for vote in votes.values()),
        output=corrections[-1].output if state == "corrected" else None,
        corrections=tuple(corrections),
        authors=tuple(dict.fromkeys(e.user for e in made if any(e.output == each.output for each in corrections))),
        approvers=tuple(sorted(user for user, vote in counted.items() if vote.up)),
        reasons=tuple((user, vote.reason) for user, vote in sorted(votes.items()) if vote.reason and not vote.up),
    )


def _votes(ordered: Sequence[Event]) -> dict[str, Event]:
    """Returns each person's latest vote that is still there. Removing a reaction removes only its own vote."""
    marks: dict[tuple[str, str], Event] = {}
    for event in ordered:
        if event.kind == "vote":
            marks[event.user, event.by] = event
    latest: dict[str, Event] = {}
    for (user, _), event in sorted(marks.items(), key=lambda mark: (mark[1].at, mark[1].id)):
        if event.up is not None:
            latest[user] = event
    return latest


def _balance(votes: Iterable[Event]) -> Votes:
    up = [bool(vote.up) for vote in votes]
    if not up:
        return "none"
    more = 2 * sum(up) - len(up)
    return "up" if more > 0 else "down" if more < 0 else "even"


def _made(ordered: Sequence[Event]) -> list[Event]:
    """Returns the reviewers' corrections, without those taken back."""
    taken_back = {(id_, event.user) for event in ordered if event.kind == "withdrawal" for id_ in event.over}
    return [e for e in ordered if e.kind == "correction" and e.reviewer and (e.id, e.user) not in taken_back]


def _unsettled(made: Sequence[Event]) -> list[Event]:
    """Returns each reviewer's latest correction, without those that another one settled."""
    settled = {id_ for event in made for id_ in event.over}
    latest = {event.user: event for event in made}
    return [event for event in made if latest[event.user] is event and event.id not in settled]


def table() -> list[tuple[Corrections, Votes, AnswerState, AnswerState]]:
    """Returns every row of `settle`: corrections, votes, and the state with and without any feedback."""
    return [
        (corrections, votes, settle(corrections, votes, anything=True), settle(corrections, votes, anything=False))
        for corrections in get_args(Corrections)
        for votes in get_args(Votes)
    ]


def made_by(task: str, model: str, week: str) -> str:
    """Returns the name of the count of a model's answers, asked for in one week, by state."""
    return f"{task} {model} {week}"


def weeks_of(counts: Mapping[str, int], task: str, model: str) -> dict[str, dict[str, int]]:
    """Returns the number of a model's answers by week and state, taken from all counts."""
    start, found = f"of:{made_by(task, model, '')}", dict[str, dict[str, int]]()
    for name, number in sorted(counts.items()):
        if name.startswith(start) and number > 0:
            week, _, state = name.removeprefix(start).partition(":")
            found.setdefault(week, {})[state] = number
    return found
