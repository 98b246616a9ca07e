"""Defines the ledger of accepted requests that the worker needs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.queue.request import Acceptance, AnyRequest, Job, Limits, QueueHealth, Request


class Queue(Protocol):
    """The ledger of accepted, unanswered requests. Every method raises StoreUnavailable."""

    def accept(self, request: Request, limits: Limits | None) -> Acceptance:
        """Stores a request in one step, once per id however often it comes."""

    def take(self, most: int, lease_s: float) -> list[Job]:
        """Returns up to `most` due requests. No other worker gets them until the lease ends."""

    def wait(self, most_s: float) -> None:
        """Waits until a request may be due, at most `most_s` seconds."""

    def renew(self, jobs: Sequence[Job], lease_s: float) -> list[Job]:
        """Restarts the leases now. Returns the jobs that another worker has taken over."""

    def hold(self, job: Job, *, posting: bool | None = None, reply_ts: str | None = None) -> bool:
        """Stores how far the reply is. Returns False and writes nothing if another worker has the job now."""

    def postpone(self, job: Job, delay_s: float) -> None:
        """Makes the job due in `delay_s` seconds and counts its attempts from zero."""

    def release(self, job: Job) -> None:
        """Hands the job back as if never taken: due now, or when a reply being sent must have arrived."""

    def finish(self, job: Job, reply_ts: str, again: bool = False) -> bool:
        """Marks the job answered. False if another worker has or finished it. `again` keeps it a day for a retry."""

    def again(self, request: str, at: float, response_url: str = "") -> bool:
        """Queues a failed request again; its answer replaces the failure. False if it isn't kept."""

    def redo(self, request: Request) -> bool:
        """Has a stored answer shown again in its message. False if there is none or it was forgotten."""

    def forget(self, request: str) -> None:
        """Drops a request in any state. A worker that has it can't answer, and it is never accepted again."""

    def heard(self, most_s: float) -> AnyRequest | None:
        """Waits at most `most_s` seconds for a new request that still needs its 👀. Cosmetic."""

    def health(self) -> QueueHealth:
        """Returns how many requests wait, and the age of the oldest in seconds."""

    def claim_workspace(self, team: str) -> str:
        """Returns the workspace the store belongs to: `team` if it had none."""
