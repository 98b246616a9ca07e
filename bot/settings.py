"""Reads and checks all settings from the environment."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal, cast

from bot.answers.family import FAMILIES, check_model_id
from bot.calls.document import MAX_BYTES
from bot.errors import InputError, SettingsError
from bot.privacy.masker import Redact
from bot.task import TemplateKind

SHIPPED_PROMPTS = Path(__file__).resolve().parent.parent / "prompts"
SHIPPED_PRICES = SHIPPED_PROMPTS / "prices.yaml"
Charts = Literal["native", "image"]


def _model_id(value: str) -> str:
    check_model_id(value)
    return value


def _family(value: str) -> str:
    if value not in FAMILIES:
        raise ValueError(f"there is no family {value!r}; choose one of {', '.join(FAMILIES)}")
    return value


def _template(value: str) -> TemplateKind:
    if value not in ("base", "tuned"):
        raise ValueError(f"{value!r} is neither base nor tuned")
    return cast(TemplateKind, value)


def _redis_url(value: str) -> str:
    if not value.startswith(("redis://", "rediss://", "unix://")):
        raise ValueError("it must start with redis://, rediss:// or unix://")
    return value


def _folder(value: str) -> Path:
    path = Path(value).expanduser().resolve()
    if path.exists() and not path.is_dir():
        raise ValueError(f"{path} is a file; it must be a folder")
    return path


def _prompts(value: str) -> Path:
    path = _folder(value)
    if not path.is_dir():
        raise ValueError(f"there is no folder {path}")
    return path


def _positive(value: str) -> int:
    if not value.isascii() or not value.isdigit() or int(value) < 1:
        raise ValueError(f"{value!r} isn't a whole number above 0")
    return int(value)


def _minutes(value: str) -> float:
    try:
        minutes = float(value)
    except ValueError:
        minutes = 0.0
    if not 0 < minutes < 10_000:
        raise ValueError(f"{value!r} isn't a number of minutes above 0 and below 10,000")
    return minutes


def _count(value: str) -> int:
    if not value.isascii() or not value.isdigit():
        raise ValueError(f"{value!r} isn't a whole number")
    return int(value)


def _port(value: str) -> int:
    if (port := _count(value)) > 65_535:
        raise ValueError(f"{value} isn't a port: they end at 65535")
    return port


def _number(unit: str) -> Callable[[str], float]:
    def parse(value: str) -> float:
        try:
            number = float(value)
        except ValueError:
            number = -1.0
        if not 0 <= number < 10_000_000:
            raise ValueError(f"{value!r} isn't a number of {unit}")
        return number

    return parse


def _idle_hours(value: str) -> float:
    hours = _number("hours")(value)
    if 0 < hours < 2:
        raise ValueError("it must be 0 or at least 2, because a warning comes an hour before")
    return hours


def _role(value: str) -> str:
    if not re.fullmatch(r"arn:aws[a-z-]*:iam::\d{12}:role/\S+", value):
        raise ValueError(f"{value!r} isn't the ARN of a role (arn:aws:iam::ACCOUNT:role/NAME)")
    return value


def _kms_key(value: str) -> str:
    arn = r"arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:"
    if not re.fullmatch(rf"({arn}key/)?[a-zA-Z0-9-]{{36}}|({arn})?alias/[a-zA-Z0-9/_-]+", value):
        raise ValueError(f"{value!r} isn't a KMS key: write its id, its ARN or alias/NAME")
    return value


def _ids(start: str, most: int) -> Callable[[str], tuple[str, ...]]:
    def parse(value: str) -> tuple[str, ...]:
        ids = tuple(value.replace(",", " ").split())
        if wrong := [each for each in ids if not re.fullmatch(rf"{start}-[0-9a-f]{{8,17}}", each)]:
            raise ValueError(f"{wrong[0]!r} isn't an id like {start}-0123456789abcdef0")
        if len(ids) > most:
            raise ValueError(f"there are {len(ids)}, but Bedrock takes at most {most}")
        return ids

    return parse


def _file(value: str) -> Path:
    path = Path(value).expanduser().resolve()
    if not path.is_file():
        raise ValueError(f"there is no file {path}")
    return path


def _switch(value: str) -> bool:
    if value.lower() not in ("0", "1", "no", "yes", "false", "true"):
        raise ValueError(f"{value!r} is neither 1 nor 0")
    return value.lower() in ("1", "yes", "true")


def _slack_ids(value: str) -> tuple[str, ...]:
    ids = tuple(value.replace(",", " ").split())
    if wrong := [each for each in ids if not re.fullmatch(r"[UWS][A-Z0-9]+", each)]:
        raise ValueError(f"{wrong[0]!r} isn't the id of a person (U...) or user group (S...)")
    return ids


def _channel(value: str) -> str:
    if not re.fullmatch(r"[CG][A-Z0-9]+", value):
        raise ValueError(f"{value!r} isn't the id of a channel (C... or G...)")
    return value


def _charts(value: str) -> Charts:
    if value not in ("native", "image"):
        raise ValueError(f"{value!r} is neither native nor image")
    return cast(Charts, value)


def _reactions(value: str) -> dict[str, bool]:
    """Reads words like `name=up` and `name=down` into a mapping by name."""
    pairs = [each.partition("=") for each in value.replace(",", " ").split()]
    if wrong := [name for name, _, way in pairs if way not in ("up", "down") or not name]:
        raise ValueError(f"{wrong[0]!r} must be written like white_check_mark=up or x=down")
    return {name.strip(":"): way == "up" for name, _, way in pairs}


def _redact(value: str) -> Redact:
    if value not in ("off", "standard", "strict"):
        raise ValueError(f"{value!r} is not one of off, standard, strict")
    return cast(Redact, value)


def _bucket(value: str) -> str:
    place = value.removeprefix("s3://").strip("/")
    if not re.fullmatch(r"[a-z0-9][a-z0-9.-]{2,62}(/[^\s]+)?", place):
        raise ValueError(f"{value!r} is neither a bucket name nor an s3:// prefix")
    return f"s3://{place}"


def _token(prefix: str) -> Callable[[str], str]:
    def parse(value: str) -> str:
        if not value.startswith(prefix):
            raise ValueError(f"it must start with {prefix}")
        return value

    return parse


def _address(value: str) -> str:
    if not re.match(r"https?://[^/\s]+", value):
        raise ValueError("it must be an address that starts with https:// or http://")
    return value.rstrip("/") + "/"


def _variable(name: str, default: str | None, parse: Callable[[str], Any], about: str) -> dict[str, Any]:
    return {"name": name, "default": default, "parse": parse, "about": about}


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting of Wrapup. docs/settings.md and .env.sample take their texts from here."""

    model_id: str = field(metadata=_variable(
        "WRAPUP_MODEL_ID", "embedded", _model_id,
        "the model that answers: `embedded`, or a Bedrock model id, inference profile, provisioned-throughput or deployment ARN",
    ))  # fmt: skip
    family: str = field(metadata=_variable(
        "WRAPUP_FAMILY", "claude-3-haiku", _family, "the base-model family to fine-tune (`wrapup families` lists them)",
    ))  # fmt: skip
    template: TemplateKind | None = field(metadata=_variable(
        "WRAPUP_TEMPLATE", None, _template,
        "`base` or `tuned`; unset: tuned for provisioned-throughput and deployment ARNs, else base",
    ))  # fmt: skip
    region: str | None = field(metadata=_variable(
        "AWS_REGION", None, str, "the AWS Region for Bedrock; unset: boto3's own choice",
    ))  # fmt: skip
    guardrail: str | None = field(metadata=_variable(
        "WRAPUP_GUARDRAIL", None, str, "a Bedrock guardrail, `ID` or `ID:VERSION`",
    ))  # fmt: skip
    redis_url: str | None = field(metadata=_variable(
        "REDIS_URL", None, _redis_url, "a Redis 7+ or Valkey 8+ server (`redis://`, `rediss://`, `unix://`); unset: an embedded Valkey under `WRAPUP_DATA_DIR`",
    ))  # fmt: skip
    data_dir: Path = field(metadata=_variable(
        "WRAPUP_DATA_DIR", "~/.wrapup", _folder, "the folder for Wrapup's files",
    ))  # fmt: skip
    max_bytes: int = field(metadata=_variable(
        "WRAPUP_MAX_BYTES", str(MAX_BYTES), _positive, "the largest call log to read, in bytes",
    ))  # fmt: skip
    prompts: Path = field(metadata=_variable(
        "WRAPUP_PROMPTS", str(SHIPPED_PROMPTS), _prompts, "the folder with the tasks' prompts",
    ))  # fmt: skip
    bot_token: str | None = field(repr=False, metadata=_variable(
        "SLACK_BOT_TOKEN", None, _token("xoxb-"), "the bot token from Slack, `xoxb-...`; the bot needs it",
    ))  # fmt: skip
    signing_secret: str | None = field(repr=False, metadata=_variable(
        "SLACK_SIGNING_SECRET", None, str, "the signing secret from Slack; HTTP mode needs it",
    ))  # fmt: skip
    app_token: str | None = field(repr=False, metadata=_variable(
        "SLACK_APP_TOKEN", None, _token("xapp-"), "the app token from Slack, `xapp-...`; Socket Mode needs it",
    ))  # fmt: skip
    slack_api_url: str = field(metadata=_variable(
        "SLACK_API_URL", "https://slack.com/api/", _address, "the address of Slack's Web API; files can come from its host too",
    ))  # fmt: skip
    port: int = field(metadata=_variable(
        "PORT", "3000", _port, "the port for HTTP mode",
    ))  # fmt: skip
    metrics_port: int = field(metadata=_variable(
        "WRAPUP_METRICS_PORT", "9464", _port, "the port of a worker's `/metrics`; if it is taken, the next free one; `0`: none",
    ))  # fmt: skip
    admins: tuple[str, ...] = field(metadata=_variable(
        "WRAPUP_ADMINS", "", _slack_ids, "people (`U...`) and user groups (`S...`) who can delete any answer and run `/retrain`",
    ))  # fmt: skip
    admin_channel: str | None = field(metadata=_variable(
        "WRAPUP_ADMIN_CHANNEL", None, _channel, "the admins' channel (`C...`) for the `/retrain` card and for warnings; unset: direct messages",
    ))  # fmt: skip
    charts: Charts = field(metadata=_variable(
        "WRAPUP_CHARTS", "native", _charts, "how charts are sent: `native` (Slack draws them) or `image` (a PNG, if Slack can't)",
    ))  # fmt: skip
    agents: tuple[str, ...] = field(metadata=_variable(
        "WRAPUP_AGENTS", "", _slack_ids, "people and user groups who count as agents if a thread is read as a conversation",
    ))  # fmt: skip
    allow_bots: bool = field(metadata=_variable(
        "WRAPUP_ALLOW_BOTS", "0", _switch, "`1`: other bots can ask too",
    ))  # fmt: skip
    allow_external: bool = field(metadata=_variable(
        "WRAPUP_ALLOW_EXTERNAL", "0", _switch, "`1`: guests and people from other companies (Slack Connect) can ask too",
    ))  # fmt: skip
    person_per_minute: int = field(metadata=_variable(
        "WRAPUP_PERSON_PER_MINUTE", "30", _positive, "the most requests from one person per minute",
    ))  # fmt: skip
    channel_per_minute: int = field(metadata=_variable(
        "WRAPUP_CHANNEL_PER_MINUTE", "120", _positive, "the most requests from one channel per minute",
    ))  # fmt: skip
    most_waiting: int = field(metadata=_variable(
        "WRAPUP_MAX_WAITING", "1000", _positive, "the most requests that can wait for an answer, in total",
    ))  # fmt: skip
    threads: int | None = field(metadata=_variable(
        "WRAPUP_THREADS", None, _positive, "requests that a worker answers in parallel; unset: 200 with Bedrock, 4 with the built-in model",
    ))  # fmt: skip
    lease_seconds: int = field(metadata=_variable(
        "WRAPUP_LEASE_SECONDS", "15", _positive, "seconds without a sign of life until another worker takes over a worker's requests",
    ))  # fmt: skip
    patience_minutes: float = field(metadata=_variable(
        "WRAPUP_PATIENCE_MINUTES", "15", _minutes, "minutes to keep retrying a request while the model or Slack is down",
    ))  # fmt: skip
    reviewers: tuple[str, ...] = field(metadata=_variable(
        "WRAPUP_REVIEWERS", "", _slack_ids, "people and user groups whose votes and corrections become training data; unset: everyone",
    ))  # fmt: skip
    reactions: dict[str, bool] = field(metadata=_variable(
        "WRAPUP_REACTIONS", "", _reactions, "reactions that count as votes beside 👍 and 👎, like `white_check_mark=up x=down`",
    ))  # fmt: skip
    train_on_threads: bool = field(metadata=_variable(
        "WRAPUP_TRAIN_ON_THREADS", "0", _switch, "`1`: threads read as conversations become training data too",
    ))  # fmt: skip
    redact: Redact = field(metadata=_variable(
        "WRAPUP_REDACT", "standard", _redact, "how personal data is masked in training data: `off`, `standard` or `strict`",
    ))  # fmt: skip
    bucket: str | None = field(metadata=_variable(
        "WRAPUP_BUCKET", None, _bucket, "the bucket, or `s3://` prefix, for datasets; unset: a folder below `WRAPUP_DATA_DIR`",
    ))  # fmt: skip
    keep_days: int = field(metadata=_variable(
        "WRAPUP_KEEP_DAYS", "30", _positive, "days to keep an answer and its call, so that people can come back to them",
    ))  # fmt: skip
    split_seed: str = field(metadata=_variable(
        "WRAPUP_SPLIT_SEED", "wrapup", str, "decides, with a call's transcript, whether the call is for training or evaluation; changing it moves calls",
    ))  # fmt: skip
    kms_key: str | None = field(metadata=_variable(
        "WRAPUP_KMS_KEY", None, _kms_key, "the KMS key (id, ARN or alias) to encrypt datasets in S3 and models on Bedrock; unset: the bucket's setting, and AWS's own key",
    ))  # fmt: skip
    role_arn: str | None = field(metadata=_variable(
        "WRAPUP_ROLE_ARN", None, _role, "the service role for customization jobs on Bedrock",
    ))  # fmt: skip
    subnets: tuple[str, ...] = field(metadata=_variable(
        "WRAPUP_SUBNETS", "", _ids("subnet", 16), "the subnets (`subnet-...`) from which a customization job on Bedrock reads and writes S3; unset: outside your VPC",
    ))  # fmt: skip
    security_groups: tuple[str, ...] = field(metadata=_variable(
        "WRAPUP_SECURITY_GROUPS", "", _ids("sg", 5), "the security groups (`sg-...`) of a job in those subnets",
    ))  # fmt: skip
    poll_seconds: float = field(metadata=_variable(
        "WRAPUP_POLL_S", "30", _number("seconds"), "seconds between two checks of a job or an endpoint",
    ))  # fmt: skip
    prices: Path = field(metadata=_variable(
        "WRAPUP_PRICES", str(SHIPPED_PRICES), _file, "the file of prices for estimates: `FAMILY.KIND: USD`, or `unknown`",
    ))  # fmt: skip
    spend_limit: float | None = field(metadata=_variable(
        "WRAPUP_SPEND_LIMIT_USD", None, _number("US dollars"), "a job that costs more than this, or has an unknown price, needs a second person's approval",
    ))  # fmt: skip
    idle_hours: float | None = field(metadata=_variable(
        "WRAPUP_IDLE_HOURS", None, _idle_hours, "hours without an answer until provisioned throughput is released, even the current model's, an hour after a warning; unset: 24, and never the current model's; `0`: never",
    ))  # fmt: skip
    two_person: bool = field(metadata=_variable(
        "WRAPUP_TWO_PERSON", "0", _switch, "`1`: starting a job and promoting a model need a second person's approval",
    ))  # fmt: skip


def read(environ: Mapping[str, str] | None = None, **chosen: str | None) -> Settings:
    """Reads the settings. `chosen` (by variable name) overrides the environment; an empty variable counts as unset.

    Raises SettingsError, which lists every problem, one per line.
    """
    environ = {
        **(os.environ if environ is None else environ),
        **{name: value for name, value in chosen.items() if value},
    }
    values: dict[str, Any] = {}
    problems: list[str] = []
    for each in fields(Settings):
        name, parse = each.metadata["name"], each.metadata["parse"]
        raw = environ.get(name) or each.metadata["default"]
        try:
            values[each.name] = parse(raw) if raw is not None else None
        except (ValueError, InputError) as problem:
            problems.append(f"{name}: {problem}")
    vpc = {"WRAPUP_SUBNETS": values.get("subnets"), "WRAPUP_SECURITY_GROUPS": values.get("security_groups")}
    if any(vpc.values()) and (missing := [name for name, ids in vpc.items() if ids == ()]):
        problems.append(f"{missing[0]}: set it too: the other VPC setting is set")
    if problems:
        raise SettingsError("\n".join(problems))
    return Settings(**values)


def require(settings: Settings, *names: str) -> None:
    """Raises SettingsError, which lists the unset ones of these variables."""
    known = {each.metadata["name"]: getattr(settings, each.name) for each in fields(Settings)}
    if missing := [name for name in names if not known[name]]:
        raise SettingsError("\n".join(f"{name}: it must be set" for name in missing))


def table() -> list[tuple[str, str, str]]:
    """Returns name, default and meaning of every setting, for docs/settings.md and .env.sample."""
    shown = {str(SHIPPED_PROMPTS): "the shipped `prompts/`", str(SHIPPED_PRICES): "the shipped `prompts/prices.yaml`"}
    rows = [
        (each.metadata["name"], each.metadata["default"] or "", each.metadata["about"]) for each in fields(Settings)
    ]
    return [(name, shown.get(default, default), about) for name, default, about in rows]
