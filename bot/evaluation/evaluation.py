"""Holds what an evaluation found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bot.calls.transcript import to_lines
from bot.evaluation.attempt import Attempt
from bot.evaluation.bootstrap import Difference
from bot.evaluation.gate import Decision, Passed
from bot.evaluation.holdout import Case
from bot.evaluation.scorecard import Moved, Scorecard
from bot.models.kept import SCHEMA
from bot.task import Task

MOVED = ("better", "worse")  # calls that the challenger changed most
FIGURES = ("call", "champion", "challenger")  # the parts of each that have no customer's words


@dataclass(frozen=True, slots=True)
class ModelAnswers:
    """One model's answers to the held-out calls and to the probes, in order."""

    model: str
    calls: tuple[Attempt, ...]
    probes: tuple[Attempt, ...]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """An evaluation's result. `against` is a third model asked beside the two, with its figures."""

    task: Task
    cases: tuple[Case, ...]
    champion: ModelAnswers
    challenger: ModelAnswers
    card: Scorecard
    probes: Passed
    decision: Decision
    against: tuple[ModelAnswers, Mapping[str, float | None]] | None = None

    @property
    def counted(self) -> bool:
        """True if the provider counted the tokens; otherwise they are estimates."""
        return all(each.counted for each in (*self.champion.calls, *self.challenger.calls))

    def of(self, moved: Sequence[Moved]) -> list[tuple[Moved, Case, Attempt, Attempt]]:
        """Returns the calls that changed, with the wanted output and both models' answers."""
        places = {case.call: n for n, case in enumerate(self.cases)}
        at = [(each, places[each.call]) for each in moved]
        return [(each, self.cases[n], self.champion.calls[n], self.challenger.calls[n]) for each, n in at]


def to_row(found: Evaluation) -> dict[str, Any]:
    """Returns the evaluation as one JSON object, without a word of any call."""
    third = found.against
    return {
        "schema": SCHEMA,
        "task": found.task.name,
        "champion": found.champion.model,
        "challenger": found.challenger.model,
        "n": found.card.n,
        "verdict": found.decision.verdict,
        "sentence": found.decision.sentence,
        "reasons": list(found.decision.reasons),
        "fields": {name: _difference(each) for name, each in found.card.fields.items()},
        "by_topic": {name: {"n": n} | _difference(each) for name, (n, each) in found.card.by_group.items()},
        "probes": {
            kind: {"champion": before, "challenger": after, "asked": asked}
            for kind, (before, after, asked) in found.probes.items()
        },
        "tokens_counted": found.counted,
        "cost_known": found.card.fields["cost_usd"].diff is not None,
        "better": [asdict(each) for each in found.card.better],
        "worse": [asdict(each) for each in found.card.worse],
        "against": {"model": third[0].model, "fields": dict(third[1])} if third else None,
    }


def to_kept(found: Evaluation, at: float) -> dict[str, Any]:
    """Returns the same with the masked words of the calls that changed, for reports. `at` is seconds since 1970.

    Each call has its `transcript`, the `wanted` output, and the models' answers `before` and `after`.
    """
    return to_row(found) | {"at": at} | {side: _told(found, getattr(found.card, side)) for side in MOVED}


def without_words(row: Mapping[str, Any]) -> dict[str, Any]:
    """Reduces a stored evaluation to the form of `to_row`."""
    return dict(row) | {side: [{name: each[name] for name in FIGURES} for each in row[side]] for side in MOVED}


def _told(found: Evaluation, moved: Sequence[Moved]) -> list[dict[str, Any]]:
    return [
        asdict(each)
        | {
            "transcript": to_lines(case.transcript.turns),
            "wanted": case.reference.model_dump(mode="json"),
            "before": {"output": before.output, "fault": before.fault},
            "after": {"output": after.output, "fault": after.fault},
        }
        for each, case, before, after in found.of(moved)
    ]


def _difference(each: Difference) -> dict[str, float | None]:
    row = asdict(each)
    del row["p"]
    return row
