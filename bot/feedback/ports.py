"""Defines the store of events and pairs that feedback needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from bot.feedback.pair import Added, Pair, Stored
from bot.feedback.votes_and_corrections import AnswerState, Event, Said, Settled
from bot.models.canary import Arm


class Pairs(Protocol):
    """Stores feedback and the pairs it makes. Every method raises StoreUnavailable."""

    def said(self, key: str) -> Said:
        """Returns what people said about an answer."""

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
        """Adds an event to an answer and stores the state and pair (or None) that all events lead to, in one step.

        `arm` is the canary's id and the arm whose count of this state goes up, and of the earlier state down. `scan` is the
        pair's saved scan (bot.datasets.second_scan), b"" if there is none. `of` names another count of states
        (bot.feedback.votes_and_corrections.made_by).

        Writes nothing and returns `known` if the event is stored already, `stale` if others came since `version`, or
        `forgotten` if the call must not come back.
        """

    def add(self, pairs: Sequence[Pair], write: bool = True) -> list[Added]:
        """Adds imported pairs by id, each in one step. If `write` is False, only returns what adding would do.

        Writes nothing and returns `known` if the same call and output are stored and the pair adds nothing, or `forgotten`
        if the call must not come back. `conflict` means that the call also has another output.
        """

    def get(self, key: str) -> Pair | None:
        """Returns the pair made from an answer, or None."""

    def all(self, newest_first: bool = False) -> Iterator[Pair]:
        """Yields every pair by the time it settled. Raises UnknownSchema."""

    def stored(self) -> Iterator[Stored]:
        """Yields every stored pair with its saved scan, unordered. A few may come twice."""

    def keep_scans(self, scans: Mapping[str, bytes]) -> None:
        """Saves scans of pairs, by key, until the pair changes. Skips pairs that are gone."""

    def keys_of(self, call: str) -> list[str]:
        """Returns the keys of all answers and pairs of a call."""

    def keep_export(self, name: str, place: str, calls: Iterable[str]) -> None:
        """Records an exported dataset, its place and the hashes of its calls (bot.feedback.pair.call_hash)."""

    def exports_with(self, calls: Sequence[str]) -> list[tuple[str, str]]:
        """Returns name and place of each exported dataset with one of the calls, given by hash."""

    def votes(self, canary: str) -> Mapping[str, int]:
        """Returns a canary's number of answers by ARM:STATE, including forgotten calls."""

    def forget(self, call: str, keys: Sequence[str]) -> None:
        """Removes feedback and pairs under the keys, and blocks the call from coming back."""

    def settled_since(self, task: str, at: float, most: int) -> int:
        """Returns how many pairs of a task settled after that time, at most `most`."""

    def counts(self) -> dict[str, int]:
        """Returns all counts: `answers`, `pairs`, `KIND:NAME` and `of:WHAT:STATE`.

        A KIND is `state`, `label`, `source`, `task`, `reviewer` or `week`.
        """
