"""What a hook is, what it is told, and what it answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from confiture_migrator.errors import MigrateError
from confiture_migrator.migrations.outside import Outside

if TYPE_CHECKING:
    import psycopg

Connection = "psycopg.Connection[tuple[Any, ...]]"


class HookPhase(StrEnum):
    """When a hook runs, in this order; one phase's hooks run one after the other."""

    BEFORE_VALIDATION = "before_validation"
    BEFORE_DDL = "before_ddl"
    AFTER_DDL = "after_ddl"
    AFTER_VALIDATION = "after_validation"
    CLEANUP = "cleanup"
    ON_ERROR = "on_error"


class HookError(MigrateError):
    """A hook cannot do, or did not do, what it is for; the migration is rolled back."""

    exit_code = 3


class Check(NamedTuple):
    """One thing that a hook looked at."""

    name: str
    ok: bool
    detail: str = ""


class HookResult(NamedTuple):
    """What a hook did. An answer that is not `ok` fails the migration as an exception does."""

    rows: int = 0
    stats: Mapping[str, object] = {}
    checks: tuple[Check, ...] = ()
    message: str = ""
    ok: bool = True


def _silent(done: int, total: int | None, what: str) -> None:
    """Tell nobody."""


@dataclass(slots=True)
class HookContext:
    """What a hook is told. `stats` is shared by all hooks of a migration; the rest is for reading."""

    migration: str
    version: str
    phase: HookPhase
    dry_run: bool = False
    environment: str = ""
    tenant_column: str | None = None
    tenant_setting: str | None = None
    """The run-time setting that row-level security reads."""
    stats: dict[str, object] = field(default_factory=dict)
    progress: Callable[[int, int | None, str], None] = _silent
    """Called with rows done, rows in all (None: not known) and what they are."""
    error: str | None = None
    """In ON_ERROR: what went wrong."""
    in_transaction: bool = True
    """Whether the migration is one transaction; else what a hook commits stays."""


class Hook(Protocol):
    """A hook. `execute` gets a connection on which a savepoint is open, unless the hook is for outside.

    It may say more about itself: `outside = True` (it must not run inside a transaction) and `external = True` (it has
    effects outside the database, so that a dry-run leaves it out and says so).
    """

    def execute(self, conn: "psycopg.Connection[tuple[Any, ...]]", context: HookContext) -> HookResult | None:
        """Do it; raise, or answer with `ok=False`, to fail the migration."""
        ...


def runs_outside(hook: Hook) -> bool:
    """Whether a hook must not run inside a transaction."""
    return bool(getattr(hook, "outside", False))


HookFactory = Callable[[Mapping[str, object]], Hook]
"""Makes a hook of its `config`; raises `HookError` for settings that it does not understand."""


@dataclass(frozen=True, slots=True)
class BoundHook:
    """A hook in its place in a migration."""

    phase: HookPhase
    name: str
    hook: Hook
    description: str = ""
    timeout: float = 300.0
    """Seconds."""
    retries: int = 0
    file: str = ""
    """Where it is declared."""
    line: int = 0

    @property
    def outside(self) -> bool:
        """Whether it runs outside a transaction."""
        return runs_outside(self.hook)

    @property
    def alone(self) -> Outside | None:
        """The one statement outside a transaction that it is: whether it took effect can be told from the catalog."""
        found = getattr(self.hook, "alone", None)
        return found if isinstance(found, Outside) else None

    @property
    def external(self) -> bool:
        """Whether it has effects outside the database."""
        return bool(getattr(self.hook, "external", False))
