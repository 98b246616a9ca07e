"""Finds the sentences about what to do after the call."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bot.adapters.onboard import cues
from bot.adapters.onboard.call import Call
from bot.adapters.onboard.items import items_of
from bot.adapters.onboard.overlap import overlap
from bot.adapters.onboard.regression import Floats, best_cutoff, logistic, out_of_fold
from bot.adapters.onboard.sentences import Sentence, size
from bot.adapters.onboard.vectors import SIZE
from bot.answers.evidence import missing_evidence
from bot.calls.transcript import Transcript, Turn

L2 = 1.0
MOST = 8
SAME = 0.85  # cosine of two sentences that ask for the same thing
NEAR = 0.25  # from this overlap, a sentence is the source of an action item
VECTOR_SCALE = 2.0
SEED_CUTOFF = 0.0

# How much each fact about a sentence suggests an action item, in log odds.
WORTH = {
    "always": -3.2,
    "promise": 2.6,
    "customer's promise": -1.2,
    "agent's intent": 1.8,
    "someone else will": 2.2,
    "offer that was taken": 2.2,
    "request": 2.6,
    "customer's request": -1.2,
    "within the call": -3.0,
    "already done": -0.6,
    "tried at once": -3.0,
    "question": -1.2,
    "under four words": -1.5,
    "over thirty words": -0.4,
    "place in the call": 2.0,
    "due": 0.6,
}


@dataclass(frozen=True)
class Actions:
    """Classifies sentences, with learned weights and a cut-off score."""

    weights: Floats
    cutoff: float

    @classmethod
    def seeded(cls) -> Actions:
        return cls(np.zeros(len(WORTH) + SIZE), SEED_CUTOFF)

    def of(self, call: Call, turns: Sequence[Turn]) -> list[dict[str, Any]]:
        """Returns the action items in the order of the call, each with its turn as evidence."""
        x = _features(call)
        scores = np.round(_seed(x) + x @ self.weights, 6)
        transcript = Transcript("", tuple(turns))
        found: dict[int, list[dict[str, Any]]] = {}
        for n in map(int, np.argsort(-scores, kind="stable")):
            if scores[n] < self.cutoff or sum(map(len, found.values())) >= MOST:
                break
            if all(float(call.rows[n] @ call.rows[other]) <= SAME for other in found):
                found[n] = [item for item in items_of(call.sentences[n]) if _is_backed(item, transcript)]
        return [item for n in sorted(found) for item in found[n]][:MOST]

    def fitted(self, calls: Sequence[Call], tasks: Sequence[Sequence[str]]) -> Actions:
        """Returns a classifier trained on people's tasks. The sentence nearest to each task is a positive example."""
        xs = [_features(call) for call in calls]
        x, y = np.vstack(xs), np.concatenate([_wanted(call, some) for call, some in zip(calls, tasks, strict=True)])
        if not y.any():
            return self.seeded()
        offset, groups = _seed(x), np.repeat(np.arange(len(xs)), [len(rows) for rows in xs])
        scores = out_of_fold(groups, lambda rows: offset[:, None] + x @ _fit(x[rows], y[rows], offset[rows]))
        weights = _fit(x, y, offset)[:, 0]
        return Actions(weights, best_cutoff(scores[:, 0], y, -3.0, 3.0))


def _is_backed(item: Mapping[str, Any], transcript: Transcript) -> bool:
    return not missing_evidence(item["task"], item["owner"], item["turn"], transcript)


def _fit(x: Floats, y: Floats, offset: Floats) -> Floats:
    return logistic(x, y[:, None], offset[:, None], L2)


def _seed(x: Floats) -> Floats:
    score: Floats = x[:, : len(WORTH)] @ np.array(list(WORTH.values()))
    return score


def _features(call: Call) -> Floats:
    """Returns one row per sentence: the facts of WORTH, then its vector."""
    count = max(len(call.sentences) - 1, 1)
    facts = [
        _facts(sentence, answer, n / count)
        for n, (sentence, answer) in enumerate(zip(call.sentences, _answers(call.sentences), strict=True))
    ]
    known = np.array([[each[name] for name in WORTH] for each in facts]).reshape(-1, len(WORTH))
    return np.hstack([known, VECTOR_SCALE * call.rows])


def _answers(sentences: Sequence[Sentence]) -> list[str]:
    """Returns for each sentence what the next other speaker says first, or "" if nobody answers."""
    answers: list[str] = []
    after: Sentence | None = None
    answer = ""
    for sentence in reversed(sentences):
        if after and after.speaker != sentence.speaker:
            answer = after.text
        answers.append(answer)
        after = sentence
    return answers[::-1]


def _facts(sentence: Sentence, answer: str, place: float) -> dict[str, float]:
    text = sentence.text
    promise, request = bool(cues.PROMISE.search(text)), bool(cues.REQUEST.search(text))
    customer = sentence.speaker == "customer"
    return {
        "always": 1.0,
        "promise": float(promise),
        "customer's promise": float(promise and customer),
        "agent's intent": float(not promise and sentence.speaker != "customer" and bool(cues.INTENT.search(text))),
        "someone else will": float(bool(cues.THIRD.search(text))),
        "offer that was taken": float(not customer and _is_taken(text, answer)),
        "request": float(request),
        "customer's request": float(request and customer),
        "within the call": float(bool(cues.IN_CALL.search(text))),
        "already done": float(bool(cues.DONE.search(text))),
        "tried at once": float(request and bool(cues.TRIED.search(answer))),
        "question": float(bool(re.search("[?？]", text))),
        "under four words": float(size(sentence.plain) < 4),
        "over thirty words": float(sentence.size > 30),
        "place in the call": place,
        "due": float(bool(cues.DUE.search(text))),
    }


def _is_taken(text: str, answer: str) -> bool:
    return bool(cues.OFFER.search(text)) and bool(cues.CONSENT.search(answer))


def _wanted(call: Call, tasks: Sequence[str]) -> Floats:
    """Returns 1 for each sentence that is nearest to one of the tasks."""
    wanted = np.zeros(len(call.sentences))
    for task in tasks:
        near = [overlap(sentence.text, task) for sentence in call.sentences]
        if near and max(near) >= NEAR:
            wanted[near.index(max(near))] = 1.0
    return wanted
