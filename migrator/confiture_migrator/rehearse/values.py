"""What a dry-run observed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from confiture_linter.effects.values import Effects, LockMode
from confiture_migrator.rehearse.samples import Sample


class Rows(NamedTuple):
    """Rows that a step changed in one table."""

    inserted: int
    updated: int
    deleted: int


@dataclass(slots=True)
class HeldLock:
    """The strongest lock on a relation that was there before, and how long it was held.

    A lock counts from the moment its statement was sent to the end of the transaction: others may have waited that long.
    """

    mode: LockMode
    since: float
    measured: float = 0.0
    """What measuring had taken until then; what it takes while the lock is held does not count."""
    held_seconds: float = 0.0


@dataclass(slots=True)
class StepReport:
    """One statement."""

    file: str
    line: int
    sql: str
    predicted: Effects
    seconds: float = 0.0
    rows: dict[str, Rows] = field(default_factory=dict)
    locks: dict[str, HeldLock] = field(default_factory=dict)
    rewrites: list[str] = field(default_factory=list)
    scans: list[str] = field(default_factory=list)
    index_rebuilds: list[str] = field(default_factory=list)
    wal_bytes: int = 0
    differences: list[str] = field(default_factory=list)


@dataclass(slots=True)
class HookReport:
    """One hook."""

    phase: str
    type: str
    ok: bool
    seconds: float
    rows: int
    skipped: str = ""
    """Why it was left out."""


class Estimate(NamedTuple):
    """How long a migration takes in production; None where nothing could be said."""

    seconds: float | None
    low: float | None
    high: float | None
    confidence: float
    """0 to 1: from the spread of repeated runs, and from how far the sizes were extrapolated."""
    basis: str


NO_ESTIMATE = Estimate(None, None, None, 0.0, "it did not come through")


@dataclass(slots=True)
class MigrationReport:
    """One migration."""

    version: str
    name: str
    ok: bool = True
    error: str | None = None
    seconds: float = 0.0
    """As executed, without what measuring took."""
    steps: list[StepReport] = field(default_factory=list)
    hooks: list[HookReport] = field(default_factory=list)
    indexes: Mapping[str, list[str]] = field(default_factory=lambda: {"added": [], "dropped": []})
    constraints: Mapping[str, list[str]] = field(default_factory=lambda: {"added": [], "dropped": []})
    violations: list[str] = field(default_factory=list)
    touched: tuple[str, ...] = ()
    """Tables, there before, that it locked, changed or read from end to end."""
    estimate: Estimate = NO_ESTIMATE
    samples: Mapping[str, Sample] | None = None
    """First rows of the tables where they changed; None where nobody asked."""


@dataclass(slots=True)
class DryRun:
    """All of it."""

    server_version: str
    on: str
    """`shadow` or `target`."""
    basis: str
    migrations: list[MigrationReport]
    notes: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether every migration came through."""
        return all(each.ok for each in self.migrations)

    def document(self) -> dict[str, Any]:
        """The document, without its version."""
        return {
            "server_version": self.server_version,
            "on": self.on,
            "basis": self.basis,
            "ok": self.ok,
            "migrations": [_migration(each) for each in self.migrations],
            "totals": {
                "migrations": len(self.migrations),
                "failed": sum(not each.ok for each in self.migrations),
                "seconds": round(sum(each.seconds for each in self.migrations), 6),
                "rows": sum(
                    sum(rows)
                    for each in self.migrations
                    for step in each.steps
                    for rows in step.rows.values()
                ),
                "wal_bytes": sum(step.wal_bytes for each in self.migrations for step in each.steps),
                "differences": sum(len(step.differences) for each in self.migrations for step in each.steps),
            },
            "notes": self.notes,
        }


def _migration(report: MigrationReport) -> dict[str, Any]:
    return {
        "version": report.version,
        "name": report.name,
        "ok": report.ok,
        "error": report.error,
        "seconds": round(report.seconds, 6),
        "steps": [_step(step) for step in report.steps],
        "hooks": [
            {
                "phase": hook.phase,
                "type": hook.type,
                "ok": hook.ok,
                "seconds": round(hook.seconds, 6),
                "rows": hook.rows,
                "skipped": hook.skipped,
            }
            for hook in report.hooks
        ],
        "indexes": dict(report.indexes),
        "constraints": dict(report.constraints),
        "violations": report.violations,
        "estimate": report.estimate._asdict(),
    } | (
        {}
        if report.samples is None
        else {"samples": {name: sample._asdict() for name, sample in report.samples.items()}}
    )


def _step(step: StepReport) -> dict[str, Any]:
    predicted = step.predicted
    return {
        "file": step.file,
        "line": step.line,
        "sql": step.sql,
        "seconds": round(step.seconds, 6),
        "rows": {name: rows._asdict() for name, rows in sorted(step.rows.items())},
        "locks": {
            name: {"mode": lock.mode.value, "held_seconds": round(lock.held_seconds, 6)}
            for name, lock in sorted(step.locks.items())
        },
        "rewrites": step.rewrites,
        "scans": step.scans,
        "index_rebuilds": step.index_rebuilds,
        "wal_bytes": step.wal_bytes,
        "predicted": {
            "locks": {relation: mode.value for relation, mode in predicted.locks},
            "rewrites": predicted.rewrites,
            "scans": predicted.scans,
            "unknown": predicted.unknown,
        },
        "differences": step.differences,
    }
