"""What `wrapup check` asks."""

# Adapters are imported where they are made: each brings a heavy library.
# ruff: noqa: PLC0415

from __future__ import annotations

from bot.answers.family import EMBEDDED, FAMILIES
from bot.answers.prompts import render
from bot.calls.transcript import Turn
from bot.checks import Probe
from bot.errors import SettingsError
from bot.settings import Settings
from bot.wiring.answers import AnswerWiring
from bot.wiring.aws import AwsClients
from bot.wiring.store import StoreWiring


def probes(settings: Settings, store: StoreWiring, answers: AnswerWiring, aws: AwsClients) -> list[Probe]:
    """What `wrapup check` asks, in order."""
    return [
        Probe("settings", lambda: f"read; tasks: {', '.join(answers.tasks)}"),
        Probe("store", store.health),
        Probe("model", lambda: _try_model(settings, answers)),
        *_lifecycles(settings, aws),
        *_slack(settings),
    ]


def _try_model(settings: Settings, answers: AnswerWiring) -> str:
    """The cheapest proof that the model may be asked: one token, or a two-word call on board."""
    if settings.model_id == EMBEDDED:
        hello = render(answers.task_named("summarize"), "base", "", (Turn(0, "other", "Hello"),))
        answers.model.answer(hello)
    else:
        answers.bedrock(settings).probe()
    return f"{settings.model_id} answers"


def _lifecycles(settings: Settings, aws: AwsClients) -> list[Probe]:
    """A probe for the life of the model that answers and one for that of the base model to fine-tune."""
    family = FAMILIES[settings.family]
    if settings.model_id == EMBEDDED:
        reason = f"not asked, since no AWS account is in use. {family.end_of_life_note}".strip()
        return [Probe(f"base model {family.name}", str, reason)]
    tuned_on_board = "not asked: it is on board" if family.name == EMBEDDED else ""
    from bot.adapters.bedrock.lifecycle import answering_life, tuning_life

    return [
        Probe("lifecycle", lambda: answering_life(aws.control(settings.region), settings.model_id)),
        Probe(
            f"base model {family.name}",
            lambda: tuning_life(aws.control(family.region), family.model_id),
            tuned_on_board,
        ),
    ]


def check_socket_mode(settings: Settings) -> None:
    """Raises SettingsError where the two tokens are of different apps, or a SlackError where Slack refuses one."""
    from bot.adapters import slack_rights

    slack_rights.socket_mode(settings.app_token or "", settings.bot_token or "", settings.slack_api_url)


def _slack(settings: Settings) -> list[Probe]:
    """A probe for the bot's token, and one for each way in which Slack's requests can come."""
    if not (bot_token := settings.bot_token):
        return [Probe("slack", str, "not asked: SLACK_BOT_TOKEN is unset, so Wrapup answers in the shell alone")]
    from bot.adapters import slack_rights

    app_token, url = settings.app_token or "", settings.slack_api_url
    no_socket_mode = "" if app_token else "SLACK_APP_TOKEN is unset, so `bot` cannot run"
    no_http = "" if settings.signing_secret else "SLACK_SIGNING_SECRET is unset, so `web` cannot run"
    asked = Probe("slack", lambda: slack_rights.rights(bot_token, url))
    if no_socket_mode and no_http:
        return [asked, Probe("slack requests", lambda: _refuse(f"{no_socket_mode}; {no_http}: set one of them."))]
    return [
        asked,
        Probe("slack socket mode", lambda: slack_rights.socket_mode(app_token, bot_token, url), no_socket_mode),
        Probe("slack http mode", lambda: "`web` can listen, if the signing secret is this app's", no_http),
    ]


def _refuse(text: str) -> str:
    raise SettingsError(text)
