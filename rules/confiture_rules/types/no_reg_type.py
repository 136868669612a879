from collections.abc import Iterator

from confiture_linter.catalog import Column
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_rules.types.written import built_in_type, type_finding

_BLOCKING = frozenset(
    {
        "regcollation",
        "regconfig",
        "regdictionary",
        "regnamespace",
        "regoper",
        "regoperator",
        "regproc",
        "regprocedure",
    }
)
"""As check_for_reg_data_type_usage in pg_upgrade/check.c; regclass, regrole and regtype survive."""


@rule(
    name="no-reg-type",
    subject=Column,
    severity=Severity.WARNING,
    bad="CREATE TABLE w_job (id bigint PRIMARY KEY, handler regprocedure NOT NULL);",
    good="CREATE TABLE w_job (id bigint PRIMARY KEY, handler text NOT NULL);",
    at="regprocedure",
)
def no_reg_type(column: Column, ctx: Context) -> Iterator[Finding]:
    """A column of this type stops pg_upgrade.

    It stores the OID of a function, operator, schema or text search object, and pg_upgrade gives those new
    OIDs: it refuses to upgrade a database in which any table has such a column.

    *When not:* the database is only ever upgraded by dump and restore.

    *Instead:* `text`, cast where it is used: `handler::regprocedure`.
    """
    if column.type.name in _BLOCKING and built_in_type(column):
        yield type_finding(
            column,
            f"column {column.table.name}.{column.name} has the type {column.type.name}, which pg_upgrade refuses",
            f"text{'[]' if column.type.array else ''}",
        )
