"""What the worker needs from outside: the ledger of accepted requests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.queue.request import Acceptance, AnyRequest, Job, Limits, QueueHealth, Request


class Queue(Protocol):
    """The ledger of accepted requests that are not yet answered. Raises StoreUnavailable from every method."""

    def accept(self, request: Request, limits: Limits | None) -> Acceptance:
        """Takes a request on, once for its id however often it comes, in one step that outlives a crash."""

    def take(self, most: int, lease_s: float) -> list[Job]:
        """At most `most` requests that are due; nobody else gets them until the lease is over."""

    def wait(self, most_s: float) -> None:
        """Returns when a request may be due, at the latest after `most_s` seconds."""

    def renew(self, jobs: Sequence[Job], lease_s: float) -> list[Job]:
        """Makes the leases last from now on; those that somebody else holds by now are given back."""

    def hold(self, job: Job, *, posting: bool | None = None, reply_ts: str | None = None) -> bool:
        """Writes down how far the reply is; False where somebody else holds the job by now, and nothing is written."""

    def postpone(self, job: Job, delay_s: float) -> None:
        """Makes it due in `delay_s` seconds; the attempts count anew."""

    def release(self, job: Job) -> None:
        """Hands it back, due at once (or when a reply on its way must have come), as if it had not been taken."""

    def finish(self, job: Job, reply_ts: str, again: bool = False) -> bool:
        """Marks it answered; False where somebody else holds or finished it. `again` keeps it for a day, for `again`."""

    def again(self, request: str, at: float, response_url: str = "") -> bool:
        """Takes a failed request on anew, to be answered in place of the failure; False where it is not kept."""

    def redo(self, request: Request) -> bool:
        """Has an answered request's answer shown again in its place; False where there is none, or it was forgotten."""

    def forget(self, request: str) -> None:
        """Drops a request wherever it stands; who works on it cannot answer any more, and it is not taken on again."""

    def heard(self, most_s: float) -> AnyRequest | None:
        """The next new request that nobody has shown to be heard, waited for at most `most_s` seconds. Cosmetic."""

    def health(self) -> QueueHealth:
        """How many requests wait, and the age of the oldest."""

    def claim_workspace(self, team: str) -> str:
        """The workspace that the store belongs to: `team` where it had none before."""
