"""A team adds a task of its own: a pydantic model and a folder, and no change in code that exists."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from bot.settings import SHIPPED_PROMPTS
from sandbox.child import LIMIT_S
from tests.doubles.bedrock_server import BedrockServer

ROOT = Path(__file__).parent.parent.parent
MODEL = """
from typing import Literal
from bot.task import Output

class Survey(Output):
    mood: Literal["happy", "neutral", "angry"]
    would_call_again: bool
"""
BASE = "## system\nSay how the customer felt, as JSON that fits $schema\n## user\n$transcript\n"


def a_team_adds_survey(folder: Path) -> Path:
    (folder / "survey.py").write_text(MODEL)
    prompts = shutil.copytree(SHIPPED_PROMPTS, folder / "prompts")
    (prompts / "survey").mkdir()
    (prompts / "survey" / "task.yaml").write_text("about: The mood.\nreads: call\noutput: survey:Survey\n")
    (prompts / "survey" / "base.md").write_text(BASE)
    (prompts / "survey" / "tuned.md").write_text("## system\nMood as JSON.\n## user\n$transcript\n")
    return prompts


def summarize(prompts: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bot", "summarize", "--json", "--task", "survey", "samples/heizung-de.txt"]
    where = {"WRAPUP_PROMPTS": str(prompts), "PYTHONPATH": str(prompts.parent)}
    environment = os.environ | where | environ
    return subprocess.run(
        command, capture_output=True, text=True, cwd=ROOT, env=environment, check=False, timeout=LIMIT_S
    )


def test_a_bedrock_model_answers_it(tmp_path: Path, bedrock: BedrockServer) -> None:
    prompts = a_team_adds_survey(tmp_path)
    bedrock.says('{"mood": "neutral", "would_call_again": true}')

    done = summarize(prompts, WRAPUP_MODEL_ID="amazon.nova-lite-v1:0", **bedrock.environment)

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["output"] == {"mood": "neutral", "would_call_again": True}


def test_its_own_schema_is_what_the_model_is_told(tmp_path: Path, bedrock: BedrockServer) -> None:
    prompts = a_team_adds_survey(tmp_path)
    bedrock.says('{"mood": "neutral", "would_call_again": true}')

    summarize(prompts, WRAPUP_MODEL_ID="amazon.nova-lite-v1:0", **bedrock.environment)

    assert "would_call_again" in bedrock.asked()[0].body["system"][0]["text"]


def test_the_embedded_model_says_that_it_does_not_know_it(tmp_path: Path) -> None:
    done = summarize(a_team_adds_survey(tmp_path), WRAPUP_MODEL_ID="embedded")

    assert done.returncode == 3
    assert "knows summarize and moderate" in done.stderr
