"""Commands that a test starts beside a local Slack."""

from __future__ import annotations

from typing import Protocol

from sandbox.child import Child
from sandbox.slack import Slack


class Run(Protocol):
    """Starts a command beside a local Slack; `settings` are further environment variables."""

    def __call__(self, *command: str, slack: Slack, **settings: str) -> Child: ...
