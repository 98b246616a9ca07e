"""A canary: a challenger that answers a share of calls, with a test of the votes on both models ("arms").

The test can be run after every vote. Suppose that both arms are equally good, at a rate p. Take the likelihood of the
votes at two rates on either side of p, divided by their likelihood at p. However often we look, the chance that this
ratio ever reaches 1/a is at most a (Ville's inequality). The same holds for its mean over several distances from p.

As p is unknown, we take the least of these means over all plausible p. A confidence sequence gives the plausible p; the
chance that it ever misses the true one is at most MISSES. The distances of the two rates from p are weighted by the
arms' shares of the calls, so that an error in p cancels out.

The test needs only four counts. If people change their minds about an answer, it moves from one count to another.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict

from bot.errors import CanaryRefused
from bot.models.champion import Champion, Reign

Arm = Literal["champion", "challenger"]
CanaryState = Literal["running", "won", "stopped"]
ARMS: tuple[Arm, ...] = get_args(Arm)
LEAST, MOST = 0.01, 0.9  # of the share of calls
WORSE_AT, FAILS_AT, MISSES = (
    30.0,
    200.0,
    0.005,
)  # 1/30 + 1/200 + 2 x 0.005: an equal model is stopped in at most 5% of cases
WINS_AT = 25.0
MARGIN = 0.1  # a challenger wins if its share of good answers is less than this worse
DISTANCES = (0.05, 0.07, 0.1, 0.14, 0.2, 0.28, 0.4, 0.57, 0.8, 1.0)
STEP, STEPS = 0.25, 24  # distance of the rates that are tried, in standard deviations, and their number on each side
HIGHEST = 700.0  # exp() of more overflows a float
CHANNEL = re.compile(r"(?:<#)?([CGD][A-Z0-9]+)(?:\|[^>]*)?>?")
EDGE = 1e-6  # rates stay this far from 0 and 1, so that their logs are finite

VoteCounts = tuple[int, int]  # good ones, bad ones


class Canary(Reign):
    """A model that answers a share of a task's calls, in the named channels or, if there are none, in all.

    `champion`: the id that answers the other calls. `beside`: when that became the champion (Champion.at); if another
    model becomes champion, this canary is over. `state`: one that has won goes on, and can be promoted. `reason`: why it
    won or was stopped. `by_itself`: whether the test stopped it.
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
        """The arm of an answer, by its model and the time (s) of the request; None if the answer doesn't count."""
        if self.state == "stopped" or at < self.at or not self.is_in(channel):
            return None
        return "challenger" if model == self.answers else "champion" if model == self.champion else None


def takes(canary: Canary, call: str, channel: str) -> bool:
    """Whether the challenger answers the call. The same for the same call, but independent between canaries."""
    digest = hashlib.sha256(f"canary {canary.id} {call}".encode("utf-8", "surrogatepass")).digest()
    return canary.is_in(channel) and int.from_bytes(digest[:8], "big") < canary.share * 2**64


class Tally(BaseModel):
    """The results of one arm: how many calls it was `asked`, how many it `failed` to answer, and the votes by state."""

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
        """Bad answers. A correction counts as much as a thumb down, because somebody had to do the work again."""
        return self.rejected + self.corrected + self.conflict


def tallies(counts: Mapping[str, int]) -> tuple[Tally, Tally]:
    """Both arms, the champion first, from counts by ARM:NAME."""
    champion, challenger = ({n: counts.get(f"{arm}:{n}", 0) for n in Tally.model_fields} for arm in ARMS)
    return Tally(**champion), Tally(**challenger)


class CanaryFinding(BaseModel):
    """The result of the test: the state that the canary should have, and the reason in one sentence."""

    model_config = ConfigDict(frozen=True)

    state: CanaryState
    sentence: str


@dataclass(frozen=True, slots=True)
class CanaryStanding:
    """A canary, the results of both arms, and a sentence about them."""

    canary: Canary
    champion: Tally
    challenger: Tally
    sentence: str

    @property
    def runs(self) -> bool:
        return self.canary.state != "stopped"


def asked_for(words: str) -> tuple[float, tuple[str, ...]]:
    """Share and channels from a person's words, such as "10% #support". Raises CanaryRefused."""
    share, *channels = words.split() or ["10%"]
    number = re.fullmatch(r"(\d+(?:\.\d+)?)(%?)", share)
    found = [CHANNEL.fullmatch(each) for each in channels]
    if not number or not all(found):
        raise CanaryRefused("Give a share and, if you like, channels, such as `10% #support`; or `stop`.")
    return float(number[1]) / (100 if number[2] else 1), tuple(each[1] for each in found if each)


def find(champion: Tally, challenger: Tally, share: float) -> CanaryFinding:
    """The result of the test on these counts, if the challenger has that share of the calls."""
    votes = f"{_good(challenger)} of the new model's rated answers were good, {_good(champion)} of the current model's"
    theirs, its = ((each.approved, each.bad) for each in (champion, challenger))
    answered, its_answered = ((each.asked - each.failed, each.failed) for each in (champion, challenger))
    if evidence(answered, its_answered, 1 - share) >= FAILS_AT:
        failed = f"The new model could not answer {challenger.failed:,} of {challenger.asked:,} calls"
        return CanaryFinding(
            state="stopped", sentence=f"{failed}, the current model {champion.failed:,} of {champion.asked:,}."
        )
    if evidence(theirs, its, 1 - share) >= WORSE_AT:
        return CanaryFinding(state="stopped", sentence=f"The new model does worse: {votes}.")
    if evidence(its, theirs, share, MARGIN) >= WINS_AT:
        better = evidence(its, theirs, share) >= WINS_AT
        does = "does better" if better else f"is less than {MARGIN * 100:.0f} points worse, if at all"
        return CanaryFinding(state="won", sentence=f"The new model {does}, and can be promoted: {votes}.")
    told = votes if sum(theirs) + sum(its) else "nobody has rated an answer of either model yet"
    return CanaryFinding(state="running", sentence=f"Too early to tell: {told}.")


def evidence(better: VoteCounts, other: VoteCounts, share: float, margin: float = 0.0) -> float:
    """The evidence that `better` has a higher rate of good answers than `other` minus `margin`; 1 is none.

    `share`: the share of the calls that `better` has.
    """
    least = math.inf
    for rate in _plausible(better, other, margin):
        null = _log_likelihood(better, rate - margin) + _log_likelihood(other, rate)
        logs = (
            _log_likelihood(better, rate - margin + (1 - share) * d) + _log_likelihood(other, rate - share * d) - null
            for d in DISTANCES
        )
        least = min(least, sum(math.exp(min(each, HIGHEST)) for each in logs) / len(DISTANCES))
        if least <= 1:
            break
    return least


def _plausible(better: VoteCounts, other: VoteCounts, margin: float) -> list[float]:
    """Plausible rates of `other`, if `better` has that rate minus the margin; the likeliest first.

    The rates are a grid on which neighbours are equally hard to tell apart. The mean likelihood over the grid, divided by
    that at the true rate, is a martingale too. So we leave out a rate if this ratio reaches 1/MISSES.
    """
    votes = max(sum(better) + sum(other), 1)
    middle = (better[0] + margin * sum(better) + other[0]) / votes
    at, step = math.asin(math.sqrt(min(max(middle, margin), 1.0))), STEP / 2 / math.sqrt(votes)
    angles = [at + n * step for n in range(-STEPS, STEPS + 1)]
    rates = [rate for each in angles if 0 < each < math.pi / 2 and (rate := math.sin(each) ** 2) > margin]
    likely = sorted(((_log_likelihood(better, r - margin) + _log_likelihood(other, r), r) for r in rates), reverse=True)
    mean = math.log(sum(math.exp(each - likely[0][0]) for each, _ in likely) * step / (math.pi / 2)) + likely[0][0]
    return [rate for each, rate in likely if mean - each < -math.log(MISSES)]


def _log_likelihood(arm: VoteCounts, rate: float) -> float:
    """The log likelihood of these counts, at this rate of good ones."""
    inside = min(max(rate, EDGE), 1 - EDGE)
    return arm[0] * math.log(inside) + arm[1] * math.log1p(-inside)


def _good(tally: Tally) -> str:
    share = f" ({tally.approved / tally.judged:.0%})" if tally.judged else ""
    return f"{tally.approved:,} of {tally.judged:,}{share}"
