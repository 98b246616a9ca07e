"""How long a foundation model lives, and when that has to be said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

WARNED_DAYS = (7, 30, 90, 180)  # before the end


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """What Bedrock says of a foundation model in one Region; a date is None where it names none."""

    model_id: str
    status: str
    start: date | None = None
    legacy: date | None = None
    extended_access: date | None = None
    end: date | None = None

    def ended(self, today: date) -> bool:
        return self.end is not None and self.end <= today

    def warning(self, today: date) -> int | None:
        """The least of the days of warning that the end is nearer than; None where none is due, or it has ended."""
        if self.end is None or self.ended(today):
            return None
        left = (self.end - today).days
        return next((days for days in WARNED_DAYS if left <= days), None)

    def __str__(self) -> str:
        """One line, such as `anthropic.claude-...: legacy since 2026-03-10, ends on 2026-09-10`."""
        since = self.legacy if self.status == "LEGACY" else self.start
        parts = [f"{self.status.lower()}{f' since {since}' if since else ''}"]
        parts += [f"costs more from {self.extended_access} on"] if self.extended_access else []
        parts += [f"ends on {self.end}"] if self.end else []
        return f"{self.model_id}: {', '.join(parts)}"
