"""Defines a task: what to ask about a call or a comment.

A task is a folder: `task.yaml` (what it reads and its output model), `base.md` and `tuned.md` (templates), and
optionally `examples.jsonl` (worked examples) and `topics.yaml` (the taxonomy).
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict

from bot.calls.transcript import Reads, Transcript
from bot.errors import UnknownTask

_ENCODER = json.JSONEncoder(ensure_ascii=False)
TemplateKind = Literal["base", "tuned"]


@dataclass(frozen=True, slots=True)
class Unverified:
    """An item of an answer without evidence: its index in its list, and why."""

    index: int
    reason: str


class Output(BaseModel):
    """The base of every task's output model."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    def unverified(self, transcript: Transcript) -> list[Unverified]:
        """Returns the items without evidence in the transcript. Tasks that don't point at turns return none."""
        return []


@dataclass(frozen=True, slots=True)
class Topic:
    """One name of the taxonomy, with a line that explains it."""

    name: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Example:
    """A worked example: the lines of a transcript and the wanted completion."""

    transcript: str
    completion: str


@dataclass(frozen=True, slots=True)
class Task:
    name: str
    about: str
    reads: Reads
    output: type[Output]
    templates: dict[TemplateKind, str]
    topics: tuple[Topic, ...] = ()
    examples: tuple[Example, ...] = ()

    @property
    def schema(self) -> dict[str, Any]:
        """The output's JSON schema, in the subset that structured output allows. It is shared, so don't change it."""
        return _schema(self.output)

    def completion(self, output: Output) -> str:
        """Returns an output's text, as models should write it and as training records store it."""
        return _ENCODER.encode(output.model_dump(mode="json"))


def load(folder: Path) -> Task:
    """Loads the task in `folder`. Raises UnknownTask if a file is missing or faulty."""
    if not (folder / "task.yaml").is_file():
        raise UnknownTask(f"There is no task {folder.name!r}: {folder} has no task.yaml.")
    try:
        about = yaml.safe_load((folder / "task.yaml").read_text(encoding="utf-8"))
        output = _output_model(about["output"])
        return Task(
            name=folder.name,
            about=about["about"],
            reads=about["reads"],
            output=output,
            templates={
                "base": (folder / "base.md").read_text("utf-8"),
                "tuned": (folder / "tuned.md").read_text("utf-8"),
            },
            topics=tuple(_topics(folder / "topics.yaml")),
            examples=tuple(_examples(folder / "examples.jsonl", output)),
        )
    except (OSError, KeyError, TypeError, ValueError, ImportError, AttributeError, yaml.YAMLError) as error:
        raise UnknownTask(f"The task folder {folder} is faulty: {type(error).__name__}: {error}") from error


def names(root: Path) -> list[str]:
    """Returns the names of the tasks below the prompts folder `root`."""
    return sorted(path.parent.name for path in root.glob("*/task.yaml"))


def _output_model(dotted: str) -> type[Output]:
    module, _, name = dotted.partition(":")
    model: type[Output] = getattr(importlib.import_module(module), name)
    if not issubclass(model, Output):
        raise TypeError(f"{dotted} isn't a bot.task.Output")
    return model


def _topics(path: Path) -> Sequence[Topic]:
    if not path.is_file():
        return []
    return [Topic(name, meaning) for name, meaning in (yaml.safe_load(path.read_text("utf-8")) or {}).items()]


def _examples(path: Path, output: type[Output]) -> Sequence[Example]:
    """Reads the examples. Raises ValidationError (a ValueError) if one doesn't fit the task's output model."""
    if not path.is_file():
        return []
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    return [
        Example("\n".join(row["transcript"]), output.model_validate(row["output"]).model_dump_json()) for row in rows
    ]


# JSON-schema keys that structured output refuses (Bedrock user guide, structured-output).
_REFUSED = frozenset(
    {"title", "default", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "pattern"}
)


@cache
def _schema(output: type[Output]) -> dict[str, Any]:
    """Cached, because pydantic takes milliseconds for it and every prompt needs it."""
    schema = _strict(output.model_json_schema())
    assert isinstance(schema, dict)
    return schema


def _strict(node: Any) -> Any:
    if isinstance(node, list):
        return [_strict(item) for item in node]
    if not isinstance(node, dict):
        return node
    strict = {key: _strict(value) for key, value in node.items() if key not in _REFUSED or isinstance(value, dict)}
    if strict.get("type") == "object":
        strict |= {"additionalProperties": False, "required": list(strict.get("properties", {}))}
    return strict
