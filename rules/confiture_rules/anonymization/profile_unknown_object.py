from collections.abc import Iterator
from difflib import get_close_matches

from confiture_linter.engine.context import Context
from confiture_linter.engine.profiles import AnonymizationProfile, table_named
from confiture_linter.model import Finding, Severity, rule
from confiture_rules.anonymization.examples import CONFIG, TABLE

_PROFILE = "anonymization_profile: qa\nrules:\n  - table: w_account\n    columns: {%s: {type: email}}\n"


@rule(
    name="profile-unknown-object",
    subject=AnonymizationProfile,
    severity=Severity.ERROR,
    bad={"schema.sql": TABLE, "profiles/qa.yaml": _PROFILE % "mail"},
    good={"schema.sql": TABLE, "profiles/qa.yaml": _PROFILE % "email"},
    config=CONFIG,
    at="mail",
)
def profile_unknown_object(profile: AnonymizationProfile, ctx: Context) -> Iterator[Finding]:
    """An anonymization profile speaks of a table or column that is not there.

    After a rename the profile masks nothing any more, and the column under its new name has no rule.

    *When not:* tables of which not every column is known, because something the tree does not show adds some, and
    names that `schema.external` declares.

    *Instead:* use the name that the schema has now.
    """
    catalog = ctx.catalog
    for rule_ in profile.profile.rules if profile.profile is not None else ():
        table = table_named(catalog, rule_.table)
        if table is None:
            if _external(ctx, rule_.table):
                continue
            close = get_close_matches(
                rule_.table, [t.identity for t in catalog.tables] + [t.name for t in catalog.tables], 1
            )
            yield profile.finding(
                f"there is no table {rule_.table}",
                span=profile.at(rule_.line, rule_.at),
                object=rule_.table,
                help=f"did you mean {close[0]}?" if close else "use the name that the schema has",
            )
            continue
        if table.partition_of is not None:
            root = table.partition_of.identity
            message = f"{table.identity} is a partition of {root}"
            yield profile.finding(
                message,
                span=profile.at(rule_.line, rule_.at),
                object=table.identity,
                help=f"write the rule for {root}",
            )
            continue
        for given in rule_.columns:
            column = table.columns.get(given.column)
            if column is None and table.unknown_columns:
                continue
            if column is None or column.generated:
                close = get_close_matches(given.column, list(table.columns), 1)
                yield profile.finding(
                    f"{table.identity} has no column {given.column}"
                    if column is None
                    else f"{column.identity} is generated and takes no value of its own",
                    span=profile.at(given.line, given.at),
                    object=f"{table.identity}.{given.column}",
                    help="mask what it is generated from"
                    if column
                    else f"did you mean {close[0]}?"
                    if close
                    else "",
                )


def _external(ctx: Context, name: str) -> bool:
    from confiture_linter.engine.context import compile_object_globs

    globs = [glob for glob in ctx.config.schema.external if not glob.startswith("extension:")]
    return bool(globs) and compile_object_globs(globs)(name)
