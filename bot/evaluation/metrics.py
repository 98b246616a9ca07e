"""Measures an answer, field by field, against the reference output."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel

from bot.answers.moderation import CATEGORIES, Moderation
from bot.answers.summary import Summary
from bot.evaluation.attempt import Attempt
from bot.evaluation.holdout import Case
from bot.evaluation.similarity import f1, hierarchical_f1, matched, names_f1, rouge_l, token_f1
from bot.task import Output

Unit = Literal["share", "tokens", "usd", "ms"]
Statistic = Literal["ratio", "p50", "p95"]

# What one call adds to a figure. The figure is the sum of the first numbers divided by the sum of the second.
# (0, 0) means that the call doesn't measure it.
Measure = tuple[float, float]
NOTHING: Measure = (0.0, 0.0)
LABELS = frozenset({"topics", "categories"})  # lists of names, not of sentences


@dataclass(frozen=True, slots=True)
class Field:
    """One figure of a scorecard. The gate looks only at those that are `judged`; the others inform.

    `words_of` is the output's field whose wording it compares. It only counts if people wrote that field: a model's own
    wording is just one of many good ones.
    """

    name: str
    label: str
    judged: bool = True
    unit: Unit = "share"
    statistic: Statistic = "ratio"
    words_of: str = ""


VALID = Field("valid", "valid answers", judged=False)
TOKENS = Field("tokens", "tokens per answer", judged=False, unit="tokens")
COST = Field("cost_usd", "cost per answer", judged=False, unit="usd")
_COMMON = (
    VALID,
    TOKENS,
    COST,
    Field("latency_p50_ms", "time to answer (median)", judged=False, unit="ms", statistic="p50"),
    Field("latency_p95_ms", "time to answer (95th percentile)", judged=False, unit="ms", statistic="p95"),
)
_SUMMARY = (
    Field("topics_f1", "topics"),
    Field("topics_hierarchical_f1", "topics, a right parent counts", judged=False),
    Field("to_do_accuracy", "has action items"),
    Field("action_items_precision", "correct action items", judged=False, words_of="action_items"),
    Field("action_items_recall", "action items found", judged=False, words_of="action_items"),
    Field("action_items_f1", "action items", words_of="action_items"),
    Field("owner_accuracy", "owners of action items"),
    Field("summary_f1", "summary similarity", words_of="summary"),
    Field("summary_rouge_l", "summary similarity, in order", judged=False, words_of="summary"),
    Field("next_steps_f1", "next steps", words_of="next_steps"),
    Field("evidence_rate", "action items with evidence"),
)
_MODERATION = (
    Field("accuracy", "right decisions"),
    Field("f1", "toxic comments"),
    *(Field(f"{name}_f1", f"the category {name.replace('_', ' ')}") for name in CATEGORIES),
)


_KNOWN = {field.name: field for field in (*_SUMMARY, *_MODERATION, *_COMMON)}


def fields(output: type[Output]) -> tuple[Field, ...]:
    """Returns a task's figures, the primary one first."""
    if issubclass(output, Summary):
        return _SUMMARY + _COMMON
    if issubclass(output, Moderation):
        return _MODERATION + _COMMON
    names = ((name, is_wording(name, about.annotation)) for name, about in output.model_fields.items())
    return (*(_agreement(name, name if wording else "") for name, wording in names), *_COMMON)


def is_wording(name: str, kind: Any) -> bool:
    """True if a field holds free text, not labels, numbers or choices."""
    if name in LABELS or get_origin(kind) is Literal:
        return False
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return any(is_wording(part, about.annotation) for part, about in kind.model_fields.items())
    return kind is str or any(is_wording(name, part) for part in get_args(kind))


def drafted(fields: Sequence[Field], cases: Sequence[Case]) -> frozenset[str]:
    """Returns the figures on wording that people corrected in some calls, which shows the model was wrong there."""
    corrected = [case for case in cases if case.corrected]
    return frozenset(
        field.name for field in fields if field.words_of and any(case.is_written(field.words_of) for case in corrected)
    )


def named(name: str) -> Field:
    """Returns the figure with that name, of any task."""
    return _KNOWN.get(name) or _agreement(name.removesuffix("_agreement"))


def measures(case: Case, attempt: Attempt, usd: float | None) -> dict[str, Measure]:
    """Returns what one attempt adds to each figure. An invalid answer is wrong everywhere. `usd` is its cost.

    Compares wording only if people wrote it, but labels always: a label that people left is confirmed.
    """
    told = {
        "valid": (float(attempt.output is not None), 1.0),
        "tokens": (float(attempt.input_tokens + attempt.output_tokens), 1.0),
        "cost_usd": NOTHING if usd is None else (usd, 1.0),
        "latency_p50_ms": (float(attempt.latency_ms), 1.0),
        "latency_p95_ms": (float(attempt.latency_ms), 1.0),
    }
    reference = case.reference
    output = None if attempt.output is None else type(reference).model_validate(attempt.output)
    if isinstance(reference, Summary):
        told |= _summary(output, reference, case)
    elif isinstance(reference, Moderation):
        told |= _moderation(output, reference)
    else:
        told |= _any(output, reference)
    return {name: each for name, each in told.items() if _counts(name, case)}


def _counts(name: str, case: Case) -> bool:
    words_of = _words_of(type(case.reference)).get(name)
    return not words_of or case.is_written(words_of)


@cache
def _words_of(output: type[Output]) -> dict[str, str]:
    return {field.name: field.words_of for field in fields(output)}


def groups(reference: Output) -> tuple[str, ...]:
    """Returns a call's topics or a comment's categories, for figures by topic."""
    if isinstance(reference, Summary):
        return tuple(dict.fromkeys(reference.topics))
    if isinstance(reference, Moderation):
        return tuple(dict.fromkeys(reference.categories)) if reference.toxic else ("harmless",)
    return ()


def guesses(references: Sequence[Output]) -> list[Measure]:
    """Returns what each call adds to the first figure if every call gets the commonest topic; only for call logs."""
    wanted = [each.topics for each in references if isinstance(each, Summary)]
    counted = Counter(name for topics in wanted for name in dict.fromkeys(topics))
    if not counted or len(wanted) < len(references):
        return [NOTHING] * len(references)
    commonest = min(counted, key=lambda name: (-counted[name], name))
    return [(names_f1([commonest], topics), 1.0) for topics in wanted]


def _agreement(name: str, words_of: str = "") -> Field:
    return Field(f"{name}_agreement", name.replace("_", " "), words_of=words_of)


def _summary(given: Output | None, wanted: Summary, case: Case) -> dict[str, Measure]:
    if not isinstance(given, Summary):
        wrong = (
            "topics_f1",
            "topics_hierarchical_f1",
            "to_do_accuracy",
            "action_items_f1",
            "summary_f1",
            "summary_rouge_l",
            "next_steps_f1",
        )
        missed = {"action_items_recall": (0.0, float(bool(wanted.action_items)))}
        return dict.fromkeys(wrong, (0.0, 1.0)) | missed
    return {
        "topics_f1": (names_f1(given.topics, wanted.topics), 1.0),
        "topics_hierarchical_f1": (hierarchical_f1(given.topics, wanted.topics), 1.0),
        "to_do_accuracy": (float(bool(given.action_items) == bool(wanted.action_items)), 1.0),
        **_items(given, wanted),
        "summary_f1": (token_f1(given.summary, wanted.summary), 1.0),
        "summary_rouge_l": (rouge_l(given.summary, wanted.summary), 1.0),
        "next_steps_f1": (_list_f1(given.next_steps, wanted.next_steps), 1.0),
        "evidence_rate": _share(
            len(given.action_items) - len(given.unverified(case.transcript)), len(given.action_items)
        ),
    }


def _items(given: Summary, wanted: Summary) -> dict[str, Measure]:
    mine, theirs = given.action_items, wanted.action_items
    same = matched([item.task for item in mine], [item.task for item in theirs])
    owners = sum(mine[one].owner == theirs[other].owner for one, other in same)
    return {
        "action_items_precision": _share(len(same), len(mine), a_call=True),
        "action_items_recall": _share(len(same), len(theirs), a_call=True),
        "action_items_f1": (f1(len(same), len(mine), len(theirs)), 1.0),
        "owner_accuracy": _share(owners, len(same)),
    }


def _moderation(given: Output | None, wanted: Moderation) -> dict[str, Measure]:
    if not isinstance(given, Moderation):
        return dict.fromkeys(("accuracy", "f1", *(f"{name}_f1" for name in CATEGORIES)), (0.0, 1.0))
    told = {"accuracy": (float(given.toxic == wanted.toxic), 1.0), "f1": _pooled_f1(given.toxic, wanted.toxic)}
    categories = {f"{name}_f1": _pooled_f1(name in given.categories, name in wanted.categories) for name in CATEGORIES}
    return told | categories


def _any(given: Output | None, wanted: Output) -> dict[str, Measure]:
    """Measures a team's own task: texts by words, lists by entries, anything else by equality."""
    mine: Mapping[str, Any] = {} if given is None else given.model_dump(mode="json")
    rows = wanted.model_dump(mode="json").items()
    return {f"{name}_agreement": (_alike(mine[name], value) if mine else 0.0, 1.0) for name, value in rows}


def _alike(given: Any, wanted: Any) -> float:
    agreements: tuple[tuple[type, Callable[[Any, Any], float]], ...] = ((str, token_f1), (list, _entries_f1))
    for kind, agreement in agreements:
        if isinstance(given, kind) and isinstance(wanted, kind):
            return agreement(given, wanted)
    return float(given == wanted)


def _entries_f1(given: Sequence[Any], wanted: Sequence[Any]) -> float:
    return _list_f1([str(each) for each in given], [str(each) for each in wanted])


def _list_f1(given: Sequence[str], wanted: Sequence[str]) -> float:
    return f1(len(matched(given, wanted)), len(given), len(wanted))


def _pooled_f1(given: bool, wanted: bool) -> Measure:
    """Returns a comment's part of F1: the sum of 2 x hits divided by the sum of given and wanted."""
    return 2.0 * (given and wanted), float(given) + float(wanted)


def _share(part: int, of: int, a_call: bool = False) -> Measure:
    """Returns a share of all entries, or averaged over the calls that have some."""
    if not of:
        return NOTHING
    return (part / of, 1.0) if a_call else (float(part), float(of))
