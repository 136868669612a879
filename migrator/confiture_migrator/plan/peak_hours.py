"""Hours in which nothing risky is to happen (`environments.NAME.peak_hours`), and what counts as risky."""

import datetime as dt
from typing import NamedTuple, Self

from confiture_linter.config import Config
from confiture_linter.config.settings import AXES
from confiture_migrator.errors import MigrateError
from confiture_migrator.plan.values import PlannedMigration

HARMLESS = ("none", "low")
"""Levels of risk at which a migration may happen at any hour."""


class PeakHours(NamedTuple):
    """A span of every day, on the clock of a time zone. One that ends before it begins goes over midnight."""

    text: str
    begin: dt.time
    end: dt.time
    """00:00 is the end of the day."""
    zone: dt.tzinfo
    zone_name: str

    @classmethod
    def of(cls, text: str) -> Self:
        """Read `08:00-19:00 Europe/Paris`, which the configuration has checked; without a zone it is UTC.

        Raises `MigrateError` for a zone that is not known here.
        """
        import zoneinfo

        span, _, name = text.partition(" ")
        begin, _, end = span.partition("-")
        try:
            zone = zoneinfo.ZoneInfo(name or "UTC")
        except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
            raise MigrateError(
                f"peak_hours: {text!r}: the time zone {name} is not known on this machine: write one of the IANA "
                "database, such as Europe/Paris; where the machine has none, pip install tzdata"
            ) from None
        midnight = "00:00" if end == "24:00" else end
        return cls(span, dt.time.fromisoformat(begin), dt.time.fromisoformat(midnight), zone, name or "UTC")

    def here(self, moment: dt.datetime) -> dt.datetime:
        """That moment on the clock of the zone."""
        return moment.astimezone(self.zone)

    def contains(self, moment: dt.datetime) -> bool:
        """Whether it is peak time."""
        now = self.here(moment).time()
        if self.begin < self.end:
            return self.begin <= now < self.end
        return now >= self.begin or now < self.end

    @property
    def until(self) -> str:
        """When it is over: `19:00`."""
        return "24:00" if self.end == dt.time() else f"{self.end:%H:%M}"


def peak_hours_of(config: Config, environment: str) -> PeakHours | None:
    """The peak hours of an environment, if it has any."""
    found = config.environments.get(environment)
    if found is None or found.peak_hours is None:
        return None
    try:
        return PeakHours.of(found.peak_hours)
    except MigrateError as error:
        line, column = config.positions.get(("environments", environment, "peak_hours"), (1, 1))
        raise MigrateError(f"{config.path}:{line}:{column}: environments.{environment}.{error}") from None


def risky(migration: PlannedMigration) -> bool:
    """Whether a migration should wait for a calm hour: medium, high or unknown risk on any axis."""
    return any(migration.risk.level(axis) not in HARMLESS for axis in AXES)
