"""Grammar newer than the server: PostgreSQL answers it with a syntax error."""

from confiture_linter.effects.account import Account, Refused
from confiture_linter.statements.facts import (
    AlterCommand,
    AlterTable,
    ColumnFact,
    ConstraintFact,
    CreateIndex,
    CreateTable,
    Execute,
    Fact,
    Maintain,
    Statement,
)


def refuse_newer(account: Account, statement: Statement) -> None:
    """Raise `Refused` if the statement needs a newer PostgreSQL than the target."""
    needed, what = newest(statement.fact)
    if needed > account.postgres:
        raise Refused(f"syntax error: {what} is new in PostgreSQL {needed}")


def newest(fact: Fact) -> tuple[int, str]:
    """The PostgreSQL that a statement's grammar asks for, and for the sake of what; (0, "") if any will do."""
    found: list[tuple[int, str]] = []
    if isinstance(fact, AlterTable):
        for command in fact.commands:
            found += _command(command)
    elif isinstance(fact, CreateTable):
        for column in fact.columns:
            found += _column(column, new=True)
        for constraint in fact.constraints:
            found += _constraint(constraint)
    elif isinstance(fact, CreateIndex) and fact.nulls_not_distinct:
        found.append((15, "NULLS NOT DISTINCT"))
    elif isinstance(fact, Execute) and fact.command == "merge":
        found.append((15, "MERGE"))
    elif (
        isinstance(fact, Maintain) and fact.command in ("vacuum", "analyze") and any(fact.only) and fact.only
    ):
        found.append((18, "ONLY"))
    return max(found, default=(0, ""))


def _command(command: AlterCommand) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    kind = command.kind
    if kind == "SetExpression":
        found.append((17, "SET EXPRESSION"))
    elif kind == "SetStorage" and command.text.lower() == "default":
        found.append((16, "SET STORAGE DEFAULT"))
    elif kind == "SetAccessMethod":
        found.append((17, "SET ACCESS METHOD DEFAULT") if not command.name else (15, "SET ACCESS METHOD"))
    elif kind == "SetCompression":
        found.append((14, "SET COMPRESSION"))
    elif kind == "DetachPartition" and command.behaviour == "concurrently":
        found.append((14, "DETACH PARTITION … CONCURRENTLY"))
    elif kind == "DetachPartitionFinalize":
        found.append((14, "DETACH PARTITION … FINALIZE"))
    elif kind == "SetStatistics" and not command.text:
        found.append((17, "SET STATISTICS DEFAULT"))
    elif kind == "AlterConstraint" and {"enforced", "not enforced", "inherit"} & set(command.alters):
        found.append((18, "this form of ALTER CONSTRAINT"))
    if command.column is not None:
        found += _column(command.column, new=kind == "AddColumn")
    for constraint in command.constraints if kind in ("AddColumn", "AddConstraint") else ():
        found += _constraint(constraint)
    return found


def _column(column: ColumnFact, *, new: bool) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    if new and column.storage:
        found.append((16, "STORAGE of a new column"))
    if new and column.compression:
        found.append((14, "COMPRESSION"))
    if column.generated == "v":
        found.append((18, "a virtual generated column"))
    return found


def _constraint(constraint: ConstraintFact) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    if constraint.kind == "not null" and not constraint.inline:
        found.append((18, "NOT NULL as a table constraint"))
    if constraint.not_enforced and constraint.kind in ("check", "foreign key"):
        found.append((18, "NOT ENFORCED"))
    if constraint.without_overlaps:
        found.append((18, "WITHOUT OVERLAPS"))
    if constraint.nulls_not_distinct:
        found.append((15, "NULLS NOT DISTINCT"))
    if constraint.delete_columns:
        found.append((15, "a column list of ON DELETE SET"))
    return found
