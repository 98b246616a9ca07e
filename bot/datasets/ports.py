"""Defines what datasets need from outside."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Protocol, TypeVar

from bot.datasets.dataset import Candidate, File, Side
from bot.datasets.rules import Effect, Finding, Rule

Item = TypeVar("Item")
Result = TypeVar("Result")


class Workbench(Protocol):
    """Holds one export while it is made. For one thread. Raises PlaceRefused if its disk is full."""

    def add(self, candidate: Candidate) -> None:
        """Adds a candidate, unless its key is there already."""

    def find(self, finding: Finding) -> None:
        """Adds a finding."""

    def findings(self) -> Iterator[Finding]:
        """Yields all findings, sorted by rule, then by pair."""

    def counts_of(self, effect: Effect) -> dict[str, int]:
        """Returns the number of findings for each rule with that effect."""

    def leave_out_conflicts(self) -> None:
        """Leaves out outputs of imported calls that lost (bot.datasets.import_rows.standing)."""

    def leave_out_near_duplicates(self) -> None:
        """Leaves out the younger of two calls on different sides that are nearly the same or have the same id.

        A known call counts as older than any other.
        """

    def leave_out_known(self) -> None:
        """Leaves out what the earlier export holds."""

    def leave_out_surplus(self, side: Side, most: int, rule: Rule) -> None:
        """Keeps `most` candidates of a side: a fair share of each topic, newest corrections first."""

    def warn(self) -> None:
        """Adds findings for duplicated prompts and for topics with few examples."""

    def count(self, side: Side) -> int:
        """Returns the number of candidates still in on a side."""

    def counted(self, kind: str) -> dict[str, int]:
        """Returns the number of candidates still in, by `label`, `source`, `reviewer` or `topic`."""

    def tokens(self, side: Side) -> int:
        """Returns the tokens of a side's records."""

    def files(self) -> dict[str, File]:
        """Returns the files that have lines, by name."""

    def read(self, name: str) -> Iterator[bytes]:
        """Yields a file in pieces, its lines sorted by their calls' hashes."""

    def calls(self, side: Side) -> Iterator[tuple[str, str]]:
        """Yields the hashes of a side's calls and their contents, in the file's order."""

    def close(self) -> None:
        """Removes everything."""


class Cores(Protocol):
    """Runs work on all cores. For one thread."""

    def map(self, work: Callable[[Item], Result], items: Sequence[Item]) -> list[Result]:
        """Yields `work(each)` in order. `work` must be a module's function, so that other processes can import it."""

    def close(self) -> None:
        """Ends its processes."""


class Datasets(Protocol):
    """A place for one dataset: a folder, or a prefix in a bucket. Raises PlaceRefused or PlaceUnavailable."""

    @property
    def place(self) -> str:
        """The place, as people write it."""

    def check(self) -> None:
        """Raises PlaceRefused if the place can't be used, before any work starts."""

    def name(self) -> str:
        """Returns the name of the complete dataset there, or ""."""

    def manifest(self) -> Mapping[str, object]:
        """Returns the manifest. Raises PlaceRefused if there is no readable one."""

    def read(self, name: str) -> Iterator[bytes]:
        """Yields a file in pieces; nothing if there is no such file."""

    def write(self, files: Mapping[str, Iterator[bytes]]) -> None:
        """Replaces the dataset there. Writes the manifest last, so that a half-written one doesn't count."""
