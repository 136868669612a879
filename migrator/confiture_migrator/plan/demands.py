"""What the migrator itself demands of a migration before it promises to carry it out. None of it can be waived."""

from collections.abc import Iterator, Sequence

from confiture_linter.config import Config
from confiture_linter.config.settings import AXES, LEVELS, Environment
from confiture_migrator.migrations import HookSpec, Migration
from confiture_migrator.migrations.statements import Statement
from confiture_migrator.plan.values import PlanFinding, Risk


def step_by_step(config: Config, migration: Migration, statements: Sequence[Statement]) -> bool:
    """Whether a migration is done step by step: it says so, the configuration does, or PostgreSQL leaves no choice."""
    if migration.transaction is not None:
        return not migration.transaction
    if migration.kind == "sql" and config.migrations.transaction in ("statement", "none"):
        return True
    return any(statement.outside is not None for statement in statements)


def demands(
    migration: Migration, statements: Sequence[Statement], hooks: Sequence[HookSpec], *, by_step: bool
) -> Iterator[PlanFinding]:
    """Yield what stands in the way."""
    for statement in statements:
        if statement.outside is None:
            continue
        if not by_step:
            yield _error(
                "statement-outside-transaction",
                statement.file,
                statement.line,
                f"PostgreSQL refuses this inside a transaction: {statement.shown.splitlines()[0][:60]}",
                "write `transaction: false`, so that the migration is done step by step",
            )
        elif statement.outside.action == "create-index" and not statement.outside.name:
            yield _error(
                "concurrent-index-without-name",
                statement.file,
                statement.line,
                "an index that is built concurrently has no name",
                "give it one: otherwise nobody can tell after an interruption which index to clean up",
            )
    yield from _hook_demands(migration, hooks, by_step=by_step)
    if not migration.has_way_back:
        name = {
            "sql": f"{migration.name}.down.sql",
            "yaml": "`rollback: {ddl: …}`",
            "python": "a method `down`",
        }[migration.kind]
        yield PlanFinding(
            "no-rollback",
            "warning",
            "nothing takes this migration back",
            f"write {name}",
            migration.file,
            1,
            1,
        )


def _hook_demands(migration: Migration, hooks: Sequence[HookSpec], *, by_step: bool) -> Iterator[PlanFinding]:
    from confiture_migrator.hooks.registry import UnknownHook, get_hook
    from confiture_migrator.hooks.values import HookError, runs_outside

    begun = ""
    for spec in hooks:
        if spec.in_python:  # made when the file is imported; what is wrong with it is said at dry-run
            continue
        place = (spec.file or migration.file, max(spec.line, 1))
        try:
            hook = get_hook(spec.type)(spec.config)
        except UnknownHook as error:
            yield _error("unknown-hook", *place, str(error), "`confiture-migrate hooks` lists all")
            continue
        except HookError as error:
            yield _error("hook-misconfigured", *place, f"{spec.type}: {error}", "see docs/migrate.md")
            continue
        if spec.phase == "on_error":
            continue
        if not runs_outside(hook):
            begun = begun or f"{spec.type} ({spec.phase})"
        elif not by_step and (begun or spec.phase not in ("before_validation", "before_ddl")):
            after = f"after {begun}" if begun else "behind the statements"
            yield _error(
                "hook-outside-transaction",
                *place,
                f"{spec.type} runs outside a transaction, and {after} the transaction is open",
                "put it first in before_validation, or write `transaction: false` in a YAML migration",
            )


def risk_findings(migration: Migration, risk: Risk, environment: Environment) -> Iterator[PlanFinding]:
    """Yield the axes on which the risk is higher than the environment accepts; these can be waived."""
    for axis in AXES:
        level, accepted = risk.level(axis), environment.risk.get(axis, "high")
        if level in LEVELS and LEVELS.index(level) > LEVELS.index(accepted):
            yield PlanFinding(
                f"risk-{axis.replace('_', '-')}",
                "error",
                f"{axis} risk is {level}; this environment accepts {accepted}",
                f"make it smaller, or --waive risk-{axis.replace('_', '-')}@{migration.file}:1 --reason TEXT",
                migration.file,
                1,
                1,
            )


def _error(rule: str, file: str, line: int, message: str, help_: str) -> PlanFinding:
    return PlanFinding(rule, "error", message, help_, file, line, 1, waivable=False)
