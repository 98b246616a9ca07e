"""The loop on the embedded model from a shell: train, serve, judge, promote, roll back."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from redis import Redis

from bot.__main__ import main
from bot.adapters.redis.embedded_server import running
from bot.adapters.redis.keys import LOCK
from bot.retraining.pending import Asked
from bot.wiring import Wiring
from handlers.worker.rounds import Rounds
from sandbox import teaching
from sandbox.child import wait_for
from tests.doubles.made_pairs import pairs, settle
from tests.doubles.shell import CALL, Shell


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    for name in [name for name in os.environ if name.startswith(("WRAPUP_", "REDIS_", "AWS_"))]:
        monkeypatch.delenv(name)
    made = Shell(tmp_path / "data")
    settle(Wiring(made.settings).services.pairs, *pairs(30))
    return made


def test_without_yes_a_start_shows_what_it_would_take_and_starts_nothing(shell: Shell) -> None:
    shown = shell.json("train", "start")

    assert (shown["job"], shown["estimate"]["usd"], shown["estimate"]["records"] > 20) == (None, 0.0, True)
    assert "no job yet" in shell.run("train", "status", code=1)


def test_the_embedded_model_goes_on_from_no_other(shell: Shell) -> None:
    assert "learns from the whole dataset each time" in shell.run("train", "start", "--base", "other", "--yes", code=1)


def test_a_job_that_is_started_twice_is_one(shell: Shell) -> None:
    first, second = (shell.json("train", "start", "--yes")["name"] for _ in range(2))

    assert first == second
    assert [entry["did"] for entry in shell.json("audit")] == ["start"]


def test_a_watched_job_ends_with_a_model_that_is_listed(shell: Shell) -> None:
    model = shell.trained()

    (row,) = shell.json("models", "list")
    assert (row["model"], row["state"], row["role"], row["bills"]) == (model, "Active", "challenger", None)
    (artefact,) = (Path(shell.environment["WRAPUP_DATA_DIR"]) / "models").iterdir()
    assert artefact.stat().st_size < 5_000_000


def test_the_same_dataset_gives_the_same_model(shell: Shell) -> None:
    model = shell.trained()

    (artefact,) = (Path(shell.environment["WRAPUP_DATA_DIR"]) / "models").iterdir()
    artefact.unlink()

    assert shell.trained() == model


def test_what_was_not_judged_is_not_promoted(shell: Shell) -> None:
    model = shell.trained()

    assert "has not been compared with embedded" in shell.run("promote", model, "--yes", code=1)


def test_what_was_judged_to_be_worse_is_promoted_only_with_a_reason(shell: Shell) -> None:
    model = shell.trained()
    shell.judge(model, verdict="refuse")

    assert "It is worse." in shell.run("promote", model, "--yes", code=1)
    shell.run("promote", model, "--yes", "--override", "we want to see it")

    assert shell.json("audit")[-1]["reason"] == "we want to see it"


def test_a_promoted_model_answers_until_it_is_rolled_back(shell: Shell) -> None:
    model = shell.trained()
    shell.judge(model)
    before = shell.answering()

    shell.run("promote", model, "--yes")
    promoted = shell.answering()
    shell.run("rollback")

    assert (before, promoted, shell.answering()) == ("embedded", model, "embedded")


def test_every_step_is_in_the_audit_with_who_and_from_which_dataset(shell: Shell) -> None:
    model = shell.trained()
    shell.run("promote", model, "--yes", "--override", "because")

    entries = shell.json("audit")

    assert [entry["did"] for entry in entries] == ["start", "training Completed", "promote"]
    assert len({entry["dataset"] for entry in entries}) == 1
    assert entries[-1]["who"]


def test_an_evaluation_and_an_export_are_in_the_audit_too(shell: Shell, tmp_path: Path) -> None:
    model = shell.trained()

    verdict = shell.json("evaluate", "--challenger", model)["verdict"]
    place = shell.json("pairs", "export", "--out", str(tmp_path / "out"))["place"]

    *_, judged, exported = shell.json("audit")
    assert (judged["did"], judged["what"], judged["reason"]) == ("evaluate", model, verdict)
    assert (exported["did"], exported["dataset"]) == ("export", place)


@pytest.mark.parametrize("given", ["", " "])
def test_a_reason_of_spaces_is_none(shell: Shell, given: str) -> None:
    model = shell.trained()

    assert "has not been compared" in shell.run("promote", model, "--yes", "--override", given, code=1)


def test_on_board_nothing_costs_and_there_is_nothing_to_watch(shell: Shell) -> None:
    model = shell.trained()

    assert shell.json("models", "watch") == []
    assert "no custom model or endpoint" in shell.run("models", "release", "wrapup-x", "--yes", code=1)
    assert "a month" not in shell.run("models", "release", model, "--yes")


def test_a_model_that_answers_is_not_released(shell: Shell) -> None:
    model = shell.trained()
    shell.run("promote", model, "--yes", "--override", "because")

    assert "answers summarize now" in shell.run("models", "release", model, "--yes", code=1)


def test_a_champion_whose_artefact_is_gone_leaves_the_answers_to_the_usual_model(shell: Shell) -> None:
    model = shell.trained()
    shell.run("promote", model, "--yes", "--override", "because")
    (artefact,) = (Path(shell.environment["WRAPUP_DATA_DIR"]) / "models").iterdir()

    artefact.unlink()

    assert shell.answering() == "embedded"
    assert shell.json("models", "list")[0]["state"] == "deleted"


def test_a_champion_that_is_gone_is_not_rolled_back_to(shell: Shell) -> None:
    first = shell.trained()
    shell.run("promote", first, "--yes", "--override", "because")
    settle(Wiring(shell.settings).services.pairs, *pairs(20, start=100))
    second = shell.trained()
    shell.run("promote", second, "--yes", "--override", "because")
    folder = Path(shell.environment["WRAPUP_DATA_DIR"]) / "models"

    next(folder.glob(f"*{first.partition(':')[2]}*")).unlink()

    assert "is no longer served" in shell.run("rollback", code=1)
    assert shell.answering() == second


def test_a_stopped_job_ends_the_watch_with_code_4_and_is_done_anew_by_the_next_start(shell: Shell) -> None:
    job = shell.json("train", "start", "--yes")["name"]

    assert shell.json("train", "stop")["status"] == "Stopped"

    assert shell.json("train", "watch", job, code=4)["status"] == "Stopped"
    assert shell.json("train", "start", "--yes")["name"] == f"{job}-2"


def test_a_job_whose_dataset_was_changed_fails_and_says_so(shell: Shell) -> None:
    job = shell.json("train", "start", "--yes")["name"]
    (file,) = Path(shell.environment["WRAPUP_DATA_DIR"]).glob("datasets/*/train.jsonl")
    file.write_bytes(file.read_bytes() + b"{}\n")

    ended = shell.json("train", "watch", job, code=4)

    assert (ended["status"], "not the one that was ordered" in ended["failure"]) == ("Failed", True)


def test_a_hyperparameter_that_the_family_has_not_is_refused(shell: Shell) -> None:
    assert "has no hyperparameter 'epochCount'" in shell.run("train", "start", "--set", "epochCount=3", code=1)


def test_with_two_person_control_a_job_needs_another_ones_approval(shell: Shell) -> None:
    shell.environment["WRAPUP_TWO_PERSON"] = "1"

    assert "second person" in shell.run("train", "start", "--yes", code=1)
    shell.run("train", "start", "--yes", "--approve", "nobody-else")

    assert shell.json("audit")[0]["approved_by"] == "nobody-else"


def test_a_start_that_waits_for_an_approval_is_on_the_card_and_an_admin_in_slack_approves(shell: Shell) -> None:
    shell.environment["WRAPUP_TWO_PERSON"] = "1"
    shell.run("train", "start", "--yes", code=1)
    agenda = shell.agenda

    assert agenda.approval
    assert agenda.approval.step == "train"
    shell.slack("approve", agenda.approval.id)

    assert shell.json("audit")[0]["approved_by"] == "U1"


def test_a_promotion_needs_the_approval_of_a_second_person_as_in_slack(shell: Shell) -> None:
    model = shell.trained()
    shell.judge(model)
    shell.environment["WRAPUP_TWO_PERSON"] = "1"

    told = shell.run("promote", model, "--yes", code=1)
    approval, before = shell.agenda.approval, shell.answering()
    assert approval
    shell.slack("approve", approval.id)

    assert "Add --approve NAME" in told
    assert (approval.step, approval.what, before, shell.answering()) == ("promote", model, "embedded", model)


def test_with_the_name_of_a_second_person_nothing_waits(shell: Shell) -> None:
    model = shell.trained()
    shell.judge(model)
    shell.environment["WRAPUP_TWO_PERSON"] = "1"
    shell.run("promote", model, "--yes", code=1)

    shell.run("promote", model, "--yes", "--approve", "nobody-else")

    assert (shell.agenda.approval, shell.answering()) == (None, model)


def test_pairs_that_a_model_was_trained_on_already_are_refused(shell: Shell) -> None:
    model = shell.trained()

    assert f"{model} was trained on these very pairs" in shell.run("train", "start", "--yes", code=1)


@pytest.mark.parametrize(
    "words",
    [
        ("train", "start", "--yes"),
        ("evaluate", "--challenger", "MODEL"),
        ("promote", "MODEL", "--yes", "--override", "because"),
        ("models", "serve", "MODEL", "--yes"),
    ],
)
def test_while_a_step_from_slack_is_under_way_none_is_taken_from_a_shell(shell: Shell, words: tuple[str, ...]) -> None:
    model = shell.trained()
    asked = Asked("request-1", "evaluate", "summarize", "U1", 1.0)
    shell.retraining.under_way.alone(asked, "Evaluating … 3 of 40 answers.").__enter__()

    told = shell.run(*(model if word == "MODEL" else word for word in words), code=1)

    assert "Something is under way: Evaluating … 3 of 40 answers." in told


def test_why_a_step_from_a_shell_failed_is_on_the_card(shell: Shell) -> None:
    model = shell.trained()
    shell.judge(model, verdict="refuse")

    told = shell.run("promote", model, "--yes", code=1)

    trouble = shell.agenda.trouble
    assert trouble
    assert trouble.text == "It is worse. To promote it anyway, give a reason."
    assert told.strip() == f"{trouble.text} Add --override REASON."
    assert shell.agenda.doing is None


@pytest.mark.parametrize("phase", ["validation", "training"])
def test_a_job_is_taken_up_where_another_process_left_it(shell: Shell, phase: str) -> None:
    job = shell.json("train", "start", "--yes")["name"]
    trainer = Wiring(shell.settings).training.trainer
    while trainer.job(job).look.phase != phase:
        trainer.step(trainer.job(job))

    assert shell.json("train", "watch")["status"] == "Completed"


def test_a_trainer_that_is_killed_at_work_is_followed_by_another_once_its_lock_is_over(shell: Shell) -> None:
    job = shell.json("train", "start", "--yes")["name"]
    store = Redis.from_url(running(shell.settings.data_dir))
    command = [sys.executable, "-m", "bot", "train", "watch", job]
    with subprocess.Popen(command, env=os.environ | shell.environment, stderr=subprocess.DEVNULL) as killed:
        while not store.exists(f"{LOCK}training:{job}"):
            assert killed.poll() is None
        killed.send_signal(signal.SIGKILL)

    store.pexpire(f"{LOCK}training:{job}", 1_000)  # half a minute, for a test

    assert shell.json("train", "watch", job)["status"] == "Completed"
    assert [entry["did"] for entry in shell.json("audit")] == ["start", "training Completed"]
    store.close()


def test_a_worker_takes_a_job_that_was_started_to_its_end(shell: Shell) -> None:
    job = shell.json("train", "start", "--yes")["name"]
    trainer = Wiring(shell.settings).training.trainer

    Rounds("training", trainer.round, 0.0).start()
    wait_for("the job's end", lambda: trainer.job(job).ended)

    assert trainer.job(job).look.status == "Completed"


def test_without_its_store_the_shell_answers_with_the_model_of_the_settings_and_says_so(shell: Shell) -> None:
    shell.environment["REDIS_URL"] = "redis://127.0.0.1:1"

    done = CliRunner().invoke(main, ["summarize", CALL, "--json"], env=shell.environment)

    assert json.loads(done.stdout)["model"] == "embedded"
    assert "so embedded answers" in done.stderr


def test_a_canary_is_listed_shown_and_stopped(shell: Shell) -> None:
    model = shell.trained()

    started = shell.run("canary", model, "--share", "0.1")
    (row,) = shell.json("models", "list")
    shown = shell.json("canary", "--status")
    stopped = shell.run("canary", "--stop")

    assert "answers 10% of summarize calls in Slack now, embedded the others. It has not been compared" in started
    assert (row["role"], shown["state"], shown["counts"]["challenger"]["asked"]) == ("canary", "running", 0)
    assert (stopped.strip(), shell.json("canary")["state"]) == ("embedded answers every call again.", "stopped")
    assert [entry["did"] for entry in shell.json("audit")][-2:] == ["canary", "canary stopped"]


def test_the_shell_is_no_part_of_a_canary(shell: Shell) -> None:
    shell.run("canary", shell.trained(), "--share", "0.9")

    assert {shell.answering() for _ in range(3)} == {"embedded"}
    assert shell.json("canary")["counts"]["champion"]["asked"] == 0


def test_a_second_canary_is_refused_with_what_to_do(shell: Shell) -> None:
    model = shell.trained()
    shell.run("canary", model)

    assert "`wrapup canary --stop --task summarize`" in shell.run("canary", model, code=1)


def test_a_canary_command_does_one_thing(shell: Shell) -> None:
    assert "Give one of" in shell.run("canary", "m", "--stop", code=1)
    assert "There was no canary" in shell.run("canary")


def test_what_the_local_workspace_is_taught_is_worth_a_promotion(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if name.startswith(("WRAPUP_", "REDIS_", "AWS_"))]:
        monkeypatch.delenv(name)
    shell, taught = Shell(tmp_path / "data"), tmp_path / "pairs.jsonl"
    taught.write_text("\n".join(teaching.pairs()), "utf-8")
    shell.run("pairs", "import", str(taught))

    verdict = shell.json("evaluate", "--challenger", shell.trained())["verdict"]

    assert verdict == "promote"
