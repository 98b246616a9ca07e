"""Converts a pair to and from a line of training data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson

from bot.answers.family import RecordFormat
from bot.answers.prompts import CLOSING, OPENING, frame
from bot.errors import ReadError
from bot.feedback.pair import Pair, call_hash
from bot.task import Task

CONVERSATION = "bedrock-conversation-2024"
ACCEPTED = "A record needs a first message from the user and a last one from the assistant, both with text."


@dataclass(frozen=True, slots=True)
class Recorded:
    """The content of a record: the system text, the user's text and the wanted answer.

    `task` is "" if the record doesn't name it.
    """

    system: str
    user: str
    completion: str
    task: str = ""


def line(row: dict[str, Any]) -> bytes:
    """Returns a row as one line of compact JSON in UTF-8, keys in order. Raises ValueError on half a character."""
    try:
        return orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)
    except TypeError as error:
        raise ValueError("It contains half of a character (a lone surrogate), which no file can store.") from error


def recorder(shape: RecordFormat) -> Callable[[str, str, str], dict[str, Any]]:
    """Returns a function that makes records from a system text, the user's text and a completion."""
    return _conversation if shape == "conversation" else _strings


def completion(task: Task, output: dict[str, Any]) -> str:
    """Returns the answer's text. Raises ValueError (pydantic's) if the output doesn't fit the task."""
    return task.completion(task.output.model_validate(output))


def to_holdout(pair: Pair, completion: str) -> dict[str, Any]:
    """Returns a pair's row in the holdout file, in Wrapup's own shape. Its completion is its output.

    `written` names the fields that people wrote. The evaluation compares wording only there.
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
    """Reads a record of either shape.

    Raises ReadError, which says what is missing, also if there are turns between the first and the last.
    """
    try:
        messages = row["messages"]
        roles = [message["role"] for message in messages]
        texts = [_text(message["content"]) for message in messages]
        system = _text(row.get("system") or "")
    except (KeyError, TypeError, AttributeError) as error:
        raise ReadError("this isn't a training record", accepted=ACCEPTED) from error
    if roles != ["user", "assistant"]:
        raise ReadError(f"the roles are {', '.join(map(str, roles)) or 'none'}, not user, assistant", accepted=ACCEPTED)
    return Recorded(system, *texts)


def transcript_reader(task: Task) -> Callable[[str], str | None]:
    """Returns a function that finds the transcript's lines in a first message of the task's tuned template, or None."""
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
    """Returns a message's text, from a string or blocks of text. Raises TypeError or KeyError for anything else."""
    if isinstance(content, str):
        return content
    parts = [block["text"] for block in content]
    return "".join(parts)
