"""Builds the services; the only place that names an adapter."""

# Adapters are imported where they are made: each brings a heavy library.
# ruff: noqa: PLC0415

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot import task
from bot.answer import Answer
from bot.canarying import Canaries
from bot.checking import Probe
from bot.errors import JobRefused, ReadError, SettingsError, UnknownModel, UnknownTask
from bot.exporting import Exporter
from bot.family import EMBEDDED, FAMILIES, Family, check_model_id, template_for
from bot.holdout import Case
from bot.holdout import read as read_holdout
from bot.importing import Importer
from bot.lifecycle import Lifecycle
from bot.model import CustomModel, Judged, Reign
from bot.ports import Answers, Customization, Datasets, Lock, Model, Models, Notices, Pairs, Queue
from bot.prices import Prices
from bot.prices import load as load_prices
from bot.probes import PROBES
from bot.probes import Probe as SafetyProbe
from bot.probes import load as load_probes
from bot.promoting import Promoter
from bot.prompts import Wording, render
from bot.request import Limits
from bot.retraining import Retraining, Rules
from bot.reviewing import Reviews
from bot.serving import Champions, Uses
from bot.settings import SHIPPED_PROMPTS, Settings
from bot.summarizing import Summarizer
from bot.task import Task, TemplateKind
from bot.training import Trainer
from bot.transcript import Transcript, Turn
from bot.watching import Watch

if TYPE_CHECKING:
    from bot.adapters.bedrock import BedrockModel
    from bot.adapters.onboard.vectors import Vectors
    from bot.adapters.redis import Client
    from bot.evaluating import Evaluator

THREADS_AT_A_SERVICE, THREADS_ON_BOARD = 200, 4  # of a worker: waiting for a service costs it next to nothing
CONNECTIONS_BESIDE = 16  # of a process to the store, beside one a thread
EXPORT_TIMEOUT_S = 10.0  # of a request for some hundred pairs
WORKER_TIMEOUT_S = 5.0  # longer than it waits for work

SMOKE = Transcript(  # nobody's call: what an endpoint is asked once, to see whether it answers
    "smoke",
    (
        Turn(0, "customer", "My router has been offline since this morning."),
        Turn(1, "agent", "I am sorry. I will send you a new one today, and call you tomorrow."),
    ),
)
JOBS_AT_A_SERVICE = 8  # below the request quota of a new account, and past the point where waiting is what takes long


@dataclass(frozen=True)
class Services:
    """What Slack's side needs of all that is not Slack; listeners get each by its name."""

    settings: Settings
    tasks: Mapping[str, Task]
    queue: Queue
    answers: Answers
    pairs: Pairs
    reviews: Reviews
    limits: Limits


def services(settings: Settings, threads: int, timeout_s: float | None = None) -> Services:
    """Services for `threads` callers at once, on the store that the settings name. Raises StoreUnavailable.

    `timeout_s` is for a process that waits on the store; by default it gives up well before Slack does.
    """
    from bot.adapters.answers import RedisAnswers
    from bot.adapters.migrations import check
    from bot.adapters.models import RedisModels
    from bot.adapters.pairs import RedisPairs
    from bot.adapters.queue import RedisQueue
    from bot.privacy import REDACTION_VERSION, mask_pair
    from bot.scan import scanned

    client = _store_client(settings, threads + CONNECTIONS_BESIDE, timeout_s)
    check(client)
    known = tasks(settings)
    queue, answers = RedisQueue(client), RedisAnswers(client, known, settings.keep_days)
    pairs = RedisPairs(client, settings.keep_days)
    mask = None if settings.redact == "off" else partial(mask_pair, mode=settings.redact)
    scan = partial(scanned, mode=settings.redact)
    return Services(
        settings,
        known,
        queue,
        answers,
        pairs,
        Reviews(answers, pairs, queue, RedisModels(client), mask, REDACTION_VERSION, scan, settings.train_on_threads),
        Limits(settings.person_per_minute, settings.channel_per_minute, settings.most_waiting),
    )


def exporter(settings: Settings) -> Exporter:
    """What makes datasets of the pairs in the store. Raises StoreUnavailable or UnknownSchema."""
    from bot.adapters.lock import RedisLock
    from bot.adapters.migrations import check
    from bot.adapters.pairs import RedisPairs
    from bot.adapters.processes import Processes
    from bot.adapters.workbench import SqliteWorkbench
    from bot.privacy import REDACTION_VERSION

    client = _store_client(settings, CONNECTIONS_BESIDE, EXPORT_TIMEOUT_S)
    check(client)
    pairs, lock = RedisPairs(client, settings.keep_days), RedisLock(client)
    return Exporter(pairs, lock, SqliteWorkbench, Processes, settings.redact, REDACTION_VERSION, settings.split_seed)


def importer(settings: Settings) -> Importer:
    """What takes pairs into the store. Raises StoreUnavailable or UnknownSchema."""
    from bot.adapters.migrations import check
    from bot.adapters.pairs import RedisPairs
    from bot.privacy import REDACTION_VERSION, mask_pair

    client = _store_client(settings, CONNECTIONS_BESIDE, EXPORT_TIMEOUT_S)
    check(client)
    mask = None if settings.redact == "off" else partial(mask_pair, mode=settings.redact)
    pairs = RedisPairs(client, settings.keep_days)
    return Importer(pairs, tasks(settings), mask, REDACTION_VERSION, settings.max_bytes, time.time)


def dataset_at(settings: Settings, place: str, region: str | None = None) -> Datasets:
    """The dataset in a folder, or at s3://bucket/prefix; `region` is where its bucket must be."""
    if place.startswith("s3://"):
        from bot.adapters.s3 import Bucket, client

        return Bucket(client(settings.region), place, region, settings.kms_key)
    from bot.adapters.folder import Folder

    return Folder(Path(place).expanduser())


def migrate(settings: Settings) -> str:
    """Brings the store to this version's schema, and says what was done. Raises UnknownSchema or StoreUnavailable."""
    from bot.adapters import migrations

    before, after = migrations.migrate(_store_client(settings, 1))
    return f"The store has the schema {after}." + ("" if before == after else f" It had {before}.")


def usual_threads(settings: Settings) -> int:
    """How many requests a worker answers at once."""
    return settings.threads or (THREADS_ON_BOARD if settings.model_id == EMBEDDED else THREADS_AT_A_SERVICE)


def tasks(settings: Settings) -> dict[str, Task]:
    """All tasks in the prompts folder, by name."""
    return {name: task.load(settings.prompts / name) for name in task.names(settings.prompts)}


def task_named(settings: Settings, name: str) -> Task:
    """The task of that name. Raises UnknownTask that names those there are."""
    if name not in (known := task.names(settings.prompts)):
        raise UnknownTask(f"There is no task {name!r}; there are: {', '.join(known)}.")
    return task.load(settings.prompts / name)


def usual_jobs(settings: Settings) -> int:
    """How many calls to answer at once: as many as there are cores on board, a modest number at a service."""
    return os.cpu_count() or 1 if settings.model_id == EMBEDDED else JOBS_AT_A_SERVICE


def registry(settings: Settings) -> Models:
    """Jobs, custom models and champions. Raises StoreUnavailable."""
    from bot.adapters.models import RedisModels

    return RedisModels(_store_client(settings, CONNECTIONS_BESIDE))


def watch(settings: Settings) -> Watch:
    """What watches costs and endings. Raises StoreUnavailable, or ReadError for the price file."""
    from bot.adapters.lock import RedisLock

    return Watch(
        settings,
        registry(settings),
        promoter(settings),
        notices(settings),
        RedisLock(_store_client(settings, CONNECTIONS_BESIDE)),
        partial(customization, settings),
        _lifecycle,
        load_prices(settings.prices),
        time.time,
    )


def notices(settings: Settings) -> Notices:
    """Where the admins are told. Raises StoreUnavailable."""
    from bot.adapters.notices import RedisNotices

    return RedisNotices(_store_client(settings, CONNECTIONS_BESIDE), settings.admin_channel, time.time)


def has_store(settings: Settings) -> bool:
    """Whether anything can have been promoted: the embedded store is not started only to find that it is empty."""
    return bool(settings.redis_url) or (settings.data_dir / "valkey").is_dir()


def trainer(settings: Settings) -> Trainer:
    """What runs customization jobs. Raises StoreUnavailable."""
    places = cache(partial(customization, settings))  # clients take a tenth of a second to make
    return Trainer(registry(settings), lock(settings), places, time.time, time.sleep, settings.poll_seconds)


def promoter(settings: Settings) -> Promoter:
    """What serves, promotes and rolls back. Raises StoreUnavailable."""
    places, smoke = cache(partial(customization, settings)), partial(smoke_answer, settings)
    usual = settings.model_id
    alone, poll_s = lock(settings), settings.poll_seconds
    return Promoter(registry(settings), alone, places, smoke, usual, time.time, time.sleep, poll_s)


def smoke_answer(settings: Settings, model: CustomModel) -> Answer:
    """The answer to a made-up call, in the tuned template and through the model's endpoint. Raises ModelError."""
    task = task_named(settings, model.task)
    endpoint = model.endpoint.id if model.endpoint else model.id
    asked = _tuned_model(settings, task, model.family, endpoint, 1)
    return Summarizer(asked, Wording.load(settings.prompts), time.perf_counter).answer(task, SMOKE)


def canaries(settings: Settings) -> Canaries:
    """What has a challenger answer a share of calls. Raises StoreUnavailable."""
    from bot.adapters.pairs import RedisPairs

    pairs = RedisPairs(_store_client(settings, CONNECTIONS_BESIDE), settings.keep_days)
    return Canaries(registry(settings), pairs, notices(settings), settings.model_id, time.time, time.sleep)


def retraining(settings: Settings) -> Retraining:
    """What takes the loop of a task further. Raises StoreUnavailable."""
    from bot.adapters.pairs import RedisPairs

    family = FAMILIES[settings.family]
    return Retraining(
        registry(settings),
        RedisPairs(_store_client(settings, CONNECTIONS_BESIDE), settings.keep_days),
        tasks(settings),
        family,
        trainer(settings),
        promoter(settings),
        canaries(settings),
        partial(exporter, settings),
        partial(dataset_named, settings, family),
        partial(customization, settings),
        partial(judged, settings),
        load_prices(settings.prices),
        Rules(settings.two_person, settings.spend_limit),
        time.time,
    )


def judged(
    settings: Settings, task: Task, champion: str, challenger: str, told: Callable[[int, int], None]
) -> Mapping[str, Any]:
    """The challenger against the champion on the calls that are held out now, as it is kept.

    `told` hears how many answers of how many have come. Raises ModelError, UnknownModel or StoreUnavailable.
    """
    from bot.evaluation import to_kept

    prices, cases, probes = load_prices(settings.prices), held_out(settings, task), safety_probes(settings, task)
    one, other = (contestant(settings, task, name) for name in (champion, challenger))
    total, come = 2 * (len(cases) + len(probes)), count(1)
    found = evaluator(settings, [one, other], prices).evaluate(
        task, one, other, cases, probes, step=lambda: told(next(come), total)
    )
    row = to_kept(found, time.time())
    keep_verdict(settings, row)
    return row


def lock(settings: Settings) -> Lock:
    """Lets one process of all that share the store do a thing at a time. Raises StoreUnavailable."""
    from bot.adapters.lock import RedisLock

    return RedisLock(_store_client(settings, CONNECTIONS_BESIDE))


def customization(settings: Settings, family: Family) -> Customization:
    """Where the models of a family are trained and served."""
    if family.name == EMBEDDED:
        from bot.adapters.embedded_training import EmbeddedTraining

        def read(place: str, name: str) -> Iterator[bytes]:
            return dataset_at(settings, place).read(name)

        return EmbeddedTraining(_artefacts(settings), tasks(settings), read)
    from bot.adapters.bedrock import control_client
    from bot.adapters.bedrock_account import Account, clients
    from bot.adapters.bedrock_training import BedrockTraining
    from bot.adapters.s3 import client

    vpc = settings.subnets, settings.security_groups
    account = Account(settings.role_arn, settings.bucket, settings.kms_key, *vpc)
    region = family.region
    return BedrockTraining(control_client(region), client(region), clients(region), family, account)


def dataset_named(settings: Settings, family: Family, name: str) -> Datasets:
    """Where a job of the family finds the dataset of that name. Raises JobRefused where there is no bucket for it."""
    if family.name == EMBEDDED:
        return dataset_at(settings, str(settings.data_dir / "datasets" / name))
    if not settings.bucket:
        raise JobRefused(f"{family.name} reads its dataset from S3: set WRAPUP_BUCKET to a bucket in {family.region}.")
    return dataset_at(settings, f"{settings.bucket}/{name}", family.region)


def champions(settings: Settings, threads: int) -> Champions:
    """Gives the summarizer of whoever answers a task now. Raises StoreUnavailable."""
    models, wording = registry(settings), Wording.load(settings.prompts)

    def usual() -> Summarizer:
        return summarizer(settings, threads)

    def made(task_name: str, reign: Reign) -> Summarizer:
        found = _tuned_model(settings, task_named(settings, task_name), reign.family, reign.answers, threads)
        return Summarizer(found, wording, time.perf_counter)

    return Champions(models, usual, made, time.monotonic, Uses(models, time.time))


def summarizer_of(settings: Settings, task_name: str, threads: int) -> Summarizer:
    """The summarizer of whoever answers the task now. Raises StoreUnavailable."""
    return champions(settings, threads)(task_name) if has_store(settings) else summarizer(settings, threads)


def keep_verdict(settings: Settings, row: Mapping[str, Any]) -> None:
    """Keeps an evaluation (bot.evaluation.to_kept): all of it to be shown, and its verdict for a promotion.

    Raises StoreUnavailable.
    """
    if has_store(settings):
        models = registry(settings)
        models.keep_scorecard(row)
        models.judge(Judged.model_validate({name: row[name] for name in Judged.model_fields if name in row}))


def kept_scorecard(settings: Settings, task: Task, champion: Model, challenger: Model) -> Mapping[str, Any]:
    """The last evaluation of the two. Raises UnknownModel where none is kept, or StoreUnavailable."""
    row = registry(settings).scorecard(task.name, champion.id, challenger.id) if has_store(settings) else None
    if row is None:
        raise UnknownModel(f"No evaluation of {challenger.id} against {champion.id} is kept: leave out --kept.")
    return row


def _tuned_model(settings: Settings, task: Task, family: str, endpoint: str, threads: int) -> Model:
    if family == EMBEDDED:
        return _embedded(settings, task, _artefact(settings, endpoint))
    region = endpoint.split(":")[3] if endpoint.startswith("arn:") else settings.region
    return _bedrock_model(replace(settings, model_id=endpoint, family=family, region=region, template="tuned"), threads)


def _artefacts(settings: Settings) -> Path:
    return settings.data_dir / "models"


def _artefact(settings: Settings, model_id: str) -> Path | None:
    """The file of `embedded:DIGEST` or `embedded:FILE`; None for `embedded` alone."""
    from bot.adapters.embedded_training import artefact

    file = model_id.partition(":")[2]
    if not file or (path := Path(file).expanduser()).is_file():
        return path if file else None
    return artefact(_artefacts(settings), model_id)


def summarizer(settings: Settings, threads: int) -> Summarizer:
    return Summarizer(model(settings, threads), Wording.load(settings.prompts), time.perf_counter)


def model(settings: Settings, threads: int) -> Model:
    """The model that the settings name, ready for `threads` callers at once."""
    if settings.model_id == EMBEDDED:
        from bot.adapters.embedded import Embedded

        return Embedded(tasks(settings), (), _vectors())
    return _bedrock_model(settings, threads)


def evaluator(settings: Settings, models: Iterable[Model], prices: Prices) -> Evaluator:
    """What judges these models. Raises StoreUnavailable where one asks a service, whose answers are kept in the store."""
    from bot.adapters.attempts import RedisAttempts
    from bot.adapters.memory import MemoryAttempts
    from bot.evaluating import Evaluator

    at_a_service = any(not each.id.startswith(EMBEDDED) for each in models)
    return Evaluator(
        Wording.load(settings.prompts),
        RedisAttempts(_store_client(settings, CONNECTIONS_BESIDE), settings.keep_days)
        if at_a_service
        else MemoryAttempts(),
        time.perf_counter,
        time.sleep,
        settings.patience_minutes * 60,
        JOBS_AT_A_SERVICE if at_a_service else os.cpu_count() or 1,
        prices,
        lambda model_id: FAMILIES[_family_at(settings, model_id) or settings.family],
        Uses(registry(settings), time.time) if at_a_service else lambda _: None,
    )


def contestant(settings: Settings, task: Task, name: str, template: TemplateKind | None = None) -> Model:
    """A model to be evaluated: `base` (WRAPUP_MODEL_ID with the base template), `embedded:FILE` or
    `embedded:DIGEST` (what the embedded model has learned), or a model id. Raises UnknownModel.
    """
    if name == "base":
        name, template = settings.model_id, "base"
    if name.partition(":")[0] == EMBEDDED:
        return _embedded(settings, task, _artefact(settings, name))
    check_model_id(name)
    if not template and (family := _family_at(settings, name)):
        return _tuned_model(settings, task, family, name, JOBS_AT_A_SERVICE)
    usual = settings.template if name == settings.model_id else None
    return _bedrock_model(
        replace(settings, model_id=name, template=template or usual or template_for(name)), JOBS_AT_A_SERVICE
    )


def _family_at(settings: Settings, model_id: str) -> str:
    """The family of the custom model that answers there; "" where the registry knows none."""
    if not model_id.startswith("arn:") or not has_store(settings):
        return ""
    models = registry(settings).models()
    return next((model.family for model in models if model.endpoint and model.endpoint.id == model_id), "")


def held_out(settings: Settings, task: Task) -> list[Case]:
    """The calls that an export would hold out now. Raises NothingToExport, StoreUnavailable or UnknownSchema."""
    from bot.dataset import FILES

    with exporter(settings).draft(task, FAMILIES[settings.family]) as draft:
        pieces = draft.bench.read(FILES["holdout"]) if FILES["holdout"] in draft.about["files"] else ()
        return read_holdout(b"".join(pieces).split(b"\n"), task)


def held_out_at(settings: Settings, task: Task, place: str) -> list[Case]:
    """The held-out calls of a dataset (a folder, or s3://bucket/prefix), or of a file alone, here or in S3.

    Raises ReadError, PlaceRefused or PlaceUnavailable.
    """
    from bot.dataset import FILES

    folder, name = place, FILES["holdout"]
    if place.endswith(".jsonl") if place.startswith("s3://") else not Path(place).is_dir():
        folder, slash, name = place.rpartition("/")
        folder += slash or "."
    dataset = dataset_at(settings, folder)
    found = b"".join(dataset.read(name))
    if not found and not Path(place).is_file() and not dataset.name():
        raise ReadError(f"{place} cannot be read: there are no held-out calls")
    try:
        return read_holdout(found.split(b"\n"), task)
    except ReadError as error:
        raise ReadError(f"{place}: {error.reason}", error.place, error.accepted) from error


def safety_probes(settings: Settings, task: Task) -> list[SafetyProbe]:
    """The task's safety probes: those beside the team's own prompts, else those that ship. Raises UnknownTask."""
    own = settings.prompts / PROBES
    return load_probes(own if own.is_file() else SHIPPED_PROMPTS / PROBES, task)


def probes(settings: Settings) -> list[Probe]:
    """What `wrapup check` asks, in order."""
    return [
        Probe("settings", lambda: f"read; tasks: {', '.join(tasks(settings))}"),
        Probe("store", lambda: _try_store(settings)),
        Probe("model", lambda: _try_model(settings)),
        *_lifecycles(settings),
        *_slack(settings),
    ]


def _embedded(settings: Settings, task: Task, file: Path | None) -> Model:
    from bot.adapters.embedded import Embedded
    from bot.adapters.onboard.learned import Learned

    learned = [Learned.load(file)] if file else []
    if other := [each.task for each in learned if each.task != task.name]:
        raise UnknownModel(f"The artefact {file} was trained for {other[0]}, not for {task.name}.")
    return Embedded(tasks(settings), learned, _vectors())


@cache
def _vectors() -> Vectors:
    """One for the process, since they hold its memory."""
    from bot.adapters.onboard.vectors import Vectors

    return Vectors()


def _bedrock_model(settings: Settings, threads: int) -> BedrockModel:
    from bot.adapters.bedrock import BedrockModel, runtime_client

    return BedrockModel(
        runtime_client(settings.region, threads),
        settings.model_id,
        family=FAMILIES[settings.family],
        template=settings.template or template_for(settings.model_id),
        guardrail=settings.guardrail,
    )


def _store_client(settings: Settings, connections: int, timeout_s: float | None = None) -> Client:
    from bot.adapters import redis, valkey

    url = settings.redis_url or valkey.running(settings.data_dir)
    return redis.connect(url, connections, timeout_s or redis.TIMEOUT_S)


def _try_store(settings: Settings) -> str:
    from bot.adapters import redis

    where = "" if settings.redis_url else f" (embedded, under {settings.data_dir})"
    return redis.health(_store_client(settings, 1)) + where


def _try_model(settings: Settings) -> str:
    """The cheapest proof that the model may be asked: one token, or a two-word call on board."""
    if settings.model_id == EMBEDDED:
        model(settings, 1).answer(render(task_named(settings, "summarize"), "base", "", (Turn(0, "other", "Hello"),)))
    else:
        _bedrock_model(settings, 1).probe()
    return f"{settings.model_id} answers"


def _lifecycles(settings: Settings) -> list[Probe]:
    """A probe for the life of the model that answers and one for that of the base model to fine-tune."""
    family = FAMILIES[settings.family]
    if settings.model_id == EMBEDDED:
        reason = f"not asked, since no AWS account is in use. {family.end_of_life_note}".strip()
        return [Probe(f"base model {family.name}", str, reason)]
    tuned_on_board = "not asked: it is on board" if family.name == EMBEDDED else ""
    from bot.adapters.bedrock import control_client
    from bot.adapters.bedrock_lifecycle import answering_life, tuning_life

    return [
        Probe("lifecycle", lambda: answering_life(control_client(settings.region), settings.model_id)),
        Probe(
            f"base model {family.name}",
            lambda: tuning_life(control_client(family.region), family.model_id),
            tuned_on_board,
        ),
    ]


def _lifecycle(model_id: str, region: str | None) -> Lifecycle:
    from bot.adapters.bedrock import control_client
    from bot.adapters.bedrock_lifecycle import lifecycle

    return lifecycle(control_client(region), model_id)


def check_socket_mode(settings: Settings) -> None:
    """Raises SettingsError where the two tokens are of different apps, or a SlackError where Slack refuses one."""
    from bot.adapters import slack

    slack.socket_mode(settings.app_token or "", settings.bot_token or "", settings.slack_api_url)


def _slack(settings: Settings) -> list[Probe]:
    """A probe for the bot's token, and one for each way in which Slack's requests can come."""
    if not (bot_token := settings.bot_token):
        return [Probe("slack", str, "not asked: SLACK_BOT_TOKEN is unset, so Wrapup answers in the shell alone")]
    from bot.adapters import slack

    app_token, url = settings.app_token or "", settings.slack_api_url
    no_socket_mode = "" if app_token else "SLACK_APP_TOKEN is unset, so `bot` cannot run"
    no_http = "" if settings.signing_secret else "SLACK_SIGNING_SECRET is unset, so `web` cannot run"
    asked = Probe("slack", lambda: slack.rights(bot_token, url))
    if no_socket_mode and no_http:
        return [asked, Probe("slack requests", lambda: _refuse(f"{no_socket_mode}; {no_http}: set one of them."))]
    return [
        asked,
        Probe("slack socket mode", lambda: slack.socket_mode(app_token, bot_token, url), no_socket_mode),
        Probe("slack http mode", lambda: "`web` can listen, if the signing secret is this app's", no_http),
    ]


def _refuse(text: str) -> str:
    raise SettingsError(text)
