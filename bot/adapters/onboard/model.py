"""Runs the built-in model, which quotes the call and learns from corrections in seconds."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.adapters.onboard.learned import Learned
from bot.adapters.onboard.moderating import Moderating
from bot.adapters.onboard.vectors import Vectors
from bot.adapters.onboard.wrapping import Wrapping
from bot.answers.family import EMBEDDED
from bot.answers.prompts import Prompt, transcript_of
from bot.answers.reply import ModelReply
from bot.calls.transcript import Turn
from bot.errors import UnknownModel
from bot.task import Task, TemplateKind

LearnedPair = tuple[Sequence[Turn], Mapping[str, Any]]


class Embedded:
    """Answers `summarize` and `moderate`. The same call gives the same bytes. Threads can share it.

    Its id is `embedded`, followed by the first digits of each artefact's digest.

    `learned` holds at most one result of `fit` per task. Several models can share `vectors`, which use most of the memory.
    Raises ModelUnavailable if the sentence model's file is missing or a different one.
    """

    window = None

    def __init__(
        self, tasks: Mapping[str, Task], learned: Iterable[Learned] = (), vectors: Vectors | None = None
    ) -> None:
        given = {each.task: each for each in learned}
        vectors = vectors or Vectors()
        taxonomy = tasks["summarize"].topics if "summarize" in tasks else ()
        self.id = ":".join([EMBEDDED, *(each.digest[:12] for each in given.values())])
        self.template: TemplateKind = "tuned" if given else "base"
        self._answering: dict[str, Wrapping | Moderating] = {
            "summarize": Wrapping.made(vectors, taxonomy, given.get("summarize")),
            "moderate": Moderating.made(vectors, given.get("moderate")),
        }

    def count_tokens(self, prompt: Prompt) -> int:
        """Counts one token per two characters, which is never too low for its languages."""
        return prompt.characters // 2 + 1

    def answer(self, prompt: Prompt) -> ModelReply:
        """Answers the turns in the prompt as JSON and ignores instructions. Raises UnknownModel."""
        answer = self._knows(prompt.task).answer(transcript_of(prompt))
        return ModelReply(json.dumps(answer, ensure_ascii=False))

    def fit(self, task: str, pairs: Iterable[LearnedPair]) -> Learned:
        """Learns from turns and wanted outputs (a completion's JSON), starting from the seed.

        A key missing in an output was not judged. The same pairs give the same result. Raises UnknownModel.
        """
        return self._knows(task).fit(list(pairs))

    def _knows(self, task: str) -> Wrapping | Moderating:
        if task not in self._answering:
            raise UnknownModel(
                f"The embedded model knows summarize and moderate; set WRAPUP_MODEL_ID to a Bedrock model for {task}."
            )
        return self._answering[task]
