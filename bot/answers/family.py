"""Knows the limits of the base models that Wrapup can ask or fine-tune."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from bot.errors import UnknownModel
from bot.task import TemplateKind

EMBEDDED = "embedded"
NOT_PUBLISHED = "not published"

RecordFormat = Literal["haiku", "conversation"]
RECORD_FORMATS: dict[RecordFormat, str] = {
    "haiku": "system and messages as strings",
    "conversation": "bedrock-conversation-2024",
}
Serving = Literal["provisioned throughput", "on-demand deployment", "none (on board)"]


@dataclass(frozen=True, slots=True)
class ChatModel:
    """The limits of one request to a model; `window` and `max_output_tokens` are in tokens.

    A model that `thinks` reasons before it answers, refuses a temperature, and counts its thoughts as output.
    """

    window: int
    max_output_tokens: int
    structured_output: bool = False
    count_tokens: bool = False
    thinks: bool = False

    @property
    def answer_tokens(self) -> int:
        """The most output to ask for. Keep it small: Bedrock reserves all of it in the account's quota."""
        return min(self.max_output_tokens, 16_000 if self.thinks else 4_096)


# The longest prefix of a foundation-model id wins. Windows and outputs come from the AWS model cards, or are set low if
# a card doesn't say. Structured output follows its page in the Bedrock user guide (Claude 4.5 and 4.6).
CHAT_MODELS: dict[str, ChatModel] = {
    "anthropic.claude-": ChatModel(200_000, 64_000, thinks=True),
    "anthropic.claude-3-": ChatModel(200_000, 4_096),
    "anthropic.claude-3-5-": ChatModel(200_000, 4_096, count_tokens=True),
    "anthropic.claude-3-7-": ChatModel(200_000, 64_000, count_tokens=True),
    "anthropic.claude-sonnet-4-": ChatModel(200_000, 64_000, count_tokens=True),
    "anthropic.claude-sonnet-4-5-": ChatModel(200_000, 64_000, structured_output=True, count_tokens=True),
    "anthropic.claude-sonnet-4-6": ChatModel(1_000_000, 64_000, structured_output=True, count_tokens=True),
    "anthropic.claude-haiku-4-5-": ChatModel(200_000, 64_000, structured_output=True, count_tokens=True),
    "anthropic.claude-opus-4-": ChatModel(200_000, 32_000, count_tokens=True),
    "anthropic.claude-opus-4-5-": ChatModel(200_000, 64_000, structured_output=True, count_tokens=True),
    "anthropic.claude-opus-4-6": ChatModel(1_000_000, 128_000, structured_output=True, count_tokens=True),
    "anthropic.claude-opus-4-7": ChatModel(1_000_000, 128_000, thinks=True),
    "anthropic.claude-opus-4-8": ChatModel(1_000_000, 128_000, thinks=True),
    "anthropic.claude-opus-5": ChatModel(1_000_000, 128_000, thinks=True),
    "anthropic.claude-sonnet-5": ChatModel(1_000_000, 128_000, thinks=True),
    "anthropic.claude-haiku-5": ChatModel(1_000_000, 128_000, thinks=True),
    "anthropic.claude-fable-5": ChatModel(1_000_000, 128_000, thinks=True),
    "amazon.nova-": ChatModel(128_000, 5_000),
    "amazon.nova-lite-": ChatModel(300_000, 5_000),
    "amazon.nova-pro-": ChatModel(300_000, 5_000),
    "amazon.nova-2-lite-": ChatModel(1_000_000, 64_000),
    "meta.llama3-": ChatModel(8_000, 2_048),
    "meta.llama3-1-": ChatModel(128_000, 4_096),
    "meta.llama3-2-": ChatModel(128_000, 4_096),
    "meta.llama3-3-": ChatModel(128_000, 4_096),
    "meta.llama4-": ChatModel(1_000_000, 4_096),
    "mistral.": ChatModel(32_000, 4_096),
    "mistral.mistral-large-2407": ChatModel(128_000, 4_096),
    "openai.gpt-": ChatModel(1_000_000, 128_000, thinks=True),
    "openai.gpt-oss-": ChatModel(128_000, 16_000, thinks=True),
}
# For models not in the table: small enough for nearly all. Longer calls are answered in parts.
CAUTIOUS = ChatModel(32_000, 4_096)


@dataclass(frozen=True, slots=True)
class Hyperparameter:
    """One setting of a customization job, with values as the API takes them (strings)."""

    name: str
    kind: Literal["integer", "float"]
    default: str
    least: str
    most: str

    def __str__(self) -> str:
        return f"{self.name} {self.least} to {self.most} ({self.default})"


@dataclass(frozen=True, slots=True)
class DatasetLimits:
    """How many records a job takes and how long each can be. None means AWS publishes no figure."""

    min_records: int | None = None
    max_records: int | None = None
    max_validation_records: int | None = None
    max_total_records: int | None = None
    max_record_tokens: int | None = None
    max_training_bytes: int | None = None
    max_validation_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class Family:
    """A base model, how it is fine-tuned and how the result is served.

    `base_model_id` is the id for customization jobs, `model_id` the id for on-demand requests. A record with one of the
    `reserved` words fails the job.
    """

    name: str
    base_model_id: str
    model_id: str
    region: str | None
    record_format: RecordFormat
    serving: Serving
    limits: DatasetLimits = DatasetLimits()
    hyperparameters: tuple[Hyperparameter, ...] = ()
    end_of_life: date | None = None
    reserved: tuple[str, ...] = ()

    @property
    def chat(self) -> ChatModel:
        """The limits of a tuned model in this family. The base model's id ends in its window (`:200k`)."""
        window = re.search(r":(\d+)k$", self.base_model_id)
        base = known(self.model_id)
        return replace(base, window=int(window[1]) * 1000) if window else base

    @property
    def price_keys(self) -> dict[str, str]:
        """Returns what costs money, with its name in a price file."""
        if self.serving == "none (on board)":
            return {}
        kinds = ["input", "output", "training", "storage"]
        kinds += ["model_unit_hour"] if self.serving == "provisioned throughput" else []
        return {kind: f"{self.name}.{kind}" for kind in kinds}

    @property
    def end_of_life_note(self) -> str:
        if self.end_of_life is None:
            return ""
        return (
            f"AWS ended {self.model_id} on {self.end_of_life}: no new fine-tuning jobs or provisioned throughput "
            "without a private arrangement with its provider."
        )

    def demands(self) -> dict[str, str]:
        """Returns the family's requirements as people read them, by topic."""
        if self.serving == "none (on board)":
            return {"base model": "on board: trained and served by Wrapup itself"}
        limits = self.limits
        return {
            "base model": f"{self.base_model_id}{f' (ended {self.end_of_life})' if self.end_of_life else ''}",
            "Region": self.region or NOT_PUBLISHED,
            "window": f"{self.chat.window:,} tokens",
            "records": _span(limits.min_records, limits.max_records or limits.max_total_records),
            "a record": f"{limits.max_record_tokens:,} tokens at most" if limits.max_record_tokens else NOT_PUBLISHED,
            "reserved words": " ".join(map(repr, self.reserved)) or NOT_PUBLISHED,
            "record format": RECORD_FORMATS[self.record_format],
            "hyperparameters": "\n".join(map(str, self.hyperparameters)) or NOT_PUBLISHED,
            "JSON schema": "enforced" if self.chat.structured_output else "asked for in the prompt",
            "tokens": "counted by Bedrock" if self.chat.count_tokens else "estimated",
            "served by": self.serving,
        }


def _span(least: int | None, most: int | None) -> str:
    return f"{least or 1:,} to {most:,}" if most else NOT_PUBLISHED


# Limits and hyperparameters: Bedrock user guide, model-customization-prepare and custom-models-hp.
_HAIKU = (
    Hyperparameter("epochCount", "integer", "2", "1", "10"),
    Hyperparameter("batchSize", "integer", "32", "4", "256"),
    Hyperparameter("learningRateMultiplier", "float", "1", "0.1", "2"),
    Hyperparameter("earlyStoppingThreshold", "float", "0.001", "0", "0.1"),
    Hyperparameter("earlyStoppingPatience", "integer", "2", "1", "10"),
)
_NOVA = (
    Hyperparameter("epochCount", "integer", "2", "1", "5"),
    Hyperparameter("learningRate", "float", "0.00001", "0.000001", "0.0001"),
    Hyperparameter("learningRateWarmupSteps", "integer", "10", "0", "100"),
)
# AWS's own validator for Nova knows more of them than its user guide.
_NOVA_RESERVED = (
    "System:", "SYSTEM:", "User:", "USER:", "Bot:", "BOT:", "Assistant:", "ASSISTANT:", "Thought:", "[EOS]", "<image>",
    "<video>",
)  # fmt: skip
_GIB = 1 << 30
_NOVA_LIMITS = DatasetLimits(min_records=8, max_records=20_000, max_record_tokens=32_000)


def _nova(
    name: str, size: str, limits: DatasetLimits = _NOVA_LIMITS, tuned_by: tuple[Hyperparameter, ...] = _NOVA
) -> Family:
    model_id = f"amazon.{name}-v1:0"
    return Family(
        name,
        f"{model_id}:{size}",
        model_id,
        "us-east-1",
        "conversation",
        "on-demand deployment",
        limits,
        tuned_by,
        reserved=_NOVA_RESERVED,
    )


_ALL = (
    Family(
        name="claude-3-haiku",
        base_model_id="anthropic.claude-3-haiku-20240307-v1:0:200k",
        model_id="anthropic.claude-3-haiku-20240307-v1:0",
        region="us-west-2",
        record_format="haiku",
        serving="provisioned throughput",
        limits=DatasetLimits(32, 10_000, 1_000, 10_000, 32_000, 10 * _GIB, _GIB),
        hyperparameters=_HAIKU,
        end_of_life=date(2026, 9, 10),
        reserved=("\nHuman:", "\nAssistant:"),
    ),
    _nova("nova-2-lite", "256k", DatasetLimits(), ()),
    _nova("nova-lite", "300k"),
    _nova("nova-micro", "128k"),
    _nova("nova-pro", "300k"),
    Family(
        name="llama-3.3-70b",
        base_model_id="meta.llama3-3-70b-instruct-v1:0:128k",
        model_id="meta.llama3-3-70b-instruct-v1:0",
        region="us-west-2",
        record_format="conversation",
        serving="on-demand deployment",
        limits=DatasetLimits(min_records=100, max_total_records=10_000, max_record_tokens=16_000),
    ),
    Family(EMBEDDED, EMBEDDED, EMBEDDED, None, "haiku", "none (on board)"),
)
FAMILIES: dict[str, Family] = {each.name: each for each in _ALL}


def family(name: str) -> Family:
    """Returns the family with that name. Raises UnknownModel, which lists the families."""
    if name not in FAMILIES:
        raise UnknownModel(f"I don't know a family {name!r}. Choose one of: {', '.join(FAMILIES)}.")
    return FAMILIES[name]


def tuned_from(arn: str) -> Family | None:
    """Returns the family whose base model is in the ARN of a foundation or custom model, or None."""
    return next((each for each in FAMILIES.values() if f"/{each.model_id.partition(':')[0]}:" in arn), None)


def successors(model_id: str) -> list[Family]:
    """Returns the families to move to when a base model ends, best choice first."""
    there = [each for each in FAMILIES.values() if each.region and not each.end_of_life]
    return [each for each in there if each.model_id != model_id]


_ARN = re.compile(
    r"arn:aws(?:-[a-z-]+)?:bedrock:[a-z0-9-]{1,20}:(?:"
    r":foundation-model/[a-z0-9-]+\.[a-z0-9.:-]+"
    r"|\d{12}:(?:inference-profile|application-inference-profile|prompt-router|default-prompt-router)/[a-zA-Z0-9.:-]+"
    r"|\d{12}:(?P<tuned>provisioned-model|custom-model-deployment)/[a-z0-9]{12}"
    r"|\d{12}:imported-model/[a-z0-9]{12})"
)
_ID = re.compile(r"[a-z0-9-]{1,63}\.[a-z0-9-][a-z0-9.:-]{0,190}")
_PROFILE = re.compile(r"\A(?:[a-z]{2}|us-gov|apac|global)\.(?=[a-z0-9-]+\.)")
ACCEPTED = (
    "Accepted: `embedded`, a Bedrock model id (provider.model-v1:0), an inference profile (us., eu., global., ... "
    "before it), or the ARN of a foundation model, inference profile, provisioned throughput or custom-model deployment."
)


def check_model_id(model_id: str) -> None:
    """Raises UnknownModel, which says what is accepted, if the id can't be asked."""
    if model_id == EMBEDDED or _ARN.fullmatch(model_id) or _ID.fullmatch(model_id):
        return
    why = "isn't a model id"
    if model_id.startswith(f"{EMBEDDED}:"):
        why = "was trained on board, and only answers as a canary or after you promote it"
    if ":custom-model/" in model_id:
        why = "is a custom model. Give the ARN of its provisioned throughput or deployment instead"
    raise UnknownModel(f"{model_id!r} {why}. {ACCEPTED}")


def template_for(model_id: str) -> TemplateKind:
    """Returns the short template for a tuned model (provisioned throughput, deployment), else the long one."""
    arn = _ARN.fullmatch(model_id)
    return "tuned" if arn and arn["tuned"] else "base"


def foundation_id(model_id: str) -> str | None:
    """Returns the foundation model in an id or ARN, without an inference profile's prefix, or None."""
    if model_id.startswith("arn:") and not re.search(r":(foundation-model|inference-profile)/", model_id):
        return None
    return _PROFILE.sub("", model_id.rpartition("/")[2])


def known(foundation: str) -> ChatModel:
    """Returns the table's limits for a foundation-model id, or cautious ones."""
    fitting = [start for start in CHAT_MODELS if foundation.startswith(start)]
    return CHAT_MODELS[max(fitting, key=len)] if fitting else CAUTIOUS


def chat_model(model_id: str, base: Family) -> ChatModel:
    """Returns a model's limits. An ARN that names no model counts as a tuned model of the family `base`."""
    foundation = foundation_id(model_id)
    return known(foundation) if foundation else base.chat
