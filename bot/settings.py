"""The environment, read once and checked whole."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, cast

from bot.document import MAX_BYTES
from bot.errors import InputError, SettingsError
from bot.family import FAMILIES, check_model_id
from bot.task import TemplateKind

SHIPPED_PROMPTS = Path(__file__).resolve().parent.parent / "prompts"


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
        "REDIS_URL", None, _redis_url, "a Redis 7+ or Valkey 8+ server; unset: nothing is stored",
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
    if problems:
        raise SettingsError("\n".join(problems))
    return Settings(**values)


def table() -> list[tuple[str, str, str]]:
    """Name, default and meaning of every setting, for the README and .env.sample."""
    shown = {str(SHIPPED_PROMPTS): "the shipped `prompts/`"}
    rows = [
        (each.metadata["name"], each.metadata["default"] or "", each.metadata["about"]) for each in fields(Settings)
    ]
    return [(name, shown.get(default, default), about) for name, default, about in rows]
