"""The embedded model's training on records that others wrote."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from bot.adapters.onboard.training import EmbeddedTraining
from bot.answers.prompts import frame
from bot.datasets.record import recorder
from bot.models.job import CustomizationJob, Look, Order
from bot.settings import read
from bot.wiring import Wiring

TASKS = Wiring(read({})).answers.tasks


def look_at(task: str, completion: str, folder: Path) -> Look:
    """How a job stands that has trained on one such record."""
    system, user = frame(TASKS[task], "tuned").texts("[0] customer: My router is broken.")
    data = (json.dumps(recorder("haiku")(system, user, completion)) + "\n").encode()
    order = Order(
        task=task, family="embedded", base="embedded", dataset="d", place="/d", sha256=hashlib.sha256(data).hexdigest(),
        validation=False, hyperparameters={},
    )  # fmt: skip
    job = CustomizationJob(
        name="j", order=order, by="ana", at=1.0, id="j", look=Look(status="InProgress", phase="training")
    )
    return EmbeddedTraining(folder, TASKS, lambda *_: iter([data])).advance(job)


@pytest.mark.parametrize(
    ("task", "completion"),
    [
        ("summarize", '{"topics": 5}'),
        ("summarize", "null"),
        ("summarize", '{"summary": "Jane called.", "topics": [], "action_items": [5], "next_steps": []}'),
        ("moderate", '{"toxic": "Jane", "categories": []}'),
    ],
)
def test_a_record_that_is_no_answer_of_the_task_fails_the_job_without_a_word_of_it(
    task: str, completion: str, tmp_path: Path
) -> None:
    look = look_at(task, completion, tmp_path)

    assert (look.status, look.failure) == (
        "Failed",
        f"this is no record of an answer of the task {task} (line 1).",
    )
