"""Answers call logs with the built-in model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.adapters.onboard.actions import Actions
from bot.adapters.onboard.call import Call, take_in
from bot.adapters.onboard.emptiness import reason_for_nothing
from bot.adapters.onboard.languages import language_of
from bot.adapters.onboard.learned import Learned
from bot.adapters.onboard.sentences import sentences
from bot.adapters.onboard.steps import next_steps
from bot.adapters.onboard.summaries import Summaries
from bot.adapters.onboard.topics import Topics
from bot.adapters.onboard.vectors import Vectors
from bot.calls.transcript import Turn
from bot.task import Topic

TASK = "summarize"

JudgedCall = tuple[Call, Mapping[str, Any]]


@dataclass(frozen=True)
class Wrapping:
    """The three parts that answer and learn. Next steps follow from the action items."""

    vectors: Vectors
    taxonomy: Sequence[Topic]
    topics: Topics
    actions: Actions
    summaries: Summaries

    @classmethod
    def made(cls, vectors: Vectors, taxonomy: Sequence[Topic], learned: Learned | None) -> Wrapping:
        seeded = cls(vectors, taxonomy, Topics.seeded(taxonomy, vectors), Actions.seeded(), Summaries.seeded())
        return seeded._with(learned) if learned else seeded

    def answer(self, turns: Sequence[Turn]) -> dict[str, Any]:
        said = sentences(turns)
        if reason := reason_for_nothing(said):
            text = language_of(turns).reasons[reason]
            return {"summary": text, "topics": [], "action_items": [], "next_steps": []}
        call = take_in(turns, self.vectors)
        items = self.actions.of(call, turns)
        return {
            "summary": self.summaries.of(call),
            "topics": self.topics.of(call),
            "action_items": items,
            "next_steps": next_steps(items, call.language),
        }

    def fit(self, pairs: Sequence[tuple[Sequence[Turn], Mapping[str, Any]]]) -> Learned:
        """Learns from the pairs; each part learns from the pairs that judge it."""
        told = [(turns, wanted) for turns, wanted in pairs if not reason_for_nothing(sentences(turns))]
        calls = [(take_in(turns, self.vectors), wanted) for turns, wanted in told]
        return Learned.of(TASK, _topics(self, calls) | _actions(calls) | _summaries(calls))

    def _with(self, learned: Learned) -> Wrapping:
        """Returns these parts with the learned weights."""
        arrays = learned.arrays
        names = [str(name) for name in arrays["topics"]]
        return replace(
            self,
            topics=self.topics.taught(names, arrays["topic_weights"], arrays["topic_centre"], self.vectors),
            actions=Actions(arrays["action_weights"], float(arrays["action_cutoff"])),
            summaries=Summaries(arrays["summary_weights"]),
        )


def _topics(start: Wrapping, judged: Sequence[JudgedCall]) -> dict[str, NDArray[Any]]:
    calls, given = _which(judged, "topics")
    names = [name for topics in given for name in topics]
    topics = Topics.seeded(start.taxonomy, start.vectors).joined_by(names, start.vectors)
    learned = topics.fitted(calls, given) if calls and topics.names else topics
    return {
        "topics": np.array(learned.names, np.str_),
        "topic_weights": learned.weights,
        "topic_centre": learned.centre,
    }


def _actions(judged: Sequence[JudgedCall]) -> dict[str, NDArray[Any]]:
    calls, given = _which(judged, "action_items")
    tasks = [[item["task"] for item in items] for items in given]
    learned = Actions.seeded().fitted(calls, tasks) if calls else Actions.seeded()
    return {"action_weights": learned.weights, "action_cutoff": np.array(learned.cutoff)}


def _summaries(judged: Sequence[JudgedCall]) -> dict[str, NDArray[Any]]:
    calls, given = _which(judged, "summary")
    learned = Summaries.seeded().fitted(calls, given) if calls else Summaries.seeded()
    return {"summary_weights": learned.weights}


def _which(judged: Sequence[JudgedCall], key: str) -> tuple[list[Call], list[Any]]:
    """Returns the calls whose output has the key, and its values."""
    some = [(call, wanted[key]) for call, wanted in judged if key in wanted]
    return [call for call, _ in some], [value for _, value in some]
