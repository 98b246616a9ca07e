"""Reads a Bedrock job's losses from its metrics files in S3."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from math import isfinite
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from bot.models.job import Loss

METRICS = {"step_wise_training_metrics.csv": "training", "validation_metrics.csv": "validation"}


def losses(s3: Any, job: dict[str, Any]) -> tuple[Loss, ...]:
    """Returns the losses in a job's files, found by their suffixes, or the job's own last loss if they can't be read."""
    try:
        files = list(_files(s3, job))
    except (ClientError, BotoCoreError):
        files = []
    found = tuple(loss for name, text in files for loss in losses_in(name, text))
    last = (job.get("trainingMetrics") or {}).get("trainingLoss")
    return found or (() if last is None or not isfinite(last) else (Loss(step=0, loss=float(last), of="training"),))


def losses_in(name: str, text: str) -> Iterator[Loss]:
    """Returns the losses in a CSV file of metrics. Skips faulty lines and those of a job that diverged."""
    of = next(kind for end, kind in METRICS.items() if name.endswith(end))
    for row in csv.DictReader(io.StringIO(text)):
        try:
            step, loss = int(row["step_number"]), float(row[f"{of}_loss"])
        except (KeyError, TypeError, ValueError):
            continue
        if isfinite(loss):  # JSON has no other
            yield Loss.model_validate({"step": step, "loss": loss, "of": of})


def _files(s3: Any, job: dict[str, Any]) -> Iterator[tuple[str, str]]:
    place = re.fullmatch(r"s3://([^/]+)/?(.*)", job["outputDataConfig"]["s3Uri"].rstrip("/"))
    if not place:
        return
    folder = f"model-customization-job-{job['jobArn'].rpartition('/')[2]}/"
    prefix = f"{place[2]}/{folder}" if place[2] else folder
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=place[1], Prefix=prefix):
        for key in (each["Key"] for each in page.get("Contents", ())):
            if key.endswith(tuple(METRICS)):
                yield key, s3.get_object(Bucket=place[1], Key=key)["Body"].read().decode("utf-8", "replace")
