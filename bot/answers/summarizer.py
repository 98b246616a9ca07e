"""Asks a model for a task's answer to one call, however long the call and however clumsy the reply."""

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
        """The task's answer to the call; `progress` is told of each part before it is asked.

        Raises ModelError, or UnknownModel where the model cannot do the task.
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
        """Prompts that each fit the window and together hold every turn, whole and in order."""
        waiting: list[Sequence[Turn]] = [transcript.turns]
        while waiting:
            turns = waiting.pop()
            prompt = render(task, self._model.template, transcript.call, turns)
            if self._fits(prompt):
                yield prompt
            elif split := halves(turns):
                waiting += reversed(split)
            else:
                raise MalformedReply(f"The instructions of the task {task.name!r} alone fill this model's window.")

    def _fits(self, prompt: Prompt) -> bool:
        return self._model.window is None or self._model.count_tokens(prompt) <= self._model.window

    def _ask(self, task: Task, prompt: Prompt, replies: list[ModelReply]) -> Output:
        """The output, with one round of repair in which the model is shown its own fault."""
        replies.append(self._model.answer(prompt))
        try:
            return parse(replies[-1], task.output)
        except MalformedReply as fault:
            replies.append(self._model.answer(prompt.followed_by(replies[-1].text, self._wording.repair(str(fault)))))
        try:
            return parse(replies[-1], task.output)
        except MalformedReply as fault:
            raise MalformedReply(
                f"The model's reply was no valid answer, also when asked again: try later, or choose another model. {fault}"
            ) from fault

    def _merge(
        self, task: Task, parts: Sequence[Prompt], outputs: Sequence[Output], replies: list[ModelReply]
    ) -> Output:
        """One output of many: by a last request, or by several where the answers alone are too long for one."""
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
