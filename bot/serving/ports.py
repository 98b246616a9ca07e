"""What serving needs from outside: endpoints, a registry, and a way to tell the admins."""

from __future__ import annotations

from typing import Protocol

from bot.evaluation.ports import Scorecards
from bot.models.custom_model import CustomModel, Endpoint
from bot.models.ports import Audit, Champions, CustomModels, ModelHost, ModelUse
from bot.serving.notice import Notice


class Endpoints(ModelHost, Protocol):
    """Where the custom models of a family are served. Raises a TrainingError, ModelError or UnknownModel."""

    def serve(self, model: CustomModel) -> Endpoint:
        """Has the model served and gives its endpoint; where it has one already, that one."""

    def served(self) -> list[CustomModel]:
        """All that Wrapup has served in the family's Region, as its service knows it, the registry's or not.

        Each is a model with an endpoint; `job` is the endpoint's name, task and dataset are "".
        """

    def release(self, model: CustomModel) -> None:
        """Deletes the endpoint, which ends what it costs, and keeps the model; one that is gone stays gone."""


class ServingRegistry(CustomModels, Champions, ModelUse, Audit, Scorecards, Protocol):
    """Custom models, who answers, what was judged and what was done."""


class Notices(Protocol):
    """Where the admins are told of what they did not ask for. Raises StoreUnavailable."""

    def tell(self, notice: Notice) -> float:
        """Has it posted in the admins' channel, else to each admin, once for its id; gives when (s) that was first asked."""
