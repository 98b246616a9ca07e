"""Checks everything that Wrapup needs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from bot.errors import WrapupError

Mark = Literal["well", "not asked", "wrong"]


@dataclass(frozen=True, slots=True)
class CheckResult:
    what: str
    mark: Mark
    text: str


@dataclass(frozen=True, slots=True)
class Probe:
    """One check. `ask` returns a line if all is well, or raises. `reason` says why it is skipped, if it is."""

    what: str
    ask: Callable[[], str]
    reason: str = ""


def check(probes: Iterable[Probe]) -> Iterator[CheckResult]:
    """Yields each probe's finding as soon as it is known."""
    for probe in probes:
        if probe.reason:
            yield CheckResult(probe.what, "not asked", probe.reason)
            continue
        try:
            yield CheckResult(probe.what, "well", probe.ask())
        except WrapupError as error:
            yield CheckResult(probe.what, "wrong", str(error))
