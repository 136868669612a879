from collections.abc import Iterator
from typing import TYPE_CHECKING

from confiture_linter.catalog import Table
from confiture_linter.engine.context import Context
from confiture_linter.engine.profiles import AnonymizationProfile, masks, specs_of
from confiture_linter.model import Finding, Severity, rule
from confiture_rules.anonymization.examples import CONFIG

if TYPE_CHECKING:
    from confiture_linter.profiles import ColumnRule, TableRule

_SCHEMA = "CREATE TABLE a (code text PRIMARY KEY);\nCREATE TABLE b (id int PRIMARY KEY, a_code text REFERENCES a);\n"
_PROFILE = "anonymization_profile: qa\nrules:\n  - table: a\n    columns: {code: {type: hash}}\n"


@rule(
    name="profile-key-inconsistent",
    subject=AnonymizationProfile,
    severity=Severity.ERROR,
    bad={"schema.sql": _SCHEMA, "profiles/qa.yaml": _PROFILE},
    good={
        "schema.sql": _SCHEMA,
        "profiles/qa.yaml": _PROFILE + "  - table: b\n    columns: {a_code: {type: hash}}\n",
    },
    config=CONFIG,
    at="code",
)
def profile_key_inconsistent(profile: AnonymizationProfile, ctx: Context) -> Iterator[Finding]:
    """An anonymization profile masks the two sides of a foreign key differently.

    The rows of the copy would lose each other. It is the same where a table refers to one that is skipped.

    *When not:* the referencing column becomes `null`.

    *Instead:* give both columns the same strategy, with the same key and options.
    """
    if profile.profile is None:
        return
    rules = {id(table): rule_ for rule_, table in profile.tables(ctx.catalog)}
    for constraint in ctx.catalog.constraints:
        target = constraint.target
        if constraint.kind != "foreign key" or target is None or constraint.table.partition_of is not None:
            continue
        mine, theirs = rules.get(id(constraint.table)), rules.get(id(target))
        if mine is not None and mine.skip:
            continue
        columns = constraint.columns
        if theirs is not None and theirs.skip:
            if not any(_nulled(specs_of(mine).get(column)) for column in columns):
                yield _skipped(profile, theirs, constraint.table, target)
            continue
        if len(columns) != len(constraint.target_columns):
            continue
        for column, other in zip(columns, constraint.target_columns, strict=True):
            one, two = specs_of(mine).get(column), specs_of(theirs).get(other)
            given = _differing(one, two)
            if given is not None:
                yield profile.finding(
                    f"{constraint.table.identity}.{column} refers to {target.identity}.{other}, and they are not masked alike",
                    span=profile.at(given.line, given.at),
                    object=f"{constraint.table.identity}.{column}",
                    help="give both the same strategy",
                )


def _nulled(given: "ColumnRule | None") -> bool:
    return given is not None and given.spec.type == "null"


def _differing(one: "ColumnRule | None", two: "ColumnRule | None") -> "ColumnRule | None":
    """The rule to blame, if the two are not the same; the column that refers may become NULL."""
    if _nulled(one):
        return None
    first, second = (each if each is not None and masks(each.spec) else None for each in (one, two))
    if first is None or second is None:
        return first or second
    return None if first.spec.same(second.spec) else first


def _skipped(profile: AnonymizationProfile, rule_: "TableRule", table: Table, target: Table) -> Finding:
    return profile.finding(
        f"{table.identity} refers to {target.identity}, which is skipped",
        span=profile.at(rule_.line, rule_.at),
        object=table.identity,
        help=f"skip {table.identity}, too, or set the column that refers to null",
    )
