"""The audit log: who did what, and when a second person must approve."""

from __future__ import annotations

from bot.models.kept import Kept


class Entry(Kept):
    """A line of the audit: who did what, when, to what, from which dataset."""

    at: float
    who: str
    did: str
    task: str
    what: str
    dataset: str = ""
    approved_by: str = ""
    reason: str = ""


def needs_approval(
    who: str, approver: str, *, two_person: bool, usd: float | None = 0.0, limit: float | None = None
) -> str:
    """Why a second person must approve, without a full stop; "" if nobody must, or a second person has."""
    if approver and approver != who:
        return ""
    if two_person:
        return "A second person must approve this (WRAPUP_TWO_PERSON)"
    if limit is not None and (usd is None or usd > limit):
        cost = "The cost of this is unknown" if usd is None else f"This costs about ${usd:,.2f}"
        return f"{cost}, and the limit is ${limit:,.2f} (WRAPUP_SPEND_LIMIT_USD)"
    return ""
