"""Draws answers with their feedback, and updates them everywhere they are shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from slack_sdk import WebClient

from bot.answers.answer import KeptAnswer, KeptAnswers
from bot.answers.ports import Answers
from bot.errors import SlackRefused
from bot.feedback.reviews import Reviews
from bot.feedback.votes_and_corrections import Standing
from bot.task import Task
from handlers.calls import card
from handlers.slack.api import ask
from handlers.slack.message import Message
from handlers.slack.reply import respond


class AnswerCards:
    """Draws the cards of answers, and redraws them after new feedback. Threads may share it."""

    def __init__(self, client: WebClient, answers: Answers, reviews: Reviews, tasks: Mapping[str, Task]) -> None:
        self._client, self._answers, self._reviews, self._tasks = client, answers, reviews, tasks

    def drawn(
        self,
        request: str,
        kept: KeptAnswers,
        block: str = "",
        *,
        private: bool = False,
        posted: bool = False,
        standings: Mapping[str, Standing] | None = None,
    ) -> Message:
        """The card of a request's answers.

        `block`: the request that must find this card again, by default the same one. `posted`: the answer was private, and
        the asker has posted it (nobody else saw the button). `standings`: the feedback, if the caller has read it already.
        """
        standings = self._reviews.standings(kept) if standings is None else standings
        shown = [self._corrected(each, standings[each.key]) for each in kept.answers]
        poster = kept.answers[0].asker if posted and kept.answers else ""
        return card.answers(
            block or request, shown, kept.problems, private=private, posted_by=poster, standings=standings
        )

    def draw_anew(self, request: str, response_url: str = "") -> None:
        """Updates every card of the request or, if there is none, the private answer behind the `response_url`.

        Then it checks for newer feedback: if two processes draw at once, the one with older feedback may come last.
        """
        while kept := self._answers.of(request):
            before = self._reviews.standings(kept)
            places = self._answers.places(request)
            for channel, ts, thread_ts in places:  # an answer is in a thread, unless it was posted
                self._update(channel, ts, self.drawn(request, kept, posted=not thread_ts, standings=before))
            if response_url and not places:
                private = self.drawn(request, kept, private=True, standings=before)
                respond(response_url, {"text": private.text, "blocks": private.blocks, "replace_original": True})
            if self._reviews.standings(kept) == before:
                return

    def _update(self, channel: str, ts: str, message: Message) -> None:
        try:
            ask(self._client.chat_update, channel=channel, ts=ts, text=message.text, blocks=message.blocks)
        except SlackRefused as error:
            if error.reason not in ("message_not_found", "cant_update_message", "channel_not_found"):
                raise

    def _corrected(self, kept: KeptAnswer, standing: Standing) -> KeptAnswer:
        """The answer with the corrected output, if there is one."""
        if standing.output is None:
            return kept
        output = self._tasks[kept.answer.task].output.model_validate(standing.output)
        unverified = tuple(output.unverified(kept.transcript))
        return replace(kept, answer=replace(kept.answer, output=output, unverified=unverified))
