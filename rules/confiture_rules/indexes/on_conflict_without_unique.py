from collections.abc import Iterator

from confiture_linter.catalog import Catalog, Table
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_rules.seeds.inserts import Insert, inserts

REMOVALS = frozenset({"DropConstraint", "DropColumn", "rename", "drop index", "AttachPartition"})


@rule(
    name="on-conflict-without-unique",
    subject=Catalog,
    severity=Severity.ERROR,
    bad=(
        "CREATE TABLE a (id int PRIMARY KEY, code text);\n"
        "INSERT INTO a (id, code) VALUES (1, 'x') ON CONFLICT (code) DO NOTHING;"
    ),
    good=(
        "CREATE TABLE a (id int PRIMARY KEY, code text UNIQUE);\n"
        "INSERT INTO a (id, code) VALUES (1, 'x') ON CONFLICT (code) DO NOTHING;"
    ),
    at="ON CONFLICT (code)",
)
def on_conflict_without_unique(catalog: Catalog, ctx: Context) -> Iterator[Finding]:
    """ON CONFLICT names columns that no unique index covers.

    PostgreSQL finds no arbiter and refuses the statement; in a function body only when it is reached. The
    columns must be exactly those of one unique index or constraint, in any order.

    *When not:* never; conflict targets with expressions and partial unique indexes are not judged.

    *Instead:* add a UNIQUE constraint on these columns, or name those of an existing one.
    """
    for insert in inserts(ctx):
        conflict = insert.query.conflict
        if not conflict or "" in conflict or insert.later & REMOVALS:
            continue
        missing = _missing_arbiter(conflict, insert.table)
        if missing:
            yield insert.table.finding(
                f"ON CONFLICT on {insert.table.identity} names {missing}",
                path=insert.path,
                at=insert.query.conflict_at,
                object=insert.identity,
                help=_help(insert),
            )


def _missing_arbiter(conflict: tuple[str, ...], table: Table) -> str:
    """What is named and is not there; empty if all is well or unknown."""
    owners = [table]
    while owners[-1].partition_of is not None:
        owners.append(owners[-1].partition_of)
    constraints = [constraint for owner in owners for constraint in owner.constraints]
    if conflict[0].startswith("\0"):
        name = conflict[0][1:]
        known = any(constraint.name == name for constraint in constraints)
        return "" if known or len(owners) > 1 else f"constraint {name}, which is no constraint"
    keys = [constraint.columns for constraint in constraints if constraint.kind in ("primary key", "unique")]
    keys += [index.columns for owner in owners for index in owner.indexes if index.unique]
    wanted = set(conflict)
    if any(not key or set(key) == wanted for key in keys) or not wanted <= table.columns.keys():
        return ""
    return f"({', '.join(conflict)}), which no unique constraint or index covers"


def _help(insert: Insert) -> str:
    conflict = insert.query.conflict or ()
    if conflict and conflict[0].startswith("\0"):
        return "name an existing constraint, or its columns"
    return f"add UNIQUE ({', '.join(conflict)}), or name the columns of an existing key"
