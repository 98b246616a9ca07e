"""The cards of the training loop: one for each task and channel, redrawn when its content changes."""

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
    """Shows the loops. Threads and processes may share it: if one draws an outdated state, the next round corrects that."""

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
        """Posts the card as the reply to a request, and returns its ts. It replaces an older card there. Raises SlackError."""
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
        """Whether the channel has a card of the task."""
        return self._at(task, channel) is not None

    def redraw(self, task: str) -> None:
        """Redraws the cards of the task whose content has changed. Raises SlackRefused or SlackUnavailable."""
        loop = self._retraining.loop(task)
        for card in self._models.cards():
            if card.task == task:
                self._redraw(card, loop)

    def round(self) -> None:
        """Redraws all cards whose content has changed, and starts evaluations that are due.

        If another process is doing this, it does nothing. Raises StoreUnavailable or SlackUnavailable.
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
            except SlackRefused as error:  # keep updating the other cards
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
        if not there or there.ts != card.ts:  # another card has replaced this one meanwhile
            self._update(card, loop_cards.superseded(card.task))
        elif there.digest != digest:  # two processes drew it at once: draw it again, as either may be the last
            self._models.keep_card(there.model_copy(update={"digest": ""}), there)

    def _drawn(self, loop: Loop, request: str) -> Message:
        now = self._now()
        bills = {model.id: owes for model in loop.billing if (owes := bill(model, self._prices, now))}
        return charts.drawn(loop_cards.card(loop, request, bills), loop_cards.charts(loop, self._style), self._style)

    def _attach(self, card: Card, loop: Loop) -> None:
        """Posts charts that Slack doesn't draw in the card's thread. The caller holds the lock, so each is posted once."""
        found = loop_cards.charts(loop, self._style) if self._style == "image" else []
        fresh = [each for each in found if each.digest not in card.charts]
        there = self._at(card.task, card.channel) if fresh else None
        if not there or there.ts != card.ts:
            return
        try:
            charts.attached(self._client, fresh, self._style, card.channel, card.ts)
        except SlackRefused as error:  # the card says the same in words
            log.error("no charts", extra={"fields": {"channel": card.channel, "reason": error.reason}})
        shown = (*there.charts, *(each.digest for each in fresh))
        self._models.keep_card(there.model_copy(update={"charts": shown}), there)

    def _at(self, task: str, channel: str) -> Card | None:
        return next((card for card in self._models.cards() if (card.task, card.channel) == (task, channel)), None)

    def _update(self, card: Card, message: Message) -> bool:
        """Updates the message; False if it is gone."""
        try:
            ask(self._client.chat_update, channel=card.channel, ts=card.ts, text=message.text, blocks=message.blocks)
        except SlackRefused as error:
            if error.reason not in GONE:
                raise
            return False
        return True


def _digest(message: Message) -> str:
    return hashlib.sha256(json.dumps([message.text, message.blocks]).encode()).hexdigest()[:16]
