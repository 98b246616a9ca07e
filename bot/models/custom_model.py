"""A custom model with the endpoint that serves it."""

from __future__ import annotations

from typing import Literal

from bot.models.kept import Kept

EndpointStatus = Literal["Creating", "InService", "Updating", "Active", "Failed"]
Pending = Literal["", "serve", "release"]
SERVING = ("InService", "Updating", "Active")


class Endpoint(Kept):
    """What serves a custom model, with its number of model `units`.

    `since` (s): when billing by the hour began, None if it isn't billed by the hour. `committed_until` (s): it can't be
    deleted before this time; None if there is no commitment.
    """

    id: str
    status: EndpointStatus
    since: float | None = None
    failure: str = ""
    units: int = 1
    committed_until: float | None = None


class CustomModel(Kept):
    """A custom model. It can't answer without an endpoint. `deleted`: it no longer exists at the provider.

    `pending`: what we requested and don't yet know to be done. `answered_at` (s): when the present endpoint answered the
    test call. `fault`: a sentence on why the model can't be served, released or promoted. A new endpoint clears both.
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
            return "requested"
        return "retired" if self.retired else "not served"

    @property
    def serves(self) -> bool:
        up = self.endpoint is not None and self.endpoint.status in SERVING
        return up and not self.deleted and self.pending != "release"

    @property
    def due(self) -> bool:
        """Whether it will change its state, or answer the test call, without anybody asking again."""
        coming = self.endpoint is not None and self.endpoint.status == "Creating"
        return not self.fault and bool(self.pending or coming or (self.serves and self.answered_at is None))

    @property
    def trouble(self) -> str:
        """The fault, the cost meanwhile and what to do; "" if there is no fault."""
        if not self.fault:
            return ""
        end = f"`wrapup models release {self.id} --yes`"
        if self.pending == "release":
            again, kept = f"{end} tries again.", "It still exists"
        elif self.endpoint and self.endpoint.status == "Failed":
            again, kept = f"Run {end}, then serve it again.", f"{self.endpoint.id} exists"
        else:
            again = (
                f"`wrapup models serve {self.id} --yes` tries again{f', {end} deletes it' if self.endpoint else ''}."
            )
            kept = f"{self.endpoint.id} is kept" if self.endpoint else "The model is kept"
        hourly = bool(self.endpoint and self.endpoint.since is not None)
        return f"{self.fault} {kept} and is {'' if hourly else 'not '}billed by the hour. {again}"

    def seen(self, endpoint: Endpoint | None) -> CustomModel:
        """The model with its current endpoint. If this is a new one, what we knew about the old one is dropped."""
        changed: dict[str, object] = {"endpoint": endpoint}
        if (endpoint and endpoint.id) != (self.endpoint and self.endpoint.id):
            changed |= {"answered_at": None, "fault": ""}
        if endpoint and self.pending == "serve":
            changed["pending"] = ""
        return self.model_copy(update=changed)

    def answered(self, endpoint: Endpoint | None, at: float) -> CustomModel:
        """The model after that endpoint answered the test call. An answer of another endpoint doesn't count."""
        same = endpoint and self.endpoint and endpoint.id == self.endpoint.id
        return self.model_copy(update={"answered_at": at}) if same else self

    def released(self) -> CustomModel:
        """The model after its endpoint was deleted. If somebody asked to serve it again meanwhile, that stays pending."""
        pending = "" if self.pending == "release" else self.pending
        return self.seen(None).model_copy(update={"pending": pending})
