"""What feedback needs from outside: the store of events and pairs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from bot.feedback.pair import Added, Pair, Stored
from bot.feedback.votes_and_corrections import AnswerState, Event, Said, Settled
from bot.models.canary import Arm


class Pairs(Protocol):
    """Feedback and the pairs that it makes. Raises StoreUnavailable from every method."""

    def said(self, key: str) -> Said:
        """What people said of an answer."""

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
        """Adds an event to an answer's, with the state and the pair (or none) that all events come to, in one step.

        `arm`: the canary, by its id, and the arm for which the state counts, in place of the one before. `scan`: what was
        found out of just this pair (bot.datasets.second_scan), kept beside it; b"" where nothing was. `of`: what else the state counts for (bot.feedback.votes_and_corrections.made_by).
        `known` where the event is there already, `stale` where others came since `version`, `forgotten` where the call
        must not come back; then nothing is written.
        """

    def add(self, pairs: Sequence[Pair], write: bool = True) -> list[Added]:
        """Adds imported pairs by their ids, each in one step, or only tells what adding each would come to.

        `known` where the same call with the same output is there and this one says no more, `forgotten` where the call
        must not come back; then nothing is written. `conflict` where the call has another output beside it.
        """

    def get(self, key: str) -> Pair | None:
        """The pair that an answer has made."""

    def all(self, newest_first: bool = False) -> Iterator[Pair]:
        """Every pair, by the time at which it settled. Raises UnknownSchema."""

    def stored(self) -> Iterator[Stored]:
        """Every pair as it is stored, in no order, with what is kept of its scan; a few may come twice."""

    def keep_scans(self, scans: Mapping[str, bytes]) -> None:
        """Keeps what was found out of pairs, by key, until they change; those that are gone by now are passed over."""

    def keys_of(self, call: str) -> list[str]:
        """The keys of all answers and pairs of a call."""

    def keep_export(self, name: str, place: str, calls: Iterable[str]) -> None:
        """Writes down what was exported where, by the hashes of its calls (bot.feedback.pair.call_hash)."""

    def exports_with(self, calls: Sequence[str]) -> list[tuple[str, str]]:
        """Name and place of the exported datasets that hold one of the calls, by their hashes."""

    def votes(self, canary: str) -> Mapping[str, int]:
        """How the answers of a canary stand, by ARM:STATE; of forgotten calls too."""

    def forget(self, call: str, keys: Sequence[str]) -> None:
        """Removes feedback and pairs under the keys, and keeps the call from coming back."""

    def is_forgotten(self, call: str) -> bool:
        """Whether the call must not come back."""

    def settled_since(self, task: str, at: float, most: int) -> int:
        """How many pairs of a task settled after that time; `most` where there are more."""

    def counts(self) -> dict[str, int]:
        """What is counted: `answers`, `pairs`, and `state:`, `label:`, `source:`, `task:`, `reviewer:`, `week:` + name, `of:` + what + `:` + state."""
