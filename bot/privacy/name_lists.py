"""Loads the lists of people's names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

_FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class NameLists:
    """Names in lower case, by how surely each is a name. The list files say what each section means."""

    clear_given: frozenset[str]
    capitalised_given: frozenset[str]
    ambiguous_given: frozenset[str]
    clear_surnames: frozenset[str]
    word_surnames: frozenset[str]

    @cached_property
    def given(self) -> frozenset[str]:
        return self.clear_given | self.capitalised_given | self.ambiguous_given

    @cached_property
    def surnames(self) -> frozenset[str]:
        return self.clear_surnames | self.word_surnames

    @cached_property
    def listed(self) -> frozenset[str]:
        """All names that aren't words too."""
        return self.clear_given | self.capitalised_given | self.clear_surnames


@cache
def name_lists() -> NameLists:
    """Returns the lists, read on the first call because most commands mask nothing."""
    given, surnames = sections("given_names.txt"), sections("surnames.txt")
    return NameLists(
        frozenset(given["clear"]),
        frozenset(given["capitalised"]),
        frozenset(given["ambiguous"]),
        frozenset(surnames["clear"]),
        frozenset(surnames["words"]),
    )


def sections(file: str) -> Mapping[str, tuple[str, ...]]:
    """Returns the names below each `[section]` of a list file, in its order. Lines that start with # are comments."""
    found: dict[str, list[str]] = {}
    names: list[str] = []
    for line in (_FOLDER / file).read_text("utf-8").splitlines():
        if line.startswith("["):
            names = found.setdefault(line.strip("[] "), [])
        elif not line.startswith("#"):
            names += line.split()
    return {section: tuple(names) for section, names in found.items()}
