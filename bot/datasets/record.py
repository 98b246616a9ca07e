"""A training record: one pair as the line of a file that a base model's fine-tuning takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson

from bot.answers.family import Family, RecordFormat
from bot.answers.prompts import CLOSING, OPENING, frame
from bot.errors import ReadError
from bot.feedback.pair import Pair, call_hash
from bot.task import Task

CONVERSATION = "bedrock-conversation-2024"
ACCEPTED = "A record has a first message of the user and a last one of the assistant, both with text."


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a record holds: the system text, what the user says and what the assistant is to answer.

    `task` is "" where the record does not name it.
    """

    system: str
    user: str
    completion: str
    task: str = ""


def line(row: dict[str, Any]) -> bytes:
    """A row as its one line of JSON: keys in their order, no spaces, UTF-8 as it is. Raises ValueError on half characters."""
    try:
        return orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)
    except TypeError as error:
        raise ValueError("It holds half of a character (a lone surrogate), which no file can hold.") from error


def recorder(shape: RecordFormat) -> Callable[[str, str, str], dict[str, Any]]:
    """Makes records of a system text, what the user says and a completion."""
    return _conversation if shape == "conversation" else _strings


def to_record(pair: Pair, task: Task, family: Family) -> dict[str, Any]:
    """The record of a pair, with the prompt that a tuned model of the family is sent for that call.

    Raises ValueError (pydantic's) where the output does not fit the task.
    """
    system, user = frame(task, "tuned").texts(pair.transcript)
    return recorder(family.record_format)(system, user, completion(task, pair.output))


def completion(task: Task, output: dict[str, Any]) -> str:
    """The text that the model is to answer. Raises ValueError (pydantic's) where the output does not fit the task."""
    return task.completion(task.output.model_validate(output))


def to_holdout(pair: Pair, completion: str) -> dict[str, Any]:
    """The row of a pair that is kept back for evaluation, in Wrapup's own shape; its completion is its output.

    `written` names the fields that people wrote: only there are a model's own words no yardstick.
    """
    output = orjson.loads(completion)
    return {
        "call": call_hash(pair.transcript),
        "task": pair.task,
        "transcript": pair.transcript,
        "output": output,
        "label": pair.label,
        "written": [name for name in output if name in pair.by_people],
    }


def from_record(row: Any) -> Recorded:
    """What a record of either shape holds; further turns between the first and the last are refused.

    Raises ReadError that says what is missing.
    """
    try:
        messages = row["messages"]
        roles = [message["role"] for message in messages]
        texts = [_text(message["content"]) for message in messages]
        system = _text(row.get("system") or "")
    except (KeyError, TypeError, AttributeError) as error:
        raise ReadError("this is no training record", accepted=ACCEPTED) from error
    if roles != ["user", "assistant"]:
        raise ReadError(f"the roles are {', '.join(map(str, roles)) or 'none'}, not user, assistant", accepted=ACCEPTED)
    return Recorded(system, *texts)


def transcript_reader(task: Task) -> Callable[[str], str | None]:
    """Finds the transcript's lines in a first message that the task's tuned template made; None where it made none such."""
    before, *after = frame(task, "tuned").user
    start, end = before + OPENING, CLOSING + "".join(after)

    def read(user: str) -> str | None:
        whole = user.startswith(start) and user.endswith(end) and len(user) >= len(start) + len(end)
        return user[len(start) : len(user) - len(end)] if whole and len(after) == 1 else None

    return read


def _strings(system: str, user: str, answer: str) -> dict[str, Any]:
    messages = [{"role": "user", "content": user}, {"role": "assistant", "content": answer}]
    return {"system": system, "messages": messages} if system else {"messages": messages}


def _conversation(system: str, user: str, answer: str) -> dict[str, Any]:
    said = [
        {"role": "user", "content": [{"text": user}]},
        {"role": "assistant", "content": [{"text": answer}]},
    ]
    about = {"system": [{"text": system}]} if system else {}
    return {"schemaVersion": CONVERSATION, **about, "messages": said}


def _text(content: Any) -> str:
    """The text of a message: a string, or blocks of text. Raises TypeError or KeyError for anything else."""
    if isinstance(content, str):
        return content
    parts = [block["text"] for block in content]
    return "".join(parts)
