"""Builds a transcript from the utterances in a file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from bot.calls.reading import CallLog, Utterance, by_time
from bot.calls.speaker import NEITHER_WORDS, infer_agent, name_of, role_of
from bot.calls.transcript import Speaker, Transcript, Turn, content_id

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff]|[\ud800-\udfff]")
_EPOCH_S = 100_000_000.0


def assemble(log: CallLog, format_name: str, notes: Iterable[str], taken: Counter[str]) -> Transcript:
    """Returns one call's transcript: cleaned, in order of time, with roles, turn numbers and an id.

    `taken` counts the ids already used in this file; the new id is added to it.
    """
    told = [*notes, *log.notes]
    utterances = list(_cleaned(log.utterances))
    utterances = _in_order(_from_zero(_sensible_times(utterances, told)), told)
    roles = _roles(utterances, told)
    names = {label: name_of(clean(label)) for label in {said.label for said in utterances if said.label}}
    turns = tuple(
        Turn(n, roles[n], said.text, names.get(said.label or ""), said.start_s, said.end_s)
        for n, said in enumerate(utterances)
    )
    return Transcript(_unique(log.id or content_id(turns), taken, told), turns, format_name, tuple(dict.fromkeys(told)))


def clean(text: str) -> str:
    """Returns the text without control characters (newline and tab stay) or space at either end."""
    return (text if text.isprintable() else _CONTROL.sub("", text)).strip()


def _cleaned(utterances: Iterable[Utterance]) -> Iterator[Utterance]:
    for said in utterances:
        if text := clean(said.text):
            yield said if text == said.text else replace(said, text=text)


def _sensible_times(utterances: list[Utterance], told: list[str]) -> list[Utterance]:
    """Drops ends that come before their starts, and notes turns without a time."""
    backwards = [said for said in utterances if _ends_before_start(said)]
    if backwards:
        told.append(f"{len(backwards)} turn(s) end before they start: those ends were dropped.")
    untimed = sum(said.start_s is None for said in utterances)
    if 0 < untimed < len(utterances):
        told.append(f"{untimed} turn(s) have no time.")
    return (
        [replace(said, end_s=None) if _ends_before_start(said) else said for said in utterances]
        if backwards
        else utterances
    )


def _ends_before_start(said: Utterance) -> bool:
    return said.start_s is not None and said.end_s is not None and said.end_s < said.start_s


def _from_zero(utterances: list[Utterance]) -> list[Utterance]:
    """Makes dates (seconds since 1970) and negative offsets count from the first turn."""
    starts = [said.start_s for said in utterances if said.start_s is not None]
    first = min(starts, default=0.0)
    if 0 <= first < _EPOCH_S:
        return utterances
    return [replace(said, start_s=_minus(said.start_s, first), end_s=_minus(said.end_s, first)) for said in utterances]


def _minus(value: float | None, first: float) -> float | None:
    return None if value is None else round(max(value - first, 0.0), 3)


def _in_order(utterances: list[Utterance], told: list[str]) -> list[Utterance]:
    if all(said.start_s is None for said in utterances):
        return utterances
    ordered = by_time(utterances)
    if ordered != utterances:
        told.append("The turns were out of order and were sorted by time.")
    return ordered


def _roles(utterances: list[Utterance], told: list[str]) -> list[Speaker]:
    known: dict[str, Speaker] = {}
    for said in utterances:
        if said.label and (role := said.speaker or role_of(said.label)):
            known.setdefault(said.label, role)
    labels = {said.label for said in utterances if said.label}
    if not labels and len(utterances) > 1 and not any(said.speaker for said in utterances):
        told.append("The file doesn't say who speaks. Every speaker is shown as other.")
    elif not known and labels:
        known.update(_inferred(utterances, sorted(labels), told))
    elif len(labels) == 2 and len(known) == 1 and labels > set(known):
        known.update(_remaining(utterances, labels, known, told))
    return [said.speaker or known.get(said.label or "", "other") for said in utterances]


def _inferred(utterances: list[Utterance], labels: list[str], told: list[str]) -> dict[str, Speaker]:
    agent = infer_agent([(said.label, said.text) for said in utterances if said.label])
    if agent is None or len(labels) > 2:
        told.append("The file doesn't say who is the agent and who the customer. Both are shown as other.")
        return {}
    roles: dict[str, Speaker] = {agent: "agent"}
    told.append(f"Role inferred: {agent} is the agent (opens like a service desk).")
    for label in labels:
        if label != agent:
            roles[label] = "customer"
            told.append(f"Role inferred: {label} is the customer (the only other speaker).")
    return roles


def _remaining(
    utterances: list[Utterance], labels: set[str], known: dict[str, Speaker], told: list[str]
) -> dict[str, Speaker]:
    (role,) = known.values()
    (label,) = labels - set(known)
    if role == "other" or (label.lower().partition(" ")[0] in NEITHER_WORDS and not _answers(label, utterances)):
        return {}
    other: Speaker = "customer" if role == "agent" else "agent"
    told.append(f"Role inferred: {label} is the {other} (the only other speaker).")
    return {label: other}


def _answers(label: str, utterances: list[Utterance]) -> bool:
    """True for the "system" of a dialogue system. It speaks about every other turn; an announcement doesn't."""
    count = sum(said.label == label for said in utterances)
    return label.lower() == "system" and count >= 3 and 5 * count >= 2 * len(utterances)


def _unique(call: str, taken: Counter[str], told: list[str]) -> str:
    call = " ".join(clean(call).split())[:200] or "call"
    taken[call] += 1
    if taken[call] == 1:
        return call
    while (unique := f"{call}-{taken[call]}") in taken:
        taken[call] += 1
    taken[unique] += 1
    told.append(f"Another call in this file has the id {call}. This one became {unique}.")
    return unique
