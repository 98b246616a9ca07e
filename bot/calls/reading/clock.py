"""Reads times: numbers in any unit, offsets ("00:12"), times of day ("12:03:44 PM") and dates."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import reduce

_OFFSET = re.compile(r"^\s*(-)?(?:(\d{1,9}):)?(\d{1,3}):(\d{1,2}(?:[.,]\d+)?)\s*$")


def seconds(value: object, per_second: float = 1.0) -> float | None:
    """Returns seconds from a number, a number as text ("4.87", "4.87s"), a clock ("00:01:02.5") or an ISO date and time.

    `per_second` is how many of the file's units make a second (1000 for milliseconds); clocks and dates ignore it.
    Dates give seconds since 1970. Returns None if the value can't be read.
    """
    if isinstance(value, str):
        return _text_seconds(value.strip(), per_second)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    number = float(value) / per_second if abs(value) < 1e18 else math.nan
    return number if math.isfinite(number) else None


def _text_seconds(text: str, per_second: float) -> float | None:
    if ":" in text and (clock := _OFFSET.match(text)):
        minus, hours, minutes, rest = clock.groups()
        total = int(hours or 0) * 3600 + int(minutes) * 60 + float(rest.replace(",", "."))
        return -total if minus else total
    try:
        return seconds(float(text.removesuffix("s")), per_second)
    except ValueError:
        return _date_seconds(text)


def _date_seconds(text: str) -> float | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


# Each alternative ends where the next could begin, so a hostile text can't make matching slow.


_CLOCK = r"\d{1,3}:\d\d(?::\d\d)?(?:[.,]\d{1,6})?(?: ?[AaPp]\.?[Mm]\b\.?)?(?:Z|[+-]\d\d:\d\d)?(?![\d:])"
_DATE = r"(?:\d{4}-\d\d-\d\d[T ]|\d{1,2}[./]\d{1,2}[./]\d{2,4},? )"
TIME = rf"{_DATE}?{_CLOCK}"
# A time with its brackets. The one group is the start; an end ("00:12 - 00:15") is ignored.
STAMP = rf"[\[(]?({TIME})(?: ?(?:-->|[-–]) ?{TIME})?[\])]?"

DAY_S = 86_400
# Lines a little out of order don't mean a new day.
TOLERANCE_S = 3600
_HALF = re.compile(r"(?P<clock>\d[\d:.,]*) ?(?P<half>[AaPp])\.?[Mm]")
_ISO_DATE = re.compile(r"\d{4}-")
_OTHER_DATE = re.compile(r"^\d{1,2}[./]\d{1,2}[./]\d{2,4},? ")


def times(stamps: Sequence[str | None], *, of_day: bool = False) -> list[float | None]:
    """Returns seconds for each stamp: offsets and dates unchanged, times of day from the first one on, past midnight too.

    A call opens in its first minutes, so a first stamp of five minutes (mm:ss) or an hour (h:mm:ss) is a time of day.
    `of_day` says that all stamps are.
    """
    given = [stamp for stamp in stamps if stamp]
    if not given:
        return [None] * len(stamps)
    if _ISO_DATE.match(given[0]):
        return [seconds(stamp) for stamp in stamps]
    values = [_clock_seconds(stamp) if stamp else None for stamp in stamps]
    first = next((value for value in values if value is not None), 0.0)
    hours_and_minutes = all(stamp.count(":") == 1 for stamp in given)
    halves = any("m" in stamp.lower() for stamp in given)
    if not (halves or of_day) and first < (300 if hours_and_minutes else 3600):
        return values
    scale = 60 if hours_and_minutes and not halves else 1
    return _since_first([None if value is None else value * scale for value in values])


def _clock_seconds(stamp: str) -> float | None:
    try:
        return reduce(lambda total, part: total * 60 + float(part), stamp.replace(",", ".").split(":"), 0.0)
    except ValueError:
        stamp = _OTHER_DATE.sub("", stamp)
    if not (half := _HALF.search(stamp)):
        return seconds(stamp)
    clock = half["clock"]
    value = seconds(clock if clock.count(":") > 1 else f"{clock}:00")
    return None if value is None else value % (DAY_S / 2) + (DAY_S / 2 if half["half"] in "Pp" else 0)


def _since_first(values: Sequence[float | None]) -> list[float | None]:
    """Clocks start again once a day, or twice if they never print AM, PM or an hour from 13 to 0."""
    twice = all(value is None or 3600 <= value < 13 * 3600 for value in values)
    first = last = next((value for value in values if value is not None), 0.0)
    rounds = 0.0
    since: list[float | None] = []
    for value in values:
        if value is not None:
            while value + rounds < last - TOLERANCE_S:
                rounds += DAY_S / 2 if twice else DAY_S
            last = value + rounds
        since.append(None if value is None else last - first)
    return since
