from collections.abc import Iterator

from confiture_linter.engine.context import Context
from confiture_linter.engine.profiles import AnonymizationProfile, specs_of, text_type
from confiture_linter.model import Finding, Severity, rule
from confiture_rules.anonymization.examples import CONFIG, TABLE

_PROFILE = "anonymization_profile: qa\nrules:\n  - table: w_account\n    columns: {%s}\n"


@rule(
    name="profile-personal-data-uncovered",
    subject=AnonymizationProfile,
    severity=Severity.ERROR,
    bad={"schema.sql": TABLE, "profiles/qa.yaml": _PROFILE % "id: {type: keep}"},
    good={"schema.sql": TABLE, "profiles/qa.yaml": _PROFILE % "email: {type: email}"},
    config=CONFIG,
    at="w_account",
)
def profile_personal_data_uncovered(profile: AnonymizationProfile, ctx: Context) -> Iterator[Finding]:
    """A column that looks personal has no rule in an anonymization profile.

    It would be copied as it is, which is how a column that was added last month ends up in a test database.

    *When not:* the column holds nothing personal. Say so in the profile: `email: {type: keep}`.

    *Instead:* give the column a strategy, or skip the table.
    """
    if profile.profile is None:
        return
    from confiture_linter.profiles import personal_kind

    catalog = ctx.catalog
    rules = {id(table): rule_ for rule_, table in profile.tables(catalog)}
    for table in catalog.tables:
        rule_ = rules.get(id(table))
        if table.partition_of is not None or (rule_ is not None and rule_.skip):
            continue
        given = specs_of(rule_)
        for column in table.columns.values():
            if column.name in given or column.generated or column.name == ctx.tenancy.column:
                continue
            name, plain = text_type(catalog, column)
            kind = personal_kind(column.name, name, plain_text=plain)
            if kind:
                yield profile.finding(
                    f"{table.identity}.{column.name} looks like {kind} and has no rule",
                    span=profile.at(rule_.line, rule_.at) if rule_ is not None else profile.at(1, 1),
                    object=f"{table.identity}.{column.name}",
                    help=f"give it a strategy; `{column.name}: {{type: keep}}` says that it may stay",
                )
