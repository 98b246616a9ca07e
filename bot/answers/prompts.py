"""The text that a model is sent: the same `render` for training and for inference."""

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
_PLACE = "\0transcript\0"  # no file of text holds it


@dataclass(frozen=True, slots=True)
class PromptMessage:
    role: Literal["user", "assistant"]
    text: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """A system text and messages, with the task and call they are for; `schema` is that of the wanted JSON."""

    system: str
    messages: tuple[PromptMessage, ...]
    task: str
    call: str
    schema: dict[str, Any]

    @property
    def characters(self) -> int:
        return len(self.system) + sum(len(message.text) for message in self.messages)

    def followed_by(self, reply: str, request: str) -> Prompt:
        """The same conversation, gone on by the model's reply and our next request."""
        return replace(
            self, messages=(*self.messages, PromptMessage("assistant", reply), PromptMessage("user", request))
        )


@dataclass(frozen=True, slots=True)
class Wording:
    """What every task says to a model after its first request; the texts beside the task folders."""

    repair_template: Template
    merge_template: Template

    @classmethod
    def load(cls, root: Path) -> Wording:
        """The texts in the prompts folder `root`. Raises UnknownTask where one is missing."""
        try:
            return cls(*(Template((root / name).read_text("utf-8").strip()) for name in ("repair.md", "merge.md")))
        except OSError as error:
            raise UnknownTask(f"The prompts folder {root} is not whole: it needs repair.md and merge.md.") from error

    def repair(self, fault: str) -> str:
        return self.repair_template.substitute(fault=fault)

    def merge(self, answers: Sequence[str]) -> str:
        return self.merge_template.substitute(parts=len(answers), answers="\n".join(answers))


@dataclass(frozen=True, slots=True)
class Frame:
    """A template with all filled in but the transcript; made once where many calls are rendered."""

    system: tuple[str, ...]  # what stands before, between and after the places of the transcript
    user: tuple[str, ...]
    task: str
    schema: dict[str, Any]

    def texts(self, lines: str) -> tuple[str, str]:
        """The system text and the first message for a transcript, given as the lines of `to_lines`."""
        transcript = f"{OPENING}{lines}{CLOSING}"
        return transcript.join(self.system), transcript.join(self.user)

    def prompt(self, call: str, lines: str) -> Prompt:
        system, user = self.texts(lines)
        return Prompt(system, (PromptMessage("user", user),), self.task, call, self.schema)


def frame(task: Task, kind: TemplateKind) -> Frame:
    """The task's template, filled. Raises UnknownTask where it names a variable that is unknown."""
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
            f"The {kind} template of the task {task.name!r} has a variable that cannot be filled: {error}. "
            f"There are: {', '.join(f'${name}' for name in variables)}; write $$ for a dollar sign."
        ) from error
    return Frame(tuple(filled[0].split(_PLACE)), tuple(filled[1].split(_PLACE)), task.name, task.schema)


def render(task: Task, kind: TemplateKind, call: str, turns: Iterable[Turn]) -> Prompt:
    """The prompt for these turns of a call. Raises UnknownTask where the template names a variable that is unknown."""
    return frame(task, kind).prompt(call, to_lines(turns))


def transcript_of(prompt: Prompt) -> tuple[Turn, ...]:
    """The turns that a rendered prompt holds, for a model that reads no instructions."""
    text = prompt.messages[0].text
    start, end = text.find(OPENING), text.rfind(CLOSING)
    return from_lines(text[start + len(OPENING) : end]) if 0 <= start < end else ()


def fingerprint(task: Task, kind: TemplateKind) -> str:
    """Twelve hex digits that change when anything a model is told changes: template, taxonomy, schema, examples."""
    prompt = frame(task, kind).prompt("", "")
    text = json.dumps([task.name, kind, prompt.system, prompt.messages[0].text, prompt.schema], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _example(transcript: str, completion: str) -> str:
    return f"<example>\n{OPENING}{transcript}{CLOSING}\n{completion}\n</example>"
