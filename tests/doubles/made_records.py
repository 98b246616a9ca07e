"""Training records, made as an export makes them."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bot.adapters.local.export_workbench import SqliteWorkbench
from bot.adapters.local.folder import Folder
from bot.adapters.memory import MemoryPairs, OneCore
from bot.answers.family import DatasetLimits, Family
from bot.datasets.dataset import side_of
from bot.datasets.exporter import Exporter
from bot.feedback.pair import Pair, call_hash
from bot.task import Task
from tests.doubles.locks import Free
from tests.doubles.made_pairs import settle


def record_of(pair: Pair, task: Task, family: Family) -> dict[str, Any]:
    """The record of this pair in the training file, for a family without limits."""
    store = MemoryPairs()
    settle(store, pair)
    seed = next(each for each in map(str, count()) if side_of(call_hash(pair.transcript), each) == "train")
    exporter = Exporter(store, Free(), SqliteWorkbench, OneCore, "off", pair.redaction, seed)
    with TemporaryDirectory() as name:
        folder = Path(name)
        exporter.export(task, replace(family, limits=DatasetLimits()), Folder(folder))
        (line,) = (folder / "train.jsonl").read_bytes().splitlines()
    record: dict[str, Any] = json.loads(line)
    return record
