"""Asks a model for a task's answer to one call."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from bot.answers.answer import Answer
from bot.answers.ports import Model, OnPart, unwatched
from bot.answers.prompts import Prompt, PromptMessage, Wording, fingerprint, render
from bot.answers.reply import ModelReply, Usage, parse
from bot.calls.transcript import Transcript, Turn, halves
from bot.errors import MalformedReply
from bot.task import Output, Task


class Summarizer:
    """Answers calls with one model. Holds no state between calls, so threads may share it."""

    def __init__(self, model: Model, wording: Wording, clock: Callable[[], float]) -> None:
        self._model, self._wording, self._clock = model, wording, clock

    def answer(self, task: Task, transcript: Transcript, progress: OnPart = unwatched) -> Answer:
        """Returns the task's answer to the call. Calls `progress` before each part.

        Raises ModelError, or UnknownModel if the model can't do the task.
        """
        start = self._clock()
        replies: list[ModelReply] = []
        parts = list(self._parts(task, transcript))
        outputs = []
        for n, prompt in enumerate(parts, 1):
            progress(n, len(parts))
            outputs.append(self._ask(task, prompt, replies))
        output = self._merge(task, parts, outputs, replies)
        return Answer(
            call=transcript.call,
            task=task.name,
            model=self._model.id,
            prompt=fingerprint(task, self._model.template),
            output=output,
            unverified=tuple(output.unverified(transcript)),
            parts=len(parts),
            usage=_total(replies),
            latency_ms=round((self._clock() - start) * 1000),
        )

    def _parts(self, task: Task, transcript: Transcript) -> Iterator[Prompt]:
        """Returns prompts that each fit the window and together hold every turn, in order."""
        waiting: list[Sequence[Turn]] = [transcript.turns]
        while waiting:
            turns = waiting.pop()
            prompt = render(task, self._model.template, transcript.call, turns)
            if self._fits(prompt):
                yield prompt
            elif split := halves(turns):
                waiting += reversed(split)
            else:
                raise MalformedReply(
                    f"The instructions of the task {task.name!r} are too long for this model. Shorten them or choose another model."
                )

    def _fits(self, prompt: Prompt) -> bool:
        return self._model.window is None or self._model.count_tokens(prompt) <= self._model.window

    def _ask(self, task: Task, prompt: Prompt, replies: list[ModelReply]) -> Output:
        """Returns the output. If a reply is faulty, asks once more and says what was wrong."""
        replies.append(self._model.answer(prompt))
        try:
            return parse(replies[-1], task.output)
        except MalformedReply as fault:
            replies.append(self._model.answer(prompt.followed_by(replies[-1].text, self._wording.repair(str(fault)))))
        try:
            return parse(replies[-1], task.output)
        except MalformedReply as fault:
            raise MalformedReply(
                f"The model's reply was unusable twice. Try later, or choose another model. {fault}"
            ) from fault

    def _merge(
        self, task: Task, parts: Sequence[Prompt], outputs: Sequence[Output], replies: list[ModelReply]
    ) -> Output:
        """Merges outputs into one, in several requests if they don't fit into one."""
        if len(outputs) == 1:
            return outputs[0]
        answers = [task.completion(output) for output in outputs]
        prompt = replace(parts[0], messages=(PromptMessage("user", self._wording.merge(answers)),))
        if self._fits(prompt) or len(outputs) == 2:
            return self._ask(task, prompt, replies)
        middle = len(outputs) // 2
        merged = [self._merge(task, parts, some, replies) for some in (outputs[:middle], outputs[middle:])]
        return self._merge(task, parts, merged, replies)


def _total(replies: Sequence[ModelReply]) -> Usage | None:
    used = [reply.usage for reply in replies if reply.usage]
    return sum(used[1:], used[0]) if used else None
