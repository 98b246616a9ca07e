"""Builds a worker with the handlers of all kinds of requests and its regular rounds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from bot.queue.request import (
    DownloadRequest,
    ExportRequest,
    FeedbackRequest,
    Job,
    NoticeRequest,
    PostRequest,
    Request,
    ScorecardRequest,
    StepRequest,
    WrapUpRequest,
)
from bot.queue.worker import Worker
from bot.serving.cost_watch import ROUND_S, CostWatch
from bot.wiring import Wiring
from handlers.app import identify
from handlers.calls.redraw import AnswerCards
from handlers.calls.sources import Sources
from handlers.calls.worker import Posts, WrapUps
from handlers.feedback.worker import FeedbackWorker
from handlers.retrain.dataset_export import Exports
from handlers.retrain.live_card import PACE_S, LiveCards
from handlers.retrain.scorecard import ScorecardPages
from handlers.retrain.worker import Steps
from handlers.slack import api
from handlers.slack.people import People
from handlers.slack.reply import Reply
from handlers.telemetry import Telemetry
from handlers.worker import notices
from handlers.worker.delivery import Delivery
from handlers.worker.desk import Desk, Handler
from handlers.worker.progress import Hearing, Progress
from handlers.worker.rounds import Rounds
from handlers.worker.tellers import InReply, ToAsker

CANARIES_EVERY_S = 5.0  # each round takes three reads of the store


def make_worker(wiring: Wiring, telemetry: Telemetry, threads: int) -> tuple[Worker, Hearing, LiveCards]:
    """The worker that answers requests, the sign that they were heard, and the cards of the training loop.

    Raises SlackError, or SettingsError if the bot's token doesn't fit this store.
    """
    settings, services = wiring.settings, wiring.services
    client = api.client(settings.bot_token or "", settings.slack_api_url)
    bot_user = str(identify(client, services)["user_id"])
    queue, answers, tasks = services.queue, services.answers, services.tasks
    people, progress, delivery = People(client, settings), Progress(), Delivery(queue, answers)
    cards = AnswerCards(client, answers, services.reviews, tasks)
    router = wiring.answers.champions
    router.usual()  # so that a model with a problem fails now, not at the first answer
    retraining, registry = wiring.training.retraining, wiring.store.registry
    lock, prices, datasets = wiring.store.lock, wiring.evaluation.prices, wiring.datasets
    live_cards = LiveCards(client, retraining, registry, queue, lock, tasks, prices, settings.charts)

    def reply_to(job: Job) -> Reply:
        return Reply(client, queue, job)

    sources = Sources(client, people, settings, bot_user)
    wrap_ups = WrapUps(queue, answers, router, tasks, sources, people, cards, progress, delivery, telemetry)
    feedback = FeedbackWorker(client, answers, services.reviews, people, cards, queue, delivery, reply_to)
    exports = Exports(settings, tasks, datasets.exporter, datasets.at, registry, queue, progress, delivery)
    steps = Steps(retraining, live_cards, queue, people, reply_to)
    in_reply, to_asker = InReply(delivery), ToAsker(queue)
    handlers: dict[type[Request], Handler] = {
        WrapUpRequest: Handler(wrap_ups.take, in_reply),
        PostRequest: Handler(Posts(queue, answers, cards).take, to_asker),
        FeedbackRequest: Handler(feedback.take, to_asker),
        ExportRequest: Handler(exports.take, in_reply),
        DownloadRequest: Handler(exports.hand_over, to_asker),
        ScorecardRequest: Handler(ScorecardPages(registry, queue).take, to_asker),
        NoticeRequest: Handler(lambda job, reply: notices.tell(job, reply, queue, people), to_asker),
        StepRequest: Handler(steps.take, steps),
    }
    desk = Desk(queue, handlers, reply_to, telemetry, settings.patience_minutes * 60)
    worker = Worker(queue, desk.handle, threads, settings.lease_seconds)
    return worker, Hearing(client, queue, people), live_cards


def all_rounds(wiring: Wiring, live_cards: LiveCards) -> list[Rounds]:
    """The regular work of a worker beside the requests. Raises ReadError for the price file."""
    training, tasks, poll_s = wiring.training, wiring.answers.tasks, wiring.settings.poll_seconds
    return [
        Rounds("training", training.trainer.round, poll_s),
        Rounds("serving", training.promoter.round, poll_s),
        Rounds("canaries", lambda: training.canaries.round(tasks), CANARIES_EVERY_S),
        Rounds("cards", live_cards.round, PACE_S),
        Rounds("watch", _watching(training.watch), ROUND_S),
    ]


def _watching(watch: CostWatch) -> Callable[[], None]:
    """A round of the cost watch. It remembers the last day on which everything was reported."""
    day: date | None = None

    def work() -> None:
        nonlocal day
        day = watch.round(day)

    return work
