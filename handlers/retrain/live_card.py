"""The cards of the loop, posted once a task and place and drawn anew where what they show has changed."""

from __future__ import annotations

import hashlib
import json
import logging
import time
from collections.abc import Callable, Iterable

from slack_sdk import WebClient

from bot.errors import SlackRefused
from bot.lock import Lock
from bot.models.prices import Prices, bill
from bot.queue.ports import Queue
from bot.queue.request import StepRequest
from bot.retraining.next_step import Loop, to_evaluate
from bot.retraining.pending import Card
from bot.retraining.ports import LoopCards
from bot.retraining.retraining import Retraining
from handlers.retrain import card as loop_cards
from handlers.retrain import charts
from handlers.retrain.charts import Style
from handlers.slack.api import ask
from handlers.slack.message import Message
from handlers.slack.reply import Reply

PACE_S = 2.0  # Slack takes some fifty updates a minute
GONE = ("message_not_found", "cant_update_message", "channel_not_found", "is_archived")

log = logging.getLogger(__name__)


class LiveCards:
    """Shows loops. Threads and processes may share it: who drew an older state is overtaken by the next look."""

    def __init__(
        self,
        client: WebClient,
        retraining: Retraining,
        models: LoopCards,
        queue: Queue,
        lock: Lock,
        tasks: Iterable[str],
        prices: Prices,
        style: Style,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._client, self._retraining, self._models, self._queue = client, retraining, models, queue
        self._lock, self._tasks, self._prices, self._style = lock, tuple(tasks), prices, style
        self._now = now

    def post(self, request: StepRequest, reply: Reply) -> str:
        """Shows the card as the reply to a request, in place of an older one there; gives its ts. Raises SlackError."""
        loop = self._retraining.loop(request.task)
        message = self._drawn(loop, request.id)
        ts = reply.final(message)
        card = Card(task=request.task, channel=request.channel, ts=ts, request=request.id, digest=_digest(message))
        while True:
            older = self._at(request.task, request.channel)
            if older and older.ts == ts:
                return ts
            if older:
                self._update(older, loop_cards.superseded(request.task))
            if self._models.keep_card(card, older):
                return ts

    def stands(self, task: str, channel: str) -> bool:
        """Whether a card of the task stands there."""
        return self._at(task, channel) is not None

    def redraw(self, task: str) -> None:
        """Draws the task's cards anew where they show something else by now. Raises SlackUnavailable."""
        loop = self._retraining.loop(task)
        for card in self._models.cards():
            if card.task == task:
                self._redraw(card, loop)

    def round(self) -> None:
        """Draws the cards that show something else by now, and begins evaluations that are due.

        If another process is at it, nothing is done. Raises StoreUnavailable or SlackUnavailable.
        """
        with self._lock.held("cards") as alone:
            for task in self._tasks if alone else ():
                self._look(task)

    def _look(self, task: str) -> None:
        loop = self._retraining.loop(task)
        self._evaluate(loop)
        for card in self._models.cards():
            try:
                if card.task == task:
                    self._redraw(card, loop)
                    self._attach(card, loop)
            except SlackRefused as error:  # the other cards are looked at all the same
                log.error("a card is refused", extra={"fields": {"channel": card.channel, "reason": error.reason}})

    def _evaluate(self, loop: Loop) -> None:
        if not (name := to_evaluate(loop)) or not loop.challenger:
            return
        request = StepRequest(
            id=f"evaluate:{loop.task}:{name}", step="evaluate", team="", channel="", user="wrapup",
            at=self._now(), task=loop.task, of=loop.challenger.id,
        )  # fmt: skip
        self._queue.accept(request, None)
        self._retraining.under_way.begun(loop.task, name)

    def _redraw(self, card: Card, loop: Loop) -> None:
        message = self._drawn(loop, card.request)
        if (digest := _digest(message)) == card.digest:
            return
        if not self._update(card, message):
            self._models.drop_card(card)
            return
        if self._models.keep_card(card.model_copy(update={"digest": digest}), card):
            return
        there = self._at(card.task, card.channel)
        if not there or there.ts != card.ts:  # another took its place meanwhile
            self._update(card, loop_cards.superseded(card.task))
        elif there.digest != digest:  # another drew it too, and nobody knows whose update Slack took last
            self._models.keep_card(there.model_copy(update={"digest": ""}), there)

    def _drawn(self, loop: Loop, request: str) -> Message:
        now = self._now()
        bills = {model.id: owes for model in loop.billing if (owes := bill(model, self._prices, now))}
        return charts.drawn(loop_cards.card(loop, request, bills), loop_cards.charts(loop, self._style), self._style)

    def _attach(self, card: Card, loop: Loop) -> None:
        """Puts charts that Slack does not draw into the card's thread; only who holds the lock does, so each once."""
        found = loop_cards.charts(loop, self._style) if self._style == "image" else []
        fresh = [each for each in found if each.digest not in card.charts]
        there = self._at(card.task, card.channel) if fresh else None
        if not there or there.ts != card.ts:
            return
        try:
            charts.attached(self._client, fresh, self._style, card.channel, card.ts)
        except SlackRefused as error:  # the card says it all in words
            log.error("no charts", extra={"fields": {"channel": card.channel, "reason": error.reason}})
        shown = (*there.charts, *(each.digest for each in fresh))
        self._models.keep_card(there.model_copy(update={"charts": shown}), there)

    def _at(self, task: str, channel: str) -> Card | None:
        return next((card for card in self._models.cards() if (card.task, card.channel) == (task, channel)), None)

    def _update(self, card: Card, message: Message) -> bool:
        """False where the message is gone."""
        try:
            ask(self._client.chat_update, channel=card.channel, ts=card.ts, text=message.text, blocks=message.blocks)
        except SlackRefused as error:
            if error.reason not in GONE:
                raise
            return False
        return True


def _digest(message: Message) -> str:
    return hashlib.sha256(json.dumps([message.text, message.blocks]).encode()).hexdigest()[:16]
