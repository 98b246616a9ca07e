"""Which two models are compared, and on what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.evaluation.gate import USUAL

OnCount = Callable[[int, int], None]  # hears how many answers of how many have come


@dataclass(frozen=True, slots=True)
class Trial:
    """Two models to compare, by the names that a person gives them.

    `against` names a third model, which answers with the base template. `holdout` is a dataset or a file; "" means what an
    export would hold out now. `margin` is how much worse the first figure may be, as a share.
    """

    champion: str
    challenger: str
    against: str = ""
    holdout: str = ""
    margin: float = USUAL.margin
