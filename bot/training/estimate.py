"""The likely cost of a job, from the price file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.answers.family import EMBEDDED, Family
from bot.datasets.dataset import FILES
from bot.models.job import Order, epochs
from bot.models.kept import Kept
from bot.models.prices import MILLION, Prices


class Estimate(Kept):
    """The size and cost of a job. `usd` is None if the cost is unknown; `why_unknown` says why.

    `usd_hour`: the cost of serving the model for an hour, 0 if it is paid by the token, None if unknown.
    """

    records: int
    tokens: int
    epochs: int
    usd: float | None
    usd_hour: float | None
    why_unknown: str = ""

    def __str__(self) -> str:
        usd = "free" if self.usd == 0 else "cost unknown"
        usd = f"about ${self.usd:,.2f}" if self.usd else usd
        times = f"{self.epochs} epoch{'' if self.epochs == 1 else 's'}"
        text = [f"{self.records:,} examples, {self.tokens:,} tokens x {times}, {usd}.", self.why_unknown]
        if self.usd_hour is None:
            text.append("The hourly cost of serving the model is unknown, too.")
        elif self.usd_hour:
            text.append(f"Serving the model then costs ${self.usd_hour:,.2f} an hour.")
        return " ".join(filter(None, text))


def estimate(order: Order, family: Family, about: Mapping[str, Any], prices: Prices) -> Estimate:
    """The estimate for a job on a dataset: its tokens per epoch, times epochs, times the price of training.

    `about`: the manifest of the dataset.
    """
    files, tokens, times = about["files"], int(about["tokens"]["training"]), epochs(family, order.hyperparameters)
    records = sum(files[name]["records"] for name in (FILES["train"], FILES["validation"]) if name in files)
    if family.name == EMBEDDED:
        return Estimate(records=records, tokens=tokens, epochs=times, usd=0.0, usd_hour=0.0)
    keys = family.price_keys
    price = prices.usd.get(keys["training"])
    usd = None if price is None else round(price * tokens * times / MILLION, 4)
    hour = prices.usd.get(keys["model_unit_hour"]) if "model_unit_hour" in keys else 0.0
    unknown = [keys[kind] for kind, known in (("training", price), ("model_unit_hour", hour)) if known is None]
    why = f"The price file has no {' and no '.join(unknown)}. Ask AWS for it, and set WRAPUP_PRICES." if unknown else ""
    return Estimate(records=records, tokens=tokens, epochs=times, usd=usd, usd_hour=hour, why_unknown=why)
