from collections.abc import Iterator

from confiture_linter.catalog import Catalog, Column, Constraint
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Preset, Severity, rule
from confiture_linter.statements.facts import CreateOther


@rule(
    name="foreign-key-nondeterministic-collation",
    subject=Constraint,
    severity=Severity.WARNING,
    preset=Preset.STRICT,
    bad=(
        "CREATE COLLATION ignore_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false);\n"
        "CREATE TABLE a (code text COLLATE ignore_case PRIMARY KEY);\n"
        "CREATE TABLE b (id int PRIMARY KEY, code text COLLATE ignore_case REFERENCES a);"
    ),
    good=(
        "CREATE TABLE a (code text PRIMARY KEY);\nCREATE TABLE b (id int PRIMARY KEY, code text REFERENCES a);"
    ),
    at="REFERENCES a",
)
def foreign_key_nondeterministic_collation(constraint: Constraint, ctx: Context) -> Iterator[Finding]:
    """A foreign key compares text by a collation to which different texts are equal.

    A row may refer to 'ab' by 'AB': joins that compare by another collation, or outside the database, do not find it,
    and ON UPDATE and ON DELETE reach rows that look unrelated.

    *When not:* all who compare the columns use the same collation.

    *Instead:* a deterministic collation for the key, and a UNIQUE index by the other one beside it.
    """
    if constraint.kind != "foreign key" or constraint.target is None:
        return
    loose = ctx.memo("nondeterministic collations", lambda: _nondeterministic(ctx.catalog))
    if not loose:
        return
    for name in constraint.columns:
        column = constraint.table.columns.get(name)
        other = _referenced(constraint, name)
        used = {item.collation.rpartition(".")[2] for item in (column, other) if item is not None} & loose
        if used:
            yield constraint.finding(
                f"foreign key {constraint.name} of {constraint.table.identity} takes different texts for equal: "
                f"collation {', '.join(sorted(used))} is not deterministic",
                help="give the key columns a deterministic collation",
            )
            return


def _nondeterministic(catalog: Catalog) -> set[str]:
    """Names of the collations that the tree makes with deterministic = false."""
    return {
        where.statement.fact.name
        for where in catalog.statements_with((CreateOther,))
        if isinstance(where.statement.fact, CreateOther)
        and where.statement.fact.kind == "collation"
        and dict(where.statement.fact.options).get("deterministic", "true").lower()
        in ("false", "off", "0", "no")
    }


def _referenced(constraint: Constraint, name: str) -> Column | None:
    """The column that a column of a foreign key refers to."""
    target = constraint.target
    if target is None:
        return None
    columns = constraint.target_columns or target.identity_columns
    at = constraint.columns.index(name)
    return target.columns.get(columns[at]) if at < len(columns) else None
