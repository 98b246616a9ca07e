"""Writes the next steps, one open item per line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.adapters.onboard.languages import Language


def next_steps(items: Sequence[Mapping[str, Any]], language: Language) -> list[str]:
    """Returns the quoted steps in the order of the call, each with its owner and turn."""
    names = {"agent": f"{language.agent}: ", "customer": f"{language.customer}: ", "other": ""}
    return [f"{names[item['owner']]}{item['task']} [{item['turn']}]" for item in items]
