"""A canary: a challenger that answers a share of calls, and the test of what people say of both arms.

The test may look after every vote. Were both arms equally good, at a rate p, then the likelihood of what was seen at
rates on either side of p, by that at p, would ever get to 1/a with a chance of a at most (Ville), however often one looks;
so would its mean over several distances. p is not known: the least of these means counts, over all p that are plausible,
by a confidence sequence that ever misses it with a chance of MISSES at most. The rates stand from p as the arms share the
calls, so that an error in p cancels out. It depends on four counts alone: an answer about which people change
their minds moves from one count to the other.
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
LEAST, MOST = 0.01, 0.9
WORSE_AT, FAILS_AT, MISSES = 30.0, 200.0, 0.005  # 1/30 + 1/200 + twice 0.005: an equal one is stopped in 5 % at most
WINS_AT = 25.0
MARGIN = 0.1
DISTANCES = (0.05, 0.07, 0.1, 0.14, 0.2, 0.28, 0.4, 0.57, 0.8, 1.0)
STEP, STEPS = 0.25, 24  # between rates that are tried, in standard deviations, and how many to each side
HIGHEST = 700.0  # the log of what a float can hold
CHANNEL = re.compile(r"(?:<#)?([CGD][A-Z0-9]+)(?:\|[^>]*)?>?")
EDGE = 1e-6  # no rate is nearer to 0 or 1

VoteCounts = tuple[int, int]
"""Good and bad ones."""


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


class CanaryFinding(BaseModel):
    """What the counts come to: the state that the canary is to have, and why in one sentence."""

    model_config = ConfigDict(frozen=True)

    state: CanaryState
    sentence: str


@dataclass(frozen=True, slots=True)
class CanaryStanding:
    """A canary, what both arms have come to, and how it stands in a sentence."""

    canary: Canary
    champion: Tally
    challenger: Tally
    sentence: str

    @property
    def runs(self) -> bool:
        return self.canary.state != "stopped"


def asked_for(words: str) -> tuple[float, tuple[str, ...]]:
    """Share and channels in what a person asked for, such as "10% #support". Raises CanaryRefused."""
    share, *channels = words.split() or ["10%"]
    number = re.fullmatch(r"(\d+(?:\.\d+)?)(%?)", share)
    found = [CHANNEL.fullmatch(each) for each in channels]
    if not number or not all(found):
        raise CanaryRefused("Give a share and, if you like, channels, such as `10% #support`; or `stop`.")
    return float(number[1]) / (100 if number[2] else 1), tuple(each[1] for each in found if each)


def find(champion: Tally, challenger: Tally, share: float) -> CanaryFinding:
    """What the test says of the counts now, where the challenger has that share of the calls."""
    votes = f"{_good(challenger)} of the challenger's judged answers were good, {_good(champion)} of the champion's"
    theirs, its = ((each.approved, each.bad) for each in (champion, challenger))
    answered, its_answered = ((each.asked - each.failed, each.failed) for each in (champion, challenger))
    if evidence(answered, its_answered, 1 - share) >= FAILS_AT:
        failed = f"The challenger could not answer {challenger.failed} of {challenger.asked} calls"
        return CanaryFinding(state="stopped", sentence=f"{failed}, the champion {champion.failed} of {champion.asked}.")
    if evidence(theirs, its, 1 - share) >= WORSE_AT:
        return CanaryFinding(state="stopped", sentence=f"The challenger does worse: {votes}.")
    if evidence(its, theirs, share, MARGIN) >= WINS_AT:
        better = evidence(its, theirs, share) >= WINS_AT
        does = "does better" if better else f"is less than {MARGIN * 100:.0f} points worse, if at all"
        return CanaryFinding(state="won", sentence=f"The challenger {does}, and can be promoted: {votes}.")
    told = votes if sum(theirs) + sum(its) else "nobody voted on an answer of either yet"
    return CanaryFinding(state="running", sentence=f"Too early to tell: {told}.")


def evidence(better: VoteCounts, other: VoteCounts, share: float, margin: float = 0.0) -> float:
    """The evidence that `better`, with its share of the calls, is good more often than `other` less `margin`. 1 is none."""
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
    """Rates that `other` may have where `better` has that less the margin, the likeliest first.

    On a grid of rates that are equally hard to tell apart, the likelihood averaged over all by that at the true one is a
    martingale too: a rate is left out where that gets to 1/MISSES.
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
    """Of so many good and bad at this rate of good ones."""
    inside = min(max(rate, EDGE), 1 - EDGE)
    return arm[0] * math.log(inside) + arm[1] * math.log1p(-inside)


def _good(tally: Tally) -> str:
    share = f" ({tally.approved / tally.judged:.0%})" if tally.judged else ""
    return f"{tally.approved} of {tally.judged}{share}"
