"""What a job is likely to cost, as far as the price file tells."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.answers.family import EMBEDDED, Family
from bot.datasets.dataset import FILES
from bot.models.job import Order, epochs
from bot.models.kept import Kept
from bot.models.prices import MILLION, Prices


class Estimate(Kept):
    """What a job takes and costs; `usd` is None if that is not known, and `why_unknown` says why.

    `usd_hour` is what the model costs while it is served: 0 if it is paid by the token.
    """

    records: int
    tokens: int
    epochs: int
    usd: float | None
    usd_hour: float | None
    why_unknown: str = ""

    def __str__(self) -> str:
        usd = "at no cost" if self.usd == 0 else "at an unknown cost"
        usd = f"about {self.usd:,.2f} USD" if self.usd else usd
        times = f"{self.epochs} epoch{'' if self.epochs == 1 else 's'}"
        text = [f"{self.records:,} records, {self.tokens:,} tokens x {times}, {usd}.", self.why_unknown]
        if self.usd_hour is None:
            text.append("The cost of an hour of serving the model is unknown too.")
        elif self.usd_hour:
            text.append(f"Serving the model costs {self.usd_hour:,.2f} USD an hour.")
        return " ".join(filter(None, text))


def estimate(order: Order, family: Family, about: Mapping[str, Any], prices: Prices) -> Estimate:
    """The estimate of a job on the dataset of that manifest: the tokens of an epoch, times epochs, at the price of training."""
    files, tokens, times = about["files"], int(about["tokens"]["training"]), epochs(family, order.hyperparameters)
    records = sum(files[name]["records"] for name in (FILES["train"], FILES["validation"]) if name in files)
    if family.name == EMBEDDED:
        return Estimate(records=records, tokens=tokens, epochs=times, usd=0.0, usd_hour=0.0)
    keys = family.price_keys
    price = prices.usd.get(keys["training"])
    usd = None if price is None else round(price * tokens * times / MILLION, 4)
    hour = prices.usd.get(keys["model_unit_hour"]) if "model_unit_hour" in keys else 0.0
    unknown = [keys[kind] for kind, known in (("training", price), ("model_unit_hour", hour)) if known is None]
    why = f"The price file has no {' and no '.join(unknown)}: ask AWS, and set WRAPUP_PRICES." if unknown else ""
    return Estimate(records=records, tokens=tokens, epochs=times, usd=usd, usd_hour=hour, why_unknown=why)
