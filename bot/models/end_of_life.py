"""The lifecycle of a foundation model, with the days on which we warn of its end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

WARNED_DAYS = (7, 30, 90, 180)  # before the end


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """What Bedrock says about a foundation model in one Region; a date is None if Bedrock gives none."""

    model_id: str
    status: str
    start: date | None = None
    legacy: date | None = None
    extended_access: date | None = None
    end: date | None = None

    def ended(self, today: date) -> bool:
        return self.end is not None and self.end <= today

    def warning(self, today: date) -> int | None:
        """The warning that applies today, in days before the end; None if the end is further away, or over."""
        if self.end is None or self.ended(today):
            return None
        left = (self.end - today).days
        return next((days for days in WARNED_DAYS if left <= days), None)

    def __str__(self) -> str:
        """One line, such as `anthropic.claude-...: legacy since 10 Mar 2026, ends on 10 Sep 2026`."""
        since = self.legacy if self.status == "LEGACY" else self.start
        parts = [f"{self.status.lower()}{f' since {day(since)}' if since else ''}"]
        parts += [f"costs more from {day(self.extended_access)}"] if self.extended_access else []
        parts += [f"ends on {day(self.end)}"] if self.end else []
        return f"{self.model_id}: {', '.join(parts)}"


def day(date: date) -> str:
    """A date for people, such as `9 Mar 2026`."""
    return f"{date.day} {date:%b %Y}"
