"""Compares a challenger with the champion on calls that neither has learned from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from bot.answers.family import Family
from bot.answers.ports import Model
from bot.answers.prompts import Prompt, Wording, fingerprint
from bot.answers.reply import ModelReply
from bot.answers.summarizer import Summarizer
from bot.calls.transcript import Transcript, to_lines
from bot.errors import MalformedReply, ModelError, ReplyBlocked, WrapupError
from bot.evaluation.attempt import SCHEMA, Attempt, from_json, to_json
from bot.evaluation.evaluation import Evaluation, ModelAnswers
from bot.evaluation.gate import USUAL, Gate, decide
from bot.evaluation.holdout import Case
from bot.evaluation.metrics import drafted, fields, groups, guesses, measures
from bot.evaluation.ports import Attempts
from bot.evaluation.probes import SafetyProbe
from bot.evaluation.scorecard import ScoreRow, scorecard, value
from bot.models.prices import Prices
from bot.task import Task, TemplateKind

PAUSES_S = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0)  # waits before asking a busy model again; the last one repeats

OnAnswer = Callable[[], None]


def unseen() -> None:
    """Ignores progress."""


class Evaluator:
    """Asks models and scores their answers, `jobs` calls at once.

    Stores the answers of every model except the challenger in `attempts`, to reuse them next time.
    """

    def __init__(
        self,
        wording: Wording,
        attempts: Attempts,
        clock: Callable[[], float],
        sleep: Callable[[float], None],
        patience_s: float,
        jobs: int,
        prices: Prices,
        family_of: Callable[[str], Family],
        used: Callable[[str], None] = lambda _: None,
    ) -> None:
        """`family_of` returns a model id's family. `used` is called with the id after each answer."""
        self._wording, self._attempts, self._clock, self._sleep = wording, attempts, clock, sleep
        self._patience_s, self._jobs, self._prices = patience_s, jobs, prices
        self._family_of, self._used = family_of, used

    def evaluate(
        self,
        task: Task,
        champion: Model,
        challenger: Model,
        cases: Sequence[Case],
        probes: Sequence[SafetyProbe],
        against: Model | None = None,
        gate: Gate = USUAL,
        step: OnAnswer = unseen,
    ) -> Evaluation:
        """Returns the figures and the verdict. Calls `step` after each answer.

        An invalid reply counts against its model, and the evaluation goes on. Raises ModelError if a model doesn't
        answer at all, even after waiting, or UnknownModel.
        """
        first, second = (
            self._answers(task, model, cases, probes, step, keep=model is champion) for model in (champion, challenger)
        )
        third = self._answers(task, against, cases, probes, step, keep=True) if against else None
        columns = fields(task.output)
        measured = [self._measured(cases, answers) for answers in (first, second)]
        guessed = guesses([case.reference for case in cases])
        rows = [
            ScoreRow(case.call, groups(case.reference), before, after, guess)
            for case, before, after, guess in zip(cases, *measured, guessed, strict=True)
        ]
        card, passed = scorecard(columns, rows), _passed(probes, first, second)
        same_tokens = len({attempt.counted for attempt in (*first.calls, *second.calls)}) == 1
        return Evaluation(
            task,
            tuple(cases),
            first,
            second,
            card,
            passed,
            decide(card, columns, passed, gate, same_tokens, drafted(columns, cases)),
            (third, value(columns, self._measured(cases, third))) if third else None,
        )

    def _measured(self, cases: Sequence[Case], answers: ModelAnswers) -> list[dict[str, tuple[float, float]]]:
        family = self._family_of(answers.model)
        return [
            measures(case, attempt, self._prices.query(answers.model, family, attempt.usage))
            for case, attempt in zip(cases, answers.calls, strict=True)
        ]

    def _answers(
        self, task: Task, model: Model, cases: Sequence[Case], probes: Sequence[SafetyProbe], step: OnAnswer, keep: bool
    ) -> ModelAnswers:
        asked = [case.transcript for case in cases] + [probe.transcript for probe in probes]

        failed: list[WrapupError] = []  # if a model doesn't answer at all, don't ask the others

        def attempt(transcript: Transcript) -> Attempt:
            if failed:
                raise failed[0]
            try:
                found = self._kept(task, model, transcript) if keep else self._attempt(task, model, transcript)
            except WrapupError as error:
                failed.append(error)
                raise
            step()
            return found

        pool = ThreadPoolExecutor(self._jobs, thread_name_prefix="evaluate")
        try:
            found = list(pool.map(attempt, asked))
        finally:
            pool.shutdown(cancel_futures=True)
        return ModelAnswers(model.id, tuple(found[: len(cases)]), tuple(found[len(cases) :]))

    def _kept(self, task: Task, model: Model, transcript: Transcript) -> Attempt:
        key = _key(model.id, fingerprint(task, model.template), transcript)
        if known := self._attempts.get(key):
            return from_json(known)
        found = self._attempt(task, model, transcript)
        self._attempts.put(key, to_json(found))
        return found

    def _attempt(self, task: Task, model: Model, transcript: Transcript) -> Attempt:
        """Returns one answer; waits while the model is busy or unavailable."""
        waited = 0.0
        for pause in _pauses():
            metered, start = _Metered(model), self._clock()
            try:
                answer = Summarizer(metered, self._wording, self._clock).answer(task, transcript)
                self._used(model.id)
                return metered.attempt(self._clock() - start, answer.output.model_dump(mode="json"))
            except (MalformedReply, ReplyBlocked) as fault:
                return metered.attempt(self._clock() - start, None, str(fault))
            except ModelError as error:
                if not error.transient or waited + pause > self._patience_s:
                    raise
            self._sleep(pause)
            waited += pause
        raise AssertionError("the pauses never end")


class _Metered:
    """Wraps a model to count the tokens of one answer, even if it fails."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._input = self._output = 0
        self._counted = True

    @property
    def id(self) -> str:
        return self._model.id

    @property
    def template(self) -> TemplateKind:
        return self._model.template

    @property
    def window(self) -> int | None:
        return self._model.window

    def count_tokens(self, prompt: Prompt) -> int:
        return self._model.count_tokens(prompt)

    def answer(self, prompt: Prompt) -> ModelReply:
        reply = self._model.answer(prompt)
        if reply.usage:
            self._input += reply.usage.input_tokens
            self._output += reply.usage.output_tokens
        else:
            self._counted = False
            self._input += self._model.count_tokens(prompt)
            self._output += len(reply.text) // 2 + 1  # the built-in model counts its prompts this way
        return reply

    def attempt(self, seconds: float, output: dict[str, object] | None, fault: str = "") -> Attempt:
        return Attempt(output, fault, self._input, self._output, self._counted, round(seconds * 1000))


def _pauses() -> Iterator[float]:
    yield from PAUSES_S
    while True:
        yield PAUSES_S[-1]


def _key(model: str, prompt: str, transcript: Transcript) -> str:
    text = json.dumps([SCHEMA, model, prompt, to_lines(transcript.turns)])
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _passed(
    probes: Sequence[SafetyProbe], champion: ModelAnswers, challenger: ModelAnswers
) -> dict[str, tuple[int, int, int]]:
    found: dict[str, tuple[int, int, int]] = {}
    for probe, before, after in zip(probes, champion.probes, challenger.probes, strict=True):
        one, other, asked = found.get(probe.kind, (0, 0, 0))
        found[probe.kind] = one + probe.passed(before), other + probe.passed(after), asked + 1
    return found
