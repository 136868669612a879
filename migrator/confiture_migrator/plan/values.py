"""A plan as a value. Equal inputs give equal plans: nothing in it knows the time, the user or a secret."""

from typing import NamedTuple

from confiture_linter.effects.values import Effects
from confiture_migrator.migrations import HookSpec
from confiture_migrator.target import Identity

VERSION = 1


class Step(NamedTuple):
    """One statement and what it will do."""

    sql: str
    """As shown: passwords in it are masked. What runs is read from the file, whose checksum is in the plan."""
    file: str
    line: int
    effects: Effects


class Duration(NamedTuple):
    """Seconds: the best guess and the interval around it."""

    low: float
    seconds: float
    high: float


class Risk(NamedTuple):
    """Risk on four axes, each `none`, `low`, `medium`, `high`, or `unknown`."""

    compatibility: str = "unknown"
    data_loss: str = "unknown"
    performance: str = "unknown"
    locking: str = "unknown"
    reasons: tuple[str, ...] = ()
    recommendations: tuple[str, ...] = ()
    duration: Duration | None = None

    def level(self, axis: str) -> str:
        """The level on one axis."""
        return str(getattr(self, axis))


class Rollback(NamedTuple):
    """How a migration is taken back."""

    file: str
    statements: int
    """0 for Python: known when it runs."""


class PlannedMigration(NamedTuple):
    """One migration of a plan."""

    version: str
    name: str
    file: str
    checksum: str
    transaction: bool
    """Whether all of it is one transaction; else it is done step by step, and can be resumed."""
    steps: tuple[Step, ...]
    """Of Python those that can be read without running it; one without SQL stands for what cannot."""
    hooks: tuple[HookSpec, ...]
    """Those of the configuration, then the migration's own, by phase."""
    risk: Risk
    rollback: Rollback | None


class PlanFinding(NamedTuple):
    """What the linter, or the planner itself, has to say about a place."""

    rule: str
    severity: str
    message: str
    help: str
    file: str
    line: int
    column: int
    object: str = ""
    waivable: bool = True
    waived: bool = False


class Waiver(NamedTuple):
    """A finding that somebody takes responsibility for."""

    rule: str
    file: str
    line: int
    reason: str

    def matches(self, finding: PlanFinding) -> bool:
        """Whether this is the finding that was meant."""
        return (self.rule, self.file, self.line) == (finding.rule, finding.file, finding.line)


class PlanSettings(NamedTuple):
    """How the plan is carried out; durations as PostgreSQL writes them."""

    lock_timeout: str = "2s"
    statement_timeout: str = "5min"
    idle_in_transaction_session_timeout: str = "10min"
    lock_retries: int = 5
    """How often a migration is begun again after a lock timeout or a deadlock."""
    lock_backoff_seconds: float = 1.0
    """Pause before the first new beginning; each further one is twice as long, 30 seconds at most."""


class Plan(NamedTuple):
    """What is going to be done, where, and why that is acceptable."""

    environment: str
    target: Identity | None
    """None: made without a database, fit for a dry-run only."""
    base: str
    """Fingerprint of what the plan builds on: ledger and catalog of the target, or the files of the schema tree."""
    migrations: tuple[PlannedMigration, ...]
    findings: tuple[PlanFinding, ...]
    waivers: tuple[Waiver, ...]
    settings: PlanSettings

    @property
    def refusals(self) -> tuple[PlanFinding, ...]:
        """The errors that nobody has waived."""
        return tuple(each for each in self.findings if each.severity == "error" and not each.waived)
