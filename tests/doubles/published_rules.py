"""The rules that AWS publishes for the files of a fine-tuning job, read anew from its pages and sample validators.

Written apart from bot/datasets/rules.py and by other means, so that one checks the other.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

NOVA_WORDS = "System: SYSTEM: User: USER: Bot: BOT: Assistant: ASSISTANT: Thought: [EOS] <image> <video>".split()
LEAST = {"claude-3-haiku": 32, "nova-lite": 8, "nova-micro": 8, "nova-pro": 8, "llama-3.3-70b": 100}
MOST = {"train": {"claude-3-haiku": 10_000, "llama-3.3-70b": 10_000}, "validation": {"claude-3-haiku": 1_000}}
TOKENS = {"llama-3.3-70b": 16_000}


def faults(path: Path, family: str) -> list[str]:
    """What a job of the family would refuse in a file, a line each; nothing where the file is not written."""
    if not path.exists():
        return []
    lines = path.read_bytes().split(b"\n")
    found = [] if lines.pop() == b"" else ["the last line has no end"]
    if not LEAST.get(family, 1) <= len(lines) <= MOST[path.stem].get(family, 20_000):
        found.append(f"{len(lines)} lines")
    for number, line in enumerate(lines, 1):
        try:
            row = json.loads(line)
        except ValueError:
            found.append(f"line {number}: no JSON")
        else:
            found += [f"line {number}: {fault}" for fault in _in_row(row, family)]
    return found


def _in_row(row: dict[str, Any], family: str) -> list[str]:
    strings = family in ("claude-3-haiku", "embedded")
    if set(row) - ({"system", "messages"} if strings else {"schemaVersion", "system", "messages"}):
        return [f"keys {sorted(row)}"]
    if not strings and row["schemaVersion"] != "bedrock-conversation-2024":
        return ["schemaVersion"]
    if [message["role"] for message in row["messages"]] != ["user", "assistant"] * (len(row["messages"]) // 2):
        return ["roles"]
    contents = [row["system"], *(message["content"] for message in row["messages"])]
    if not strings:
        if not all(len(content) == 1 and set(content[0]) == {"text"} for content in contents):
            return ["blocks"]
        contents = [content[0]["text"] for content in contents]
    return _in_texts(contents, family)


def _in_texts(texts: list[Any], family: str) -> list[str]:
    if not all(isinstance(text, str) and text.strip() for text in texts):
        return ["a text that is empty or none"]
    words = ["\nHuman:", "\nAssistant:"] if family == "claude-3-haiku" else NOVA_WORDS if "nova" in family else []
    found = [f"holds {word!r}" for word in words for text in texts if word in text]
    if sum(len(text) // 3 for text in texts) > TOKENS.get(family, 32_000):
        found.append("too long")
    return found
