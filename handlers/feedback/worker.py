"""What a worker does with a thumb or a correction: it counts it, redraws the cards and tells people."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from slack_sdk import WebClient

from bot.answers.answer import KeptAnswer
from bot.answers.ports import Answers
from bot.errors import SlackUnavailable
from bot.feedback.reviews import Change, Reviews
from bot.feedback.votes_and_corrections import Event
from bot.queue.ports import Queue
from bot.queue.request import FeedbackRequest, Job, Request
from handlers.calls.redraw import AnswerCards
from handlers.feedback import correction_form
from handlers.slack.api import try_to
from handlers.slack.message import Message
from handlers.slack.people import People
from handlers.slack.reply import Reply
from handlers.worker.delivery import Delivery

PLACED_S = 40.0  # if a worker dies after it posted an answer, another one notes the answer's place within this time


class FeedbackWorker:
    """Handles the votes and corrections that listeners accepted. Threads may share it."""

    def __init__(
        self,
        client: WebClient,
        answers: Answers,
        reviews: Reviews,
        people: People,
        cards: AnswerCards,
        queue: Queue,
        delivery: Delivery,
        reply_to: Callable[[Job], Reply],
        now: Callable[[], float] = time.time,
    ) -> None:
        self._client, self._answers, self._reviews, self._people = client, answers, reviews, people
        self._cards, self._queue, self._delivery, self._reply_to, self._now = cards, queue, delivery, reply_to, now

    def take(self, job: Job, _: Reply) -> str:
        """Adds the event to the feedback on the answer, or on all answers in the message; returns its kind.

        If it changed something, a message in the answer's thread says so. Raises StoreUnavailable or a SlackError.
        """
        request = job.request
        assert isinstance(request, FeedbackRequest)
        outcome, message, thread_ts = self._taken(request)
        if message and thread_ts:
            there = replace(job, request=request.model_copy(update={"thread_ts": thread_ts}))
            return self._delivery.send(message, there, self._reply_to(there), outcome)
        self._queue.finish(job, "")
        return outcome

    def _taken(self, request: FeedbackRequest) -> tuple[str, Message | None, str]:
        """The outcome in a word, the message about it if there is one, and the thread for it."""
        of = request.of.rpartition("#")[0] or self._answers.at(request.channel, request.ts)
        if not of and self._now() - request.at < PLACED_S:
            raise SlackUnavailable("This message isn't known as an answer yet.", after_s=PLACED_S / 4)
        kept = self._answers.of(of)
        if not kept or self._people.is_bot(request.user):
            return "ignored", None, ""
        event = self._judged(Event.model_validate(request.event), request.team)
        if request.of:
            changes = [self._reviews.take(request.of, event)]
        else:
            changes = [self._reviews.add(each, event) for each in kept.answers]
        self._cards.draw_anew(of, request.response_url)
        thread_ts = request.thread_ts or self._thread(of, request)
        return event.kind, self._told(request, event, changes[0], thread_ts), thread_ts

    def _judged(self, event: Event, team: str) -> Event:
        counts = self._people.is_reviewer(event.user) and self._people.is_ours(event.user, team)
        return event.model_copy(update={"reviewer": counts})

    def _thread(self, of: str, request: Request) -> str:
        places = self._answers.places(of)
        here = [place for place in places if place[:2] == (request.channel, request.ts)] or places
        return here[0][2] or here[0][1] if here else ""

    def _told(self, request: Request, event: Event, change: Change, thread_ts: str) -> Message | None:
        """The message after an event: both sides of a conflict, or what a correction changed.

        For a vote there is none, but a thumb down asks the person for the reason.
        """
        if not change.news:
            return None
        if event.kind == "vote":
            if event.up is False and not event.reason:
                self._ask_why(request, change.kept, thread_ts)
            return None
        if change.after.state == "conflict":
            sides = [(each.id, f"<@{each.user}>", each.output or {}) for each in change.after.corrections]
            return correction_form.conflict_card(request.id, change.kept.key, sides)
        own = change.kept.answer.output.model_dump(mode="json")
        lines = correction_form.changes(change.before.output or own, change.after.output or own)
        return correction_form.changed_card(request.id, f"<@{event.user}>", lines) if lines else None

    def _ask_why(self, request: Request, kept: KeptAnswer, thread_ts: str) -> None:
        card = correction_form.reason_card(kept.key)
        where = {"channel": request.channel, "user": request.user, "thread_ts": thread_ts or None}
        try_to(self._client.chat_postEphemeral, text=card.text, blocks=card.blocks, **where)
