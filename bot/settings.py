"""The environment, read once and checked whole."""

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
        raise ValueError(f"there is no family {value!r}; there are {', '.join(FAMILIES)}")
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
        raise ValueError(f"{value!r} is no whole number above 0")
    return int(value)


def _minutes(value: str) -> float:
    try:
        minutes = float(value)
    except ValueError:
        minutes = 0.0
    if not 0 < minutes < 10_000:
        raise ValueError(f"{value!r} is no number of minutes above 0 and below 10,000")
    return minutes


def _count(value: str) -> int:
    if not value.isascii() or not value.isdigit():
        raise ValueError(f"{value!r} is no whole number")
    return int(value)


def _port(value: str) -> int:
    if (port := _count(value)) > 65_535:
        raise ValueError(f"{value} is no port: they end at 65535")
    return port


def _number(unit: str) -> Callable[[str], float]:
    def parse(value: str) -> float:
        try:
            number = float(value)
        except ValueError:
            number = -1.0
        if not 0 <= number < 10_000_000:
            raise ValueError(f"{value!r} is no number of {unit}")
        return number

    return parse


def _idle_hours(value: str) -> float:
    hours = _number("hours")(value)
    if 0 < hours < 2:
        raise ValueError("it must be 0 or at least 2: a warning comes an hour before")
    return hours


def _role(value: str) -> str:
    if not re.fullmatch(r"arn:aws[a-z-]*:iam::\d{12}:role/\S+", value):
        raise ValueError(f"{value!r} is no ARN of a role (arn:aws:iam::ACCOUNT:role/NAME)")
    return value


def _kms_key(value: str) -> str:
    arn = r"arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:"
    if not re.fullmatch(rf"({arn}key/)?[a-zA-Z0-9-]{{36}}|({arn})?alias/[a-zA-Z0-9/_-]+", value):
        raise ValueError(f"{value!r} is no KMS key: write its id, its ARN or alias/NAME")
    return value


def _ids(start: str, most: int) -> Callable[[str], tuple[str, ...]]:
    def parse(value: str) -> tuple[str, ...]:
        ids = tuple(value.replace(",", " ").split())
        if wrong := [each for each in ids if not re.fullmatch(rf"{start}-[0-9a-f]{{8,17}}", each)]:
            raise ValueError(f"{wrong[0]!r} is no id like {start}-0123456789abcdef0")
        if len(ids) > most:
            raise ValueError(f"there are {len(ids)}; Bedrock takes {most} at most")
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
        raise ValueError(f"{wrong[0]!r} is no id of a person (U...) or user group (S...)")
    return ids


def _channel(value: str) -> str:
    if not re.fullmatch(r"[CG][A-Z0-9]+", value):
        raise ValueError(f"{value!r} is no id of a channel (C... or G...)")
    return value


def _charts(value: str) -> Charts:
    if value not in ("native", "image"):
        raise ValueError(f"{value!r} is neither native nor image")
    return cast(Charts, value)


def _reactions(value: str) -> dict[str, bool]:
    """`name=up` or `name=down` of each, by name."""
    pairs = [each.partition("=") for each in value.replace(",", " ").split()]
    if wrong := [name for name, _, way in pairs if way not in ("up", "down") or not name]:
        raise ValueError(f"{wrong[0]!r} must be written like white_check_mark=up or x=down")
    return {name.strip(":"): way == "up" for name, _, way in pairs}


def _redact(value: str) -> Redact:
    if value not in ("off", "standard", "strict"):
        raise ValueError(f"{value!r} is none of off, standard, strict")
    return cast(Redact, value)


def _bucket(value: str) -> str:
    place = value.removeprefix("s3://").strip("/")
    if not re.fullmatch(r"[a-z0-9][a-z0-9.-]{2,62}(/[^\s]+)?", place):
        raise ValueError(f"{value!r} is no bucket name and no s3:// prefix")
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
    """Every setting of Wrapup; the texts here are the documentation too."""

    model_id: str = field(metadata=_variable(
        "WRAPUP_MODEL_ID", "embedded", _model_id,
        "what answers: `embedded`, or a Bedrock model id, inference profile, provisioned-throughput or deployment ARN",
    ))  # fmt: skip
    family: str = field(metadata=_variable(
        "WRAPUP_FAMILY", "claude-3-haiku", _family, "the base-model family that is fine-tuned (`wrapup families`)",
    ))  # fmt: skip
    template: TemplateKind | None = field(metadata=_variable(
        "WRAPUP_TEMPLATE", None, _template,
        "`base` or `tuned`; unset: tuned for provisioned-throughput and deployment ARNs, else base",
    ))  # fmt: skip
    region: str | None = field(metadata=_variable(
        "AWS_REGION", None, str, "the Region that Bedrock is asked in; unset: boto3's own choice",
    ))  # fmt: skip
    guardrail: str | None = field(metadata=_variable(
        "WRAPUP_GUARDRAIL", None, str, "a Bedrock guardrail, `ID` or `ID:VERSION`",
    ))  # fmt: skip
    redis_url: str | None = field(metadata=_variable(
        "REDIS_URL", None, _redis_url, "a Redis 7+ or Valkey 8+ server (`redis://`, `rediss://`, `unix://`); unset: an embedded Valkey under `WRAPUP_DATA_DIR`",
    ))  # fmt: skip
    data_dir: Path = field(metadata=_variable(
        "WRAPUP_DATA_DIR", "~/.wrapup", _folder, "where Wrapup keeps its files",
    ))  # fmt: skip
    max_bytes: int = field(metadata=_variable(
        "WRAPUP_MAX_BYTES", str(MAX_BYTES), _positive, "the largest call log that is read, in bytes",
    ))  # fmt: skip
    prompts: Path = field(metadata=_variable(
        "WRAPUP_PROMPTS", str(SHIPPED_PROMPTS), _prompts, "the folder of the tasks' prompts",
    ))  # fmt: skip
    bot_token: str | None = field(repr=False, metadata=_variable(
        "SLACK_BOT_TOKEN", None, _token("xoxb-"), "Slack's token of the bot, `xoxb-...`; the bot needs it",
    ))  # fmt: skip
    signing_secret: str | None = field(repr=False, metadata=_variable(
        "SLACK_SIGNING_SECRET", None, str, "Slack's signing secret; the HTTP mode needs it",
    ))  # fmt: skip
    app_token: str | None = field(repr=False, metadata=_variable(
        "SLACK_APP_TOKEN", None, _token("xapp-"), "Slack's token of the app, `xapp-...`; the Socket Mode needs it",
    ))  # fmt: skip
    slack_api_url: str = field(metadata=_variable(
        "SLACK_API_URL", "https://slack.com/api/", _address, "where Slack's Web API is; files may come from its host too",
    ))  # fmt: skip
    port: int = field(metadata=_variable(
        "PORT", "3000", _port, "the port of the HTTP mode",
    ))  # fmt: skip
    metrics_port: int = field(metadata=_variable(
        "WRAPUP_METRICS_PORT", "9464", _port, "the port of a worker's `/metrics`; the next free one where it is taken, `0`: none",
    ))  # fmt: skip
    admins: tuple[str, ...] = field(metadata=_variable(
        "WRAPUP_ADMINS", "", _slack_ids, "people (`U...`) and user groups (`S...`) who may delete any answer and run `/retrain`",
    ))  # fmt: skip
    admin_channel: str | None = field(metadata=_variable(
        "WRAPUP_ADMIN_CHANNEL", None, _channel, "the channel of the admins (`C...`), where `/retrain` shows its card and warnings come; unset: direct messages",
    ))  # fmt: skip
    charts: Charts = field(metadata=_variable(
        "WRAPUP_CHARTS", "native", _charts, "how Slack gets its charts: `native` (Slack draws them) or `image` (a PNG, where it cannot)",
    ))  # fmt: skip
    agents: tuple[str, ...] = field(metadata=_variable(
        "WRAPUP_AGENTS", "", _slack_ids, "people and user groups who are the agents in a thread that is read as a conversation",
    ))  # fmt: skip
    allow_bots: bool = field(metadata=_variable(
        "WRAPUP_ALLOW_BOTS", "0", _switch, "`1`: other bots may ask too",
    ))  # fmt: skip
    allow_external: bool = field(metadata=_variable(
        "WRAPUP_ALLOW_EXTERNAL", "0", _switch, "`1`: guests and people of other companies (Slack Connect) may ask too",
    ))  # fmt: skip
    person_per_minute: int = field(metadata=_variable(
        "WRAPUP_PERSON_PER_MINUTE", "30", _positive, "requests that one person may make in a minute",
    ))  # fmt: skip
    channel_per_minute: int = field(metadata=_variable(
        "WRAPUP_CHANNEL_PER_MINUTE", "120", _positive, "requests that may be made in one channel in a minute",
    ))  # fmt: skip
    most_waiting: int = field(metadata=_variable(
        "WRAPUP_MAX_WAITING", "1000", _positive, "requests that may wait for their answer in all",
    ))  # fmt: skip
    threads: int | None = field(metadata=_variable(
        "WRAPUP_THREADS", None, _positive, "requests that a worker answers at once; unset: 200 where Bedrock answers, 4 on board",
    ))  # fmt: skip
    lease_seconds: int = field(metadata=_variable(
        "WRAPUP_LEASE_SECONDS", "15", _positive, "seconds without a sign of life after which a worker's requests go to another",
    ))  # fmt: skip
    patience_minutes: float = field(metadata=_variable(
        "WRAPUP_PATIENCE_MINUTES", "15", _minutes, "how long a request is tried again while the model or Slack is down",
    ))  # fmt: skip
    reviewers: tuple[str, ...] = field(metadata=_variable(
        "WRAPUP_REVIEWERS", "", _slack_ids, "people and user groups whose votes and corrections make training data; unset: everyone",
    ))  # fmt: skip
    reactions: dict[str, bool] = field(metadata=_variable(
        "WRAPUP_REACTIONS", "", _reactions, "reactions that count as votes beside 👍 and 👎, like `white_check_mark=up x=down`",
    ))  # fmt: skip
    train_on_threads: bool = field(metadata=_variable(
        "WRAPUP_TRAIN_ON_THREADS", "0", _switch, "`1`: threads that were read as conversations become training data too",
    ))  # fmt: skip
    redact: Redact = field(metadata=_variable(
        "WRAPUP_REDACT", "standard", _redact, "how personal data is masked in training data: `off`, `standard` or `strict`",
    ))  # fmt: skip
    bucket: str | None = field(metadata=_variable(
        "WRAPUP_BUCKET", None, _bucket, "the bucket, or `s3://` prefix, for datasets; unset: a folder below `WRAPUP_DATA_DIR`",
    ))  # fmt: skip
    keep_days: int = field(metadata=_variable(
        "WRAPUP_KEEP_DAYS", "30", _positive, "days for which an answer and its call are kept for those who come back to it",
    ))  # fmt: skip
    split_seed: str = field(metadata=_variable(
        "WRAPUP_SPLIT_SEED", "wrapup", str, "decides with a call's transcript whether it is learned from or kept for evaluation; another one moves calls",
    ))  # fmt: skip
    kms_key: str | None = field(metadata=_variable(
        "WRAPUP_KMS_KEY", None, _kms_key, "the KMS key (id, ARN or alias) that datasets in S3 and models on Bedrock are encrypted with; unset: as the bucket says, and AWS's own key",
    ))  # fmt: skip
    role_arn: str | None = field(metadata=_variable(
        "WRAPUP_ROLE_ARN", None, _role, "the service role that a customization job on Bedrock takes on",
    ))  # fmt: skip
    subnets: tuple[str, ...] = field(metadata=_variable(
        "WRAPUP_SUBNETS", "", _ids("subnet", 16), "the subnets (`subnet-...`) that a customization job on Bedrock reads and writes S3 from; unset: outside your VPC",
    ))  # fmt: skip
    security_groups: tuple[str, ...] = field(metadata=_variable(
        "WRAPUP_SECURITY_GROUPS", "", _ids("sg", 5), "the security groups (`sg-...`) of a job in those subnets",
    ))  # fmt: skip
    poll_seconds: float = field(metadata=_variable(
        "WRAPUP_POLL_S", "30", _number("seconds"), "seconds between two looks at a job or an endpoint",
    ))  # fmt: skip
    prices: Path = field(metadata=_variable(
        "WRAPUP_PRICES", str(SHIPPED_PRICES), _file, "the prices that estimates are made with: `FAMILY.KIND: USD`, or `unknown`",
    ))  # fmt: skip
    spend_limit: float | None = field(metadata=_variable(
        "WRAPUP_SPEND_LIMIT_USD", None, _number("US dollars"), "a job that costs more, or at a price that is not known, needs a second person's approval",
    ))  # fmt: skip
    idle_hours: float | None = field(metadata=_variable(
        "WRAPUP_IDLE_HOURS", None, _idle_hours, "hours without an answer after which provisioned throughput is released, a champion's too, an hour after a warning; unset: 24, and never a champion's; `0`: never",
    ))  # fmt: skip
    two_person: bool = field(metadata=_variable(
        "WRAPUP_TWO_PERSON", "0", _switch, "`1`: starting a job and promoting a model need a second person's approval",
    ))  # fmt: skip


def read(environ: Mapping[str, str] | None = None, **chosen: str | None) -> Settings:
    """The settings; `chosen` (by variable name) wins over the environment, and an empty variable counts as unset.

    Raises SettingsError that lists every problem, a line each.
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
        problems.append(f"{missing[0]}: it must be set, as the other setting of the VPC is")
    if problems:
        raise SettingsError("\n".join(problems))
    return Settings(**values)


def require(settings: Settings, *names: str) -> None:
    """Raises SettingsError that lists those of the variables that are unset."""
    known = {each.metadata["name"]: getattr(settings, each.name) for each in fields(Settings)}
    if missing := [name for name in names if not known[name]]:
        raise SettingsError("\n".join(f"{name}: it must be set" for name in missing))


def table() -> list[tuple[str, str, str]]:
    """Name, default and meaning of every setting, for docs/settings.md and .env.sample."""
    shown = {str(SHIPPED_PROMPTS): "the shipped `prompts/`", str(SHIPPED_PRICES): "the shipped `prompts/prices.yaml`"}
    rows = [
        (each.metadata["name"], each.metadata["default"] or "", each.metadata["about"]) for each in fields(Settings)
    ]
    return [(name, shown.get(default, default), about) for name, default, about in rows]
