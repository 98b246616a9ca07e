"""Decides which names in a call mean the same person."""

from __future__ import annotations

from collections.abc import Iterator


class NamedPeople:
    """Gives each person a number. "Jane" is Jane Doe if the call has only one Jane."""

    def __init__(self) -> None:
        self._people: dict[int, set[str]] = {}
        self._bearers: dict[str, set[int]] = {}

    @property
    def tokens(self) -> dict[str, set[int]]:
        """Every part of a name, in lower case, with the numbers of the people who have it."""
        return self._bearers

    def number(self, value: str, free: Iterator[int]) -> int:
        """Returns the number of the person called `value` (lower case, parts separated by spaces); the next of `free` if new."""
        parts = {part for part in value.split() if len(part) > 1} or {value}
        same = [
            number
            for number in sorted(set().union(*(self._bearers.get(part, set()) for part in parts)))
            if parts <= self._people[number] or self._people[number] <= parts
        ]
        exact = [number for number in same if self._people[number] == parts]
        number = (exact or same)[0] if exact or len(same) == 1 else next(free)
        person = self._people.setdefault(number, set())
        person |= parts
        for part in parts:
            self._bearers.setdefault(part, set()).add(number)
        return number
