"""What datasets need from outside: a workbench, the machine's cores, and a place to write to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Protocol, TypeVar

from bot.datasets.dataset import Candidate, File, Side
from bot.datasets.rules import Effect, Finding, Rule

Item = TypeVar("Item")
Result = TypeVar("Result")


class Workbench(Protocol):
    """Where an export is put together. For one export, by one thread. Raises PlaceRefused where its disk is full."""

    def add(self, candidate: Candidate) -> None:
        """Takes a candidate; one whose key is there already is passed over."""

    def find(self, finding: Finding) -> None:
        """Takes a finding."""

    def findings(self) -> Iterator[Finding]:
        """All findings, in the order of the rules, then of the pairs."""

    def counts_of(self, effect: Effect) -> dict[str, int]:
        """How many findings there are of each rule with that effect."""

    def leave_out_conflicts(self) -> None:
        """Leaves out the outputs of imported calls that do not stand (bot.datasets.import_rows.standing)."""

    def leave_out_near_duplicates(self) -> None:
        """Leaves the younger one out where calls on different sides are nearly the same, or have the same id.

        What is known is older than all that is not.
        """

    def leave_out_known(self) -> None:
        """Leaves out what the export that this one comes after holds."""

    def leave_out_surplus(self, side: Side, most: int, rule: Rule) -> None:
        """Keeps `most` candidates of a side: a fair share of every topic, the newest corrections first."""

    def warn(self) -> None:
        """Finds prompts that several records have, and topics with few examples."""

    def count(self, side: Side) -> int:
        """The candidates of a side that are in."""

    def counted(self, kind: str) -> dict[str, int]:
        """The candidates that are in, by `label`, `source`, `reviewer` or `topic`."""

    def tokens(self, side: Side) -> int:
        """The tokens of a side's records."""

    def files(self) -> dict[str, File]:
        """The files that have lines, by name."""

    def read(self, name: str) -> Iterator[bytes]:
        """A file in pieces, its lines in the order of their calls' hashes."""

    def calls(self, side: Side) -> Iterator[tuple[str, str]]:
        """The hashes of a side's calls and of their contents, in the order of its file."""

    def close(self) -> None:
        """Removes all of it."""


class Cores(Protocol):
    """Work on all cores at once. For one thread."""

    def map(self, work: Callable[[Item], Result], items: Sequence[Item]) -> list[Result]:
        """What `work`, a function of a module, makes of each, in their order."""

    def close(self) -> None:
        """Ends what was started for it."""


class Datasets(Protocol):
    """One place for one dataset: a folder, or a prefix in a bucket. Raises PlaceRefused or PlaceUnavailable."""

    @property
    def place(self) -> str:
        """The place, as people name it."""

    def check(self) -> None:
        """Refuses a place that cannot be used, before any work is done."""

    def name(self) -> str:
        """The name of the dataset that stands there whole; "" where there is none."""

    def manifest(self) -> Mapping[str, object]:
        """Its manifest. Raises PlaceRefused where there is none that can be read."""

    def read(self, name: str) -> Iterator[bytes]:
        """A file of it, in pieces; nothing where there is no such file."""

    def write(self, files: Mapping[str, Iterator[bytes]]) -> None:
        """Puts a dataset there in place of any before; its manifest comes last, so that no half of one counts as one."""
