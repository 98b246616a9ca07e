"""Asks everything that Wrapup needs whether it is well."""

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
    """One question: `ask` returns a line where all is well, or raises; `reason` is why it is not asked, if so."""

    what: str
    ask: Callable[[], str]
    reason: str = ""


def check(probes: Iterable[Probe]) -> Iterator[CheckResult]:
    """A finding for each probe, as soon as it is known."""
    for probe in probes:
        if probe.reason:
            yield CheckResult(probe.what, "not asked", probe.reason)
            continue
        try:
            yield CheckResult(probe.what, "well", probe.ask())
        except WrapupError as error:
            yield CheckResult(probe.what, "wrong", str(error))
