"""What a worker does with a request for a wrap-up: it reads the calls, gets answers from the model, and shows them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from bot.answers.answer import KeptAnswer, KeptAnswers
from bot.answers.batch import answer_all
from bot.answers.ports import Answerer, Answers
from bot.calls.files import Taken
from bot.calls.transcript import Transcript
from bot.errors import NothingToRead, ReadError, SlackRefused, UnknownAnswer, WrapupError
from bot.queue.ports import Queue
from bot.queue.request import Job, PostRequest, WrapUpRequest
from bot.task import Task
from handlers.calls import card
from handlers.calls.redraw import AnswerCards
from handlers.calls.sources import FoundCall, Sources
from handlers.slack.message import Message
from handlers.slack.people import People
from handlers.slack.reply import Reply, respond
from handlers.telemetry import Telemetry
from handlers.worker.delivery import Delivery, attach
from handlers.worker.progress import Progress, Watched

MOST_CALLS = 50  # of one request; larger exports are for the command line
CALLS_AT_ONCE = 4  # calls of one request that the model reads at the same time


class WrapUps:
    """Answers requests for a wrap-up. Threads may share it."""

    def __init__(
        self,
        queue: Queue,
        answers: Answers,
        summarizer_of: Callable[[str, str], Answerer],
        tasks: Mapping[str, Task],
        sources: Sources,
        people: People,
        cards: AnswerCards,
        progress: Progress,
        delivery: Delivery,
        telemetry: Telemetry,
    ) -> None:
        """`summarizer_of` gives the summarizer for a task in a channel, with the model that answers there now."""
        self._queue, self._answers, self._summarizer_of, self._tasks = queue, answers, summarizer_of, tasks
        self._sources, self._people, self._cards, self._progress = sources, people, cards, progress
        self._delivery, self._telemetry = delivery, telemetry

    def take(self, job: Job, reply: Reply) -> str:
        """Answers the request and finishes the job; returns the outcome in a word.

        The answers are stored before they are shown, so a second try doesn't call the model again. A request is answered
        as a whole: raises the first error of any of its calls.
        """
        request = job.request
        assert isinstance(request, WrapUpRequest)
        if not self._people.may_ask(request):
            self._queue.finish(job, "")
            return "ignored"
        with self._progress.watching(reply, request.id, "Reading your call log …") as watched:
            try:
                kept = self._answers.of(request.id) or self._answered(request, watched)
            except NothingToRead as error:
                if str(error):
                    raise
                return self._delivery.send(_help(request), job, reply, "nothing to read")
        message = self._cards.drawn(request.id, kept, private=request.private)
        outcome = "answered" if kept.answers else "unreadable"
        return self._delivery.send(message, job, reply, outcome, of=request.id)

    def _answered(self, request: WrapUpRequest, watched: Watched) -> KeptAnswers:
        task = self._tasks[request.task]
        found = self._sources.calls(request, task)
        problems = [(each.file, str(each.call)) for each in found if isinstance(each.call, ReadError)]
        calls = [each for each in found if isinstance(each.call, Transcript)]
        if len(calls) > MOST_CALLS:
            first = f"I wrapped up the first {MOST_CALLS} of {len(calls):,} calls."
            problems += [("", f"{first} For all of them, run `wrapup summarize` on the command line.")]
        answers = tuple(self._each(request, task, calls[:MOST_CALLS], watched))
        self._telemetry.answers(answers)
        kept = KeptAnswers(answers, tuple(problems))
        self._answers.keep(request.id, kept)
        for channel, ts in {each.held_by for each in found if each.held_by}:
            self._answers.came_from(request.id, channel, ts)
        return kept

    def _each(
        self, request: WrapUpRequest, task: Task, calls: Sequence[FoundCall], watched: Watched
    ) -> Iterator[KeptAnswer]:
        """An answer for each call, in the same order."""

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
            found = calls[n]
            assert isinstance(found.call, Transcript)
            yield KeptAnswer(
                f"{request.id}#{n}",
                request.id,
                found.file,
                request.user,
                request.channel,
                found.call,
                outcome.result,
                found.source,
                request.at,
            )


class Posts:
    """Shows private answers to the channel. Threads may share it."""

    def __init__(self, queue: Queue, answers: Answers, cards: AnswerCards) -> None:
        self._queue, self._answers, self._cards = queue, answers, cards

    def take(self, job: Job, reply: Reply) -> str:
        """Posts the answers. If the bot isn't in the channel, it posts them through the response URL.

        Raises UnknownAnswer if they are no longer kept.
        """
        request = job.request
        assert isinstance(request, PostRequest)
        if not (kept := self._answers.of(request.of)):
            raise UnknownAnswer("This answer is no longer kept, so I can't post it.")
        message = self._cards.drawn(request.of, kept, request.id, posted=True)
        try:
            ts = reply.final(message)
            self._answers.place(request.of, request.channel, ts, "")
        except SlackRefused:
            respond(request.response_url, _shown(message) | {"response_type": "in_channel", "replace_original": False})
            ts = "by address"
        else:
            attach(message, request, reply)
        self._queue.finish(job, ts)
        respond(request.response_url, _shown(card.posted()) | {"replace_original": True})
        return "posted"


def _help(request: WrapUpRequest) -> Message:
    return card.usage() if request.text.strip().lower() in ("help", "?") else card.hint()


def _shown(message: Message) -> dict[str, object]:
    return {"text": message.text, "blocks": message.blocks}
