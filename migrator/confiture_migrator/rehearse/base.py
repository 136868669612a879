"""The database that a dry-run happens on: schema tree, then the migrations that are not in the plan and come before it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from confiture_linter.config import Config
from confiture_migrator.errors import MigrateError
from confiture_migrator.execute.failures import explained
from confiture_migrator.execute.job import job_of
from confiture_migrator.ledger import Ledger, State
from confiture_migrator.migrations import Migration
from confiture_migrator.migrations.statements import statements_of
from confiture_migrator.plan.demands import step_by_step
from confiture_migrator.plan.values import Plan
from confiture_migrator.rehearse.restore import restore

if TYPE_CHECKING:
    import psycopg

_THERE_ALREADY = frozenset(("42P07", "42701", "42710", "42P06", "42723", "42P16", "23505"))
"""SQLSTATEs of objects, keys and rows that are there."""


def build_base(
    config: Config, plan: Plan, migrations: Sequence[Migration], connection: "psycopg.Connection[Any]"
) -> list[str]:
    """Build it; returns notes. Raises `MigrateError` naming the file that PostgreSQL refuses."""
    notes = []
    files = _tree(config, connection) if config.schema.roots else 0
    earlier = _earlier(plan, migrations)
    skipped = [each.name for each in earlier if not _replayed(config, each, connection, lenient=files > 0)]
    if skipped:
        notes.append(f"the schema tree has these already: {', '.join(skipped)}")
    done = len(earlier) - len(skipped)
    notes.insert(0, f"built from {files} files of the schema tree and {done} earlier migrations")
    return notes


def restored_base(
    config: Config,
    plan: Plan,
    migrations: Sequence[Migration],
    connection: "psycopg.Connection[Any]",
    dump: str,
) -> list[str]:
    """Restore a dump, and run what comes before the plan and is not in it; returns notes."""
    notes = restore(dump, connection)
    ledger = Ledger(connection)
    applied = {entry.version for entry in ledger.entries() if entry.state is State.APPLIED}
    there = [each.name for each in plan.migrations if each.version in applied]
    if there:
        raise MigrateError(
            f"{dump} has {', '.join(there)} applied already: restore an older dump, or plan anew"
        )
    missing = [each for each in _earlier(plan, migrations) if each.version not in applied]
    known = ledger.exists()
    done = [each.name for each in missing if _replayed(config, each, connection, lenient=not known)]
    return [*notes, f"run on top, for the dump lacks them: {', '.join(done)}"] if done else notes


def _tree(config: Config, connection: "psycopg.Connection[Any]") -> int:
    import psycopg

    from confiture_linter.engine.workspace import open_workspace

    sources = open_workspace(config).sources
    for source in sources:
        text = source.text if source.commands or source.unanalysed else source.data
        for token, replacement in config.schema.placeholders:
            text = text.replace(token.encode(), replacement.encode())
        try:
            connection.execute(text)
        except psycopg.Error as error:
            raise MigrateError(
                f"the schema tree cannot be built on the shadow: {source.path}: {explained(error)}\n"
                "What to do: put the file right, or give a server that has what it needs with --shadow-url env:VARIABLE"
            ) from None
        connection.execute("RESET ALL")
    return len(sources)


def _earlier(plan: Plan, migrations: Sequence[Migration]) -> list[Migration]:
    """Migrations that are not in the plan and stand before its last one."""
    planned = {each.version for each in plan.migrations}
    places = [index for index, each in enumerate(migrations) if each.version in planned]
    return [each for each in migrations[: max(places, default=0)] if each.version not in planned]


def _replayed(
    config: Config, migration: Migration, connection: "psycopg.Connection[Any]", *, lenient: bool
) -> bool:
    """Run a migration without its hooks; False where the tree has its objects already."""
    import psycopg

    statements = statements_of(migration.up, config.schema.placeholders) if migration.up else ()
    by_step = step_by_step(config, migration, statements)
    job = job_of(config, migration, (), transaction=not by_step)
    try:
        if by_step:
            for statement in job.statements:
                connection.execute(statement.sql.encode())
        else:
            with connection.transaction():
                for statement in job.statements:
                    connection.execute(statement.sql.encode())
                if job.python is not None:
                    job.python(connection)
    except psycopg.Error as error:
        if lenient and error.sqlstate in _THERE_ALREADY:
            return False
        raise MigrateError(
            f"{migration.file}, an earlier migration, fails on the shadow: {explained(error)}"
        ) from None
    finally:
        connection.execute("RESET SESSION AUTHORIZATION")
        connection.execute("RESET ALL")
    return True
