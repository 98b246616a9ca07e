"""A custom model, and the endpoint that answers with it."""

from __future__ import annotations

from typing import Literal

from bot.models.kept import Kept

EndpointStatus = Literal["Creating", "InService", "Updating", "Active", "Failed"]
Pending = Literal["", "serve", "release"]
SERVING = ("InService", "Updating", "Active")


class Endpoint(Kept):
    """What answers with a custom model; `since` (s) is when it began to cost by the hour, None where it does not.

    It has so many model `units`, and cannot be deleted before `committed_until` (s), None where no term was agreed.
    """

    id: str
    status: EndpointStatus
    since: float | None = None
    failure: str = ""
    units: int = 1
    committed_until: float | None = None


class CustomModel(Kept):
    """A custom model; without an endpoint it answers nothing. `deleted`: it is gone where it was kept.

    `pending` is what was asked for and is not yet known to have been done. `answered_at` (s) is when the present endpoint
    gave its smoke answer, `fault` what keeps it from being served, released or promoted, in a sentence; both go with it.
    """

    id: str
    task: str
    family: str
    job: str
    dataset: str
    at: float
    endpoint: Endpoint | None = None
    retired: bool = False
    deleted: bool = False
    releases: int = 0
    pending: Pending = ""
    answered_at: float | None = None
    fault: str = ""

    @property
    def state(self) -> str:
        if self.deleted:
            return "deleted"
        if self.pending == "release":
            return "being released"
        if self.endpoint:
            return self.endpoint.status
        if self.pending and not self.fault:
            return "asked for"
        return "retired" if self.retired else "not served"

    @property
    def serves(self) -> bool:
        up = self.endpoint is not None and self.endpoint.status in SERVING
        return up and not self.deleted and self.pending != "release"

    @property
    def due(self) -> bool:
        """Whether it is on its way to another state, or to its smoke answer, and nobody has to ask for that again."""
        coming = self.endpoint is not None and self.endpoint.status == "Creating"
        return not self.fault and bool(self.pending or coming or (self.serves and self.answered_at is None))

    @property
    def trouble(self) -> str:
        """The fault, what costs meanwhile, and what to do; "" where there is none."""
        if not self.fault:
            return ""
        end = f"`wrapup models release {self.id} --yes`"
        if self.pending == "release":
            again, costs = f"{end} tries again.", "It is still there"
        elif self.endpoint and self.endpoint.status == "Failed":
            again, costs = f"{end}, then serve it again.", f"{self.endpoint.id} is there"
        else:
            again = (
                f"`wrapup models serve {self.id} --yes` tries again{f', {end} deletes it' if self.endpoint else ''}."
            )
            costs = f"{self.endpoint.id} is kept" if self.endpoint else "The model is kept"
        hourly = bool(self.endpoint and self.endpoint.since is not None)
        return f"{self.fault} {costs} and costs {'by the hour' if hourly else 'nothing by the hour'}: {again}"

    def seen(self, endpoint: Endpoint | None) -> CustomModel:
        """The model with its endpoint as it is now; what was found out about another endpoint does not count for it."""
        changed: dict[str, object] = {"endpoint": endpoint}
        if (endpoint and endpoint.id) != (self.endpoint and self.endpoint.id):
            changed |= {"answered_at": None, "fault": ""}
        if endpoint and self.pending == "serve":
            changed["pending"] = ""
        return self.model_copy(update=changed)

    def answered(self, endpoint: Endpoint | None, at: float) -> CustomModel:
        """The model after a smoke answer of that endpoint; that of another one does not count."""
        same = endpoint and self.endpoint and endpoint.id == self.endpoint.id
        return self.model_copy(update={"answered_at": at}) if same else self

    def released(self) -> CustomModel:
        """The model after its endpoint was deleted; where it was asked for again meanwhile, that is still to be done."""
        pending = "" if self.pending == "release" else self.pending
        return self.seen(None).model_copy(update={"pending": pending})
