"""Dates and times of day as PostgreSQL writes them (`DateStyle` ISO, `TimeZone` UTC) ↔ days and seconds.

Python's own dates end at the years 1 and 9999, PostgreSQL's at 4713 BC and 294276. The conversion is that of the
proleptic Gregorian calendar by eras of 400 years.
"""

import re
from typing import NamedTuple

_WRITTEN = re.compile(
    r"(?P<year>\d{4,7})-(?P<month>\d\d)-(?P<day>\d\d)(?: (?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)(?P<rest>\.\d{1,6})?)?"
    r"(?P<zone>\+00)?(?P<era> BC)?\Z"
)
SECONDS_A_DAY = 86_400


class Moment(NamedTuple):
    """A day counted from 1970-01-01, and the time of it."""

    day: int
    second: int = 0
    """Of the day."""
    rest: str = ""
    """What is left of a second, as written: `.25`."""
    timed: bool = False
    zone: str = ""

    def order(self) -> tuple[int, int, str]:
        """What to compare by."""
        return self.day, self.second, self.rest

    def moved(self, seconds: int) -> "Moment":
        """So many seconds later."""
        total = self.day * SECONDS_A_DAY + self.second + seconds
        return self._replace(day=total // SECONDS_A_DAY, second=total % SECONDS_A_DAY)

    def text(self) -> str:
        """As PostgreSQL writes it."""
        year, month, day = _civil(self.day)
        era = "" if year > 0 else " BC"
        shown = f"{year if year > 0 else 1 - year:04d}-{month:02d}-{day:02d}"
        if self.timed:
            minutes, second = divmod(self.second, 60)
            shown += f" {minutes // 60:02d}:{minutes % 60:02d}:{second:02d}{self.rest}{self.zone}"
        return shown + era


def moment(text: str) -> Moment | None:
    """Read what PostgreSQL writes; None for `infinity` and whatever is no date."""
    found = _WRITTEN.match(text)
    if found is None:
        return None
    year = int(found["year"])
    if found["era"]:
        year = 1 - year
    day = _days(year, int(found["month"]), int(found["day"]))
    if found["hour"] is None:
        return Moment(day)
    second = int(found["hour"]) * 3600 + int(found["minute"]) * 60 + int(found["second"])
    return Moment(day, second, found["rest"] or "", True, found["zone"] or "")


def _days(year: int, month: int, day: int) -> int:
    """Days from 1970-01-01, by the year that begins in March."""
    year -= month <= 2
    era, of_era = divmod(year, 400)
    of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    return era * 146_097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719_468


def _civil(days: int) -> tuple[int, int, int]:
    era, of_era = divmod(days + 719_468, 146_097)
    year = (of_era - of_era // 1460 + of_era // 36_524 - of_era // 146_096) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    month = (5 * of_year + 2) // 153
    day = of_year - (153 * month + 2) // 5 + 1
    month = month + 3 if month < 10 else month - 9
    return year + era * 400 + (month <= 2), month, day
