"""Provides in-memory adapters, for tests and for trying things without a network."""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from bot.answers.prompts import Prompt
from bot.answers.reply import ModelReply, Usage
from bot.datasets.ports import Item, Result
from bot.errors import ModelError, ModelUnavailable
from bot.feedback.pair import Added, Pair, Stored, call_hash, to_json
from bot.feedback.votes_and_corrections import AnswerState, Event, Said, Settled
from bot.models.canary import Arm
from bot.task import TemplateKind


class ScriptedModel:
    """Answers with prepared replies, in order, and records the prompts.

    A reply can be a text, an error to raise, or a function of the prompt. Counts four characters as one token.
    """

    id = "scripted"

    def __init__(
        self,
        replies: Sequence[str | ModelError | Callable[[Prompt], str]],
        window: int | None = None,
        template: TemplateKind = "base",
    ) -> None:
        self._replies = iter(list(replies))  # a list's iterator gives each reply once, even to threads
        self.window = window
        self.template: TemplateKind = template
        self.prompts: list[Prompt] = []

    def count_tokens(self, prompt: Prompt) -> int:
        return prompt.characters // 4 + 1

    def answer(self, prompt: Prompt) -> ModelReply:
        """Returns the next reply, or raises it if it is an error. Raises ModelUnavailable if none is left."""
        self.prompts.append(prompt)
        reply = next(self._replies, ModelUnavailable("The scripted model has no reply left."))
        if isinstance(reply, ModelError):
            raise reply
        text = reply if isinstance(reply, str) else reply(prompt)
        return ModelReply(text, Usage(self.count_tokens(prompt), len(text) // 4 + 1))


class MemoryPairs:
    """Stores feedback and pairs in dictionaries. Behaves as the Redis adapter does, for one process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._events: dict[str, dict[str, Event]] = {}
        self._states: dict[str, tuple[str, AnswerState]] = {}  # key -> call and state
        self._of: dict[str, str] = {}  # key -> what the state counts for
        self._pairs: dict[str, Pair] = {}
        self._scans: dict[str, bytes] = {}
        self._forgotten: set[str] = set()
        self._exports: dict[str, tuple[str, frozenset[str]]] = {}
        self._exported = 0
        self._votes: defaultdict[str, Counter[str]] = defaultdict(Counter)

    def said(self, key: str) -> Said:
        events = self._events.get(key, {})
        return Said(tuple(events.values()), len(events))

    def settle(
        self,
        key: str,
        call: str,
        event: Event,
        version: int,
        state: AnswerState,
        pair: Pair | None,
        arm: tuple[str, Arm] | None = None,
        scan: bytes = b"",
        of: str = "",
    ) -> Settled:
        with self._lock:
            events = self._events.setdefault(key, {})
            if call in self._forgotten:
                return "forgotten"
            if event.id in events:
                return "known"
            if len(events) != version:
                return "stale"
            events[event.id] = event
            _, before = self._states.get(key, (call, None))
            if arm and state != before:
                self._votes[arm[0]].update({f"{arm[1]}:{state}": 1, f"{arm[1]}:{before}": -1})
            self._states[key] = call, state
            self._of[key] = of
            self._pairs.pop(key, None)
            self._scans.pop(key, None)
            if pair:
                self._pairs[key], self._scans[key] = pair, scan
            return "done"

    def add(self, pairs: Sequence[Pair], write: bool = True) -> list[Added]:
        with self._lock:
            return [self._added(pair, write) for pair in pairs]

    def _added(self, pair: Pair, write: bool) -> Added:
        if {pair.call, call_hash(pair.transcript)} & self._forgotten:
            return "forgotten"
        others = [each for key, each in self._pairs.items() if key != pair.id]
        if was := self._pairs.get(pair.id):
            says_more = pair.label > was.label or pair.reviewers not in ((), was.reviewers)
            if pair.label < was.label or (was.reviewers and not pair.reviewers) or not says_more:
                return "known"
        elif any(each.content == pair.content for each in others):
            return "known"
        if write:
            self._pairs[pair.id] = pair
            self._scans.pop(pair.id, None)
        said = (pair.task, pair.transcript)
        return "conflict" if any((each.task, each.transcript) == said for each in others) else "taken"

    def get(self, key: str) -> Pair | None:
        return self._pairs.get(key)

    def all(self, newest_first: bool = False) -> Iterator[Pair]:
        yield from sorted(self._pairs.values(), key=lambda pair: (pair.at, pair.id), reverse=newest_first)

    def stored(self) -> Iterator[Stored]:
        for key, pair in list(self._pairs.items()):
            yield Stored(key, to_json(pair).encode(), self._scans.get(key, b""))

    def keep_scans(self, scans: Mapping[str, bytes]) -> None:
        with self._lock:
            self._scans |= {key: scan for key, scan in scans.items() if key in self._pairs}

    def keys_of(self, call: str) -> list[str]:
        imported = {key for key, pair in self._pairs.items() if pair.call == call}
        return sorted(imported | {key for key, (of, _) in self._states.items() if of == call})

    def keep_export(self, name: str, place: str, calls: Iterable[str]) -> None:
        self._exports[name] = place, frozenset(calls)
        self._exported = len(self._pairs)

    def exports_with(self, calls: Sequence[str]) -> list[tuple[str, str]]:
        return sorted((name, place) for name, (place, held) in self._exports.items() if held.intersection(calls))

    def votes(self, canary: str) -> Mapping[str, int]:
        return {name: n for name, n in self._votes[canary].items() if not name.endswith(":None")}

    def forget(self, call: str, keys: Sequence[str]) -> None:
        with self._lock:
            self._forgotten.add(call)
            self._forgotten |= {call_hash(pair.transcript) for key in keys if (pair := self._pairs.get(key))}
            for key in keys:
                for kept in (self._events, self._states, self._pairs, self._scans):
                    kept.pop(key, None)

    def settled_since(self, task: str, at: float, most: int) -> int:
        return min(sum(pair.task == task and pair.at > at for pair in self._pairs.values()), most)

    def counts(self) -> dict[str, int]:
        counted = Counter({"answers": len(self._states), "pairs": len(self._pairs), "exported": self._exported})
        counted.update(f"state:{state}" for _, state in self._states.values())
        counted.update(f"of:{of}:{self._states[key][1]}" for key, of in self._of.items() if of and key in self._states)
        for pair in self._pairs.values():
            counted.update(f"{name}:{getattr(pair, name)}" for name in ("label", "source", "task", "week"))
            counted.update(f"reviewer:{reviewer}" for reviewer in pair.reviewers)
        return dict(counted)


class OneCore:
    """Runs work in the caller's thread."""

    def map(self, work: Callable[[Item], Result], items: Sequence[Item]) -> list[Result]:
        return [work(item) for item in items]

    def close(self) -> None:
        pass


class MemoryAttempts:
    """Stores attempts in a dictionary."""

    def __init__(self) -> None:
        self._kept: dict[str, str] = {}

    def get(self, key: str) -> str | None:
        return self._kept.get(key)

    def put(self, key: str, text: str) -> None:
        self._kept[key] = text
