"""Summarizes a call by quoting its most important sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.adapters.onboard import cues
from bot.adapters.onboard.call import Call, unit
from bot.adapters.onboard.overlap import overlap
from bot.adapters.onboard.regression import Floats, ridge
from bot.adapters.onboard.sentences import Sentence, size

L2 = 30.0  # strong, so that one kind of call doesn't spoil the others
MOST = 3  # sentences
BUDGET = 60  # words
REPEAT = 1.0  # penalty for likeness to a chosen sentence
SUBSTANTIAL = 5  # words

# What each fact about a sentence is worth before any correction.
WORTH = {
    "words / 10, at most 2": 0.9,
    "under five words": -1.2,
    "over thirty words": -0.4,
    "place in the call": -0.2,
    "among the first fifth": 0.2,
    "customer's": 0.3,
    "agent's": 0.0,
    "question": -0.6,
    "agent's question": -0.6,
    "greeting": -1.0,
    "done within the call": -0.5,
    "problem": 0.5,
    "customer's problem": 0.5,
    "settled": 0.3,
    "agent settles": 0.4,
    "promise": 0.3,
    "due": 0.2,
    "number": 0.5,
    "opens with a filler": -0.1,
    "first substantial of the customer": 1.5,
    "second substantial of the customer": 0.4,
    "last substantial of the agent": 1.0,
    "part of a longer sentence": -0.2,
    "like the whole": 0.8,
    "like the customer's words": 0.5,
}


@dataclass(frozen=True)
class Summaries:
    """What each fact about a sentence is worth."""

    weights: Floats

    @classmethod
    def seeded(cls) -> Summaries:
        return cls(np.array(list(WORTH.values())))

    def of(self, call: Call) -> str:
        """Returns one to three verbatim sentences of the call, with speakers and turns."""
        return _told(call, sorted(self._chosen(call)))

    def fitted(self, calls: Sequence[Call], summaries: Sequence[str]) -> Summaries:
        """Returns weights trained on people's summaries: sentences that share their words are worth more."""
        start = self.seeded().weights
        x = np.vstack([_centred(features(call)) for call in calls])
        y = np.concatenate([_standard(_overlaps(call, text)) for call, text in zip(calls, summaries, strict=True)])
        return Summaries(start + ridge(x, y - x @ start, L2))

    def _chosen(self, call: Call) -> list[int]:
        """Returns the best sentences within the budget. Repeating a chosen one is worth less."""
        scores = features(call) @ self.weights
        chosen: list[int] = []
        words = 0
        while len(chosen) < MOST:
            left = np.round(scores - REPEAT * _likeness(call, chosen), 6)
            fits = [n not in chosen and words + call.sentences[n].size <= BUDGET for n in range(len(left))]
            if chosen and not any(fits):
                break
            best = int(np.argmax(np.where(fits, left, -np.inf))) if any(fits) else int(np.argmax(left))
            if chosen and left[best] < 0:
                break
            chosen.append(best)
            words += call.sentences[best].size
        return chosen


def features(call: Call) -> Floats:
    """Returns one row per sentence, one column per entry of WORTH."""
    count = max(len(call.sentences) - 1, 1)
    whole = unit(call.rows.sum(axis=0))
    customers = [sentence.speaker == "customer" for sentence in call.sentences]
    theirs = unit(call.rows[customers].sum(axis=0)) if any(customers) else whole
    marked = _marked(call.sentences)
    rows = []
    for n, (sentence, row) in enumerate(zip(call.sentences, call.rows, strict=True)):
        facts = _facts(sentence, n / count) | dict.fromkeys(marked.get(n, ()), 1.0)
        facts |= {"like the whole": float(row @ whole), "like the customer's words": float(row @ theirs)}
        rows.append([facts.get(name, 0.0) for name in WORTH])
    return np.array(rows, np.float64).reshape(-1, len(WORTH))


def _facts(sentence: Sentence, place: float) -> dict[str, float]:
    text, words = sentence.text, sentence.size
    customer, agent = sentence.speaker == "customer", sentence.speaker == "agent"
    question = "?" in text or "？" in text
    problem, settled = bool(cues.PROBLEM.search(text)), bool(cues.SETTLED.search(text))
    return {
        "words / 10, at most 2": min(words / 10, 2.0),
        "under five words": float(words < SUBSTANTIAL),
        "over thirty words": float(words > 30),
        "place in the call": place,
        "among the first fifth": float(place <= 0.2),
        "customer's": float(customer),
        "agent's": float(agent),
        "question": float(question),
        "agent's question": float(question and agent),
        "greeting": float(bool(cues.GREETING.search(sentence.plain)) and words < 12),
        "done within the call": float(bool(cues.IN_CALL.search(text))),
        "problem": float(problem),
        "customer's problem": float(problem and customer),
        "settled": float(settled),
        "agent settles": float(settled and agent),
        "promise": float(bool(cues.PROMISE.search(text))),
        "due": float(bool(cues.DUE.search(text))),
        "number": float(any(map(str.isdigit, text))),
        "opens with a filler": float(sentence.plain != text),
        "part of a longer sentence": float(sentence.cut_before or sentence.cut_after),
    }


def _marked(sentences: Sequence[Sentence]) -> dict[int, list[str]]:
    """Returns the sentences that open the customer's story and the one that closes the agent's."""
    telling = [n for n, each in enumerate(sentences) if _substantial(each)]
    customers = [n for n in telling if sentences[n].speaker != "agent"]
    agents = [n for n in telling if sentences[n].speaker != "customer"]
    names = ("first substantial of the customer", "second substantial of the customer")
    marked = {n: [name] for n, name in zip(customers, names, strict=False)}
    if agents:
        marked.setdefault(agents[-1], []).append("last substantial of the agent")
    return marked


def _substantial(sentence: Sentence) -> bool:
    text = sentence.plain
    return size(text) >= SUBSTANTIAL and not cues.IN_CALL.search(text) and not cues.GREETING.search(text)


def _likeness(call: Call, chosen: Sequence[int]) -> Floats:
    """Returns each sentence's likeness to the most similar chosen one."""
    if not chosen:
        return np.zeros(len(call.rows))
    likeness: Floats = (call.rows @ call.rows[list(chosen)].T).max(axis=1)
    return likeness


def _overlaps(call: Call, summary: str) -> Floats:
    return np.array([overlap(sentence.text, summary) for sentence in call.sentences])


def _centred(values: Floats) -> Floats:
    """Subtracts the call's mean, because sentences compete only within their call."""
    centred: Floats = values - values.mean(axis=0)
    return centred


def _standard(values: Floats) -> Floats:
    spread = float(values.std())
    return _centred(values) / spread if spread else np.zeros(len(values))


def _told(call: Call, chosen: Sequence[int]) -> str:
    """Returns the sentences in the order of the call, with `…` between those that weren't neighbours."""
    told: list[str] = []
    last, speaker = -1, None
    for n in chosen:
        text = call.sentences[n].quote()
        if told and n != last + 1 and not text.startswith("…"):
            text = f"… {text}"
        who = _speaker(call, call.sentences[n])
        told.append(f"{f'{who}: ' if who and who != speaker else ''}{text} [{call.sentences[n].turn}]")
        last, speaker = n, who
    return " ".join(told)


def _speaker(call: Call, sentence: Sentence) -> str:
    if sentence.speaker == "other":
        return sentence.name or ""
    return call.language.agent if sentence.speaker == "agent" else call.language.customer
