"""A task moves to another base model by one command, on the embedded model and on a local Bedrock."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from bot.wiring import Wiring
from sandbox.child import LIMIT_S
from tests.doubles.made_pairs import pairs, settle
from tests.doubles.shell import Shell
from tests.doubles.training_bedrock import ROLE, TRUST, TrainingBedrock


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    for name in [name for name in os.environ if name.startswith(("WRAPUP_", "REDIS_", "AWS_"))]:
        monkeypatch.delenv(name)
    made = Shell(tmp_path / "data")
    made.environment["WRAPUP_FAMILY"] = "claude-3-haiku"
    settle(Wiring(made.settings).services.pairs, *pairs(60))
    return made


def started(shell: Shell) -> list[str]:
    return [entry["what"] for entry in shell.json("audit") if entry["did"] == "start"]


def test_without_yes_the_cost_is_shown_and_nothing_is_started(shell: Shell) -> None:
    shown = shell.json("migrate-family", "embedded")

    assert (shown["job"], shown["family"], shown["estimate"]["usd"]) == (None, "embedded", 0.0)
    assert "Nothing was started: add --yes." in shell.run("migrate-family", "embedded")
    assert started(shell) == []


def test_with_yes_it_goes_on_to_the_verdict_and_promotes_nothing(shell: Shell) -> None:
    ended = shell.json("migrate-family", "embedded", "--yes")

    assert (ended["status"], ended["champion"], ended["endpoint"]) == ("Completed", "embedded", ended["model"])
    assert ended["verdict"] in ("promote", "refuse", "too_few")
    assert shell.json("models", "list")[0]["role"] == "challenger"


def test_run_again_it_goes_on_where_it_was_whatever_was_collected_meanwhile(shell: Shell) -> None:
    first = shell.json("migrate-family", "embedded", "--yes")
    settle(Wiring(shell.settings).services.pairs, *pairs(20, start=100))

    again = shell.json("migrate-family", "embedded", "--yes")

    assert (again["job"], again["model"]) == (first["job"], first["model"])
    assert started(shell) == [first["name"]]


def test_a_job_that_was_started_by_hand_is_taken_to_the_verdict(shell: Shell) -> None:
    job = shell.json("train", "start", "--family", "embedded", "--yes")["name"]
    shown = shell.run("migrate-family", "embedded")

    ended = shell.json("migrate-family", "embedded", "--yes")

    assert f"wrapup train watch {job}" in shown
    assert (ended["name"], started(shell)) == (job, [job])


def test_a_verdict_that_stands_is_not_worked_out_again(shell: Shell) -> None:
    model = shell.json("migrate-family", "embedded", "--yes")["model"]
    shell.judge(model, verdict="refuse")

    again = shell.json("migrate-family", "embedded", "--yes")

    assert (again["verdict"], again["sentence"]) == ("refuse", "It is worse.")


def test_a_job_that_fails_ends_with_code_4(shell: Shell) -> None:
    shell.json("train", "start", "--family", "embedded", "--yes")
    (file,) = Path(shell.environment["WRAPUP_DATA_DIR"]).glob("datasets/*/train.jsonl")
    file.write_bytes(file.read_bytes() + b"{}\n")

    ended = shell.json("migrate-family", "embedded", "--yes", code=4)

    assert (ended["status"], "not the one that was ordered" in ended["failure"]) == ("Failed", True)


def test_where_the_family_answers_already_there_is_nothing_to_move(shell: Shell) -> None:
    model = shell.json("migrate-family", "embedded", "--yes")["model"]
    shell.run("promote", model, "--yes", "--override", "because")

    assert "is of embedded already" in shell.run("migrate-family", "embedded", "--yes", code=1)


def test_with_two_person_control_a_second_one_has_to_approve(shell: Shell) -> None:
    shell.environment["WRAPUP_TWO_PERSON"] = "1"

    assert "second person" in shell.run("migrate-family", "embedded", "--yes", code=1)
    assert shell.json("migrate-family", "embedded", "--yes", "--approve", "nobody-else")["status"] == "Completed"


@pytest.mark.parametrize(("said", "jobs"), [(b"y\n", 1), (b"n\n", 0)])
def test_in_a_terminal_it_asks_and_goes_on_to_the_verdict_when_told_to(shell: Shell, said: bytes, jobs: int) -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "bot", "migrate-family", "embedded"]
    with subprocess.Popen(
        command, stdin=theirs, stdout=subprocess.PIPE, text=True, env=os.environ | shell.environment
    ) as asking:
        os.write(ours, said)
        out, _ = asking.communicate(timeout=LIMIT_S)
    os.close(ours)
    os.close(theirs)

    assert "Train, serve and judge it?" in out
    assert ("makes it answer" in out, len(started(shell))) == (bool(jobs), jobs)


@pytest.fixture
def bedrock(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> Iterator[TrainingBedrock]:
    """A local Bedrock with a bucket in each Region; a Haiku of before is the champion."""
    with TrainingBedrock(at_once=True) as server, mock_aws():
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        west, east = (boto3.client("s3", region_name=region) for region in ("us-west-2", "us-east-1"))
        west.create_bucket(Bucket="wrapup-west", CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
        east.create_bucket(Bucket="wrapup-east")
        trust = str(TRUST).replace("'", '"')
        boto3.client("iam", region_name="us-west-2").create_role(RoleName="wrapup", AssumeRolePolicyDocument=trust)
        shell.environment |= {"WRAPUP_ROLE_ARN": ROLE, "WRAPUP_BUCKET": "s3://wrapup-west"}
        yield server


def champion(shell: Shell) -> dict[str, Any]:
    """A model of the family of the settings, promoted."""
    row: dict[str, Any] = shell.json("models", "serve", shell.trained(), "--yes")
    shell.run("promote", row["model"], "--yes", "--override", "the first one")
    return row


def test_a_champion_on_bedrock_is_judged_against_one_of_another_family_and_goes_on_answering(
    bedrock: TrainingBedrock, shell: Shell
) -> None:
    before = champion(shell)
    shell.environment["WRAPUP_BUCKET"] = "s3://wrapup-east"

    ended = shell.json("migrate-family", "nova-lite", "--yes")

    assert (ended["champion"], ended["status"]) == (before["endpoint"], "Completed")
    assert ended["endpoint"] != before["endpoint"]
    assert "amazon.nova-lite" in ended["model"]
    assert shell.answering() == before["endpoint"]
    assert Wiring(shell.settings).store.registry.used(ended["endpoint"])
    assert len(bedrock.asked("CreateCustomModelDeployment")) == 1


def test_a_champion_that_has_ended_leaves_nothing_to_compare_with_and_that_is_told(
    bedrock: TrainingBedrock, shell: Shell
) -> None:
    before = champion(shell)
    shell.environment["WRAPUP_BUCKET"] = "s3://wrapup-east"
    respond = bedrock.respond

    def ended(request: Any) -> Any:
        if request.operation == "Converse" and request.id == before["endpoint"]:
            bedrock.fails("ResourceNotFoundException", 404, "This model version has reached the end of its life.")
        return respond(request)

    bedrock.respond = ended  # type: ignore[method-assign]

    told = shell.run("migrate-family", "nova-lite", "--yes", code=3)

    assert "there is nothing to compare with: `wrapup promote" in told


def test_a_bucket_in_another_region_is_told_before_anything_costs(bedrock: TrainingBedrock, shell: Shell) -> None:
    assert "us-east-1" in shell.run("migrate-family", "nova-lite", "--yes", code=1)
    assert bedrock.asked("CreateModelCustomizationJob") == []
