from collections.abc import Iterator

from confiture_linter.engine.context import Context
from confiture_linter.engine.profiles import AnonymizationProfile, masks
from confiture_linter.model import Finding, Severity, rule
from confiture_rules.anonymization.examples import CONFIG, TABLE

_PROFILE = "anonymization_profile: qa\nrules:\n  - table: w_account\n    columns: {email: {type: email}, tenant_id: {type: %s}}\n"


@rule(
    name="profile-tenant-column-masked",
    subject=AnonymizationProfile,
    severity=Severity.ERROR,
    bad={"schema.sql": TABLE, "profiles/qa.yaml": _PROFILE % "hash"},
    good={"schema.sql": TABLE, "profiles/qa.yaml": _PROFILE % "keep"},
    config=CONFIG + "tenancy: {column: tenant_id, type: uuid, root: w_tenant}\n",
    at="tenant_id",
)
def profile_tenant_column_masked(profile: AnonymizationProfile, ctx: Context) -> Iterator[Finding]:
    """An anonymization profile changes the tenant column.

    Whose row it is must stay true in the copy: policies, keys and tests of isolation rest on it, and
    `confiture-migrate anonymize` refuses such a profile.

    *Instead:* keep it; mask what tells who the tenant is in the tenant table.
    """
    if not ctx.tenancy:
        return
    for rule_, table in profile.tables(ctx.catalog):
        for given in rule_.columns:
            if given.column == ctx.tenancy.column and masks(given.spec):
                yield profile.finding(
                    f"{table.identity}.{given.column} is the tenant column, which is never changed",
                    span=profile.at(given.line, given.at),
                    object=f"{table.identity}.{given.column}",
                    help=f"write `{given.column}: {{type: keep}}`",
                )
