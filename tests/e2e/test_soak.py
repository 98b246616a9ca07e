"""Many requests while everything breaks: none is lost, none is answered twice."""

from __future__ import annotations

from pathlib import Path

from bench.soak import soak
from sandbox.slack import Slack


def test_nothing_is_lost_or_answered_twice_while_processes_are_killed_and_slack_fails(
    slack: Slack, tmp_path: Path
) -> None:
    outcome = soak(slack, tmp_path, requests=150, seconds=25, seed=7)

    assert (outcome.lost, outcome.doubled) == (0, 0), outcome
    assert outcome.accepted >= 100
