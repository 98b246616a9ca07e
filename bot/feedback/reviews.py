"""Takes what people say of answers, and makes pairs of the answers that they settle."""

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
    """Takes personal data out of turns and every text of an output, the same placeholder for the same thing."""

    def __call__(self, turns: tuple[Turn, ...], output: dict[str, Any]) -> tuple[tuple[Turn, ...], dict[str, Any]]: ...


def stats(counts: Mapping[str, int]) -> dict[str, Any]:
    """What `counts` of a Pairs says, by kind: answers by state, pairs by label, source, task, reviewer and week."""

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
    """What an event came to; `news` is False where the call must not come back, so that nothing was kept."""

    kept: KeptAnswer
    before: Standing
    after: Standing
    news: bool


class Reviews:
    """Keeps feedback and pairs in step. Holds no state between calls, so threads may share it.

    `mask` is None where pairs are stored as they are; `redaction` is the version of the masking, `scan` what is kept of a
    second one (bot.datasets.second_scan). A thread that was read as a conversation makes no pair unless `train_on_threads`: Slack's API
    terms forbid it without the customer's word.
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
        """The answer under a key. Raises UnknownAnswer where it is no longer kept."""
        found = self._answers.of(key.rpartition("#")[0])
        for each in found.answers if found else ():
            if each.key == key:
                return each
        raise UnknownAnswer("This answer is no longer kept: its time is over, or it was deleted.")

    def standing(self, key: str) -> Standing:
        """What people's feedback on an answer comes to now."""
        return standing(self._pairs.said(key).events)

    def standings(self, kept: KeptAnswers) -> dict[str, Standing]:
        """The same for each answer of a request."""
        return {each.key: self.standing(each.key) for each in kept.answers}

    def take(self, key: str, event: Event) -> Change:
        """Adds an event to an answer's. Raises UnknownAnswer or StoreUnavailable."""
        return self.add(self.kept(key), event)

    def add(self, kept: KeptAnswer, event: Event) -> Change:
        """The same for an answer that is at hand. Raises StoreUnavailable."""
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
        """The canary, and its arm, that the feedback is on."""
        canary = self._models.canary(kept.answer.task)
        arm = canary.arm_of(kept.answer.model, kept.channel, kept.at) if canary else None
        return (canary.id, arm) if canary and arm else None

    def requests_of(self, call: str) -> list[str]:
        """The requests that a call was part of."""
        return _requests(self._pairs.keys_of(call))

    def drop(self, request: str) -> None:
        """Takes a request back that may still be under way, and forgets what was answered."""
        self._queue.forget(request)
        self._answers.forget(request)

    def exports_of(self, call: str) -> list[tuple[str, str]]:
        """Name and place of the exported datasets that hold the call; to be asked before it is forgotten."""
        pairs = [self._pairs.get(key) for key in self._pairs.keys_of(call)]
        return self._pairs.exports_with([call_hash(pair.transcript) for pair in pairs if pair])

    def forget(self, call: str) -> list[str]:
        """Removes a call with its answers, feedback and pairs for good; gives the requests that it was part of.

        Raises UnknownCall where nothing of it is kept.
        """
        keys = self._pairs.keys_of(call)
        if not keys:
            raise UnknownCall(f"Nothing of the call {call!r} is kept.")
        requests = _requests(keys)
        self._pairs.forget(call, keys)
        for request in requests:
            self._forget_answers(request, call)
        return requests

    def _forget_answers(self, request: str, call: str) -> None:
        """Other calls that the same request asked for stay."""
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
    """The requests that answers belong to, by their keys."""
    return sorted({key.rpartition("#")[0] for key in keys})
