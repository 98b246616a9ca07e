"""Builds the Bolt app and the worker; the one place of Slack's side that makes clients."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor

from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

from bot import wiring
from bot.errors import SettingsError
from bot.models.prices import load as load_prices
from bot.queue.request import Job
from bot.queue.worker import Worker
from bot.settings import Settings
from bot.wiring import Services
from handlers.calls.redraw import AnswerCards
from handlers.calls.sources import Sources
from handlers.feedback.worker import FeedbackWorker
from handlers.listeners import register
from handlers.retrain.dataset_export import Exports
from handlers.retrain.live_card import LiveCards
from handlers.retrain.steps import Means
from handlers.retrain.worker import Steps
from handlers.slack import api
from handlers.slack.people import People
from handlers.slack.reply import Reply
from handlers.telemetry import Telemetry
from handlers.worker.desk import Desk
from handlers.worker.progress import Hearing, Progress

LISTENERS = 32  # threads; a listener takes milliseconds, or an API call of Slack's at the most


def make_app(settings: Settings, services: Services, telemetry: Telemetry) -> App:
    """The app with all listeners. Requests must be verified before they get here (wsgi.py), or come by Socket Mode.

    It answers Slack after the listener is through, so that what could not be stored is sent again. Raises SlackError
    or SettingsError where the bot's token is not good for this store.
    """
    client = api.client(settings.bot_token or "", settings.slack_api_url)
    me = identify(client, services)
    known = AuthorizeResult.from_auth_test_response(auth_test_response=me, bot_token=client.token)
    app = App(
        logger=logging.getLogger("slack_bolt"),
        client=client,
        authorize=lambda: known,
        process_before_response=True,
        request_verification_enabled=False,
        listener_executor=ThreadPoolExecutor(LISTENERS, thread_name_prefix="listener"),
    )
    people = People(client, settings)
    means = Means(
        client, services.queue, people, settings, services.tasks, services.pairs, wiring.promoter(settings),
        wiring.retraining(settings),
    )  # fmt: skip
    given = {"telemetry": telemetry, "people": people, "means": means}
    register(app, vars(services) | given)
    return app


def make_worker(
    settings: Settings, services: Services, telemetry: Telemetry, threads: int
) -> tuple[Worker, Hearing, LiveCards]:
    """What works on accepted requests, what shows that they were heard, and what keeps the cards of the loop.

    Raises as `make_app` does.
    """
    client = api.client(settings.bot_token or "", settings.slack_api_url)
    bot_user = str(identify(client, services)["user_id"])
    people = People(client, settings)
    cards = AnswerCards(client, services.answers, services.reviews, services.tasks)
    champions = wiring.champions(settings, threads)
    champions.usual()  # a model that cannot be made is told now, not by the first answer
    retraining, registry, lock = wiring.retraining(settings), wiring.registry(settings), wiring.lock(settings)
    boards = LiveCards(
        client,
        retraining,
        registry,
        services.queue,
        lock,
        services.tasks,
        load_prices(settings.prices),
        settings.charts,
    )

    def reply_to(job: Job) -> Reply:
        return Reply(client, services.queue, job)

    desk = Desk(
        services.queue,
        services.answers,
        champions,
        services.tasks,
        Sources(client, people, settings, bot_user),
        people,
        cards,
        FeedbackWorker(client, services.answers, services.reviews, people, cards),
        Exports(settings, services.tasks, registry),
        Steps(retraining, boards, services.queue, people, reply_to),
        registry,
        Progress(),
        reply_to,
        telemetry,
        settings.patience_minutes * 60,
    )
    worker = Worker(services.queue, desk.handle, threads, settings.lease_seconds)
    return worker, Hearing(client, services.queue, people), boards


def identify(client: WebClient, services: Services) -> SlackResponse:
    """Who the bot's token is. Raises SettingsError where the store belongs to another workspace."""
    me = api.ask(client.auth_test)
    owner = services.queue.claim_workspace(str(me["team_id"]))
    if owner != me["team_id"]:
        raise SettingsError(
            f"SLACK_BOT_TOKEN: it is of the workspace {me['team_id']}, and this store holds the calls of {owner}. "
            "Use that workspace's token, or another store."
        )
    return me
