"""What is to happen next: the open items of the agent and of others, one step a line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.adapters.onboard.languages import Language


def next_steps(items: Sequence[Mapping[str, Any]], language: Language) -> list[str]:
    """The quoted steps in the order of the call, each with who takes it and the turn that says so."""
    return [
        f"{f'{language.agent}: ' if item['owner'] == 'agent' else ''}{item['task']} [{item['turn']}]"
        for item in items
        if item["owner"] != "customer"
    ]
