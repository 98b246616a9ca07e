"""What a query costs, by a file of prices; a price that is not there is unknown, and never made up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from bot.attempt import Attempt
from bot.errors import ReadError
from bot.family import EMBEDDED, FAMILIES, Family, foundation_id

MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Prices:
    """USD by name as `Family.price_keys` gives them: input and output for a million tokens."""

    usd: Mapping[str, float] = field(default_factory=dict)

    def query(self, model_id: str, base: Family, attempt: Attempt) -> float | None:
        """USD for one attempt; None where it is not known, also for provisioned throughput, which is paid by the hour."""
        if model_id.partition(":")[0] == EMBEDDED:
            return 0.0
        family = _family(model_id, base)
        if family is None or ":provisioned-model/" in model_id or not attempt.counted:
            return None
        prices = [self.usd.get(family.price_keys[kind]) for kind in ("input", "output")]
        if None in prices:
            return None
        return (
            sum(
                (price or 0.0) * n
                for price, n in zip(prices, (attempt.input_tokens, attempt.output_tokens), strict=True)
            )
            / MILLION
        )


def load(path: Path) -> Prices:
    """The prices in a YAML file such as `nova-lite.input: 0.06`. Raises ReadError."""
    accepted = "Each line must be `FAMILY.KIND: USD`, or `unknown`."
    try:
        rows = yaml.safe_load(path.read_text("utf-8")) or {}
        return Prices({str(name): float(usd) for name, usd in rows.items() if usd != "unknown"})
    except OSError as error:
        raise ReadError(f"the price file {path} cannot be opened") from error
    except (ValueError, TypeError, AttributeError, yaml.YAMLError) as error:
        raise ReadError(f"{path.name} is no price file", accepted=accepted) from error


def _family(model_id: str, base: Family) -> Family | None:
    """The family of a foundation model, or `base` for an ARN that does not tell its model."""
    if (foundation := foundation_id(model_id)) is None:
        return base
    return next((family for family in FAMILIES.values() if family.model_id == foundation), None)
