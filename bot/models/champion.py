"""Which model answers a task, with the evaluation that it is based on."""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import Literal

from pydantic import Field

from bot.models.custom_model import CustomModel
from bot.models.kept import Kept

Verdict = Literal["promote", "refuse", "too_few"]
Role = Literal["champion", "challenger", "canary", "none"]


class Reign(Kept):
    """A model that was made champion `at` (s). `answers`: the id to call. `reason`: why, if it was despite the verdict."""

    model: str
    answers: str
    family: str
    dataset: str
    by: str
    at: float
    reason: str = ""


class Champion(Kept):
    """Who answers a task: the model of the last reign or, if there is none, the one in the settings.

    `left`: the model that was last rolled back, until another is promoted.
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
    """The verdict of an evaluation; both models by the ids that were called."""

    task: str
    champion: str
    challenger: str
    verdict: Verdict
    sentence: str
    n: int
    at: float


def role(model: CustomModel, champion: Champion, models: Iterable[CustomModel], canaries: Container[str] = ()) -> Role:
    """The model's role. `canaries`: ids of models that answer a share. The challenger is the newest model never promoted."""
    if champion.model == model.id:
        return "champion"
    if model.id in canaries:
        return "canary"
    reigned = {reign.model for reign in champion.reigns}
    rivals = [each for each in models if each.task == model.task and not (each.deleted or each.retired)]
    newest = max(rivals, key=lambda each: each.at, default=None)
    return "challenger" if newest and newest.id == model.id and model.id not in reigned else "none"
