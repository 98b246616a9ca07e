"""The cost of a query, from a file of prices. If a price is missing, the cost is unknown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from bot.answers.family import EMBEDDED, FAMILIES, Family, foundation_id
from bot.answers.reply import Usage
from bot.errors import ReadError
from bot.models.custom_model import CustomModel

MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Prices:
    """Prices in USD, by the names in `Family.price_keys`. Input and output are per million tokens."""

    usd: Mapping[str, float] = field(default_factory=dict)

    def query(self, model_id: str, base: Family, usage: Usage | None) -> float | None:
        """USD for the tokens of one query; None if the price or the tokens are unknown.

        With provisioned throughput a query has no price, because you pay by the hour.
        """
        if model_id.partition(":")[0] == EMBEDDED:
            return 0.0
        family = _family(model_id, base)
        if family is None or ":provisioned-model/" in model_id or usage is None:
            return None
        prices = [self.usd.get(family.price_keys[kind]) for kind in ("input", "output")]
        if None in prices:
            return None
        return (
            sum((price or 0.0) * n for price, n in zip(prices, (usage.input_tokens, usage.output_tokens), strict=True))
            / MILLION
        )


@dataclass(frozen=True, slots=True)
class Bill:
    """The cost of an endpoint so far, billed by the hour `since` (s). `usd_hour` and `usd` are None if unknown."""

    since: float
    hours: float
    usd_hour: float | None
    usd: float | None

    def __str__(self) -> str:
        """Such as `12.5 hours, $50.00 so far ($4.00 an hour)`."""
        if self.usd_hour is None or self.usd is None:
            return f"{self.hours:,.1f} hours so far, price unknown"
        return f"{self.hours:,.1f} hours, ${self.usd:,.2f} so far (${self.usd_hour:,.2f} an hour)"


def bill(model: CustomModel, prices: Prices, now: float) -> Bill | None:
    """The cost of the model's endpoint up to `now` (s); None if it isn't billed by the hour."""
    if not model.endpoint or model.endpoint.since is None:
        return None
    hours = max(now - model.endpoint.since, 0.0) / 3600
    unit = prices.usd.get(f"{model.family}.model_unit_hour")
    hour = None if unit is None else unit * model.endpoint.units
    return Bill(model.endpoint.since, round(hours, 3), hour, None if hour is None else round(hour * hours, 2))


def load(path: Path) -> Prices:
    """The prices in a YAML file such as `nova-lite.input: 0.06`. Raises ReadError."""
    accepted = "Each line must be `FAMILY.KIND: USD`, or `unknown`."
    try:
        rows = yaml.safe_load(path.read_text("utf-8")) or {}
        return Prices({str(name): float(usd) for name, usd in rows.items() if usd != "unknown"})
    except OSError as error:
        raise ReadError(f"the price file {path} can't be opened") from error
    except (ValueError, TypeError, AttributeError, yaml.YAMLError) as error:
        raise ReadError(f"{path.name} is not a price file", accepted=accepted) from error


def _family(model_id: str, base: Family) -> Family | None:
    """The family of a foundation model, or `base` for an ARN that doesn't name its model."""
    if (foundation := foundation_id(model_id)) is None:
        return base
    return next((family for family in FAMILIES.values() if family.model_id == foundation), None)
