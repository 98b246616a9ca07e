"""Builds the text sent to a model, the same for training and inference."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from string import Template
from typing import Any, Literal

from bot.calls.transcript import Turn, from_lines, to_lines
from bot.errors import UnknownTask
from bot.task import Task, TemplateKind

OPENING, CLOSING = "<transcript>\n", "\n</transcript>"
_PLACE = "\0transcript\0"  # never occurs in a text file


@dataclass(frozen=True, slots=True)
class PromptMessage:
    role: Literal["user", "assistant"]
    text: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """A system text and messages, with their task and call. `schema` is the JSON schema of the answer."""

    system: str
    messages: tuple[PromptMessage, ...]
    task: str
    call: str
    schema: dict[str, Any]

    @property
    def characters(self) -> int:
        return len(self.system) + sum(len(message.text) for message in self.messages)

    def followed_by(self, reply: str, request: str) -> Prompt:
        """Returns the conversation with the model's reply and our next request added."""
        return replace(
            self, messages=(*self.messages, PromptMessage("assistant", reply), PromptMessage("user", request))
        )


@dataclass(frozen=True, slots=True)
class Wording:
    """The follow-up requests that all tasks share, from files beside the task folders."""

    repair_template: Template
    merge_template: Template

    @classmethod
    def load(cls, root: Path) -> Wording:
        """Reads the texts from the prompts folder `root`. Raises UnknownTask if one is missing."""
        try:
            return cls(*(Template((root / name).read_text("utf-8").strip()) for name in ("repair.md", "merge.md")))
        except OSError as error:
            raise UnknownTask(f"The prompts folder {root} is incomplete. It needs repair.md and merge.md.") from error

    def repair(self, fault: str) -> str:
        return self.repair_template.substitute(fault=fault)

    def merge(self, answers: Sequence[str]) -> str:
        return self.merge_template.substitute(parts=len(answers), answers="\n".join(answers))


@dataclass(frozen=True, slots=True)
class Frame:
    """A template with everything filled in except the transcript, reused for many calls."""

    system: tuple[str, ...]  # the text before, between and after the places for the transcript
    user: tuple[str, ...]
    task: str
    schema: dict[str, Any]

    def texts(self, lines: str) -> tuple[str, str]:
        """Returns the system text and first message for a transcript, given as the lines of `to_lines`."""
        transcript = f"{OPENING}{lines}{CLOSING}"
        return transcript.join(self.system), transcript.join(self.user)

    def prompt(self, call: str, lines: str) -> Prompt:
        system, user = self.texts(lines)
        return Prompt(system, (PromptMessage("user", user),), self.task, call, self.schema)


def frame(task: Task, kind: TemplateKind) -> Frame:
    """Fills the task's template. Raises UnknownTask if it has an unknown variable."""
    system, separator, user = task.templates[kind].partition("\n## user\n")
    if not separator:
        raise UnknownTask(f"The {kind} template of the task {task.name!r} has no line '## user'.")
    variables = {
        "topics": "\n".join(f"- {topic.name}: {topic.meaning}" for topic in task.topics)
        or "(free: name each topic in one to three words)",
        "schema": json.dumps(task.schema),
        "examples": "\n".join(_example(e.transcript, e.completion) for e in task.examples),
        "transcript": _PLACE,
    }
    try:
        filled = [Template(part.removeprefix("## system\n").strip()).substitute(variables) for part in (system, user)]
    except (KeyError, ValueError) as error:
        raise UnknownTask(
            f"The {kind} template of the task {task.name!r} has an unknown variable: {error}. "
            f"Use {', '.join(f'${name}' for name in variables)}. Write $$ for a dollar sign."
        ) from error
    return Frame(tuple(filled[0].split(_PLACE)), tuple(filled[1].split(_PLACE)), task.name, task.schema)


def render(task: Task, kind: TemplateKind, call: str, turns: Iterable[Turn]) -> Prompt:
    """Returns the prompt for these turns of a call. Raises UnknownTask if the template has an unknown variable."""
    return frame(task, kind).prompt(call, to_lines(turns))


def transcript_of(prompt: Prompt) -> tuple[Turn, ...]:
    """Returns the turns in a rendered prompt, for a model that ignores instructions."""
    text = prompt.messages[0].text
    start, end = text.find(OPENING), text.rfind(CLOSING)
    return from_lines(text[start + len(OPENING) : end]) if 0 <= start < end else ()


def fingerprint(task: Task, kind: TemplateKind) -> str:
    """Returns twelve hex digits that change with the template, taxonomy, schema or examples."""
    prompt = frame(task, kind).prompt("", "")
    text = json.dumps([task.name, kind, prompt.system, prompt.messages[0].text, prompt.schema], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _example(transcript: str, completion: str) -> str:
    return f"<example>\n{OPENING}{transcript}{CLOSING}\n{completion}\n</example>"
