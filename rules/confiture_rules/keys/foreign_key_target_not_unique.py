from collections.abc import Iterator

from confiture_linter.catalog import Constraint
from confiture_linter.engine.context import Context
from confiture_linter.model import Finding, Severity, rule
from confiture_rules.keys.referenced_keys import keys, keys_are_known


@rule(
    name="foreign-key-target-not-unique",
    subject=Constraint,
    severity=Severity.ERROR,
    bad="CREATE TABLE a (id int PRIMARY KEY, code text);\nCREATE TABLE b (id int PRIMARY KEY, code text REFERENCES a (code));",
    good="CREATE TABLE a (id int PRIMARY KEY, code text UNIQUE);\nCREATE TABLE b (id int PRIMARY KEY, code text REFERENCES a (code));",
    at="REFERENCES a",
)
def foreign_key_target_not_unique(constraint: Constraint, ctx: Context) -> Iterator[Finding]:
    """A foreign key references columns that are not unique.

    PostgreSQL refuses the constraint unless exactly these columns, in any order, are a primary key, a
    UNIQUE constraint that is not deferrable, or a unique index without predicate and expressions.

    *When not:* never; the statement fails.

    *Instead:* add a UNIQUE constraint on the referenced columns, or reference the primary key.
    """
    target = constraint.target
    if target is None or target.fact.foreign or not keys_are_known(target):
        return
    wanted = frozenset(constraint.target_columns)
    if not wanted:
        yield constraint.finding(
            f"foreign key references {target.identity}, which has no primary key",
            help=f"add a primary key to {target.identity}, or name unique columns to reference",
        )
        return
    if not wanted <= target.columns.keys():
        return
    matching = [key for key in keys(target) if key.columns == wanted]
    columns = ", ".join(constraint.target_columns)
    if not matching:
        yield constraint.finding(
            f"foreign key references {target.identity} ({columns}), which no primary key or unique constraint covers",
            help=f"add UNIQUE ({columns}) to {target.identity}, or reference its primary key",
        )
    elif all(key.deferrable for key in matching):
        yield constraint.finding(
            f"foreign key references {target.identity} ({columns}), whose unique constraint is deferrable",
            help="make the referenced constraint NOT DEFERRABLE",
        )
