"""Prompts for the local Bedrock."""

from __future__ import annotations

from typing import Protocol

from bot.adapters.bedrock.chat import BedrockModel
from bot.answers.prompts import Prompt, PromptMessage

HAIKU = "anthropic.claude-3-haiku-20240307-v1:0"


def prompt(text: str = "Hello", system: str = "You sum up calls.", call: str = "call-1") -> Prompt:
    return Prompt(system, (PromptMessage("user", text),), "summarize", call, {"type": "object", "properties": {}})


class Ask(Protocol):
    """Makes a model that asks the local server."""

    def __call__(self, model_id: str = HAIKU, guardrail: str | None = None) -> BedrockModel: ...
