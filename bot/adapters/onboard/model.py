"""The model on board: it quotes the call instead of writing about it, asks no service, and learns from corrections in seconds."""

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
    """Answers `summarize` and `moderate`; the same call gives the same bytes. Threads may share it.

    Its id is `embedded`, followed by the first digits of each artefact's digest.

    `learned` holds at most one artefact a task, as `fit` gives them; several models may share `vectors`, which hold
    the memory. Raises ModelUnavailable where the model's file is missing or another one.
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
        """One for each two characters: never too low, for the languages that it reads."""
        return prompt.characters // 2 + 1

    def answer(self, prompt: Prompt) -> ModelReply:
        """The answer, as JSON, to the turns in the prompt; it reads no instructions. Raises UnknownModel."""
        answer = self._knows(prompt.task).answer(transcript_of(prompt))
        return ModelReply(json.dumps(answer, ensure_ascii=False))

    def fit(self, task: str, pairs: Iterable[LearnedPair]) -> Learned:
        """What these turns and wanted outputs (a completion's JSON) teach, on top of the seed alone.

        A key that an output has not was not judged. The same pairs give the same artefact. Raises UnknownModel.
        """
        return self._knows(task).fit(list(pairs))

    def _knows(self, task: str) -> Wrapping | Moderating:
        if task not in self._answering:
            raise UnknownModel(
                f"The embedded model knows summarize and moderate; set WRAPUP_MODEL_ID to a Bedrock model for {task}."
            )
        return self._answering[task]
