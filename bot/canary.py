"""A canary: a challenger that answers a share of calls, and the test of what people say of both arms.

The test may look after every vote. The votes on two arms, each good or bad, are weighed by an e-process: the likelihood
of what was seen, averaged over rates at which the one is better, by the greatest likelihood with which it is not
(universal inference, Wasserman, Ramdas and Balakrishnan 2020). Whatever the true rates, it ever gets to 1/a with a chance
of a at most where the one is not better (Ville), however often one looks and however calls come to the arms. It
depends on four counts alone, so an answer about which people change their minds simply moves from one count to the other.
"""

from __future__ import annotations

import hashlib
import math
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import accumulate
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict

from bot.model import Champion, Reign

Arm = Literal["champion", "challenger"]
CanaryState = Literal["running", "won", "stopped"]
ARMS: tuple[Arm, ...] = get_args(Arm)
LEAST, MOST = 0.01, 0.9
WORSE_AT, FAILS_AT = (
    25.0,
    100.0,
)  # evidence: chances of 4 % and 1 %, so that an equal challenger is stopped in 5 % at most
WINS_AT = 20.0
MARGIN = 0.1
POINTS = 100  # rates on the grid that is averaged over
HIGHEST = 700.0  # the log of what a float can hold


class Canary(Reign):
    """A reign over a share of a task's calls, in some channels or (with none named) in all.

    `champion` is the id that answers the other calls, `beside` when that was made the champion (Champion.at): once
    another is, this canary is over. `won`: it goes on, and may be promoted. `reason` says why it won or was stopped,
    `by_itself` whether the test stopped it.
    """

    task: str
    share: float
    channels: tuple[str, ...] = ()
    champion: str
    beside: float
    state: CanaryState = "running"
    reason: str = ""
    by_itself: bool = False

    @property
    def id(self) -> str:
        return hashlib.sha256(f"{self.task} {self.model} {self.at}".encode()).hexdigest()[:16]

    def runs_beside(self, champion: Champion) -> bool:
        return self.state != "stopped" and self.beside == champion.at

    def is_in(self, channel: str) -> bool:
        return not self.channels or channel in self.channels

    def arm_of(self, model: str, channel: str, at: float) -> Arm | None:
        """Whose an answer is, by the model that made it and when it was asked for; None where it is not compared."""
        if self.state == "stopped" or at < self.at or not self.is_in(channel):
            return None
        return "challenger" if model == self.answers else "champion" if model == self.champion else None


def takes(canary: Canary, call: str, channel: str) -> bool:
    """Whether the challenger answers the call; always the same for the same call, and by chance for another canary."""
    digest = hashlib.sha256(f"canary {canary.id} {call}".encode("utf-8", "surrogatepass")).digest()
    return canary.is_in(channel) and int.from_bytes(digest[:8], "big") < canary.share * 2**64


class Tally(BaseModel):
    """What became of one arm's answers: calls that were asked and those it `failed` to answer; votes by their state."""

    model_config = ConfigDict(frozen=True)

    asked: int = 0
    failed: int = 0
    approved: int = 0
    rejected: int = 0
    corrected: int = 0
    conflict: int = 0

    @property
    def judged(self) -> int:
        return self.approved + self.bad

    @property
    def bad(self) -> int:
        """A correction counts as much as a thumb down: somebody had to do the work anew."""
        return self.rejected + self.corrected + self.conflict


def tallies(counts: Mapping[str, int]) -> tuple[Tally, Tally]:
    """Both arms, the champion first, of counts by ARM:NAME."""
    champion, challenger = ({n: counts.get(f"{arm}:{n}", 0) for n in Tally.model_fields} for arm in ARMS)
    return Tally(**champion), Tally(**challenger)


class Finding(BaseModel):
    """What the counts come to: the state that the canary is to have, and why in one sentence."""

    model_config = ConfigDict(frozen=True)

    state: CanaryState
    sentence: str


def find(champion: Tally, challenger: Tally) -> Finding:
    """What the test says of the counts now."""
    votes = f"{_good(challenger)} of the challenger's judged answers were good, {_good(champion)} of the champion's"
    theirs, its = ((each.approved, each.bad) for each in (champion, challenger))
    answered, its_answered = ((each.asked - each.failed, each.failed) for each in (champion, challenger))
    if evidence(answered, its_answered) >= FAILS_AT:
        failed = f"The challenger could not answer {challenger.failed} of {challenger.asked} calls"
        return Finding(state="stopped", sentence=f"{failed}, the champion {champion.failed} of {champion.asked}.")
    if evidence(theirs, its) >= WORSE_AT:
        return Finding(state="stopped", sentence=f"The challenger does worse: {votes}.")
    if evidence(its, theirs) >= WINS_AT:
        return Finding(state="won", sentence=f"The challenger does better, and can be promoted: {votes}.")
    if evidence(its, theirs, MARGIN) >= WINS_AT:
        worse = f"less than {MARGIN * 100:.0f} points worse, if at all"
        return Finding(state="won", sentence=f"The challenger is {worse}, and can be promoted: {votes}.")
    return Finding(state="running", sentence=f"Too early to tell: {votes}.")


def evidence(better: tuple[int, int], other: tuple[int, int], margin: float = 0.0) -> float:
    """The evidence that `better` is good more often than `other` less `margin`; both as (good, bad). 1 is none."""
    logs, exceeded = _grid(margin)
    left, right = ([good * yes + bad * no for yes, no in logs] for good, bad in (better, other))
    most, null = max(right), _greatest(better, other, margin)
    sums = list(accumulate((math.exp(each - most) for each in right), initial=0.0))
    likelihoods = (
        math.exp(min(each + most - null, HIGHEST)) * sums[n] for each, n in zip(left, exceeded, strict=True) if n
    )
    return sum(likelihoods) / sum(exceeded)


@cache
def _grid(margin: float) -> tuple[Sequence[tuple[float, float]], Sequence[int]]:
    """Logs of rates, and of what is left to 1, that are as hard to tell apart everywhere; and how many rates each
    exceeds less the margin.
    """
    rates = [math.sin((n + 0.5) / POINTS * math.pi / 2) ** 2 for n in range(POINTS)]
    return [(math.log(rate), math.log1p(-rate)) for rate in rates], [bisect_left(rates, r + margin) for r in rates]


def _greatest(better: tuple[int, int], other: tuple[int, int], margin: float) -> float:
    """The greatest log likelihood at rates at which `better` does not exceed `other` less the margin."""
    own, others = (good / (good + bad) if good + bad else None for good, bad in (better, other))
    if own is None or others is None or own + margin <= others:
        return sum(_log_likelihood(arm, rate) for arm, rate in ((better, own), (other, others)) if rate is not None)
    if not margin:
        pooled = better[0] + other[0], better[1] + other[1]
        return _log_likelihood(pooled, pooled[0] / sum(pooled))
    return _peak(lambda rate: _log_likelihood(better, rate - margin) + _log_likelihood(other, rate), margin, 1.0)


def _peak(of: Callable[[float], float], low: float, high: float) -> float:
    """The greatest value of a concave function, by thirds."""
    for _ in range(60):
        third = (high - low) / 3
        if of(low + third) < of(high - third):
            low += third
        else:
            high -= third
    return of((low + high) / 2)


def _log_likelihood(arm: tuple[int, int], rate: float) -> float:
    """Of so many good and bad at this rate of good ones."""
    return sum(n * (math.log(p) if p > 0 else -math.inf) for n, p in zip(arm, (rate, 1 - rate), strict=True) if n)


def _good(tally: Tally) -> str:
    share = f" ({tally.approved / tally.judged:.0%})" if tally.judged else ""
    return f"{tally.approved} of {tally.judged}{share}"
