"""The durable work: what happens to a request after it was accepted."""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256

from bot.answers.answer import KeptAnswer, KeptAnswers
from bot.answers.batch import answer_all
from bot.answers.ports import Answers
from bot.answers.summarizer import Summarizer
from bot.calls.files import Taken
from bot.calls.transcript import Transcript
from bot.errors import (
    JobLost,
    ModelError,
    NothingToRead,
    ReadError,
    SlackError,
    SlackRefused,
    SlackUnavailable,
    StoreUnavailable,
    UnknownAnswer,
    WrapupError,
)
from bot.evaluation.ports import Scorecards
from bot.queue.ports import Queue
from bot.queue.request import Job, Request, RequestKind
from bot.task import Task
from handlers.calls import card
from handlers.calls.card import Message
from handlers.calls.redraw import AnswerCards
from handlers.calls.sources import FoundCall, Sources
from handlers.feedback.worker import FeedbackWorker
from handlers.retrain import scorecard
from handlers.retrain.dataset_export import Exports
from handlers.retrain.worker import Steps
from handlers.slack.people import People
from handlers.slack.reply import Reply, respond
from handlers.telemetry import Telemetry
from handlers.worker import failures, notices
from handlers.worker.progress import Progress, Watched

MOST_ATTEMPTS = 3
MOST_CALLS = 50  # of one request; whole exports are for the shell
CALLS_AT_ONCE = 4
FIRST_DELAY_S, LONGEST_DELAY_S = 2.0, 30.0

log = logging.getLogger(__name__)


class Desk:
    """Answers requests, each in the thread that calls it."""

    def __init__(
        self,
        queue: Queue,
        answers: Answers,
        summarizer_of: Callable[[str, str], Summarizer],
        tasks: Mapping[str, Task],
        sources: Sources,
        people: People,
        cards: AnswerCards,
        opinions: FeedbackWorker,
        exports: Exports,
        steps: Steps,
        models: Scorecards,
        progress: Progress,
        reply_to: Callable[[Job], Reply],
        telemetry: Telemetry,
        patience_s: float,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._queue, self._answers, self._summarizer_of, self._tasks = queue, answers, summarizer_of, tasks
        self._sources, self._people, self._progress, self._reply_to = sources, people, progress, reply_to
        self._cards, self._opinions, self._exports = cards, opinions, exports
        self._steps, self._models = steps, models
        self._telemetry, self._patience_s, self._now = telemetry, patience_s, now
        self._kinds: dict[RequestKind, Callable[[Job, Reply], str]] = {
            "post": self._post,
            "feedback": self._feedback,
            "notice": lambda job, reply: notices.tell(job, reply, queue, people),
            "export": self._export,
            "download": self._download,
            "scorecard": self._scorecard,
            "step": steps.take,
        }
        """What is done for each kind of request that does not ask for a wrap-up."""

    def handle(self, job: Job) -> None:
        """Answers the request, tells why it cannot, or postpones it.

        Raises JobLost or StoreUnavailable: then the request is taken up again when its lease is over.
        """
        started, reply = self._now(), self._reply_to(job)
        try:
            outcome = self._outcome(job, reply)
        except SlackUnavailable as error:  # what went wrong could not be told
            outcome = self._postpone(error, job, reply)
        self._telemetry.job(job.request, outcome, self._now() - started, self._now() - job.request.at)

    def _outcome(self, job: Job, reply: Reply) -> str:
        try:
            return self._attempt(job, reply)
        except (JobLost, StoreUnavailable):
            raise
        except WrapupError as error:
            return self._after(error, job, reply)
        except Exception as error:
            return self._fail(error, "Something went wrong on our side.", job, reply)

    def _attempt(self, job: Job, reply: Reply) -> str:
        request = job.request
        if job.attempt > MOST_ATTEMPTS:
            text = f"This stopped our worker {MOST_ATTEMPTS} times, so it is not tried again by itself."
            return self._fail(None, text, job, reply)
        return self._kinds.get(request.kind, self._wrap_up)(job, reply)

    def _wrap_up(self, job: Job, reply: Reply) -> str:
        request = job.request
        if not self._people.may_ask(request):
            self._queue.finish(job, "")
            return "ignored"
        with self._progress.watching(reply, request.id, "Reading your call log …") as watched:
            kept = self._answers.of(request.id) or self._answer(request, watched)
        message = self._cards.drawn(request.id, kept, private=request.private)
        return self._send(message, job, reply, "answered" if kept.answers else "unreadable", of=request.id)

    def _answer(self, request: Request, watched: Watched) -> KeptAnswers:
        task = self._tasks[request.task]
        found = self._sources.calls(request, task)
        problems = [(each.file, str(each.call)) for each in found if isinstance(each.call, ReadError)]
        calls = [each for each in found if isinstance(each.call, Transcript)]
        if left := len(calls) - MOST_CALLS:
            told = (
                f"I wrapped up the first {MOST_CALLS} of {len(calls)} calls. `wrapup summarize` in a shell takes all."
            )
            problems += [("", told)] if left > 0 else []
        answers = tuple(self._each(request, task, calls[:MOST_CALLS], watched))
        self._telemetry.answers(answers)
        kept = KeptAnswers(answers, tuple(problems))
        self._answers.keep(request.id, kept)
        for channel, ts in {each.held_by for each in found if each.held_by}:
            self._answers.came_from(request.id, channel, ts)
        return kept

    def _each(self, request: Request, task: Task, calls: Sequence[FoundCall], watched: Watched) -> Iterator[KeptAnswer]:
        """An answer for each call. Raises the first error, since a request is answered whole."""

        def part(n: int, parts: int) -> None:
            if parts > 1 and len(calls) == 1:
                watched.say(f"Reading part {n} of {parts} …")

        taken = [Taken(found.file, found.call) for found in calls]
        summarizer = self._summarizer_of(task.name, request.channel)
        for n, outcome in enumerate(answer_all(summarizer, task, taken, CALLS_AT_ONCE, part)):
            if isinstance(outcome.result, WrapupError):
                raise outcome.result
            if len(calls) > 1:
                watched.say(f"{n + 1} of {len(calls)} calls wrapped up …")
            found, key = calls[n], f"{request.id}#{n}"
            assert isinstance(found.call, Transcript)
            yield KeptAnswer(
                key,
                request.id,
                found.file,
                request.user,
                request.channel,
                found.call,
                outcome.result,
                found.source,
                request.at,
            )

    def _post(self, job: Job, reply: Reply) -> str:
        """Shows the answers of a private request to the channel, by its address where the bot is no member."""
        request = job.request
        if not (kept := self._answers.of(request.of)):
            raise UnknownAnswer("This answer is no longer kept, so it cannot be posted.")
        message = self._cards.drawn(request.of, kept, request.id, posted=True)
        try:
            ts = reply.final(message)
            self._answers.place(request.of, request.channel, ts, "")
        except SlackRefused:
            respond(request.response_url, _shown(message) | {"response_type": "in_channel", "replace_original": False})
            ts = "by address"
        else:
            self._attach(message, job, reply)
        self._queue.finish(job, ts)
        respond(request.response_url, _shown(card.posted()) | {"replace_original": True})
        return "posted"

    def _export(self, job: Job, reply: Reply) -> str:
        with self._progress.watching(reply, job.request.id, "Reading the pairs …") as watched:
            made = self._exports.make(job.request, watched.say)
        return self._send(made, job, reply, "exported")

    def _download(self, job: Job, reply: Reply) -> str:
        reply.attach(f"{job.request.task}-dataset.zip", self._exports.archive(job.request.task))
        self._queue.finish(job, "")
        return "downloaded"

    def _scorecard(self, job: Job, reply: Reply) -> str:
        reply.attach(*scorecard.page(job.request, self._models))
        self._queue.finish(job, "")
        return "shown"

    def _feedback(self, job: Job, _: Reply) -> str:
        """Takes what somebody said of an answer, and tells in its thread what it led to."""
        outcome = self._opinions.take(job.request)
        if outcome.message and outcome.thread_ts:
            there = replace(job, request=job.request.model_copy(update={"thread_ts": outcome.thread_ts}))
            return self._send(outcome.message, there, self._reply_to(there), outcome.word)
        self._queue.finish(job, "")
        return outcome.word

    def _send(
        self, message: Message, job: Job, reply: Reply, outcome: str, *, again: bool = False, of: str = ""
    ) -> str:
        """Shows a message as the reply; `of` is the request whose answers it shows, if it does."""
        request = job.request
        try:
            ts = reply.final(message)
            if of and not request.private:
                self._answers.place(of, request.channel, ts, request.thread_ts)
            self._attach(message, job, reply)
        except SlackRefused as error:
            log.error("cannot be told", extra={"fields": {"request": job.request.id, "reason": error.reason}})
            ts, outcome = "", "undeliverable"
        self._queue.finish(job, ts, again=again)
        return outcome

    def _attach(self, message: Message, job: Job, reply: Reply) -> None:
        if message.overflow:
            reply.attach(file_name(job.request), message.overflow)

    def _after(self, error: WrapupError, job: Job, reply: Reply) -> str:
        """Postpones what may yet go well, and tells the rest."""
        waits = job.request.kind == "notice"  # nobody stands by to ask again
        if error.transient and (waits or self._now() - job.request.at < self._patience_s):
            return self._postpone(error, job, reply)
        if isinstance(error, NothingToRead) and not str(error):
            helps = job.request.text.strip().lower() in ("help", "?")
            return self._send(card.usage() if helps else card.hint(), job, reply, "nothing to read")
        if failures.is_the_askers(error) or (isinstance(error, SlackError) and not error.transient):
            return self._problem(str(error), job, reply, type(error).__name__)
        return self._fail(error, failures.told(error), job, reply)

    def _postpone(self, error: WrapupError, job: Job, reply: Reply) -> str:
        delay_s = min(FIRST_DELAY_S * 2**job.tries, LONGEST_DELAY_S)
        if isinstance(error, SlackUnavailable):
            delay_s = max(error.after_s, delay_s if job.tries else 0.0)
        elif isinstance(error, ModelError) or job.request.kind == "step":
            until = _clock(job.request.at + self._patience_s)
            self._say(f"{failures.waiting(error)} I keep trying until {until}.", job, reply)
        log.warning(
            "postponed",
            extra={"fields": {"request": job.request.id, "error": type(error).__name__, "delay_s": delay_s}},
        )
        self._queue.postpone(job, delay_s)
        return "postponed"

    def _say(self, text: str, job: Job, reply: Reply) -> None:
        if job.request.kind == "step":
            self._steps.waits(job.request, text)
            return
        try:
            reply.status(card.status(job.request.id, text))
        except SlackError as error:
            log.info("no status", extra={"fields": {"request": job.request.id, "reason": str(error)}})

    def _fail(self, error: Exception | None, text: str, job: Job, reply: Reply) -> str:
        """Tells a failure with a number that the log has too, and keeps the request for another try."""
        incident = uuid.uuid4().hex[:8]
        fields = {"request": job.request.id, "incident": incident, "error": type(error).__name__}
        log.error("told a failure", extra={"fields": fields}, exc_info=error)
        return self._problem(text, job, reply, type(error).__name__ if error else "gave up", incident)

    def _problem(self, text: str, job: Job, reply: Reply, outcome: str, incident: str = "") -> str:
        """Tells what went wrong: as the reply to who asked, on the card of the loop, or to who pressed a button alone."""
        again = bool(incident) and job.request.asks
        message = card.problem(job.request.id, text, incident, again=again)
        if job.request.asks:
            return self._send(message, job, reply, outcome, again=again)
        if job.request.kind == "step":
            self._steps.failed(job, f"{text} (Incident {incident})" if incident else text)
            return outcome
        reply.alone(message)
        self._queue.finish(job, "")
        return outcome


def file_name(request: Request) -> str:
    """The name of the file with what did not fit, by which it is found again: no other request's in that thread has it."""
    if request.kind in ("mention", "message") and request.ts == request.thread_ts:
        return "wrap-up.md"
    return f"wrap-up-{sha256(request.id.encode()).hexdigest()[:6]}.md"


def _shown(message: Message) -> dict[str, object]:
    return {"text": message.text, "blocks": message.blocks}


def _clock(at: float) -> str:
    """The time in Slack's own words is not to be had in plain text; UTC says which clock is meant."""
    return datetime.fromtimestamp(at, UTC).strftime("%H:%M UTC")
