"""Turns a model's reply into a task's output."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TypeVar

from pydantic import ValidationError

from bot.errors import MalformedReply
from bot.task import Output

OutputT = TypeVar("OutputT", bound=Output)


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens, as counted by the provider."""

    input_tokens: int
    output_tokens: int

    def __add__(self, other: Usage) -> Usage:
        return Usage(self.input_tokens + other.input_tokens, self.output_tokens + other.output_tokens)


@dataclass(frozen=True, slots=True)
class ModelReply:
    """The model's text. `usage` is None if nobody counts tokens."""

    text: str
    usage: Usage | None = None


def parse(reply: ModelReply, output: type[OutputT]) -> OutputT:
    """Returns the output in the reply: its first JSON object, in a code fence or among words.

    Raises MalformedReply, whose text tells the model what to correct.
    """
    start = reply.text.find("{")
    if start < 0:
        raise MalformedReply("The reply holds no JSON object.")
    try:
        value, _ = json.JSONDecoder().raw_decode(reply.text, start)
        return output.model_validate(value)
    except json.JSONDecodeError as error:
        raise MalformedReply(f"The JSON is broken: {error.msg} at character {error.pos - start}.") from error
    except RecursionError as error:
        raise MalformedReply("The JSON is nested too deeply.") from error
    except ValidationError as error:
        raise MalformedReply(f"The JSON does not fit the schema: {faults(error)}.") from error


def faults(error: ValidationError) -> str:
    """Returns each fault with its place. Leaves out the values, because they are the customer's words."""
    faults = error.errors(include_url=False, include_input=False, include_context=False)
    return "; ".join(f"{'.'.join(map(str, fault['loc'])) or 'the object'}: {fault['msg']}" for fault in faults[:5])
