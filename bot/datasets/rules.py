"""Defines the rules for training data, checked before anything is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from bot.answers.family import Family
from bot.calls.transcript import from_lines, to_lines
from bot.feedback.pair import Pair
from bot.privacy import Masker
from bot.privacy.masker import Redact

Effect = Literal["left out", "mended", "warning", "stops the export"]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: its name in manifests, what happens to a pair that breaks it, and its text."""

    name: str
    effect: Effect
    about: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A pair (its key, or "" for the whole dataset) that breaks a rule, and what was found."""

    pair: str
    rule: Rule
    detail: str = ""


UNREADABLE = Rule("unreadable", "left out", "the stored pair is damaged, or from a later version of Wrapup")
NO_TRANSCRIPT = Rule("no transcript", "left out", "the transcript is empty, or not in the lines of a prompt")
WRONG_OUTPUT = Rule("output does not fit", "left out", "the output fits the task's schema")
EMPTY = Rule("empty answer", "left out", "the output says something")
TOO_LONG = Rule("too long", "left out", "a record is no longer than the base model takes")
RESERVED = Rule("reserved words", "left out", "the record has no words that the base model reserves")
PERSONAL = Rule("personal data", "left out", "a second scan finds nothing personal")
CONFLICT = Rule("conflict", "left out", "a reviewer has decided if an imported call has two outputs")
OTHER_SIDE = Rule("near-duplicate", "left out", "no older call on another side is nearly the same")
TOO_MANY = Rule("too many", "left out", "no more records than the base model takes")
TOO_FEW = Rule(
    "too few for validation",
    "left out",
    "a validation file with fewer records than the base model's minimum isn't written",
)
KNOWN = Rule("in an earlier export", "left out", "the pair is not in the export that --since names")
OLD_PROMPT = Rule("older prompt", "mended", "the prompt is rendered again with today's template")
SAME_PROMPT = Rule("duplicated prompt", "warning", "no two records have the same prompt")
RARE_TOPIC = Rule("rare topic", "warning", "a topic has at least 5 examples")
NOT_SCANNED = Rule("not scanned", "warning", "masking is on, which the second scan needs")
MIN_RECORDS = Rule(
    "too few records", "stops the export", "there are at least as many training records as the base model needs"
)
TEMPLATE = Rule("template", "stops the export", "the task's template has no words that the base model reserves")
FILE_SIZE = Rule("file too large", "stops the export", "a file is no larger than the base model takes")
RULES = (
    UNREADABLE, NO_TRANSCRIPT, WRONG_OUTPUT, EMPTY, TOO_LONG, RESERVED, PERSONAL, CONFLICT, OTHER_SIDE, TOO_MANY, TOO_FEW, KNOWN,
    OLD_PROMPT, SAME_PROMPT, RARE_TOPIC, NOT_SCANNED, MIN_RECORDS, TEMPLATE, FILE_SIZE,
)  # fmt: skip
RARE = 5


def tokens(*texts: str) -> int:
    """Estimates the tokens of a record's texts, at three bytes of UTF-8 each (one character in Chinese).

    AWS's validator counts three characters each: the same in English, never more elsewhere.
    """
    return sum(_bytes(text) // 3 + 1 for text in texts)


def reserved(family: Family, *texts: str) -> str:
    """Returns the first word in the texts that the family reserves, or ""."""
    return next((word for word in family.reserved for text in texts if word in text), "")


def says_nothing(output: Any) -> bool:
    """True if the value is empty: no text, number or boolean in it says anything."""
    if isinstance(output, dict):
        return all(map(says_nothing, output.values()))
    if isinstance(output, list):
        return all(map(says_nothing, output))
    return output is None or (isinstance(output, str) and not output.strip())


def is_canonical(transcript: str) -> bool:
    """True if `to_lines` would write the same, so that training and inference have the same prompt."""
    turns = from_lines(transcript)
    return any(turn.text.strip() for turn in turns) and to_lines(turns) == transcript


def personal(pair: Pair, mode: Redact) -> list[str]:
    """Returns the types of personal data that a second scan finds in a record's content."""
    if mode == "off":
        return []
    turns = from_lines(pair.transcript)
    masker = Masker([turn.name for turn in turns if turn.name], mode)
    texts = ["\n".join(turn.text for turn in turns), *(turn.name for turn in turns if turn.name)]
    texts += [*_strings(pair.output), *_strings(pair.rejected)]
    return sorted({found.type for text in dict.fromkeys(texts) for found in masker.find(text)})


def _strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for each in inner for text in _strings(each)]


def _bytes(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))
