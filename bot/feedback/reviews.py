"""Turns people's feedback on answers into pairs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from bot.answers.answer import KeptAnswer, KeptAnswers
from bot.answers.ports import Answers
from bot.calls.transcript import Turn, to_lines
from bot.errors import UnknownAnswer, UnknownCall
from bot.feedback.pair import Label, Pair, call_hash, week_of
from bot.feedback.ports import Pairs
from bot.feedback.votes_and_corrections import SETTLED, STATES, Event, Standing, made_by, standing
from bot.models.canary import Arm
from bot.models.ports import Champions
from bot.queue.ports import Queue


class Mask(Protocol):
    """Masks personal data in turns and outputs, with the same placeholder for the same value."""

    def __call__(self, turns: tuple[Turn, ...], output: dict[str, Any]) -> tuple[tuple[Turn, ...], dict[str, Any]]: ...


def stats(counts: Mapping[str, int]) -> dict[str, Any]:
    """Groups the `counts` of a Pairs by kind: answers by state; pairs by label, source, task, reviewer and week."""

    def by(kind: str) -> dict[str, int]:
        named = {name.removeprefix(f"{kind}:"): n for name, n in counts.items() if name.startswith(f"{kind}:") and n}
        return dict(sorted(named.items()))

    states = by("state")
    return {
        "answers": counts.get("answers", 0),
        **{state: states.get(state, 0) for state in STATES},
        "pairs": counts.get("pairs", 0),
        "since_export": max(counts.get("pairs", 0) - counts.get("exported", 0), 0),
        **{f"by_{kind}": by(kind) for kind in ("source", "task", "label", "reviewer", "week")},
    }


@dataclass(frozen=True, slots=True)
class Change:
    """What an event changed. `news` is False if the call must not come back, so nothing was stored."""

    kept: KeptAnswer
    before: Standing
    after: Standing
    news: bool


class Reviews:
    """Keeps feedback and pairs in step. Holds no state between calls, so threads may share it.

    `mask` is None if pairs are stored unmasked; `redaction` is the masking's version; `scan` makes the second scan to save
    (bot.datasets.second_scan). A thread read as a conversation makes no pair unless `train_on_threads`, because Slack's
    API terms forbid it without the customer's consent.
    """

    def __init__(
        self,
        answers: Answers,
        pairs: Pairs,
        queue: Queue,
        models: Champions,
        mask: Mask | None,
        redaction: int,
        scan: Callable[[Pair], bytes],
        train_on_threads: bool = False,
    ) -> None:
        self._answers, self._pairs, self._queue, self._models = answers, pairs, queue, models
        self._mask, self._redaction, self._scan = mask, redaction, scan
        self._train_on_threads = train_on_threads

    def kept(self, key: str) -> KeptAnswer:
        """Returns the answer under a key. Raises UnknownAnswer if it is no longer stored."""
        found = self._answers.of(key.rpartition("#")[0])
        for each in found.answers if found else ():
            if each.key == key:
                return each
        raise UnknownAnswer("This answer is no longer kept. Ask again to get a new one.")

    def standing(self, key: str) -> Standing:
        """Returns what the feedback on an answer adds up to now."""
        return standing(self._pairs.said(key).events)

    def standings(self, kept: KeptAnswers) -> dict[str, Standing]:
        """Returns the same for each answer to a request."""
        return {each.key: self.standing(each.key) for each in kept.answers}

    def take(self, key: str, event: Event) -> Change:
        """Adds an event to an answer. Raises UnknownAnswer or StoreUnavailable."""
        return self.add(self.kept(key), event)

    def add(self, kept: KeptAnswer, event: Event) -> Change:
        """Adds an event to an answer already loaded. Raises StoreUnavailable."""
        arm, of = self._arm(kept), made_by(kept.answer.task, kept.answer.model, week_of(kept.at))
        while True:
            said = self._pairs.said(kept.key)
            others = [each for each in said.events if each.id != event.id]
            before, after = standing(others), standing([*others, event])
            pair = self._pair(kept, after, max([event.at, *(each.at for each in said.events)]))
            scan = self._scan(pair) if pair else b""
            outcome = self._pairs.settle(
                kept.key, kept.answer.call, event, said.version, after.state, pair, arm, scan, of
            )
            if outcome != "stale":
                return Change(kept, before, after, outcome != "forgotten")

    def _arm(self, kept: KeptAnswer) -> tuple[str, Arm] | None:
        """Returns the canary and arm that the feedback counts for, or None."""
        canary = self._models.canary(kept.answer.task)
        arm = canary.arm_of(kept.answer.model, kept.channel, kept.at) if canary else None
        return (canary.id, arm) if canary and arm else None

    def requests_of(self, call: str) -> list[str]:
        """Returns the requests that a call was part of."""
        return _requests(self._pairs.keys_of(call))

    def drop(self, request: str) -> None:
        """Cancels a request, even a running one, and removes its answers."""
        self._queue.forget(request)
        self._answers.forget(request)

    def exports_of(self, call: str) -> list[tuple[str, str]]:
        """Returns name and place of the exported datasets with the call. Call this before `forget`."""
        pairs = [self._pairs.get(key) for key in self._pairs.keys_of(call)]
        return self._pairs.exports_with([call_hash(pair.transcript) for pair in pairs if pair])

    def forget(self, call: str) -> list[str]:
        """Removes a call with its answers, feedback and pairs for good. Returns the requests it was part of.

        Raises UnknownCall if nothing of it is stored.
        """
        keys = self._pairs.keys_of(call)
        if not keys:
            raise UnknownCall(f"I have nothing stored for the call {call!r}.")
        requests = _requests(keys)
        self._pairs.forget(call, keys)
        for request in requests:
            self._forget_answers(request, call)
        return requests

    def _forget_answers(self, request: str, call: str) -> None:
        """Removes the call's answers but keeps those of other calls in the same request."""
        kept = self._answers.of(request)
        left = tuple(each for each in kept.answers if each.answer.call != call) if kept else ()
        if kept and left:
            self._answers.keep(request, KeptAnswers(left, kept.problems))
        else:
            self.drop(request)

    def _pair(self, kept: KeptAnswer, after: Standing, at: float) -> Pair | None:
        if after.state not in SETTLED or (kept.source == "thread" and not self._train_on_threads):
            return None
        label: Label = "corrected" if after.state == "corrected" else "approved"
        own = kept.answer.output.model_dump(mode="json")
        turns, texts = self._masked(kept, {"output": after.output or own, "own": own})
        return Pair(
            id=kept.key,
            call=kept.answer.call,
            task=kept.answer.task,
            source=kept.source,
            label=label,
            transcript=to_lines(turns),
            output=texts["output"],
            rejected=texts["own"] if label == "corrected" else None,
            reviewers=after.reviewers,
            channel=kept.channel,
            model=kept.answer.model,
            prompt=kept.answer.prompt,
            redaction=self._redaction if self._mask else 0,
            asked_at=kept.at,
            at=at,
        )

    def _masked(self, kept: KeptAnswer, texts: dict[str, Any]) -> tuple[tuple[Turn, ...], Mapping[str, Any]]:
        return self._mask(kept.transcript.turns, texts) if self._mask else (kept.transcript.turns, texts)


def _requests(keys: Sequence[str]) -> list[str]:
    """Returns the requests of the answers with these keys."""
    return sorted({key.rpartition("#")[0] for key in keys})
