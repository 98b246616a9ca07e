"""Which model answers a task, and what it was judged by."""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import Literal

from pydantic import Field

from bot.models.custom_model import CustomModel
from bot.models.kept import Kept

Verdict = Literal["promote", "refuse", "too_few"]
Role = Literal["champion", "challenger", "canary", "none"]


class Reign(Kept):
    """Since when a model is the champion; `answers` is the id that is asked, `reason` why against the verdict."""

    model: str
    answers: str
    family: str
    dataset: str
    by: str
    at: float
    reason: str = ""


class Champion(Kept):
    """Who answers a task: the last of the reigns, or the model that the settings name where there is none.

    `left` is the model from which it was last rolled back, until another is promoted.
    """

    reigns: tuple[Reign, ...] = ()
    left: str = ""
    at: float = Field(default=0.0, description="when it last changed: no two states are equal")

    @property
    def now(self) -> Reign | None:
        return self.reigns[-1] if self.reigns else None

    @property
    def model(self) -> str:
        return self.now.model if self.now else ""

    def followed_by(self, reign: Reign) -> Champion:
        return Champion(reigns=(*self.reigns, reign), at=reign.at)

    def rolled_back(self, at: float) -> Champion:
        return Champion(reigns=self.reigns[:-1], left=self.model, at=at)


class Judged(Kept):
    """The verdict of an evaluation on a challenger, by the ids that were asked."""

    task: str
    champion: str
    challenger: str
    verdict: Verdict
    sentence: str
    n: int
    at: float


def role(model: CustomModel, champion: Champion, models: Iterable[CustomModel], canaries: Container[str] = ()) -> Role:
    """The champion answers, the `canaries` a share; the challenger is the newest that never has."""
    if champion.model == model.id:
        return "champion"
    if model.id in canaries:
        return "canary"
    reigned = {reign.model for reign in champion.reigns}
    rivals = [each for each in models if each.task == model.task and not (each.deleted or each.retired)]
    newest = max(rivals, key=lambda each: each.at, default=None)
    return "challenger" if newest and newest.id == model.id and model.id not in reigned else "none"
