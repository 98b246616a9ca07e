"""The rules that a base model's fine-tuning has for its data, checked before anything is written."""

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
    """A rule: its name, as a manifest counts it, what happens to a pair that breaks it, and what the rule says."""

    name: str
    effect: Effect
    about: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A pair (its key, "" for the whole dataset) that breaks a rule, and what exactly was found."""

    pair: str
    rule: Rule
    detail: str = ""


UNREADABLE = Rule("unreadable", "left out", "what is stored is no pair that this version of Wrapup knows")
NO_TRANSCRIPT = Rule("no transcript", "left out", "the transcript is empty, or not in the lines of a prompt")
WRONG_OUTPUT = Rule("output does not fit", "left out", "the output has the shape that the task asks for")
EMPTY = Rule("empty answer", "left out", "the output says something")
TOO_LONG = Rule("too long", "left out", "a record is no longer than the base model takes")
RESERVED = Rule("reserved words", "left out", "no words that the base model keeps for itself")
PERSONAL = Rule("personal data", "left out", "a second scan finds nothing personal")
CONFLICT = Rule("conflict", "left out", "no imported call has two outputs between which no reviewer has decided")
OTHER_SIDE = Rule("near-duplicate", "left out", "no call is nearly the same as an older one on another side")
TOO_MANY = Rule("too many", "left out", "no more records than the base model takes")
TOO_FEW = Rule(
    "too few for validation", "left out", "a validation file has the base model's minimum, or is not written"
)
KNOWN = Rule("in an earlier export", "left out", "the pair is not in the export that --since names")
OLD_PROMPT = Rule("older prompt", "mended", "the prompt is today's: it is rendered anew")
SAME_PROMPT = Rule("duplicated prompt", "warning", "no two records ask the same")
RARE_TOPIC = Rule("rare topic", "warning", "a topic has at least 5 examples")
NOT_SCANNED = Rule("not scanned", "warning", "masking is on, so that a second scan can be made")
MIN_RECORDS = Rule("too few records", "stops the export", "the base model's minimum of training records")
TEMPLATE = Rule("template", "stops the export", "the task's template has no words that the base model keeps for itself")
FILE_SIZE = Rule("file too large", "stops the export", "a file is no larger than the base model takes")
RULES = (
    UNREADABLE, NO_TRANSCRIPT, WRONG_OUTPUT, EMPTY, TOO_LONG, RESERVED, PERSONAL, CONFLICT, OTHER_SIDE, TOO_MANY, TOO_FEW, KNOWN,
    OLD_PROMPT, SAME_PROMPT, RARE_TOPIC, NOT_SCANNED, MIN_RECORDS, TEMPLATE, FILE_SIZE,
)  # fmt: skip
RARE = 5


def tokens(*texts: str) -> int:
    """The tokens of a record's texts: three bytes of UTF-8 each, so one a character in Chinese.

    AWS's own validator takes three characters each, which is the same in English and never more elsewhere.
    """
    return sum(_bytes(text) // 3 + 1 for text in texts)


def reserved(family: Family, *texts: str) -> str:
    """The first word in the texts that the family keeps for itself; "" where there is none."""
    return next((word for word in family.reserved for text in texts if word in text), "")


def says_nothing(output: Any) -> bool:
    """Whether no text, number or yes or no in it says anything."""
    if isinstance(output, dict):
        return all(map(says_nothing, output.values()))
    if isinstance(output, list):
        return all(map(says_nothing, output))
    return output is None or (isinstance(output, str) and not output.strip())


def is_canonical(transcript: str) -> bool:
    """Whether it is what `to_lines` writes, so that a record's prompt is the one that a model is sent."""
    turns = from_lines(transcript)
    return any(turn.text.strip() for turn in turns) and to_lines(turns) == transcript


def personal(pair: Pair, mode: Redact) -> list[str]:
    """The types of personal data that a second scan finds in what a record would hold."""
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
