"""The commands as somebody types them in a shell."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from bot.__main__ import main
from bot.models.champion import Judged
from bot.retraining.pending import Agenda, Asked
from bot.retraining.retraining import Retraining
from bot.settings import Settings, read
from bot.wiring import Wiring

CALL = "samples/broadband-outage.txt"


class Shell:
    """Runs commands in a data folder of its own, on the embedded store."""

    def __init__(self, data: Path) -> None:
        self.environment = {"WRAPUP_DATA_DIR": str(data), "WRAPUP_FAMILY": "embedded", "WRAPUP_POLL_S": "0.2"}

    @property
    def settings(self) -> Settings:
        return read(self.environment)

    def run(self, *words: str, code: int = 0) -> str:
        """What the command said on standard output, or on standard error where that is empty."""
        done = CliRunner().invoke(main, words, env=self.environment)
        assert done.exit_code == code, done.output
        return done.stdout or done.stderr

    def json(self, *words: str, code: int = 0) -> Any:
        return json.loads(self.run(*words, "--json", code=code))

    def trained(self) -> str:
        """A model of the pairs that are there."""
        job = self.json("train", "start", "--yes")["name"]
        return str(self.json("train", "watch", job)["model"])

    def judge(self, challenger: str, champion: str = "embedded", verdict: str = "promote") -> None:
        judged = {"task": "summarize", "champion": champion, "challenger": challenger, "verdict": verdict}
        text = {"sentence": "It is worse.", "n": 40, "at": 1.0}
        Wiring(self.settings).store.registry.judge(Judged.model_validate(judged | text))

    @property
    def retraining(self) -> Retraining:
        """The loop as a worker for Slack has it."""
        return Wiring(self.settings).training.retraining

    @property
    def agenda(self) -> Agenda:
        return self.retraining.loop("summarize").agenda

    def slack(self, step: str, of: str) -> None:
        """An admin presses a button."""
        getattr(self.retraining, step)(Asked("request-2", step, "summarize", "U1", 2.0, of))

    def answering(self) -> str:
        return str(json.loads(self.run("summarize", CALL, "--json"))["model"])
