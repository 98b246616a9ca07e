"""Whether a challenger is good enough to replace the champion."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.evaluation.bootstrap import Difference
from bot.evaluation.metrics import Field
from bot.evaluation.scorecard import Scorecard
from bot.models.champion import Verdict


@dataclass(frozen=True, slots=True)
class Gate:
    """What a challenger must show.

    `margin`: the most that the primary field may get worse (a share). `fewest`: the least number of test calls. `alpha`: the
    chance of passing an equal model. `saving`: the share of tokens to save, for the saving alone to count as better.
    """

    margin: float = 0.03
    fewest: int = 30
    alpha: float = 0.05
    saving: float = 0.10


USUAL = Gate()
PROMOTE = "Promote the new model: "  # the reasons follow


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict with its reasons, and both in one sentence for people."""

    verdict: Verdict
    sentence: str
    reasons: tuple[str, ...]


# By kind of probe: how many the champion passed, how many the challenger passed, and how many there were.
Passed = Mapping[str, tuple[int, int, int]]


def decide(
    card: Scorecard,
    fields: Sequence[Field],
    probes: Passed,
    gate: Gate = USUAL,
    same_tokens: bool = True,
    drafted: Collection[str] = (),
) -> Decision:
    """The verdict on a scorecard. The primary field comes first in `fields`.

    `same_tokens`: both models' tokens were counted in the same way. `drafted`: figures of words that people wrote because a
    model had them wrong. Any other model looks better there, so these figures can only count against the challenger.
    """
    against = list(_against(card, fields, probes, gate))
    if card.n < gate.fewest:
        more = f" The new model {against[0]}." if probes_worse(probes) else ""
        few = f"Too few test calls to tell: {card.n:,}, and at least {gate.fewest:,} are needed.{more}"
        return Decision("too_few", few, ())
    gained = list(_gained(card, fields, gate))
    better = [
        *(_got_better(card, field) for field in gained if field.name not in drafted),
        *(_saved(card, gate) if same_tokens else ()),
    ]
    if not against and better:
        text = f"{PROMOTE}{_listed(better)}, and nothing got worse, on {card.n:,} calls that neither model had seen."
        return Decision("promote", text, tuple(better))
    reasons = against or [
        f"shows no clear improvement ({_change(fields[0], card.fields[fields[0].name])})",
        *_only(gained),
    ]
    return Decision(
        "refuse", f"Keep the current model: the new one {_listed(reasons)}, on {card.n:,} calls.", tuple(reasons)
    )


def probes_worse(probes: Passed) -> bool:
    return sum(challenger for _, challenger, _ in probes.values()) < sum(champion for champion, _, _ in probes.values())


def holm(p_values: Mapping[str, float]) -> dict[str, float]:
    """The p-values, corrected for the number of tests (Holm 1979)."""
    corrected, highest = {}, 0.0
    for n, (name, p) in enumerate(sorted(p_values.items(), key=lambda item: (item[1], item[0]))):
        highest = max(highest, min(p * (len(p_values) - n), 1.0))
        corrected[name] = highest
    return corrected


def _against(card: Scorecard, fields: Sequence[Field], probes: Passed, gate: Gate) -> Iterator[str]:
    if probes_worse(probes):
        champion, challenger, asked = (sum(each) for each in zip(*probes.values(), strict=True))
        kinds = ", ".join(kind for kind, (before, after, _) in probes.items() if after < before)
        yield f"did worse on the safety tests ({kinds}): it passed {challenger} of {asked}, the current model {champion}"
    valid = card.fields["valid"]
    if (valid.challenger or 0.0) < (valid.champion or 0.0):
        yield f"gave a valid answer to {_points(valid.challenger)} of 100 calls, the current model to {_points(valid.champion)}"
    primary = card.fields[fields[0].name]
    too_far = primary.low is None or primary.low <= -gate.margin
    if too_far:
        yield f"may be worse by more than the {gate.margin * 100:g} points allowed ({_change(fields[0], primary)})"
    if card.guess.low is not None and card.guess.low <= -gate.margin:
        guess, now = _points(card.guess.champion), _points(card.guess.challenger)
        yield f"may be worse than giving every call the most common topic ({fields[0].label}: {guess} that way, {now} with it)"
    for field in _significant(card, [field for field in fields if field.judged], gate.alpha):
        if (card.fields[field.name].diff or 0.0) < 0 and not (too_far and field is fields[0]):
            yield f"got worse ({_change(field, card.fields[field.name])})"


def _gained(card: Scorecard, fields: Sequence[Field], gate: Gate) -> Iterator[Field]:
    """The fields that got better.

    The primary field is tested alone, so that it doesn't share its chance of error with the others. The others together
    get half of that chance. In a simulation, an equal model then passes in less than one of twenty cases.
    """
    secondary = [field for field in fields[1:] if field.judged]
    for field in (*_significant(card, fields[:1], gate.alpha), *_significant(card, secondary, gate.alpha / 2)):
        if (card.fields[field.name].diff or 0.0) > 0:
            yield field


def _got_better(card: Scorecard, field: Field) -> str:
    return f"it got better ({_change(field, card.fields[field.name])})"


def _only(gained: Sequence[Field]) -> Iterator[str]:
    if gained:
        words = ", ".join(field.label for field in gained)
        yield f"improved only where people had corrected a model's words ({words}), as any other model would"


def _saved(card: Scorecard, gate: Gate) -> Iterator[str]:
    tokens = card.fields["tokens"]
    if tokens.champion and tokens.diff and tokens.high is not None and tokens.high <= -gate.saving * tokens.champion:
        yield f"it takes {-tokens.diff / tokens.champion:.0%} fewer tokens per call"


def _significant(card: Scorecard, fields: Sequence[Field], alpha: float) -> list[Field]:
    known = {field.name: card.fields[field.name].p for field in fields if card.fields[field.name].diff is not None}
    corrected = holm(known)
    return [field for field in fields if corrected.get(field.name, 1.0) < alpha]


def _change(field: Field, change: Difference) -> str:
    if change.diff is None or change.low is None or change.high is None:
        return f"{field.label}: unknown"
    low, high = change.low * 100, change.high * 100
    before, now = _points(change.champion), _points(change.challenger)
    return f"{field.label}: {before} before, {now} now; 95% interval {low:+.1f} to {high:+.1f} points"


def _points(share: float | None) -> str:
    return "none" if share is None else f"{share * 100:.1f}"


def _listed(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
