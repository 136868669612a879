"""What an executor is given, and what it answers."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from confiture_linter.config import Config
from confiture_migrator.errors import PlanRefused
from confiture_migrator.hooks import HookPhase, get_hook
from confiture_migrator.hooks.values import BoundHook
from confiture_migrator.migrations import HookSpec, Migration
from confiture_migrator.migrations.statements import Statement, statements_of

if TYPE_CHECKING:
    import psycopg


class Job(NamedTuple):
    """One migration in one direction, ready to be carried out."""

    version: str
    name: str
    file: str
    checksum: str
    direction: str
    """`up` or `down`."""
    transaction: bool
    statements: tuple[Statement, ...]
    python: "Callable[[psycopg.Connection[tuple[Any, ...]]], object] | None"
    hooks: tuple[BoundHook, ...]
    disk: str = ""
    """Where a Python migration was imported from: by that its lines are known."""


class Outcome(NamedTuple):
    """What came of a job."""

    version: str
    name: str
    seconds: float
    rows: int


class Executor(Protocol):
    """Carries jobs out, each in its own way."""

    def run(self, job: Job) -> Outcome:
        """Carry one out; raises `ApplyFailed` or `StateUnknown`."""
        ...


def job_of(
    config: Config,
    migration: Migration,
    hooks: Sequence[HookSpec],
    *,
    transaction: bool,
    direction: str = "up",
) -> Job:
    """Make the job; a Python migration is imported here, and nowhere else."""
    bound = tuple(bind(spec) for spec in hooks if not spec.in_python)
    python = None
    script = migration.up if direction == "up" else migration.down
    if migration.kind == "python":
        from confiture_migrator.execute.python_file import load_python

        loaded = load_python(migration)
        python = loaded.up if direction == "up" else loaded.down if script is None else None
        if direction == "up":
            bound = _in_phases((*bound, *loaded.hooks))
        if python is None and script is None:
            raise PlanRefused(f"{migration.file} has no method {direction}: nothing takes it back")
    statements = statements_of(script, config.schema.placeholders) if script is not None else ()
    return Job(
        migration.version,
        migration.name,
        migration.file,
        migration.checksum,
        direction,
        transaction,
        statements,
        python,
        bound,
        migration.disk,
    )


def bind(spec: HookSpec) -> BoundHook:
    """Put a declared hook in its place."""
    hook = get_hook(spec.type)(spec.config)
    return BoundHook(
        HookPhase(spec.phase), spec.type, hook, spec.description, float(spec.timeout), spec.retries
    )


def _in_phases(hooks: Sequence[BoundHook]) -> tuple[BoundHook, ...]:
    return tuple(bound for phase in HookPhase for bound in hooks if bound.phase is phase)
